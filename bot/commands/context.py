"""Who, where and when: what a command may know about its caller.

What a platform has for a tenant: its word for one, and what people find there. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.base.encoding import valid
from bot.messages.call import Call


@dataclass(frozen=True)
class PlatformTraits:
    """A kind of tenant.

    Args:
        word: what its people call it.
        has_roles: whether an event says which roles its sender holds, so that a role can moderate.
        has_events: whether it lists what takes place there, so that people can put themselves down for it.
        takes_files: whether a line to the bot may bring a picture or another file.
        is_remote: whether its people sit at other machines than the bot's own.
    """

    word: str = "server or workspace"
    has_roles: bool = False
    has_events: bool = False
    takes_files: bool = False
    is_remote: bool = False


ANY = PlatformTraits()

"""What holds of every kind."""


Role = Literal["anyone", "member", "moderator", "owner"]

"""An owner has the room that an event came from for their own: they may start a group there, if the settings say so."""

Verdict = Literal["seen", "hidden", "gone", "unclear"]

"""Whether a person sees a room; one that is gone can be seen by nobody, and an unclear one could not be asked about."""

EVENT_LATENESS = timedelta(hours=2)

"""How long after it happened an event may arrive and still count at its own time."""

MODERATES = "moderates"

"""The grant of someone whom the platform itself trusts with the server, workspace or page."""


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
        object.__setattr__(self, "name", valid(self.name))
        object.__setattr__(self, "tenant_name", valid(self.tenant_name))

    @property
    def scope(self) -> str:
        """The space in which `id` is unique: a tenant, or "" for the whole platform."""
        return (self.tenant or "") if self.realm is None else self.realm


@dataclass(frozen=True)
class Place:
    """A room of a tenant, or a thread in it; a direct message is room "@<account id>".

    Args:
        zone: in which a time is told there where a platform has no reader's own; what it is changes no place.
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
        """The platform's id of who reads a direct message; None where others read."""
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
    """A unit of work came upon rooms of which nothing is known yet; it runs again when the platform was asked."""

    def __init__(self, rooms: frozenset[Place]) -> None:
        super().__init__(f"{len(rooms)} rooms to look at")
        self.rooms = rooms


@dataclass(frozen=True)
class AccessReport:
    """What a platform says of one person.

    Args:
        seen: those of the rooms asked about that they see.
        gone: those that are no more, or not for the bot.
        grants: what tenants grant the person, by tenant.
        absent: tenants that do not know the person any more.
        owned: those of the rooms that are the person's own: they made them, or manage them by themselves.
        trusted: id and name of a few people whom tenants trust with everything, as far as that is known, by tenant.
    """

    seen: frozenset[Place] = frozenset()
    gone: frozenset[Place] = frozenset()
    grants: Mapping[str, frozenset[str]] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    owned: frozenset[Place] = frozenset()
    trusted: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class RoomAccess:
    """What is known of the rooms that the person of an event sees.

    Args:
        owned: whether a room is their own; None could not be asked.
    """

    known: Mapping[Place, Verdict] = field(default_factory=dict)
    grants: Mapping[str, frozenset[str]] = field(default_factory=dict)
    owned: Mapping[Place, bool | None] = field(default_factory=dict)
    trusted: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    def of(self, rooms: Iterable[Place]) -> list[Verdict]:
        """Return a verdict for each room; raises Unseen of those that nothing is known of."""
        asked = list(rooms)
        if missing := frozenset(room for room in asked if room not in self.known):
            raise AccessUnknown(missing)
        return [self.known[room] for room in asked]

    def granted(self, room: Place) -> frozenset[str]:
        """Return what the tenant of a room grants the person; raises Unseen if that was not asked yet."""
        self.of([room])
        return self.grants.get(room.tenant or "", frozenset())

    def owns(self, room: Place) -> bool | None:
        """Return whether a room is the person's own, None if that could not be asked; raises Unseen if it was not."""
        if room not in self.owned:
            raise AccessUnknown(frozenset({room}))
        return self.owned[room]

    def trusted_in(self, room: Place) -> tuple[tuple[str, str], ...]:
        """Return whom the tenant of a room trusts, as far as known; raises Unseen if that was not asked yet."""
        self.owns(room)
        return self.trusted.get(room.tenant or "", ())

    def seeing(self, room: Place) -> RoomAccess:
        """Return the same with a room that the event itself proves to be seen."""
        return replace(self, known={**self.known, room: "seen"})

    def told(self, rooms: Collection[Place], view: AccessReport | None) -> RoomAccess:
        """Return the same with what the platform says of rooms; None is no answer."""
        verdicts: dict[Place, Verdict] = {room: _verdict(room, view) for room in rooms}
        owned = {room: room in view.owned if view is not None else None for room in rooms}
        view = view or AccessReport()
        # what an event proves, no later answer takes back
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
    """How a line hangs together with what the bot has answered.

    Args:
        turn: names the answer that the line replies to or was clicked on, or on which its thread hangs; "" is none.
        thread: the thread that its own answer will stand in, where the line itself stands in none.
        begins: whether its thread, or that one, begins with an answer, so that it is about nothing else.
    """

    turn: str = ""
    thread: str | None = None
    begins: bool = False


ALONE = ConversationRef()

"""Of a line that goes on with nothing."""


@dataclass(frozen=True)
class Invocation:
    """One event: a Call by an account at a place.

    Args:
        key: the platform's own id of the event; a redelivery has the same.
        at: the event's own time, aware UTC; None is the dispatcher's present.
        is_there: whether the event itself proves that the person sees the place; a form only remembers it.
        sight: what is known of the rooms that the person sees.
        strand: what it goes on with.
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
        """Return the same with what the event itself proves: that the person sees the room it came from."""
        if self.place.is_direct or not self.is_there:
            return self
        return replace(self, sight=self.sight.seeing(self.place.whole))

    def instant(self, now: datetime) -> datetime:
        """Return the event's own time where it can be believed: in the past, but not later than events come."""
        return self.at if self.at is not None and timedelta(0) <= now - self.at <= EVENT_LATENESS else now


@dataclass(frozen=True)
class Actor:
    """Someone, as we know them, for one Call.

    Args:
        account_id: our number for the account.
        external_id: the platform's id, for tokens and grants.
        cohort_id: the cohort that the Call is about, if any.
        roles: every role that they hold there.
        has_zone: whether `zone` is their own, said by them or by their platform.
        grants: what the platform and the settings let them do wherever the Call is about.
        helpers: names, as tokens, of those who could do for them what they may not.
        may_own: whether the settings let people start groups in rooms of their own.
        realm, zone_source, tenancy: as their Account has them.
        group: the name of the cohort that the Call is about, of somebody who is in several; hostile.
        sees_pictures: whether private answers show them pictures, else the words of these.
    """

    account_id: int
    external_id: str
    name: str
    zone: str
    cohort_id: int | None = None
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


@dataclass(frozen=True)
class Context:
    """What a command is told before its arguments; `now` is aware UTC, read once.

    Args:
        sight: which rooms the caller sees; what is not in it yet raises Unseen, and the command runs again with it.
        strand: what the event goes on with.
    """

    actor: Actor
    place: Place
    now: datetime
    call: Call
    sight: RoomAccess = field(default_factory=RoomAccess)
    strand: ConversationRef = ALONE

    @property
    def scope(self) -> str:
        """The space in which the ids of people that a line points at are unique: the room's tenant, or everywhere."""
        return "" if self.actor.realm == "" else self.place.tenant or ""

    @property
    def today(self) -> date:
        """The present day in the actor's zone."""
        return self.now.astimezone(ZoneInfo(self.actor.zone)).date()
