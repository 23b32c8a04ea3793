"""The metadata of all tables, for migrations."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import MetaData, Table

from bot.cluster.process_registry import LeaseRow, ProcessRow
from bot.cluster.shared_rate_limits import BucketRow
from bot.delivery.answer_locations import AnswerQuote, AnswerRow
from bot.delivery.installs import InstallRow
from bot.delivery.local_feed import FeedMessage
from bot.delivery.outbox import OutboxRow
from bot.delivery.outbox_lease import Restoration
from bot.delivery.processed_events import Draft, InboxRow
from bot.delivery.suspended_channels import SuspendedChannel
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


def metadata(tables: Iterable[type[Base]] = ()) -> MetaData:
    """Return the metadata of the own tables and the given ones, without others that happen to be imported."""
    chosen = MetaData(naming_convention=NAMING)
    for table in (*OWN_TABLES, *tables):
        assert isinstance(table.__table__, Table)
        table.__table__.to_metadata(chosen)
    return chosen
