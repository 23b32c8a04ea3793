"""The declaration of a scheduled post (what is due, when next) and the effects that it can store."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import select, update

from bot.delivery import outbox
from bot.delivery.outbox import Announcement
from bot.features.buddies.tables import BuddyWish, Pairing
from bot.features.groups.tables import Cohort, Membership
from bot.features.people.service import People
from bot.features.people.tables import AccountRow
from bot.features.quiz.tables import WarmUpRow
from bot.features.quiz.warm_up import WarmUp
from bot.features.schedule.group import Group, select_occurrence
from bot.messages.reply import Reply
from bot.storage.insert import insert_once, put
from bot.storage.unit_of_work import Work

_UNREAD = {"synchronize_session": False}
"""Nothing else reads these rows in the transaction that stores a fact: loading them first would double its time."""


class StoredFact(Protocol):
    """A fact to store as a whole."""

    def store(self, work: Work) -> None:
        """Store it; storing it twice counts once."""


Effect = Announcement | StoredFact


@dataclass(frozen=True)
class ScheduledPost:
    """A scheduled post.

    Args:
        kind: its name in the log.
        due: what is due now. It reads, and writes nothing: the tick stores what it returns, and asks again if the
            calendar has changed meanwhile; so it returns the same once more until that is stored.
        next_at: the first instant after now at which it may be due, once all that is due now has gone out; too early
            does no harm, too late does. None while there is none.
        goes_on: whether it may also be due once the season is over.
    """

    kind: str
    due: Callable[[Group], Iterable[Effect]]
    next_at: Callable[[Group], datetime | None]
    goes_on: bool = False


def store(work: Work, effect: Effect) -> None:
    """Carry out one effect."""
    if isinstance(effect, Announcement):
        outbox.announce(work, effect)
    else:
        effect.store(work)


@dataclass(frozen=True)
class Warmed:
    """A unit's post asks this warm-up from now on."""

    warm_up: WarmUp
    at: datetime

    def store(self, work: Work) -> None:
        """Store it."""
        asked = self.warm_up
        insert_once(
            work.session,
            WarmUpRow,
            cohort_id=asked.cohort_id,
            unit_id=asked.unit_id,
            roadmap_id=asked.track.origin,
            item_id=asked.posed.item.id,
            asked_at=self.at,
        )


@dataclass(frozen=True)
class Closed:
    """A group's season is over, and its closing post says so."""

    cohort_id: int
    at: datetime
    post: Announcement

    def store(self, work: Work) -> None:
        """Store it."""
        work.session.get_one(Cohort, self.cohort_id).closed_at = self.at
        outbox.announce(work, self.post)


@dataclass(frozen=True)
class Ended:
    """A group's time to catch up is over."""

    cohort_id: int
    at: datetime

    def store(self, work: Work) -> None:
        """Store it."""
        work.session.get_one(Cohort, self.cohort_id).ended_at = self.at


@dataclass(frozen=True)
class Reminded:
    """A member gets a message, at most one per local day."""

    account_id: int
    on: date
    message: Announcement

    def store(self, work: Work) -> None:
        """Store it."""
        if outbox.announce(work, self.message):
            reminded = update(AccountRow).where(AccountRow.id == self.account_id)
            work.session.execute(reminded.values(reminded_on=self.on, unreachable_at=None), execution_options=_UNREAD)


@dataclass(frozen=True)
class PairsStored:
    """A unit has its pairs; the group's next look tells the members.

    Args:
        resting: accounts that were silent for too long to get a buddy.
        first: the number of the first pair; the number of an existing pair adds members to it.
    """

    cohort_id: int
    unit_id: str
    at: datetime
    groups: tuple[tuple[int, ...], ...]
    resting: tuple[int, ...] = ()
    first: int = 1

    def store(self, work: Work) -> None:
        """Store it."""
        of = {"cohort_id": self.cohort_id, "unit_id": self.unit_id, "made_at": self.at, "answer": "", "asked_at": None}
        numbered = enumerate(self.groups, self.first)
        rows = [{**of, "account_id": account_id, "number": n} for n, group in numbered for account_id in group]
        put(work.session, Pairing, rows)
        theirs = (BuddyWish.cohort_id == self.cohort_id, BuddyWish.account_id.in_(self.resting))
        rest = update(BuddyWish).where(*theirs).values(rests_from=self.unit_id)
        work.session.execute(rest, execution_options=_UNREAD)
        work.session.get_one(Cohort, self.cohort_id).wake_at = self.at


@dataclass(frozen=True)
class MeetingAsked:
    """A message asks a member whether they met their buddy."""

    cohort_id: int
    unit_id: str
    account_id: int
    at: datetime
    by: Reminded

    def store(self, work: Work) -> None:
        """Store it."""
        self.by.store(work)
        conditions = (Pairing.unit_id == self.unit_id, Pairing.account_id == self.account_id)
        asked = update(Pairing).where(Pairing.cohort_id == self.cohort_id, *conditions)
        work.session.execute(asked.values(asked_at=self.at), execution_options=_UNREAD)


@dataclass(frozen=True)
class Told:
    """A sentence for a member's next private answer, once per key."""

    account_id: int
    key: str
    markdown: str
    at: datetime

    def store(self, work: Work) -> None:
        """Store it."""
        People(work).notify(self.account_id, self.key, self.markdown, self.at)


def make_freeze_prefix(cohort_id: int) -> str:
    """Return the key prefix of a group's news about freezes."""
    return f"freeze:{cohort_id}:"


@dataclass(frozen=True)
class Settled:
    """A unit's late period has ended, and members whom a freeze saved were told; news on earlier units is outdated.

    Args:
        kept: how many completed it, of those for whom it counted; None if too old to be counted at once.
    """

    cohort_id: int
    unit_id: str
    at: datetime
    kept: int | None
    counted_for: int | None

    def store(self, work: Work) -> None:
        """Store it."""
        row = work.session.scalars(select_occurrence(self.cohort_id, self.unit_id)).one()
        row.settled_at, row.kept, row.counted_for = self.at, self.kept, self.counted_for
        news = make_freeze_prefix(self.cohort_id)
        members = select(Membership.account_id).where(Membership.cohort_id == self.cohort_id)
        People(work).outdate(members, news, f"{news}{self.unit_id}", self.at)


@dataclass(frozen=True)
class Counted:
    """The newest unit's post shows a new count.

    Args:
        counted: what tells one count from another.
        key: of the post.
        reply: as it reads now; None for the first count, which the post came with.
        every_s: how often, in real seconds, the post may be edited.
    """

    cohort_id: int
    unit_id: str
    counted: str
    key: str
    reply: Reply | None
    at: datetime
    every_s: int

    def store(self, work: Work) -> None:
        """Store it."""
        work.session.scalars(select_occurrence(self.cohort_id, self.unit_id)).one().counted = self.counted
        if self.reply is not None:
            outbox.revise(work, self.key, self.reply, due_at=self.at, every_s=self.every_s)
