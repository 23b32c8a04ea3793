"""Every feature of the bot, each after those that it builds on."""

from __future__ import annotations

from sqlalchemy import MetaData

from bot.commands.registry import Registry
from bot.features.ask.feature import FEATURE as QA
from bot.features.audit.feature import FEATURE as AUDIT
from bot.features.buddies.feature import FEATURE as BUDDIES
from bot.features.calendar_feed.feature import FEATURE as AGENDA
from bot.features.checkins.feature import FEATURE as PROGRESS
from bot.features.courses.feature import FEATURE as ROADMAP
from bot.features.custom_courses.feature import FEATURE as OUTLINE
from bot.features.dashboard_access.feature import FEATURE as DASHBOARD
from bot.features.digest.feature import FEATURE as DIGEST
from bot.features.feature import Feature, Features
from bot.features.gaps.feature import FEATURE as GAPS
from bot.features.groups.feature import FEATURE as COHORT
from bot.features.live_sessions.feature import FEATURE as SESSIONS
from bot.features.notes.feature import FEATURE as NOTES
from bot.features.parts.feature import FEATURE as LEGS
from bot.features.people.feature import FEATURE as PEOPLE
from bot.features.plans.feature import FEATURE as PLEDGE
from bot.features.quiz.feature import FEATURE as QUIZ
from bot.features.schedule.feature import FEATURE as SCHEDULE
from bot.features.setup.feature import FEATURE as SETUP
from bot.features.thanks.feature import FEATURE as THANKS
from bot.features.token_budget.feature import FEATURE as USAGE
from bot.features.upkeep_feature import FEATURE as UPKEEP
from bot.maintenance.metadata import metadata

FEATURES: tuple[Feature, ...] = (
    PEOPLE,
    ROADMAP,
    COHORT,
    AUDIT,
    QUIZ,
    PROGRESS,
    BUDDIES,
    THANKS,
    PLEDGE,
    SCHEDULE,
    LEGS,
    SESSIONS,
    OUTLINE,
    SETUP,
    NOTES,
    USAGE,
    QA,
    GAPS,
    UPKEEP,
    DIGEST,
    DASHBOARD,
    AGENDA,
)


def registry() -> Registry:
    """Return the registry of every command, checked together."""
    return Features(FEATURES).registry()


def tables() -> MetaData:
    """Return every table, as a database should have it."""
    return metadata(Features(FEATURES).tables)
