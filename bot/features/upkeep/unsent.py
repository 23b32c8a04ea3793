"""What was to be sent for cohorts and was not: rooms that take nothing, messages that were given up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.db import outbox
from bot.db.outbox import OutboxRow
from bot.db.rooms import ParkedRoom, list_parked
from bot.db.work import Work
from bot.features.cohort import keys
from bot.features.cohort.tables import Cohort

LOOKED_BACK = timedelta(days=7)
_MOST = 100


@dataclass(frozen=True)
class Unsent:
    """What is held back, and what was given up within the week, the newest first."""

    held: tuple[ParkedRoom, ...]
    rows: tuple[OutboxRow, ...]


def unsent(work: Work, platform: str, tenant: str | None, cohorts: Sequence[Cohort], now: datetime) -> Unsent:
    """Return what of these cohorts of one tenant has not arrived."""
    rooms, prefixes = {c.room for c in cohorts}, tuple(keys.prefix(c.id) for c in cohorts)
    held = tuple(p for p in list_parked(work, platform, tenant) if p.room in rooms)
    listed = outbox.list_trouble(work.session, platform, tenant, since=now - LOOKED_BACK, last=_MOST)
    rows = (row for row in listed if row.state != "parked" and (row.room in rooms or row.key.startswith(prefixes)))
    return Unsent(held, tuple(rows))
