"""What a command knows about its caller: account, place, time, roles and the platform's traits. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from bot.messages.call import Call
from bot.messages.characters import make_valid

FULL = 3
"""So many characters below its limit a field counts as full."""


@dataclass(frozen=True)
class PlatformTraits:
    """The traits of a platform's tenants (servers or workspaces).

    Args:
        word: the platform's word for a tenant.
        has_roles: whether an event says which roles its sender holds, so that a role can moderate.
        has_events: whether a tenant lists scheduled events that people can join.
        takes_files: whether a line to the bot may bring a picture or another file.
        is_remote: whether people use it from other machines than the bot's own.
        form_text: most characters of a field in a form; 0 for no limit of its own.
        edit_every_s: the least real seconds between two edits of a message that shows who takes part.
    """

    word: str = "server or workspace"
    has_roles: bool = False
    has_events: bool = False
    takes_files: bool = False
    is_remote: bool = False
    form_text: int = 0
    edit_every_s: int = 20

    def field_max(self, most: int) -> int:
        """Return how many characters a form's field takes that could hold `most`."""
        return min(self.form_text or most, most)

    def fills_field(self, text: str, most: int) -> bool:
        """Whether a text fills such a field, so that its end may have been cut; spaces at its end may be gone."""
        return self.field_max(most) - FULL < len(text) <= self.field_max(most)


ANY = PlatformTraits()

"""The defaults of an unknown platform."""


Role = Literal["anyone", "member", "moderator", "owner"]

"""An owner owns the room of the event: they may start a group there if the settings allow it."""

Verdict = Literal["seen", "hidden", "gone", "unclear"]

"""Whether a person sees a room. Nobody sees a gone room; for an unclear one, the platform didn't answer."""

EVENT_LATENESS = timedelta(hours=2)

"""How late an event may arrive and still count at its own time."""

MODERATES = "moderates"

"""The grant of a person who administers the server, workspace or page."""


@dataclass(frozen=True)
class Account:
    """Someone, as the platform knows them.

    Args:
        platform: the name of its platform.
        tenant: the server's, workspace's or page's own id; None in a direct message that belongs to none.
        id: the platform's id for the person, unique within `scope`.
        name: display name; hostile.
        zone: IANA zone where the platform knows it.
        grants: what the event itself proves, such as MODERATES.
        tenant_name: the server's or workspace's name, where the event has it.
        realm: where `id` is unique if that is not in the tenant: "" is everywhere on the platform, a name is the tenant
            that the person belongs to, whose channel this one shares.
        is_unproven: whether the platform could not be asked what it grants them.
        zone_source: where the platform has `zone` from, for people to read: "your profile".
        tenancy: what the platform has for a tenant.
    """

    platform: str
    tenant: str | None
    id: str
    name: str
    zone: str | None = None
    grants: frozenset[str] = frozenset()
    tenant_name: str = ""
    realm: str | None = None
    is_unproven: bool = False
    zone_source: str = ""
    tenancy: PlatformTraits = ANY

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", make_valid(self.name))
        object.__setattr__(self, "tenant_name", make_valid(self.tenant_name))

    @property
    def scope(self) -> str:
        """The space in which `id` is unique: a tenant, or "" for the whole platform."""
        return (self.tenant or "") if self.realm is None else self.realm


@dataclass(frozen=True)
class Place:
    """A room of a tenant, or a thread in it; a direct message is room "@<account id>".

    Args:
        zone: the zone for times there if the platform doesn't know the reader's; not part of equality.
    """

    platform: str
    tenant: str | None
    room: str
    thread: str | None = None
    zone: str | None = field(default=None, compare=False)

    @property
    def is_direct(self) -> bool:
        """Whether only one person reads here."""
        return self.reader is not None

    @property
    def reader(self) -> str | None:
        """The platform's id of the person who reads a direct message; None in a room."""
        return self.room[1:] if self.room.startswith("@") else None

    @classmethod
    def direct(cls, platform: str, tenant: str | None, account_id: str) -> Place:
        """Return the direct messages of an account, by the platform's id."""
        return cls(platform, tenant, f"@{account_id}")

    @property
    def whole(self) -> Place:
        """The room itself, for a thread in it."""
        return Place(self.platform, self.tenant, self.room)


class AccessUnknown(Exception):
    """A transaction needs rooms whose access is unknown; it runs again after the platform was asked."""

    def __init__(self, rooms: frozenset[Place]) -> None:
        super().__init__(f"{len(rooms)} rooms to look at")
        self.rooms = rooms


@dataclass(frozen=True)
class AccessReport:
    """A platform's answer about one person.

    Args:
        seen: the rooms asked about that the person sees.
        gone: the rooms that no longer exist or that the bot can't access.
        grants: what tenants grant the person, by tenant.
        absent: tenants that the person has left.
        owned: the rooms that the person created or manages alone.
        trusted: id and name of a few known administrators, by tenant.
    """

    seen: frozenset[Place] = frozenset()
    gone: frozenset[Place] = frozenset()
    grants: Mapping[str, frozenset[str]] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    owned: frozenset[Place] = frozenset()
    trusted: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class RoomAccess:
    """Known access of an event's person to rooms.

    Args:
        owned: whether the room is their own; None if the platform didn't answer.
    """

    known: Mapping[Place, Verdict] = field(default_factory=dict)
    grants: Mapping[str, frozenset[str]] = field(default_factory=dict)
    owned: Mapping[Place, bool | None] = field(default_factory=dict)
    trusted: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    def of(self, rooms: Iterable[Place]) -> list[Verdict]:
        """Return a verdict for each room; AccessUnknown names those without one."""
        asked = list(rooms)
        if missing := frozenset(room for room in asked if room not in self.known):
            raise AccessUnknown(missing)
        return [self.known[room] for room in asked]

    def granted(self, room: Place) -> frozenset[str]:
        """Return what the tenant of a room grants the person; AccessUnknown if not asked yet."""
        self.of([room])
        return self.grants.get(room.tenant or "", frozenset())

    def owns(self, room: Place) -> bool | None:
        """Return whether a room is the person's own, None if the platform didn't answer; AccessUnknown if not asked."""
        if room not in self.owned:
            raise AccessUnknown(frozenset({room}))
        return self.owned[room]

    def trusted_in(self, room: Place) -> tuple[tuple[str, str], ...]:
        """Return the known administrators of a room's tenant; AccessUnknown if not asked yet."""
        self.owns(room)
        return self.trusted.get(room.tenant or "", ())

    def seeing(self, room: Place) -> RoomAccess:
        """Return a copy in which the person sees this room, as the event proves."""
        return replace(self, known={**self.known, room: "seen"})

    def told(self, rooms: Collection[Place], view: AccessReport | None) -> RoomAccess:
        """Return a copy with a platform's report on rooms; None is no answer."""
        verdicts: dict[Place, Verdict] = {room: _verdict(room, view) for room in rooms}
        owned = {room: room in view.owned if view is not None else None for room in rooms}
        view = view or AccessReport()
        # an event proves that its person sees the room; a later report doesn't override that
        known, grants = {**verdicts, **self.known}, {**self.grants, **view.grants}
        return RoomAccess(known, grants, {**self.owned, **owned}, {**self.trusted, **view.trusted})


def _verdict(room: Place, view: AccessReport | None) -> Verdict:
    if view is None:
        return "unclear"
    if room in view.gone:
        return "gone"
    return "seen" if room in view.seen else "hidden"


@dataclass(frozen=True)
class ConversationRef:
    """The conversation that an event continues.

    Args:
        turn: the answer that was replied to or clicked, or that started the thread; "" is none.
        thread: the thread for the answer, if the event itself is in none.
        begins: whether the thread starts with one of the bot's answers, so that all of it is about that answer.
    """

    turn: str = ""
    thread: str | None = None
    begins: bool = False


ALONE = ConversationRef()

"""The ref of an event that continues no conversation."""


@dataclass(frozen=True)
class Invocation:
    """One event: a Call by an account at a place.

    Args:
        key: the platform's own id of the event; a redelivery has the same.
        at: the event's own time, aware UTC; None is the dispatcher's current time.
        is_there: whether the event itself proves that the person sees the place; a form only remembers the place.
        sight: known access of the person to rooms.
        strand: the conversation that it continues.
    """

    call: Call
    account: Account
    place: Place
    key: str
    at: datetime | None = None
    is_there: bool = True
    sight: RoomAccess = field(default_factory=RoomAccess)
    strand: ConversationRef = ALONE

    def arrived(self) -> Invocation:
        """Return a copy in which the person sees the room of the event, if the event proves that."""
        if self.place.is_direct or not self.is_there:
            return self
        return replace(self, sight=self.sight.seeing(self.place.whole))

    def instant(self, now: datetime) -> datetime:
        """Return the event's own time if it is at most `EVENT_LATENESS` ago, else `now`."""
        return self.at if self.at is not None and timedelta(0) <= now - self.at <= EVENT_LATENESS else now


@dataclass(frozen=True)
class Actor:
    """The person behind one Call, as the bot knows them.

    Args:
        account_id: the row id of the account.
        external_id: the platform's id, for tokens and grants.
        group_id: the group that the Call is about, if any.
        roles: every role that they hold there.
        has_zone: whether `zone` is their own, set by them or their platform.
        grants: what the platform and the settings allow them at the place of the Call.
        helpers: name tokens of people who may do what this person may not.
        may_own: whether the settings let people start groups in rooms that they own.
        realm, zone_source, tenancy: as in their Account.
        group: the name of the Call's group if they are in several; hostile.
        sees_pictures: whether private answers show pictures; else their text form.
    """

    account_id: int
    external_id: str
    name: str
    zone: str
    group_id: int | None = None
    roles: frozenset[Role] = field(default_factory=lambda: frozenset[Role]({"anyone"}))
    has_zone: bool = False
    grants: frozenset[str] = frozenset()
    helpers: tuple[str, ...] = ()
    may_own: bool = False
    realm: str | None = None
    zone_source: str = ""
    tenancy: PlatformTraits = ANY
    group: str = ""
    sees_pictures: bool = True


def _ignore(work: Any) -> None:
    """Mark nothing."""


@dataclass(frozen=True)
class Context:
    """The first argument of every command; `now` is aware UTC, read once.

    Args:
        sight: which rooms the caller sees; an unknown room raises AccessUnknown, and the command runs again.
        strand: the conversation that the event continues.
        mark_answered: for slow commands: marks the event as answered in the transaction of what the command stores,
            so that it takes no further one.
    """

    actor: Actor
    place: Place
    now: datetime
    call: Call
    sight: RoomAccess = field(default_factory=RoomAccess)
    strand: ConversationRef = ALONE
    mark_answered: Callable[[Any], None] = field(default=_ignore, compare=False)

    @property
    def scope(self) -> str:
        """The scope of account ids in mentions: the room's tenant, or "" for the whole platform."""
        return "" if self.actor.realm == "" else self.place.tenant or ""

    @property
    def today(self) -> date:
        """The current day in the actor's zone."""
        return self.now.astimezone(ZoneInfo(self.actor.zone)).date()
