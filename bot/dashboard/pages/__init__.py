"""Every page of the dashboard."""

from __future__ import annotations

from bot.dashboard.page import DashboardPage
from bot.dashboard.pages.ask import ASK
from bot.dashboard.pages.audit import AUDIT
from bot.dashboard.pages.course_editor import EDITOR
from bot.dashboard.pages.failures import FAILURES
from bot.dashboard.pages.group import GROUP
from bot.dashboard.pages.leaderboard import LEADERBOARD
from bot.dashboard.pages.members import MEMBERS_PAGE, PEOPLE
from bot.dashboard.pages.my_progress import MY_PROGRESS
from bot.dashboard.pages.notes import NOTES
from bot.dashboard.pages.questions import QUESTIONS
from bot.dashboard.pages.quiz import QUIZ
from bot.dashboard.pages.roadmap import COURSE
from bot.dashboard.pages.schedule import SCHEDULE
from bot.dashboard.pages.settings import SETTINGS
from bot.dashboard.pages.solutions import SOLUTIONS

PAGES: tuple[DashboardPage, ...] = (
    MY_PROGRESS,
    GROUP,
    PEOPLE,
    MEMBERS_PAGE,
    SCHEDULE,
    COURSE,
    NOTES,
    ASK,
    QUIZ,
    SOLUTIONS,
    LEADERBOARD,
    QUESTIONS,
    EDITOR,
    SETTINGS,
    AUDIT,
    FAILURES,
)
"""In the order of the navigation; the first is where people come in."""
