"""Focus sessions: start, join, leave, and add up the time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from bot.features.checkins import sharing
from bot.features.focus.tables import FocusSession, FocusTime
from bot.features.groups.service import Groups
from bot.features.groups.tables import Group, Membership
from bot.messages import markup
from bot.messages.errors import NotFound, TryLater
from bot.storage.unit_of_work import Work

BREAK = timedelta(minutes=5)
"""The least time between two rounds."""
NEXT_WITHIN = timedelta(minutes=30)
"""How long after a round's end the next one may be started."""
PAUSE = timedelta(minutes=15)
"""The least time between the starts of two sessions by one member."""
KEPT = timedelta(days=60)
"""How long sessions are stored: longer than a unit that counts them."""
OVER = f"That session is over. Start a new one with {markup.typed('focus 25')}."


@dataclass(frozen=True)
class Crew:
    """Who takes part in a round.

    Args:
        names: the members who are shown, small Markdown.
        pings: the same, with a notification for those without an alias.
        hidden: how many others take part.
        minutes: the sum of their time.
    """

    names: tuple[str, ...]
    pings: tuple[str, ...]
    hidden: int
    minutes: int

    @property
    def count(self) -> int:
        """How many they are."""
        return len(self.names) + self.hidden


class Focus:
    """The focus sessions of groups, in one unit of work."""

    def __init__(self, groups: Groups) -> None:
        self._groups, self._session = groups, groups.session

    def list_running(self, group_id: int) -> Sequence[FocusSession]:
        """Return the sessions of a group whose end has not been posted."""
        chosen = select(FocusSession).where(FocusSession.group_id == group_id, FocusSession.ended_at.is_(None))
        return self._session.scalars(chosen.order_by(FocusSession.id)).all()

    def start(self, group: Group, account_id: int, new: FocusSession) -> FocusSession:
        """Start a session with its first member, unless one runs already; return the one that runs.

        TryLater if the member is in a session of another group, or has just started one.
        """
        self._groups.wake(group, new.starts_at)
        if running := self.list_running(group.id):
            return running[0]
        self._require_free(account_id, new.starts_at)
        recent = (
            select(func.max(FocusSession.starts_at))
            .join(FocusTime, FocusTime.session_id == FocusSession.id)
            .where(FocusTime.account_id == account_id, FocusTime.from_at == FocusSession.starts_at)
            .where(FocusSession.starts_at > new.starts_at - PAUSE)
        )
        if (started_at := self._session.scalar(recent)) is not None:
            again = markup.moment(started_at + PAUSE, group.zone, "time")
            raise TryLater(f"You started a session a few minutes ago. You can start the next one at {again}.")
        self._session.add(new)
        self._session.flush()
        self._add_time(new, account_id, new.starts_at)
        return new

    def join(self, group: Group, account_id: int, session_id: int, now: datetime) -> FocusSession:
        """Join a session's round; after its end, start the next round. Joining twice counts once."""
        self._groups.wake(group, now)
        row = self._find(group, session_id)
        if row.ended_at is None and row.ends_at <= now:
            raise TryLater("This round is ending. Press **Join** in my next message.")
        if row.ended_at is not None:
            if now > row.ended_at + NEXT_WITHIN:
                raise NotFound(OVER)
            if self.list_running(group.id):
                raise TryLater("Your group has started another session. Join that one.")
            row.starts_at, row.ended_at = max(now, row.ended_at + BREAK), None
            row.round += 1
        if not any(time.account_id == account_id for time in self._list_active(row, now)):
            self._require_free(account_id, now)
            self._add_time(row, account_id, max(now, row.starts_at))
        return row

    def _require_free(self, account_id: int, now: datetime) -> None:
        """Raise TryLater if a member is in a session."""
        chosen = (
            select(FocusTime.id)
            .join(FocusSession, FocusSession.id == FocusTime.session_id)
            .where(FocusTime.account_id == account_id, FocusTime.until_at > now, FocusSession.ended_at.is_(None))
        )
        if self._session.scalar(chosen.limit(1)) is not None:
            raise TryLater("You're in another focus session. Leave it first.")

    def leave(self, group: Group, account_id: int, session_id: int, now: datetime) -> tuple[FocusSession, int]:
        """Leave a session's round; return the session and the member's minutes in the round."""
        self._groups.wake(group, now)
        row = self._find(group, session_id)
        for time in self._list_active(row, now):
            if time.account_id == account_id:
                time.until_at = max(now, time.from_at)
        self._session.flush()
        times = self._list_times(row, row.round)
        return row, sum(time.minutes for time in times if time.account_id == account_id)

    def list_unlogged(self, group: Group, account_id: int, session_id: int, now: datetime) -> list[FocusTime]:
        """Return a member's past times in a session that they have not checked in."""
        row = self._find(group, session_id)
        chosen = select(FocusTime).where(FocusTime.session_id == row.id, FocusTime.account_id == account_id)
        times = self._session.scalars(chosen.where(FocusTime.until_at <= now, ~FocusTime.is_checked_in)).all()
        return [time for time in times if time.minutes]

    def is_over(self, row: FocusSession, now: datetime) -> bool:
        """Whether a round has ended, or everybody has left it."""
        return row.ends_at <= now or not self._list_active(row, now)

    def read_crew(self, group: Group, row: FocusSession, round: int, now: datetime | None = None) -> Crew:
        """Return who takes part in a round at an instant; without one, who took part in it for a minute or more."""
        times = self._list_times(row, round) if now is None else self._list_active(row, now)
        accounts = [time.account_id for time in times if now is not None or time.minutes]
        members = [(m, a) for m, a in self._groups.list_members(group.id) if a.id in accounts and m.is_shown]
        names = tuple(sharing.format_member(self._groups, group, account) for _, account in members)
        shown = self._groups.names(group).shown()
        return Crew(
            names,
            tuple(
                markup.ping(account.external_id, account.name) if shown[account.id] == account.name else name
                for name, (_, account) in zip(names, members, strict=True)
            ),
            len(set(accounts)) - len(members),
            sum(time.minutes for time in times),
        )

    def count_minutes(self, group_id: int, since: datetime, now: datetime) -> int:
        """Return the minutes that members spent in rounds of two or more since an instant, summed over members."""
        chosen = (
            select(FocusTime)
            .join(FocusSession, FocusSession.id == FocusTime.session_id)
            .where(FocusSession.group_id == group_id, FocusTime.from_at >= since, FocusTime.until_at <= now)
        )
        rounds = defaultdict[tuple[int, int], list[FocusTime]](list)
        for time in self._session.scalars(chosen):
            if time.minutes:
                rounds[time.session_id, time.round].append(time)
        shared = (times for times in rounds.values() if len({time.account_id for time in times}) > 1)
        return sum(time.minutes for times in shared for time in times)

    def _find(self, group: Group, session_id: int) -> FocusSession:
        row = self._session.get(FocusSession, session_id, populate_existing=True)
        if row is None or row.group_id != group.id:
            raise NotFound(OVER)
        return row

    def _list_times(self, row: FocusSession, round: int) -> Sequence[FocusTime]:
        chosen = select(FocusTime).where(FocusTime.session_id == row.id, FocusTime.round == round)
        return self._session.scalars(chosen).all()

    def _list_active(self, row: FocusSession, now: datetime) -> Sequence[FocusTime]:
        """Return the times of the newest round's members who are still in it and in the group."""
        chosen = (
            select(FocusTime)
            .join(Membership, Membership.account_id == FocusTime.account_id)
            .where(FocusTime.session_id == row.id, FocusTime.round == row.round, FocusTime.until_at > now)
            .where(Membership.group_id == row.group_id, Membership.left_at.is_(None))
        )
        return self._session.scalars(chosen).all()

    def _add_time(self, row: FocusSession, account_id: int, at: datetime) -> None:
        self._session.add(
            FocusTime(session_id=row.id, account_id=account_id, round=row.round, from_at=at, until_at=row.ends_at)
        )
        self._session.flush()


def sweep(work: Work, now: datetime) -> int:
    """Delete old sessions with the times of their members."""
    old = delete(FocusSession).where(FocusSession.starts_at <= now - KEPT).returning(FocusSession.id)
    return len(work.session.scalars(old).all())
