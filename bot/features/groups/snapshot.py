"""One group at one instant: read once, used by every scheduled post."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property, wraps
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.commands.context import Place
from bot.curriculum.track import Track
from bot.delivery.outbox import OutboxRow
from bot.delivery.scheduled_post import ScheduledPost
from bot.features.groups import message_keys
from bot.features.groups.calendar.timeline import Opened, Timeline
from bot.features.groups.service import Groups
from bot.features.groups.tables import Away, Group
from bot.features.people.tables import AccountRow

Calendar = tuple[object, ...]
KEYS_AT_ONCE = 1000
"""Keys in one statement: SQLite takes 32,766 values, PostgreSQL 65,535."""
ValueT = TypeVar("ValueT")


class GroupSnapshot:
    """A group's timeline, absences and sent posts at `now`.

    Args:
        posts: all scheduled posts, so that one of them can leave alone whom another writes to.
    """

    def __init__(
        self, groups: Groups, group: Group, now: datetime, posts: Sequence[ScheduledPost[GroupSnapshot]] = ()
    ) -> None:
        self.groups = groups
        self.group = group
        self.now = now
        self.posts = posts
        self.cache: dict[object, Any] = {}
        self._sent: dict[str, bool] = {}

    @cached_property
    def timeline(self) -> Timeline:
        """The group's timeline."""
        return self.groups.timeline(self.group)

    @cached_property
    def absences(self) -> Sequence[Away]:
        """The absences that are not over in every time zone."""
        over_by = self.now.date() - timedelta(days=1)  # somewhere it is still yesterday
        last_on = func.coalesce(Away.ended_on, Away.until_on)
        chosen = select(Away).where(Away.group_id == self.group.id, last_on >= over_by)
        return self.groups.session.scalars(chosen).all()

    def is_away(self, account_id: int, day: date) -> bool:
        """Whether an account announced an absence on one of its local days, from yesterday on."""
        return any(a.account_id == account_id and a.from_on <= day <= (a.ended_on or a.until_on) for a in self.absences)

    def is_mostly_away(self, opened: Opened, account: AccountRow) -> bool:
        """Whether an account is away for at least half of a unit's days."""
        zone = self.zone_of(account)
        first, last = (at.astimezone(zone).date() for at in (opened.slot.opens_at, opened.slot.deadline_at))
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return 2 * sum(self.is_away(account.id, day) for day in days) >= len(days)

    def zone_of(self, account: AccountRow) -> ZoneInfo:
        """Return the account's zone, or the group's if it is unknown."""
        return ZoneInfo(account.zone or self.group.zone)

    @cached_property
    def place(self) -> Place:
        """The group's channel."""
        return self.groups.place(self.group)

    @cached_property
    def opening_at(self) -> datetime | None:
        """When the next unit opens; None while none is planned."""
        planned = self.timeline.planned(self.now, 1)
        return planned[0].opens_at if planned else None

    @cached_property
    def track(self) -> Track:
        """The group's course."""
        return self.groups.tracks_of(self.group)[self.timeline.roadmap.id]

    def list_before(self, opened: Opened) -> list[Opened]:
        """Return the units that opened before another one, in order."""
        return [other for other in self.timeline.opened if other.slot.opens_at < opened.slot.opens_at]

    @property
    def calendar(self) -> Calendar:
        """All facts that decide when and where something is posted, for comparison with a later read."""
        c = self.group
        settings = (c.room, c.zone, c.rhythm, c.pace, c.has_reminders, c.end_asked_at, c.closed_at, c.ended_at)
        return settings, self.timeline.opened, self.timeline.pauses, tuple(self.timeline.decided.items())

    def has_sent(self, key: str) -> bool:
        """Whether a message of this key was ever queued."""
        return key in self.find_sent([key])

    def find_sent(self, keys: Collection[str]) -> set[str]:
        """Return the keys whose message was ever queued."""
        unknown = [key for key in keys if key not in self._sent]
        for start in range(0, len(unknown), KEYS_AT_ONCE):
            asked = unknown[start : start + KEYS_AT_ONCE]
            queued = set(self.groups.session.scalars(select(OutboxRow.key).where(OutboxRow.key.in_(asked))))
            self._sent |= {key: key in queued for key in asked}
        return {key for key in keys if self._sent[key]}

    def key(self, unit_id: str, kind: str) -> str:
        """Return the message key of something that belongs to a unit; it holds no date and no channel."""
        return message_keys.make_key(self.group.id, unit_id, kind)

    def refresh(self) -> None:
        """Drop cached reads after a unit has opened."""
        for name in ("timeline", "opening_at"):
            self.__dict__.pop(name, None)
        self.cache.clear()


def read_once(read: Callable[[GroupSnapshot], ValueT]) -> Callable[[GroupSnapshot], ValueT]:
    """Keep what a function reads of a group in the snapshot, so that all posts of one look share it."""

    @wraps(read)
    def read_cached(snapshot: GroupSnapshot) -> ValueT:
        if read not in snapshot.cache:
            snapshot.cache[read] = read(snapshot)
        return cast(ValueT, snapshot.cache[read])

    return read_cached
