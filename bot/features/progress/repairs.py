"""Repairing a streak: whether it is possible, what it still takes, and keeping the fact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.core.context import Context
from bot.db.insert import insert_once
from bot.features.cohort.calendar.timeline import Opened
from bot.features.progress.repair import Break, find_break
from bot.features.progress.service import Mine, Progress
from bot.features.progress.standing import settle
from bot.features.progress.tables import Repair
from bot.features.quiz.service import Quizzes
from bot.features.roadmap.content import Leg
from bot.features.roadmap.track import Track


@dataclass(frozen=True)
class Chance:
    """A streak that its member can repair, and what it takes.

    Args:
        streak: how long it was when it ended.
        quiz: the track with the unit's questions; None where there are none, so that catching up is all.
    """

    opened: Opened
    leg: Leg
    streak: int
    until: datetime
    is_caught_up: bool
    is_passed: bool
    quiz: Track | None

    @property
    def is_ready(self) -> bool:
        """Whether all is there for it."""
        return self.is_caught_up and self.is_passed


@dataclass(frozen=True)
class Spent:
    """A streak that could be repaired, had its leg's repair not gone to another unit.

    Args:
        ended: the number of the unit that ended it.
        used: the number of the unit that the repair was for.
    """

    streak: int
    ended: int
    used: int


class Repairs:
    """Finds streaks that can be repaired, and repairs them."""

    def __init__(self, progress: Progress, quizzes: Quizzes) -> None:
        self._progress, self._quizzes = progress, quizzes

    def find(self, mine: Mine, now: datetime) -> Chance | None:
        """Return what a member can repair now: the last break, of late, in a leg without a repair of theirs."""
        broken, way = self._broken(mine, now), mine.timeline.roadmap
        opened = mine.timeline.find(broken.line.unit_id) if broken is not None else None
        if broken is None or opened is None or self._used(mine, opened.slot.unit_id):
            return None
        unit_id = opened.slot.unit_id
        leg = way.leg_of(unit_id)
        track = self._progress.cohorts.tracks_of(mine.timeline.cohort).get(way.id)
        quiz = track if track is not None and way.heir(unit_id) in track.banks else None
        is_passed = quiz is None or self._quizzes.has_passed(mine.account.id, quiz, way.heir(unit_id))
        state = next(one.state for one in mine.score.states if one.unit_id == unit_id)
        return Chance(opened, leg, broken.streak, broken.until, state == "caught up", is_passed, quiz)

    def find_spent(self, mine: Mine, now: datetime) -> Spent | None:
        """Return what a member cannot repair, only because they have repaired another streak in that leg."""
        broken = self._broken(mine, now)
        used = self._used(mine, broken.line.unit_id) if broken is not None else []
        return Spent(broken.streak, broken.line.number, used[0]) if broken is not None and used else None

    @staticmethod
    def _broken(mine: Mine, now: datetime) -> Break | None:
        broken = find_break(mine.score, now) if mine.timeline.cohort.ended_at is None else None
        return broken if broken is not None and mine.timeline.find(broken.line.unit_id) is not None else None

    @staticmethod
    def _used(mine: Mine, unit_id: str) -> list[int]:
        """Return the numbers of the units at which the member repaired a streak in the leg of a unit."""
        way, repaired = mine.timeline.roadmap, mine.scores.repaired(mine.account.id)
        leg = way.leg_of(unit_id)
        return [
            line.number for line in mine.score.ledger if line.unit_id in repaired and way.leg_of(line.unit_id) is leg
        ]

    def make(self, ctx: Context, mine: Mine) -> tuple[Mine, Chance | None, bool]:
        """Repair the caller's streak if all is there for it; return how they stand now, and whether it was done."""
        chance = self.find(mine, ctx.now)
        if chance is None or not chance.is_ready:
            return mine, chance, False
        cohort = mine.timeline.cohort
        insert_once(
            self._progress.session,
            Repair,
            cohort_id=cohort.id,
            account_id=mine.account.id,
            unit_id=chance.opened.slot.unit_id,
            leg=chance.leg.number,
            made_at=ctx.now,
        )
        settle(self._progress.session, mine.timeline, [mine.account.id], ctx.now)
        self._progress.cohorts.wake(cohort, ctx.now)
        return self._progress.mine(ctx), chance, True
