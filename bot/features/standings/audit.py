"""Compare all stored standings with what the members' rows give: `trailmate db check`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import select, union

from bot.curriculum.track import Library
from bot.features.checkins import standings
from bot.features.checkins.standings import Basis
from bot.features.checkins.tables import MemberStanding
from bot.features.groups.calendar.timeline import Astray, load_timeline
from bot.features.groups.service import lock_group
from bot.features.groups.tables import Cohort, Membership
from bot.storage.unit_of_work import Database, Work

AT_ONCE = 100
"""Standings in one transaction: a bot that runs beside it waits no longer than for these."""


def audit(
    database: Database, library: Library, now: datetime, tell: Callable[[int, int], None], *, repair: bool
) -> tuple[int, int]:
    """Return how many standings there should be, and how many are missing or wrong.

    Args:
        tell: called with how many have been checked, and how many there are.
        repair: whether to store the right values and settle late rows; only this settles ended groups.
    """
    chosen = union(
        select(MemberStanding.cohort_id, MemberStanding.account_id), select(Membership.cohort_id, Membership.account_id)
    ).order_by("cohort_id", "account_id")
    members: dict[int, list[int]] = {}
    for cohort_id, account_id in database.run_sync(lambda work: work.session.execute(chosen).all(), writes=False):
        members.setdefault(cohort_id, []).append(account_id)
    total = sum(map(len, members.values()))
    batches = [(group_id, of[i : i + AT_ONCE]) for group_id, of in members.items() for i in range(0, len(of), AT_ONCE)]
    seen = n_wrong = 0
    for cohort_id, accounts in batches:
        look = partial(_audit_batch, cohort_id, accounts, library, now, repair=repair)
        n_wrong += database.run_sync(look, writes=repair)
        seen += len(accounts)
        tell(seen, total)
    return total, n_wrong


def _audit_batch(
    cohort_id: int, accounts: Sequence[int], library: Library, now: datetime, work: Work, *, repair: bool
) -> int:
    cohort = work.session.get_one(Cohort, cohort_id)
    if repair:
        lock_group(work.session, cohort_id)
    try:
        timeline = load_timeline(work.session, cohort, library)
    except Astray:
        return 0
    wrong = standings.list_wrong(work.session, timeline, accounts, now)
    if repair:
        mark = Basis.of(timeline, now).mark
        stored = standings.list_rows(work.session, cohort_id, accounts)
        late = [account_id for account_id, row in stored.items() if row["basis"] != mark]
        standings.repair(work.session, timeline, [*wrong, *late], now)
    return len(wrong)
