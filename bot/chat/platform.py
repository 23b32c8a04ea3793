"""The interface of a chat platform: its methods, limits and delivery errors, and the services that it is given."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

from bot.base.rate_limiter import LimiterStore
from bot.chat.installs import Installs
from bot.chat.shards import ShardLeases, WantedShards
from bot.commands.answer_location import Stands
from bot.commands.context import AccessReport, Account, Place
from bot.commands.request import CallPlan
from bot.messages import markup
from bot.messages.picture import Gallery
from bot.messages.reply import Reply

if TYPE_CHECKING:
    from bot.commands.command import ParamSpec, SuggestedValue
    from bot.commands.context import Invocation
    from bot.commands.form import Form
    from bot.commands.ports import Show
    from bot.commands.registry import Registry
    from bot.messages.call import Call
    from bot.messages.errors import UserError


Action = Literal["post", "edit", "delete"]
LOOK_S = 8.0
"""Time-out for inspecting a room."""
ReportState = Callable[[str], None]
"""Reports a platform's state for /healthz: "connecting", "ready", "partly" (connected for some tenants only) or
"standby" (another process is connected)."""
ReportUsable = Callable[[Place], Awaitable[None]]
"""Reports that a room may take messages again; without a room, all rooms of the tenant; without a tenant, all rooms."""
Tell = Callable[[Reply], Awaitable[bool]]
"""Shows a message; returns whether it was shown."""
Arrived = Callable[[Place, Place, Tell], Awaitable[None]]
"""Posts the bot's introduction after it joined a room or a tenant (first place), in the second place; does nothing if
the introduction was posted before."""
First = Callable[[str], Awaitable[bool]]
"""Decides whether this process handles the event of a key, on platforms that send events to several processes."""


async def alone(_key: str) -> bool:
    """Handle every event, as the only process."""
    return True


async def unheard(place: Place) -> None:
    """Ignore that a room takes messages again."""


async def unsaid(into: Place, read_in: Place, tell: Tell) -> None:
    """Post no introduction."""


@dataclass(frozen=True)
class Limits:
    """The limits of one message; each platform names its source.

    Args:
        text: characters of one message or section.
        buttons: in one message.
        label: characters of a button.
        choices: suggestions shown at once.
        field_label: characters of a form field's label.
        form_title: characters.
    """

    text: int
    buttons: int
    label: int
    choices: int
    field_label: int
    form_title: int


@dataclass(frozen=True)
class Post:
    """One message to deliver.

    Args:
        key: unique for ever; the same key is the same message.
        tag: 20 characters derived from the key and hidden in the message, so that it can be found again.
        action: post a new message, or edit or delete the one at `ref`.
        ref: the platform's id of an existing message, for edit and delete.
        thread_title: the title of a thread to open on the message, unless it exists.
        sent_ref: the id of the sent message if only its thread is missing.
        reply_to: the id of the message in the same room that this one replies to.
    """

    key: str
    tag: str
    action: Action
    place: Place
    reply: Reply
    ref: str | None = None
    thread_title: str | None = None
    sent_ref: str | None = None
    reply_to: str | None = None


@dataclass(frozen=True)
class Sent:
    """The location of a delivered message.

    Args:
        ref: the platform's id of the message.
        thread: the thread's room id if one was opened.
        was_there: whether the message was there already.
        is_incomplete: whether some pictures timed out; an edit adds them later.
    """

    ref: str
    thread: str | None = None
    was_there: bool = field(default=False, compare=False)
    is_incomplete: bool = field(default=False, compare=False)


class Gone(Exception):
    """The room or person can't be reached until somebody fixes it; `reason` says how, in escaped Markdown."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PersonGone(Gone):
    """The person has left the platform or every tenant that the bot is in."""


class ThreadGone(Exception):
    """The thread takes no message, but its room may; nothing was sent."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Declined(Exception):
    """The platform rejects this message for good, but takes others; `reason` says how to fix it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Later(Exception):
    """The platform is unavailable or asks to wait; nothing was sent."""

    def __init__(self, after_s: float, reason: str = "") -> None:
        super().__init__(reason or f"later, in {after_s:.0f} s")
        self.after_s = after_s


class TokenRejected(Later):
    """The platform rejects the bot's token; messages wait until the platform is ready again."""

    REASON = "The platform rejects my token."

    def __init__(self) -> None:
        super().__init__(300.0, self.REASON)


class DeliveryUnknown(Exception):
    """The message may or may not have arrived; deliver again with `again=True`."""


class ThreadFailed(Exception):
    """The message was sent (`sent` has its location), but its thread wasn't opened."""

    def __init__(self, sent: Sent, reason: str) -> None:
        super().__init__(reason)
        self.sent = sent
        self.reason = reason


class Refused(Exception):
    """The platform refuses the connection for good (bad token, forbidden intent); the text says how to fix it."""


@dataclass(frozen=True)
class Finding:
    """A result of one `doctor` check, with the fix if it failed; escaped Markdown.

    Args:
        is_others: whether the reader can't fix it; then `fix` says who can, or that no fix is needed.
        is_optional: whether it is only a note about a missing extra; `ok` is then true.
    """

    ok: bool
    what: str
    fix: str = ""
    is_others: bool = False
    is_optional: bool = False

    @property
    def sentences(self) -> str:
        """The result and the fix, as sentences."""
        return " ".join(markup.end_sentence(part[:1].upper() + part[1:]) for part in (self.what, self.fix) if part)


Findings = tuple[Finding, ...]
Deliver = Callable[[Post, bool], Awaitable[Sent]]


class CommandService(Protocol):
    """The part of the dispatcher that platforms use to answer events."""

    stands: Stands

    def plan(self, call: Call) -> CallPlan:
        """Return what an adapter has to know of a Call before it acknowledges it. No I/O."""

    async def carries_on(self, invocation: Invocation) -> bool:
        """Whether a line without a mention continues the bot's recent answer; False on any error."""

    async def answer(self, invocation: Invocation, show: Show) -> Reply | None:
        """Return the answer to an event with its audience decided; None for an event already answered."""

    async def refused(self, invocation: Invocation, refusal: UserError) -> Reply:
        """Return the private message of a refusal."""

    async def form(self, invocation: Invocation) -> Form:
        """Return the form that a Call asks for; UserError if this person may not use it."""

    async def suggest(self, invocation: Invocation, param: ParamSpec, text: str) -> list[SuggestedValue]:
        """Return suggestions for a half-typed value; an empty list on any trouble."""

    async def set_aside(self, invocation: Invocation, reply: Reply) -> Reply:
        """Store a private reply for a platform that can only answer in public; return a "Show me" button."""


class PlatformQueries(Protocol):
    """A platform's queries about rooms and people, and the setup of a room."""

    def is_room(self, text: str) -> bool:
        """Whether a text has the form of a room id, as opposed to a name. No I/O."""

    def room_name(self, room: str) -> str:
        """Return the name of a room if its id contains it, else "". No I/O."""

    async def inspect(self, place: Place) -> Findings:
        """Check a room, or the tenant if the room is empty."""

    async def inspect_role(self, place: Place, role_id: str) -> Findings:
        """Check whether a post in a room can notify a role."""

    async def prepare(self, place: Place) -> None:
        """Set up a room that a group is about to use, as far as possible, for example by joining it."""

    async def sees(self, account: Account, rooms: frozenset[Place]) -> AccessReport:
        """Return which of these rooms a person sees; raises any error of the request."""

    async def present(self, account: Account) -> Account | None:
        """Return the current account, None if it has left the tenant; raises as `sees` does."""


class Platform(PlatformQueries, Protocol):
    """A chat platform."""

    name: str
    prefix: str
    limits: Limits

    def fits(self, reply: Reply) -> bool:
        """Whether one message holds the whole reply; an answer that doesn't fit is split into pages."""

    async def run(self, registry: Registry, dispatcher: CommandService, report: ReportState) -> None:
        """Serve until cancelled; raises Refused if the platform rejects the bot for good."""

    async def reach(self, registry: Registry, dispatcher: CommandService, report: ReportState) -> None:
        """Serve deliveries and queries until cancelled, without taking events; raises as `run`."""

    async def deliver(self, post: Post, again: bool) -> Sent:
        """Deliver one post; with `again`, look for its tag first.

        Raises Gone, PersonGone, ThreadGone, Declined, Later, DeliveryUnknown, ThreadFailed.
        """


@runtime_checkable
class Listener(Protocol):
    """A platform with a connection for events."""

    def last_event_s(self) -> float | None:
        """Return the seconds since the connection last received anything; None without a connection."""


class Inspector:
    """Checks rooms and people through the running platforms."""

    def __init__(self, platforms: Mapping[str, PlatformQueries]) -> None:
        self._platforms = platforms

    def is_room(self, place: Place) -> bool:
        """Whether the room id is valid on its platform; True if the platform doesn't run."""
        platform = self._platforms.get(place.platform)
        return platform is None or platform.is_room(place.room)

    def room_name(self, place: Place, other: str = "a channel") -> str:
        """Return the name of a room, for text that can't link to it; `other` if only its id is known."""
        platform = self._platforms.get(place.platform)
        return (platform.room_name(place.room) if platform else "") or other

    async def look(self, place: Place) -> Findings:
        """Check a room; an unavailable platform is a finding itself."""
        return await self._ask(place, lambda platform: platform.inspect(place))

    async def look_at_role(self, place: Place, role_id: str) -> Findings:
        """Check whether a post in a room can notify a role; an unavailable platform is a finding itself."""
        return await self._ask(place, lambda platform: platform.inspect_role(place, role_id))

    async def _ask(self, place: Place, ask: Callable[[PlatformQueries], Awaitable[Findings]]) -> Findings:
        platform = self._platforms.get(place.platform)
        if platform is None:
            fix = "Check /healthz and the log for the reason."
            return (Finding(False, f"{place.platform} is not connected, so nothing was looked at.", fix),)
        try:
            return await asyncio.wait_for(ask(platform), LOOK_S)
        except Exception as trouble:  # noqa: BLE001  (why it cannot be asked is the finding)
            why = type(trouble).__name__
            return (Finding(False, f"{place.platform} could not be asked ({why}).", "Try again in a minute."),)

    async def prepare(self, place: Place) -> None:
        """Set up a room for posts as far as its platform can; `look` reports what is missing."""
        platform = self._platforms.get(place.platform)
        if platform is not None:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(platform.prepare(place), LOOK_S)

    async def is_absent(self, account: Account, room: Place) -> bool | None:
        """Return whether the person has left the tenant of a room; None if unknown."""
        if (platform := self._platforms.get(account.platform)) is None:
            return None
        try:
            view = await asyncio.wait_for(platform.sees(account, frozenset({room})), 4)
        except Exception:  # noqa: BLE001  (nothing is known then, and nobody is taken for gone)
            return None
        return (room.tenant or "") in view.absent


class ManifestIncomplete(Exception):
    """A manifest needs a setting or an option that is missing; the text names it for the operator."""


@dataclass(frozen=True)
class LiveCheck:
    """What `doctor --live` needs to know of a platform.

    Args:
        link: matches what “Copy link” of a channel gives, with `room` and perhaps `tenant`.
        looks: what the operator has to look at while the messages are there; no program can.
        by_hand: what needs the running bot and a person.
        has_events: whether replies and events of the server's list are tried too.
    """

    link: re.Pattern[str]
    looks: tuple[str, ...]
    by_hand: tuple[str, ...]
    has_events: bool = False


@dataclass(frozen=True)
class ManifestOptions:
    """What the operator asks of a platform's manifest; a platform ignores what it has no use for.

    Args:
        over_http: whether the platform sends events to this server's public address.
        is_shared: whether workspaces install the app themselves.
        client_id: the application's id, if it isn't to be read from the settings.
    """

    over_http: bool = False
    is_shared: bool = False
    client_id: str | None = None


@dataclass(frozen=True)
class PlatformServices:
    """Services of the process, each by the port that platforms know.

    Args:
        report_usable: called if a room may take messages again.
        arrived: called if the bot was let in somewhere.
        gallery: draws pictures.
        limiter_store: rate limits that all processes share.
        first: decides whether this process handles an event that several processes hear.
        open_leases: opens the leases of a platform's shards, given its name and what the settings want; None if no
            other process shares them.
        open_installs: opens the stored installs of a platform, given its name.
        styles: addresses of the style sheets for pages that anybody may open.
    """

    report_usable: ReportUsable
    arrived: Arrived
    gallery: Gallery
    limiter_store: LimiterStore
    first: First
    open_leases: Callable[[str, WantedShards], ShardLeases | None]
    open_installs: Callable[[str], Installs]
    styles: tuple[str, ...]
