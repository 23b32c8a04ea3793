"""Every feature of the bot, each after those that it builds on."""

from __future__ import annotations

from sqlalchemy import MetaData

from bot.core.registry import Registry
from bot.db.metadata import metadata
from bot.features.agenda.feature import FEATURE as AGENDA
from bot.features.audit.feature import FEATURE as AUDIT
from bot.features.buddies.feature import FEATURE as BUDDIES
from bot.features.cohort.feature import FEATURE as COHORT
from bot.features.dashboard.feature import FEATURE as DASHBOARD
from bot.features.digest.feature import FEATURE as DIGEST
from bot.features.feature import Feature, Features
from bot.features.gaps.feature import FEATURE as GAPS
from bot.features.legs.feature import FEATURE as LEGS
from bot.features.notes.feature import FEATURE as NOTES
from bot.features.outline.feature import FEATURE as OUTLINE
from bot.features.people.feature import FEATURE as PEOPLE
from bot.features.pledge.feature import FEATURE as PLEDGE
from bot.features.progress.feature import FEATURE as PROGRESS
from bot.features.qa.feature import FEATURE as QA
from bot.features.quiz.feature import FEATURE as QUIZ
from bot.features.roadmap.feature import FEATURE as ROADMAP
from bot.features.schedule.feature import FEATURE as SCHEDULE
from bot.features.sessions.feature import FEATURE as SESSIONS
from bot.features.setup.feature import FEATURE as SETUP
from bot.features.thanks.feature import FEATURE as THANKS
from bot.features.upkeep.feature import FEATURE as UPKEEP
from bot.features.usage.feature import FEATURE as USAGE

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
