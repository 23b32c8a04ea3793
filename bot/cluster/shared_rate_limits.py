"""Buckets that the processes of one bot share: a row each, by the database's clock."""

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
"""How long a token may keep somebody waiting for the database."""
SWEPT_AFTER = timedelta(hours=1)
log = logging.getLogger(__name__)


class BucketRow(Base):
    """A bucket of tokens: when its next one is there, by the database's clock."""

    __tablename__ = "rate_limit_bucket"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    free_at: Mapped[datetime]


def take(work: Work, name: str, rate: Rate, count: int, most_s: float) -> float:
    """Take tokens and return the seconds until the first; more than `most_s`: nothing was taken."""
    row = _row(work, name)
    now = present(work).timestamp()
    first, after = rate.take(row.free_at.timestamp(), now, count)
    if first - now <= most_s:
        row.free_at = datetime.fromtimestamp(after, UTC)
    return first - now


def hold(work: Work, name: str, seconds: float) -> None:
    """Let no token come for so long."""
    row = _row(work, name)
    row.free_at = max(row.free_at, present(work) + timedelta(seconds=seconds))


def _row(work: Work, name: str) -> BucketRow:
    """Return a bucket, locked until the transaction ends; a full one where there was none."""
    row = work.session.get(BucketRow, name, with_for_update=True, populate_existing=True)
    if row is None:
        full = {"name": name, "free_at": datetime.fromtimestamp(0, UTC)}
        insert_unless(work.session, BucketRow, full, replaces=BucketRow.free_at < full["free_at"])
        row = work.session.get_one(BucketRow, name, with_for_update=True, populate_existing=True)
    return row


def sweep(work: Work, _now: datetime) -> int:
    """Forget buckets that have been full for long; return 0: nobody misses them."""
    work.session.execute(delete(BucketRow).where(BucketRow.free_at < present(work) - SWEPT_AFTER))
    return 0


class SharedLimiterStore:
    """Buckets of all processes; while the database is away each process goes by its own."""

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


def open_paces(database: Database) -> LimiterStore:
    """Return the buckets of a bot: in memory where one process has the database, else shared."""
    return LocalLimiterStore() if is_sqlite(database.url) else SharedLimiterStore(database)
