"""The tuple of all features in dependency order, and the metadata of all tables."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from sqlalchemy import MetaData, Table

from bot.cluster.process_registry import LeaseRow, ProcessRow
from bot.cluster.shared_rate_limits import BucketRow
from bot.commands.registry import Registry
from bot.delivery.answer_locations import AnswerQuote, AnswerRow
from bot.delivery.installs import InstallRow
from bot.delivery.local_feed import FeedMessage
from bot.delivery.outbox import OutboxRow
from bot.delivery.outbox_lease import Restoration
from bot.delivery.processed_events import Draft, InboxRow
from bot.delivery.suspended_channels import SuspendedChannel
from bot.features.ask.feature import FEATURE as ASK
from bot.features.audit.feature import FEATURE as AUDIT
from bot.features.buddies.feature import FEATURE as BUDDIES
from bot.features.calendar_feed.feature import FEATURE as CALENDAR_FEED
from bot.features.checkins.feature import FEATURE as CHECKINS
from bot.features.course_drafts.feature import FEATURE as COURSE_DRAFTS
from bot.features.courses.feature import FEATURE as COURSES
from bot.features.custom_courses.feature import FEATURE as CUSTOM_COURSES
from bot.features.dashboard_access.feature import FEATURE as DASHBOARD_ACCESS
from bot.features.digest.feature import FEATURE as DIGEST
from bot.features.doctor.feature import FEATURE as DOCTOR
from bot.features.feature import Feature, Features
from bot.features.focus.feature import FEATURE as FOCUS
from bot.features.gaps.feature import FEATURE as GAPS
from bot.features.groups.feature import FEATURE as GROUPS
from bot.features.help.feature import FEATURE as HELP
from bot.features.live_sessions.feature import FEATURE as LIVE_SESSIONS
from bot.features.notes.feature import FEATURE as NOTES
from bot.features.parts.feature import FEATURE as PARTS
from bot.features.people.feature import FEATURE as PEOPLE
from bot.features.plans.feature import FEATURE as PLANS
from bot.features.privacy.feature import FEATURE as PRIVACY
from bot.features.questions.feature import FEATURE as QUESTIONS
from bot.features.quiz.feature import FEATURE as QUIZ
from bot.features.report.feature import FEATURE as REPORT
from bot.features.schedule.feature import FEATURE as SCHEDULE
from bot.features.setup.feature import FEATURE as SETUP
from bot.features.solutions.feature import FEATURE as SOLUTIONS
from bot.features.standings.feature import FEATURE as STANDINGS
from bot.features.thanks.feature import FEATURE as THANKS
from bot.features.token_budget.feature import FEATURE as TOKEN_BUDGET
from bot.features.units.feature import FEATURE as UNITS
from bot.maintenance.schema_compatibility import MigrationRow
from bot.storage.base import NAMING, Base

OWN_TABLES: tuple[type[Base], ...] = (
    OutboxRow,
    SuspendedChannel,
    InboxRow,
    AnswerRow,
    AnswerQuote,
    Draft,
    FeedMessage,
    Restoration,
    ProcessRow,
    LeaseRow,
    BucketRow,
    InstallRow,
    MigrationRow,
)
"""The tables outside features; features declare their own."""


def build_metadata(tables: Iterable[type[Base]] = ()) -> MetaData:
    """Return the metadata of the own tables and the given ones, without others that happen to be imported."""
    chosen = MetaData(naming_convention=NAMING)
    for table in (*OWN_TABLES, *tables):
        assert isinstance(table.__table__, Table)
        table.__table__.to_metadata(chosen)
    return chosen


FEATURES: tuple[Feature, ...] = (
    PEOPLE,
    COURSES,
    GROUPS,
    AUDIT,
    QUIZ,
    CHECKINS,
    UNITS,
    STANDINGS,
    BUDDIES,
    THANKS,
    PLANS,
    FOCUS,
    SCHEDULE,
    SOLUTIONS,
    DASHBOARD_ACCESS,
    PARTS,
    LIVE_SESSIONS,
    QUESTIONS,
    NOTES,
    CUSTOM_COURSES,
    SETUP,
    TOKEN_BUDGET,
    COURSE_DRAFTS,
    ASK,
    GAPS,
    REPORT,
    HELP,
    DOCTOR,
    PRIVACY,
    DIGEST,
    CALENDAR_FEED,
)


def registry() -> Registry:
    """Return the registry of every command, checked together."""
    return Features(FEATURES).registry()


@cache
def tables() -> MetaData:
    """Return the metadata of all tables, which nobody changes."""
    return build_metadata(Features(FEATURES).tables)
