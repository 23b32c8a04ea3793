"""One cohort at one instant, as the schedule sees it: read once, asked by every scheduled post."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property

from sqlalchemy import select

from bot.core.context import Place
from bot.db.outbox import find_row
from bot.features.cohort.aliases import Names
from bot.features.cohort.calendar.timeline import Opened, Timeline
from bot.features.cohort.service import Cohorts, Member
from bot.features.cohort.tables import Cohort
from bot.features.progress.record import Scores
from bot.features.schedule.tables import Mute, Outage


class Group:
    """A cohort's timeline, members and scores at `now`."""

    def __init__(self, cohorts: Cohorts, cohort: Cohort, now: datetime) -> None:
        self.cohorts = cohorts
        self.cohort = cohort
        self.now = now

    @cached_property
    def timeline(self) -> Timeline:
        """When, for this cohort."""
        return self.cohorts.timeline(self.cohort)

    @cached_property
    def members(self) -> Sequence[Member]:
        """Those who are in it."""
        return self.cohorts.list_members(self.cohort.id)

    @cached_property
    def names(self) -> Names:
        """The names that its people go by."""
        return self.cohorts.names(self.cohort)

    @cached_property
    def scores(self) -> Scores:
        """How each of them stands."""
        return Scores(self.cohorts.session, self.timeline, self.members, self.now)

    @cached_property
    def place(self) -> Place:
        """The cohort's room."""
        return self.cohorts.place(self.cohort)

    @cached_property
    def mutes(self) -> set[tuple[int, str]]:
        """(account, unit) pairs that want no further reminder."""
        chosen = select(Mute).where(Mute.cohort_id == self.cohort.id)
        return {(m.account_id, m.unit_id) for m in self.cohorts.session.scalars(chosen)}

    def key(self, unit_id: str, kind: str) -> str:
        """Return the key of what belongs to a unit: never a date, never a room."""
        return f"c{self.cohort.id}:{unit_id}:{kind}"

    def keepers(self, unit_id: str) -> list[Member]:
        """Return the members who kept a unit."""
        return [(m, a) for m, a in self.members if self.scores.has_kept(a.id, unit_id)]

    def counted(self, opened: Opened) -> str:
        """Return "23 of 60 checked in"; those who rest are not among the 60."""
        awake = [a for _, a in self.members if not self.scores.by_account[a.id].is_resting]
        done = [a for a in awake if self.scores.has_kept(a.id, opened.slot.unit_id)]
        return f"{len(done)} of {len(awake)} checked in" if awake else ""

    def was_away(self, at: datetime) -> bool:
        """Whether the bot was down at an instant."""
        chosen = select(Outage.id).where(Outage.from_at <= at, Outage.until_at > at)
        return self.cohorts.session.scalar(chosen.limit(1)) is not None

    def has_sent(self, key: str) -> bool:
        """Whether a message of this key was ever queued."""
        return find_row(self.cohorts.session, key) is not None

    def refresh(self) -> None:
        """Forget what was read, after something has opened."""
        for name in ("timeline", "scores"):
            self.__dict__.pop(name, None)
