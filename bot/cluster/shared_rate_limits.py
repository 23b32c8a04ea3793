"""Rate-limit buckets shared by all processes: one row each, by the database's clock."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from sqlalchemy import String, delete
from sqlalchemy.orm import Mapped, mapped_column

from bot.base.rate_limiter import LimiterStore, LocalLimiterStore, Rate
from bot.cluster.process_registry import present
from bot.storage.base import Base
from bot.storage.engine import is_sqlite
from bot.storage.insert import insert_unless
from bot.storage.unit_of_work import Database, Work

TAKE_S = 2.0
"""Time-out for taking a token from the database."""
SWEPT_AFTER = timedelta(hours=1)
log = logging.getLogger(__name__)


class BucketRow(Base):
    """A token bucket; `free_at` is the time of its next token."""

    __tablename__ = "rate_limit_bucket"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    free_at: Mapped[datetime]


def take(work: Work, name: str, rate: Rate, count: int, most_s: float) -> float:
    """Take tokens and return the seconds until the first; a result over `most_s` means that nothing was taken."""
    row = _lock_bucket(work, name)
    now = present(work).timestamp()
    first, after = rate.take(row.free_at.timestamp(), now, count)
    if first - now <= most_s:
        row.free_at = datetime.fromtimestamp(after, UTC)
    return first - now


def hold(work: Work, name: str, seconds: float) -> None:
    """Let no token come for so long."""
    row = _lock_bucket(work, name)
    row.free_at = max(row.free_at, present(work) + timedelta(seconds=seconds))


def _lock_bucket(work: Work, name: str) -> BucketRow:
    """Return a bucket, locked until the transaction ends; creates a full one if missing."""
    row = work.session.get(BucketRow, name, with_for_update=True, populate_existing=True)
    if row is None:
        full = {"name": name, "free_at": datetime.fromtimestamp(0, UTC)}
        insert_unless(work.session, BucketRow, full, replaces=BucketRow.free_at < full["free_at"])
        row = work.session.get_one(BucketRow, name, with_for_update=True, populate_existing=True)
    return row


def sweep(work: Work, _now: datetime) -> int:
    """Delete buckets that have been full for an hour; return 0, because they aren't worth reporting."""
    work.session.execute(delete(BucketRow).where(BucketRow.free_at < present(work) - SWEPT_AFTER))
    return 0


class SharedLimiterStore:
    """Shared buckets; while the database is unavailable, each process uses its own."""

    def __init__(self, database: Database) -> None:
        self._database, self._own = database, LocalLimiterStore()

    async def take(self, name: str, rate: Rate, count: int, most_s: float) -> float:
        """Take tokens, see `LimiterStore`."""
        try:
            return await self._database.run(lambda work: take(work, name, rate, count, most_s), within_s=TAKE_S)
        except Exception as error:  # noqa: BLE001  (answers go on while the database is away)
            log.debug("tokens of %s come from this process alone: %s", name, type(error).__name__)
            return await self._own.take(name, rate, count, most_s)

    async def hold(self, name: str, seconds: float) -> None:
        """Let no token come for so long."""
        await self._own.hold(name, seconds)
        try:
            await self._database.run(lambda work: hold(work, name, seconds), within_s=TAKE_S)
        except Exception as error:  # noqa: BLE001  (as above)
            log.debug("that %s is held is known to this process alone: %s", name, type(error).__name__)


def open_limiter_store(database: Database) -> LimiterStore:
    """Return in-memory buckets on SQLite, shared ones on PostgreSQL."""
    return LocalLimiterStore() if is_sqlite(database.url) else SharedLimiterStore(database)
