"""Calendar subscriptions and the events that they show."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, ForeignKey, String, delete, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from bot.commands import context
from bot.features.groups.calendar.pacing import Slot
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.service import Groups
from bot.features.groups.tables import Group, Membership
from bot.features.live_sessions import wording as hour_wording
from bot.features.live_sessions.tables import LiveHour
from bot.features.people.tables import AccountRow, Tenant
from bot.messages import markup
from bot.storage.base import Base, UtcDateTime
from bot.storage.insert import insert, put
from bot.storage.unit_of_work import Work

if TYPE_CHECKING:  # a third of a second of the start, for what few processes are ever asked
    from icalendar import Event as Component


ASKED_EVERY = timedelta(hours=1)
"""How often a calendar is asked to look again."""


@dataclass(frozen=True)
class Event:
    """Something at an instant.

    Args:
        group_id, name: what it is, whatever its time: the same for as long as it is the same.
        title, about: plain text.
        ends_at: None is a point in time, such as a deadline, which takes nobody's time.
    """

    group_id: int
    name: str
    title: str
    starts_at: datetime
    ends_at: datetime | None = None
    about: str = ""
    link: str = ""
    is_off: bool = False

    @property
    def mark(self) -> str:
        """Return a digest that changes whenever a calendar would show something else."""
        times = (self.starts_at.timestamp(), self.ends_at.timestamp() if self.ends_at else None)
        visible = (self.title, *times, self.about, self.link, self.is_off)
        return blake2b(repr(visible).encode(errors="replace"), digest_size=8).hexdigest()


@dataclass(frozen=True)
class Version:
    """Which one of an event's versions it is, counted from 0, and since when."""

    sequence: int
    at: datetime


def document(events: Sequence[tuple[Event, Version]], zone: str) -> bytes:
    """Return an iCalendar file (RFC 5545 with common extensions), with times in a zone that it defines."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Trailmate//Study groups//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Study group")
    calendar.add("x-wr-timezone", zone)
    calendar.add("refresh-interval", ASKED_EVERY, {"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    where = ZoneInfo(zone)
    for event, version in events:
        calendar.add_component(_make_component(event, version, where))
    if events:
        times = [event.starts_at.date() for event, _ in events]
        # clients read the zone's rules from here, so they reach a good deal further than the events
        calendar.add_missing_timezones(min(times) - timedelta(days=400), max(times) + timedelta(days=400))
    return bytes(calendar.to_ical())


def _make_component(event: Event, version: Version, where: ZoneInfo) -> Component:
    from icalendar import Event as Component

    component = Component()
    component.add("uid", f"c{event.group_id}-{event.name}@trailmate")
    component.add("sequence", version.sequence)
    component.add("dtstamp", version.at)
    component.add("last-modified", version.at)
    component.add("summary", event.title)
    component.add("dtstart", event.starts_at.astimezone(where))
    if event.ends_at is not None:
        component.add("dtend", event.ends_at.astimezone(where))
    component.add("transp", "TRANSPARENT" if event.ends_at is None else "OPAQUE")
    component.add("status", "CANCELLED" if event.is_off else "CONFIRMED")
    if event.about:
        component.add("description", event.about)
    if event.link:
        component.add("location", event.link)
    return component


UID_MAX = 60


class CalendarFeed(Base):
    """A secret address at which one person's calendar subscribes; only a hash of it is kept."""

    __tablename__ = "calendar_feed"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CalendarEvent(Base):
    """An event of a group as calendars were given it last: once it is another, its sequence goes up."""

    __tablename__ = "calendar_event"

    group_id: Mapped[int] = mapped_column(ForeignKey("study_group.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(UID_MAX), primary_key=True)
    mark: Mapped[str] = mapped_column(String(16))
    sequence: Mapped[int]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


BEHIND, AHEAD = timedelta(days=60), timedelta(days=366)
"""How far back and ahead a calendar reaches."""
MOST, GROUPS = 600, 10
"""Events of a calendar, and groups that it shows; of more the newest."""


@dataclass(frozen=True)
class Subscriber:
    """Whose calendar asks.

    Args:
        zone: theirs, None where nobody knows it.
        accounts: who they are in each tenant that their groups are in, for its platform to be asked.
    """

    account_id: int
    zone: str | None
    accounts: dict[int, context.Account]


class Agenda:
    """Subscriptions and what they show, in one unit of work."""

    def __init__(self, work: Work, groups: Groups) -> None:
        self._work, self._session, self._groups = work, work.session, groups

    def find(self, account_id: int) -> CalendarFeed | None:
        """Return somebody's subscription."""
        return self._session.scalars(select(CalendarFeed).where(CalendarFeed.account_id == account_id)).first()

    def renew(self, account_id: int, now: datetime) -> str:
        """Return the secret of a new subscription; an earlier one of theirs is over."""
        self.end(account_id)
        key = secrets.token_urlsafe(24)
        insert(self._session, CalendarFeed, key_hash=_hash(key), account_id=account_id, made_at=now)
        return key

    def end(self, account_id: int) -> bool:
        """End somebody's subscription; False if there was none."""
        ended = delete(CalendarFeed).where(CalendarFeed.account_id == account_id).returning(CalendarFeed.id)
        return self._session.scalars(ended).first() is not None

    def list_groups(self, account_id: int, ended_since: datetime | None = None) -> Sequence[Group]:
        """Return the running groups that somebody is in, the newest first.

        Args:
            ended_since: those as well that have ended since then.
        """
        runs: ColumnElement[bool] = Group.ended_at.is_(None)
        chosen = (
            select(Group)
            .join(Membership, Membership.group_id == Group.id)
            .where(
                Membership.account_id == account_id,
                Membership.left_at.is_(None),
                runs if ended_since is None else or_(runs, Group.ended_at > ended_since),
            )
        )
        return self._session.scalars(chosen.order_by(Group.id.desc()).limit(GROUPS)).all()

    def subscriber(self, key: str, now: datetime) -> Subscriber | None:
        """Return the subscriber with this secret, if any."""
        chosen = select(AccountRow).join(CalendarFeed, CalendarFeed.account_id == AccountRow.id)
        row = self._session.scalars(chosen.where(CalendarFeed.key_hash == _hash(key))).first()
        if row is None:
            return None
        tenants = {
            group.tenant_id: self._session.get_one(Tenant, group.tenant_id) for group in self._list_groups(row.id, now)
        }
        return Subscriber(
            row.id, row.zone, {tenant_id: _make_account(row, tenant) for tenant_id, tenant in tenants.items()}
        )

    def events(
        self, account_id: int, tenants: Collection[int], now: datetime
    ) -> tuple[list[tuple[Event, Version]], str]:
        """Return a calendar's events in these tenants, earliest first, and a group's zone.

        Changed events get the next sequence number; it is stored only in a unit of work that writes.
        """
        groups = [group for group in self._list_groups(account_id, now) if group.tenant_id in tenants]
        events = [event for group in groups for event in self._list_events(group, now)]
        events = [event for event in events if now - BEHIND <= event.starts_at <= now + AHEAD]
        events.sort(key=lambda event: (event.starts_at, event.group_id, event.name))
        return self._number_events(events[:MOST], now), groups[0].zone if groups else "UTC"

    def _list_groups(self, account_id: int, now: datetime) -> Sequence[Group]:
        """Return the groups of a calendar, including recently ended ones."""
        return self.list_groups(account_id, now - BEHIND)

    def is_told(self, events: Sequence[tuple[Event, Version]]) -> bool:
        """Whether the current versions of all these events are stored."""
        rows = self._load_rows([event for event, _ in events])
        return all((row := rows.get(_key_of(e))) is not None and row.mark == e.mark for e, _ in events)

    def _list_events(self, group: Group, now: datetime) -> Iterator[Event]:
        if self._groups.astray(group) is None:
            timeline = self._groups.timeline(group)
            is_over = group.closed_at is not None or group.ended_at is not None
            planned = [] if is_over else timeline.planned(now)
            for slot in (*(opened.slot for opened in timeline.opened), *planned):
                yield from _list_unit_events(timeline, slot)
        since = LiveHour.starts_at > now - BEHIND
        chosen = select(LiveHour).where(LiveHour.group_id == group.id, since).order_by(LiveHour.id.desc())
        for hour in self._session.scalars(chosen.limit(MOST // GROUPS)):
            happening = hour_wording.happening(group, hour)
            times = hour.starts_at, hour.ends_at
            yield Event(
                group.id, f"hour-{hour.id}", happening.name, *times, happening.about, happening.link, happening.is_off
            )

    def _number_events(self, events: Sequence[Event], now: datetime) -> list[tuple[Event, Version]]:
        rows, changed, out = self._load_rows(events), list[dict[str, object]](), list[tuple[Event, Version]]()
        for event in events:
            row = rows.get(_key_of(event))
            if row is not None and row.mark == event.mark:
                out.append((event, Version(row.sequence, row.changed_at)))
                continue
            version = Version(row.sequence + 1 if row is not None else 0, now)
            change = {"mark": event.mark, "sequence": version.sequence, "changed_at": now}
            changed.append({"group_id": event.group_id, "name": event.name, **change})
            out.append((event, version))
        if changed and self._work.writes:
            put(self._session, CalendarEvent, changed)
        return out

    def _load_rows(self, events: Sequence[Event]) -> dict[tuple[int, str], CalendarEvent]:
        groups = {event.group_id for event in events}
        chosen = select(CalendarEvent).where(CalendarEvent.group_id.in_(groups))
        rows = self._session.scalars(chosen, execution_options={"populate_existing": True})
        return {(row.group_id, row.name): row for row in rows}


def _list_unit_events(timeline: Timeline, slot: Slot) -> Iterator[Event]:
    """Yield the events of a unit: its post and its deadline."""
    group, unit = timeline.group, timeline.unit(slot)
    name = markup.clip(markup.clean(group.name), 60)
    comes, due = f"{name}: {unit.label}", f"{name}: unit {unit.number} is due"
    yield Event(group.id, f"{slot.unit_id}-post", comes, slot.opens_at)
    yield Event(group.id, f"{slot.unit_id}-due", due, slot.deadline_at, about=unit.title)


def _make_account(row: AccountRow, tenant: Tenant) -> context.Account:
    realm = None if row.scope == tenant.external_id else row.scope
    return context.Account(
        row.platform, tenant.external_id, row.external_id, row.name, tenant_name=tenant.name, realm=realm
    )


def _key_of(event: Event) -> tuple[int, str]:
    return event.group_id, event.name


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()
