"""What a chat platform is to the rest of the bot: its methods, a table of limits, and how sending can fail."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

from bot.commands.answer_location import Stands
from bot.commands.context import AccessReport, Account, Place
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
"""How long a platform may take to look at a room."""
ReportState = Callable[[str], None]
"""Given to a platform to say, for /healthz, what it is doing: "connecting", "ready", "partly" where it is not connected
for all of its tenants, "standby" where others do it."""
Mended = Callable[[Place], Awaitable[None]]
"""Given to a platform to say that a room may take messages again: any of the tenant's if the place has no room, any at
all if it has no tenant either."""
Tell = Callable[[Reply], Awaitable[bool]]
"""Given by a platform to show a message; says whether it was shown."""
Arrived = Callable[[Place, Place, Tell], Awaitable[None]]
"""Given to a platform to have the bot say of itself what it is where it was just let in, a room or a whole tenant, and
where that is read; nothing is told where it was said before, or where the bot is no news."""
First = Callable[[str], Awaitable[bool]]
"""Given to a platform that tells several processes the same events: whether this one is to take that of a key."""


async def alone(_key: str) -> bool:
    """Take each event: nobody else hears it."""
    return True


async def unheard(place: Place) -> None:
    """Take no notice that a room was mended: where nothing is held back."""


async def unsaid(into: Place, read_in: Place, tell: Tell) -> None:
    """Say nothing on arrival."""


@dataclass(frozen=True)
class Limits:
    """What one message of a platform holds; each platform names its source.

    Args:
        text: characters of one message or section.
        buttons: in one message.
        label: characters of a button.
        choices: suggestions at once.
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
        tag: 20 characters made of the key, carried by the message so that it can be found again.
        action: post a new message, or edit or delete the one at `ref`.
        ref: the platform's id of an existing message, for edit and delete.
        thread_title: open a thread on the message; "it exists" counts as done.
        sent_ref: the id of the message when only its thread is still to be opened.
        reply_to: the id of the message in the same room that this one belongs to.
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
    """Where a message is.

    Args:
        ref: the platform's id of the message.
        thread: the thread's room id if one was opened.
        was_there: whether the message stood there already.
        is_incomplete: whether some of its pictures were not ready in time; an edit adds them later.
    """

    ref: str
    thread: str | None = None
    was_there: bool = field(default=False, compare=False)
    is_incomplete: bool = field(default=False, compare=False)


class Gone(Exception):
    """The room or person cannot be reached until somebody mends it; `reason` names the mend, in escaped Markdown."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class PersonGone(Gone):
    """The person is no longer where the bot could meet them: not on the platform, or in no place that it shares."""


class ThreadGone(Exception):
    """The thread takes no message, which says nothing about its room; nothing was sent."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Declined(Exception):
    """The platform will never take this one message, and others do go; `reason` names the mend."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Later(Exception):
    """The platform asks to wait, or is away; nothing was sent."""

    def __init__(self, after_s: float, reason: str = "") -> None:
        super().__init__(reason or f"later, in {after_s:.0f} s")
        self.after_s = after_s


class DeliveryUnknown(Exception):
    """The request may or may not have arrived; deliver again with `again=True`."""


class ThreadFailed(Exception):
    """The message is out, its thread is not; `sent` says where the message is."""

    def __init__(self, sent: Sent, reason: str) -> None:
        super().__init__(reason)
        self.sent = sent
        self.reason = reason


class Refused(Exception):
    """The platform refuses for good (bad token, forbidden intent); the text says how to mend it."""


@dataclass(frozen=True)
class Finding:
    """One thing that doctor looked at: whether it is well, and how to mend it if not; escaped Markdown.

    Args:
        is_others: whether its reader can do nothing about it; then `mend` says who can, or that nobody has to.
        is_optional: whether all works without it, though `what` names a loss; it is well, and worth knowing.
    """

    ok: bool
    what: str
    mend: str = ""
    is_others: bool = False
    is_optional: bool = False

    @property
    def said(self) -> str:
        """What was found, and the mend, as sentences."""
        return " ".join(_sentence(part) for part in (self.what, self.mend) if part)


def _sentence(text: str) -> str:
    whole = text[:1].upper() + text[1:].rstrip()
    return whole if whole.endswith((".", "!", "?", ":", "…")) else f"{whole}."


Findings = tuple[Finding, ...]
Deliver = Callable[[Post, bool], Awaitable[Sent]]


class CommandService(Protocol):
    """Where a platform brings its events, and what has become of them: the dispatcher, whatever its unit of work."""

    stands: Stands

    def wants_form(self, call: Call) -> bool:
        """Whether this Call opens a form: what an adapter asks before it acknowledges. No I/O."""
        ...

    def is_private(self, call: Call) -> bool:
        """Whether the answer is for the caller alone, as declared."""
        ...

    def is_slow(self, call: Call) -> bool:
        """Whether the adapter should acknowledge first and answer later."""
        ...

    async def carries_on(self, invocation: Invocation) -> bool:
        """Whether a line that names nobody stands in a thread that an answer of the last hour opened."""
        ...

    async def answer(self, invocation: Invocation, show: Show) -> Reply | None:
        """Return the answer to an event with its audience decided; None for an event already answered."""
        ...

    async def refused(self, invocation: Invocation, refusal: UserError) -> Reply:
        """Return the private message of a refusal."""
        ...

    async def form(self, invocation: Invocation) -> Form:
        """Return the form that a Call asks for; raises UserError where there is none for this person."""
        ...

    async def suggest(self, invocation: Invocation, param: ParamSpec, text: str) -> list[SuggestedValue]:
        """Return suggestions for a half-typed value; an empty list on any trouble."""
        ...

    async def set_aside(self, invocation: Invocation, reply: Reply) -> Reply:
        """Keep a private reply where only a public one can be given; return a line with a "Show me" button."""
        ...


class PlatformQueries(Protocol):
    """What a platform says of rooms and people, and does to a room before it is used."""

    def is_room(self, text: str) -> bool:
        """Whether a text can be the id of a room here, as against its name. No I/O."""
        ...

    def room_name(self, room: str) -> str:
        """Return what people call a room, where its id says so; else nothing. No I/O."""
        ...

    async def inspect(self, place: Place) -> Findings:
        """Say what is right and wrong with a room, or with the tenant where room is empty."""
        ...

    async def inspect_role(self, place: Place, role_id: str) -> Findings:
        """Say whether a post in a room can notify a role."""
        ...

    async def prepare(self, place: Place) -> None:
        """Do what can be done by itself so that posts can go to a room that is about to become a group's home."""
        ...

    async def sees(self, account: Account, rooms: frozenset[Place]) -> AccessReport:
        """Say which of these rooms a person sees; raises whatever kept it from being asked."""
        ...

    async def present(self, account: Account) -> Account | None:
        """Return an account as its tenant has it now, None if the tenant knows it no more; raises as `sees` does."""
        ...


class Platform(PlatformQueries, Protocol):
    """A chat platform."""

    name: str
    prefix: str
    limits: Limits

    def fits(self, reply: Reply) -> bool:
        """Whether one message shows the whole of a reply; an answer that does not fit is divided into pages."""
        ...

    async def run(self, registry: Registry, dispatcher: CommandService, report: ReportState) -> None:
        """Serve until cancelled; raises Refused when the platform will never let us in."""
        ...

    async def reach(self, registry: Registry, dispatcher: CommandService, report: ReportState) -> None:
        """Be able to deliver and to look until cancelled, and take no event: another process does; raises as `run`."""
        ...

    async def deliver(self, post: Post, again: bool) -> Sent:
        """Carry out one post; `again` asks to look for its tag first.

        Raises Gone, Left, ThreadGone, Declined, Later, Unsure, ThreadFailed.
        """
        ...


@runtime_checkable
class Listener(Protocol):
    """A platform that hears events over a connection of its own."""

    def last_event_s(self) -> float | None:
        """Return how many seconds ago the connection last brought anything; None if there is no connection."""
        ...


class Inspector:
    """Looks at rooms and people through whichever platforms are running."""

    def __init__(self, platforms: Mapping[str, PlatformQueries]) -> None:
        self._platforms = platforms

    def is_room(self, place: Place) -> bool:
        """Whether the room has an id as its platform gives them; of a platform that does not run nothing is said."""
        platform = self._platforms.get(place.platform)
        return platform is None or platform.is_room(place.room)

    def room_name(self, place: Place, other: str = "a channel") -> str:
        """Return what people call a room, for where it cannot be led to; `other` where only its id is known."""
        platform = self._platforms.get(place.platform)
        return (platform.room_name(place.room) if platform else "") or other

    async def look(self, place: Place) -> Findings:
        """Return what is right and wrong with a room; a platform that cannot say is a finding itself."""
        return await self._asked(place, lambda platform: platform.inspect(place))

    async def look_at_role(self, place: Place, role_id: str) -> Findings:
        """Return whether a post in a room can notify a role; a platform that cannot say is a finding itself."""
        return await self._asked(place, lambda platform: platform.inspect_role(place, role_id))

    async def _asked(self, place: Place, ask: Callable[[PlatformQueries], Awaitable[Findings]]) -> Findings:
        platform = self._platforms.get(place.platform)
        if platform is None:
            mend = "Look at /healthz and at the log for the reason."
            return (Finding(False, f"{place.platform} is not connected, so nothing was looked at.", mend),)
        try:
            return await asyncio.wait_for(ask(platform), LOOK_S)
        except Exception as trouble:  # noqa: BLE001  (why it cannot be asked is the finding)
            why = type(trouble).__name__
            return (Finding(False, f"{place.platform} could not be asked ({why}).", "Try again in a minute."),)

    async def prepare(self, place: Place) -> None:
        """Have a room made ready for posts as far as its platform can; what it cannot, a look says."""
        platform = self._platforms.get(place.platform)
        if platform is not None:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(platform.prepare(place), LOOK_S)

    async def is_absent(self, account: Account, room: Place) -> bool | None:
        """Return whether the tenant of a room does not know the person any more; None if that cannot be said."""
        if (platform := self._platforms.get(account.platform)) is None:
            return None
        try:
            view = await asyncio.wait_for(platform.sees(account, frozenset({room})), 4)
        except Exception:  # noqa: BLE001  (nothing is known then, and nobody is taken for gone)
            return None
        return (room.tenant or "") in view.absent
