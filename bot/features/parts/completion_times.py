"""The pace that a season leaves for later groups: how many of its finishers completed each unit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bot.curriculum.pace import LEAST
from bot.delivery.scheduled_post import Effect, ScheduledPost
from bot.features.checkins.milestones import DONE
from bot.features.checkins.tables import PaceRow
from bot.features.groups.snapshot import GroupSnapshot
from bot.features.standings.group_standings import read_roll
from bot.storage.insert import insert_once
from bot.storage.unit_of_work import Work


@dataclass(frozen=True)
class CompletionShares:
    """How many of the finishers completed each unit, by its id."""

    cohort_id: int
    finishers: int
    kept: tuple[tuple[str, int], ...]

    def store(self, work: Work) -> None:
        """Store it."""
        for unit_id, n_kept in self.kept:
            row = {"cohort_id": self.cohort_id, "unit_id": unit_id, "kept": n_kept, "finishers": self.finishers}
            insert_once(work.session, PaceRow, **row)


def plan_completion_shares(group: GroupSnapshot) -> Iterator[Effect]:
    """Yield the shares after a season's last late period, if at least five members completed three quarters of it."""
    ends_at = next_paced(group, is_over=True)
    session = group.cohorts.session
    if ends_at is None or ends_at > group.now:
        return
    if session.scalar(select(PaceRow.id).where(PaceRow.cohort_id == group.cohort.id).limit(1)) is not None:
        return
    ids = [opened.slot.unit_id for opened in group.timeline.opened]
    done = [
        {state.unit_id for state in score.states if state.state in DONE}
        for score in read_roll(group).scores.by_account.values()
    ]
    finishers = [units for units in done if 4 * len(units) >= 3 * len(ids)]
    if len(finishers) >= LEAST:
        shares = tuple((unit_id, sum(unit_id in finisher for finisher in finishers)) for unit_id in ids)
        yield CompletionShares(group.cohort.id, len(finishers), shares)


def next_paced(group: GroupSnapshot, *, is_over: bool = False) -> datetime | None:
    """Return when the last late period of a fully opened season ends."""
    if not group.timeline.is_walked:
        return None
    at = group.timeline.opened[-1].slot.grace_until
    return at if is_over or at > group.now else None


PACED = ScheduledPost("pace of a season", plan_completion_shares, next_paced)
