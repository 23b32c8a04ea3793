"""What a dispatcher is given by the app, kept in memory, and a chat platform that only keeps what it was sent."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar

from bot.base.clock import Clock, SystemClock
from bot.chat.platform import CommandService, Finding, Findings, Limits, Post, ReportState, Sent
from bot.commands.answer_location import AnswerLocation
from bot.commands.command import Command
from bot.commands.context import MODERATES, AccessReport, Account, Actor, Invocation, Place, Role
from bot.commands.dispatcher import Dispatcher
from bot.commands.permissions import Policy
from bot.commands.ports import Epilogue, Show
from bot.commands.registry import Registry
from bot.messages.call import Call
from bot.messages.paging import Fits
from bot.messages.reply import Button, Reply, say

T = TypeVar("T")
PATIENCE_S = 30.0
"""How long forms, suggestions and transactions may take here: a busy machine is no matter of these tests."""
ROOM, OTHER = "C0123456", "C0654321"
"""Two rooms as Slack names them."""


class Inbox:
    """Which events have been answered, by key: "answered" or "claimed", and until when."""

    def __init__(self) -> None:
        self.keys: dict[str, tuple[str, datetime]] = {}

    def accept(self, work: bool, key: str, now: datetime) -> bool:
        """Note the key as answered; False if it was already."""
        assert work, "an answer is noted by a writer"
        is_new = key not in self.keys
        self.keys.setdefault(key, ("answered", now))
        return is_new

    def claim(self, work: bool, key: str, now: datetime, until: datetime) -> bool:
        """Note the key as being answered."""
        state, lease = self.keys.get(key, ("claimed", now))
        if state == "answered" or lease > now:
            return False
        self.keys[key] = ("claimed", until)
        return True

    def finish(self, work: bool, key: str, now: datetime) -> None:
        """Note that the claimed key is answered."""
        self.keys[key] = ("answered", now)


class Drafts:
    """What was typed into forms that failed, and answers that wait for a click: whose, what, and until when."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[int, Call, Reply | None, datetime]] = {}

    def keep(self, work: bool, account_id: int, call: Call, reply: Reply | None, now: datetime) -> str:
        """Keep a draft."""
        draft_id = f"d{len(self.kept)}"
        self.kept[draft_id] = (account_id, Call.unpack(call.pack()), reply, now + timedelta(hours=1))
        return draft_id

    def find(self, work: bool, draft_id: str, account_id: int, now: datetime) -> tuple[Call, Reply | None] | None:
        """Find a draft of this account."""
        found = self.kept.get(draft_id)
        return (found[1], found[2]) if found and found[0] == account_id and found[3] > now else None


@dataclass
class Memory:
    """All ports at once, without a database; a unit of work is whether it writes.

    Args:
        delay_s: how long each unit of work takes.
        invocations: what people were asked for, in order.
    """

    delay_s: float = 0.0
    inbox: Inbox = field(default_factory=Inbox)
    drafts: Drafts = field(default_factory=Drafts)
    invocations: list[Invocation] = field(default_factory=list)

    def run(self, fn: Callable[[bool], T], *, writes: bool = True) -> Awaitable[T]:
        """Run it on the loop."""

        async def attempt() -> T:
            await asyncio.sleep(self.delay_s)
            return fn(writes)

        return attempt()

    def identify(self, work: bool, invocation: Invocation, policy: Policy, named: str | None = None) -> Actor:
        """Return an actor: everyone but Guest is a member."""
        self.invocations.append(invocation)
        who = invocation.account
        roles: set[Role] = {"anyone"} if who.id == "guest" else {"anyone", "member"}
        if MODERATES in who.grants:
            roles.add("moderator")
        return Actor(account_id(who.id), who.id, who.name, who.zone or "UTC", None, frozenset(roles))

    def given(self, show: Show) -> Mapping[type, object]:
        """Return what commands may ask for after their star, beside a way to show."""
        return {}

    def supply(self, needs: Mapping[str, type], work: bool | None, show: Show) -> dict[str, Any]:
        """Hand over what a command asks for."""
        way_to_show: Any = Show
        there = {way_to_show: show, **self.given(show)}
        return {name: there[kind] for name, kind in needs.items()}

    def at(
        self, commands: Iterable[Command], clock: Clock | None = None, epilogue: Epilogue[bool] | None = None
    ) -> Dispatcher[bool]:
        """Return a dispatcher on this memory; the same memory makes it the same bot after a restart."""
        made = Dispatcher(
            Registry(commands),
            run=self.run,
            identify=self.identify,
            supply=self.supply,
            inbox=self.inbox,
            drafts=self.drafts,
            clock=clock or SystemClock(),
            epilogue=epilogue,
        )
        made.form_s = made.suggest_s = PATIENCE_S
        return made


def account_id(who: str) -> int:
    """Return the number of a person's account."""
    return sum(map(ord, who))


@dataclass
class Partner:
    """Keeps posts.

    Args:
        troubles: raised for every delivery to a room, until the test takes them away.
        thread_trouble: raised for every delivery into a thread, until the test takes it away.
        faults: raised for every delivery whose key ends so, until the test takes them away.
        findings: what a look at a room finds; all is well where there are none.
        holds: whether one message shows the whole of a reply.
    """

    name: str = "slack"
    prefix: str = "/study "
    limits: Limits = field(default_factory=lambda: Limits(3000, 25, 75, 100, 48, 24))
    troubles: dict[str, Exception] = field(default_factory=dict)
    thread_trouble: Exception | None = None
    faults: dict[str, Exception] = field(default_factory=dict)
    findings: dict[str, Findings] = field(default_factory=dict)
    holds: Fits = lambda _: True
    absent: set[str] = field(default_factory=set)
    sent: list[Post] = field(default_factory=list)
    looked_at: list[Place] = field(default_factory=list)
    prepared: list[Place] = field(default_factory=list)

    async def run(self, registry: Registry, dispatcher: CommandService, report: ReportState) -> None:
        report("ready")
        await asyncio.Event().wait()

    async def reach(self, registry: Registry, dispatcher: CommandService, report: ReportState) -> None:
        report("ready")
        await asyncio.Event().wait()

    async def deliver(self, post: Post, again: bool) -> Sent:
        if post.place.room in self.troubles:
            raise self.troubles[post.place.room]
        if post.place.thread is not None and self.thread_trouble is not None:
            raise self.thread_trouble
        for end, fault in self.faults.items():
            if post.key.endswith(end):
                raise fault
        self.sent.append(post)
        ref = post.ref or post.sent_ref or f"m{len(self.sent)}"
        return Sent(ref, f"t-{ref}" if post.thread_title else None)

    def fits(self, reply: Reply) -> bool:
        return self.holds(reply)

    def room_name(self, room: str) -> str:
        return ""

    def is_room(self, text: str) -> bool:
        return any(c.isdigit() for c in text)

    async def prepare(self, place: Place) -> None:
        self.prepared.append(place)

    async def inspect_role(self, place: Place, role_id: str) -> Findings:
        return ()

    async def inspect(self, place: Place) -> Findings:
        self.looked_at.append(place)
        return self.findings.get(place.room, (Finding(True, "I can post here"),))

    async def sees(self, account: Account, rooms: frozenset[Place]) -> AccessReport:
        tenants = {room.tenant or "" for room in rooms} if account.id in self.absent else set[str]()
        return AccessReport(seen=rooms, absent=frozenset(tenants))

    async def present(self, account: Account) -> Account | None:
        return None if account.id in self.absent else account

    def posts(self, room: str = ROOM, action: Literal["post", "edit", "delete"] = "post") -> list[Reply]:
        """Return what was sent to a room itself, oldest first."""
        return [p.reply for p in self.sent if p.place.room == room and p.action == action and not p.place.thread]


class Told:
    """Notes where answers stand: of which turn, in which thread or whose messages, by which id, whether for good."""

    def __init__(self, platform: str) -> None:
        self.all: list[tuple[str, str | None, str | None, bool]] = []
        self._event = Invocation(Call("ask"), Account(platform, "1", "7", "Ada"), Place(platform, "1", "5"), "k")

    async def __call__(
        self, invocation: Invocation, turn: str, place: Place, ref: str | None, *, is_last: bool
    ) -> None:
        """Note it."""
        self.all.append((turn, place.thread or place.reader, ref, is_last))

    @property
    def whereabouts(self) -> AnswerLocation:
        """What an adapter is given."""
        return AnswerLocation(self, self._event)


LOOKING = Reply(say("Looking").blocks, of="t1")
ANSWER = Reply(say("Sets hash").blocks, (Button("Remove", Call("remove", {"turn": "t1"})),), audience="public")
