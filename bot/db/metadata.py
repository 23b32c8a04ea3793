"""The tables as migrations see them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import MetaData, Table

from bot.db.answers import AnswerQuote, AnswerRow
from bot.db.base import NAMING, Base
from bot.db.feed import FeedMessage
from bot.db.inbox import Draft, InboxRow
from bot.db.installs import InstallRow
from bot.db.lineage import MigrationRow
from bot.db.outbox import OutboxRow
from bot.db.pace import BucketRow
from bot.db.presence import LeaseRow, ProcessRow
from bot.db.restored import Restoration
from bot.db.rooms import ParkedRoom

OWN_TABLES: tuple[type[Base], ...] = (
    OutboxRow,
    ParkedRoom,
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
"""The tables of this layer; features declare theirs."""


def metadata(tables: Iterable[type[Base]] = ()) -> MetaData:
    """Return this layer's tables and those given, and no other that happens to be imported."""
    chosen = MetaData(naming_convention=NAMING)
    for one in (*OWN_TABLES, *tables):
        assert isinstance(one.__table__, Table)
        one.__table__.to_metadata(chosen)
    return chosen
