"""A local platform without a database: a feed in memory, a few commands, the real Dispatcher."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal, TypeVar

from bot.base.clock import MovableClock
from bot.chat.feed import FeedCount, RoomMessage, Spot
from bot.commands.command import Command, Param, SuggestedValue, command
from bot.commands.context import Context
from bot.commands.parameter_types import Minutes, UnitRef, Url, Zone
from bot.commands.ports import Show
from bot.messages import markup
from bot.messages.errors import BadInput
from bot.messages.reply import Button, Fields, Quote, Reply, Table, Text, say
from tests import kit
from tests.commands.sample_commands import HEARING

T = TypeVar("T")
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class MemoryFeed:
    """A Feed that forgets."""

    def __init__(self, clock: MovableClock) -> None:
        self.clock = clock
        self.messages: dict[str, RoomMessage] = {}
        self.keys: dict[str, str] = {}
        self.looks: list[str] = []

    async def add(self, key: str, room: str, thread: str | None, reply: Reply, author: str = "") -> str:
        if key not in self.keys:
            ref = str(len(self.keys) + 1)
            self.keys[key] = ref
            self.messages[ref] = RoomMessage(ref, room, thread, author, reply, self.clock.now())
        return self.keys[key]

    async def edit(self, ref: str, reply: Reply) -> None:
        if ref in self.messages:
            self.messages[ref] = replace(self.messages[ref], reply=reply)

    async def remove(self, ref: str) -> None:
        self.messages.pop(ref, None)

    async def open_thread(self, ref: str, title: str) -> str:
        self.messages[ref] = replace(self.messages[ref], thread_title=title)
        return ref

    async def find(self, ref: str) -> RoomMessage | None:
        return self.messages.get(ref)

    async def list_messages(self, room: str, thread: str | None = None, last: int = 100) -> list[RoomMessage]:
        self.looks.append("list_messages")
        return self._standing(room, thread)[-last:]

    async def tally(self, spots: Collection[Spot]) -> Mapping[Spot, FeedCount]:
        self.looks.append("tally")
        there = {(room, thread): self._standing(room, thread) for room, thread in spots}
        return {spot: FeedCount(len(some), some[-1].ref) for spot, some in there.items() if some}

    def _standing(self, room: str, thread: str | None) -> list[RoomMessage]:
        return [m for m in self.messages.values() if (m.room, m.thread) == (room, thread)]


class World:
    """What the fake commands remember, with the faults that a test asks for."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.zone = "Europe/Berlin"
        self.gate = asyncio.Event()
        self.gate.set()


def _units(ctx: Context, typed: str) -> list[SuggestedValue]:
    titles = ("Backpropagation", "Attention", "Tokenizers", "Embeddings")
    return [
        SuggestedValue(f"Unit {n}: {t}", str(n)) for n, t in enumerate(titles, 1) if typed.lower() in f"{n} {t}".lower()
    ]


@command("help", writes=False)
def help_(ctx: Context, command: Annotated[str, Param("Command")] = "") -> Reply:
    """Show what I can do, and how."""
    return say(f"Try {markup.typed('checkin 45 read two papers')}.", title="What I can do")


@command("checkin", form=True, form_note="Your note is for you alone until you share it.")
def checkin(
    ctx: Context,
    minutes: Annotated[Minutes, Param("Time spent", example="45m")],
    note: Annotated[str, Param("What you did", example="read two papers", long=True, max=500)],
    link: Annotated[Url | None, Param("Where it can be seen")] = None,
    unit: Annotated[UnitRef | None, Param("Unit", suggest=_units, note="The oldest open one, unless you say.")] = None,
    *,
    world: World,
) -> Reply:
    """Log what you did for this week's topic."""
    if minutes > 720:
        raise BadInput("**Time spent**: a day holds 1 to 720 minutes. Example: `45m`", field="minutes")
    world.said.append(f"{ctx.actor.name} {minutes} {note}")
    fields = Fields((("Time", f"{minutes} minutes"), ("Unit", f"Unit {unit or 7}"), ("Streak", "**5** units")))
    return Reply(
        (Text(f"_{markup.escape(note)}_"), fields),
        (
            Button("Edit", checkin.ask(minutes=minutes, note=note[:20])),
            Button("Undo", undo.call()),
            Button("Share", share.call()),
        ),
        title="Checked in",
        tone="good",
    )


@command("undo")
def undo(ctx: Context, *, world: World) -> Reply:
    """Take back my last check-in."""
    world.said.append("undone")
    return replace(say("Your last check-in is taken back."), replaces=True)


@command("share", private=False, hidden=True)
def share(ctx: Context) -> Reply:
    """Put the note where all can read it."""
    return say(f"{markup.name(ctx.actor.external_id, ctx.actor.name)} shared a note.")


@command("ask", private=False, slow=True)
async def ask(ctx: Context, question: Annotated[str, Param("Question", max=500)], *, world: World, show: Show) -> Reply:
    """Ask the notes a question."""
    if "recipe" in question:
        raise BadInput("The notes say nothing about that.")
    if not world.gate.is_set():
        await show(say("_Reading the notes …_"))
        await world.gate.wait()
    if "trickle" in question:
        await show(say("One."))
        await asyncio.sleep(0.6)
        await show(say("One. Two."))
        await asyncio.sleep(0.1)
    return Reply(
        (
            Text(f"**{markup.escape(question)}**"),
            Text("It is the chain rule, applied from the last layer to the first. [1]"),
            Quote("Reverse mode computes every derivative in one sweep."),
            Text("- 1: [Backpropagation](https://example.org/notes/backprop)"),
        ),
        (Button("Open the note", "https://example.org/notes"), Button("Remove", remove.call(), "danger")),
    )


@command("remove", hidden=True)
def remove(ctx: Context) -> Reply:
    """Take an answer away."""
    return replace(say("_This answer was taken away._"), replaces=True, audience="public")


@command("leaderboard", writes=False)
def leaderboard(ctx: Context, period: Literal["phase", "week", "season"] = "phase") -> Reply:
    """See who is ahead."""
    rows = (("1", "Ada", "58"), ("2", "Ben", "49"), ("2", "Chloe", "49"), ("4", "Dev", "31"))
    return Reply((Table(("Rank", "Name", "Points"), rows, (0, 2)),), title=f"Board of the {period}")


@command("settings", form=True, initial=lambda ctx: {"zone": "Europe/Berlin", "reminders": "no"})
def settings(
    ctx: Context,
    zone: Annotated[Zone | None, Param("Time zone")] = None,
    reminders: Annotated[bool | None, Param("Remind me by direct message")] = None,
    board: Annotated[Literal["name", "alias", "hidden"] | None, Param("On the board as")] = None,
) -> Reply:
    """Change my zone, reminders and how I am shown."""
    return replace(say(f"Zone {zone}, reminders {reminders}, board {board}."), replaces=True)


@command("cohort create", role="moderator", form=True, title="Create a cohort")
def create(
    ctx: Context,
    name: Annotated[str, Param("Name", example="Night owls", max=60)],
    timezone: Annotated[Zone, Param("Time zone")],
) -> Reply:
    """Start a group on a roadmap."""
    return say(f"{markup.escape(name)} is ready, in {timezone}.")


COMMANDS = (help_, checkin, undo, share, ask, remove, leaderboard, settings, create, *HEARING)


class Local(kit.Memory):
    """The parts of a local platform, wired."""

    def __init__(self, commands: tuple[Command, ...] = COMMANDS) -> None:
        super().__init__()
        self.clock = MovableClock(START)
        self.feed = MemoryFeed(self.clock)
        self.world = World()
        self.dispatcher = self.at(commands, self.clock)
        self.registry = self.dispatcher.registry

    def given(self, show: Show) -> Mapping[type, object]:
        return {World: self.world}


class FakeDemo:
    """A demo whose time moves in small steps."""

    def __init__(self, local: Local) -> None:
        self._local = local
        self.moves: list[str] = []

    @property
    def now(self) -> datetime:
        return self._local.clock.now()

    async def move(self, to: str) -> None:
        self.moves.append(to)
        for _ in range(3):
            await asyncio.sleep(0.5)  # long enough for a busy browser to have drawn what moves
            self._local.clock.move_to(self.now + timedelta(minutes=20))


def weekly_post() -> Reply:
    """Return a post like the one that opens a week."""
    deadline = START + timedelta(days=6, hours=12)
    return Reply(
        (
            Text("Training a network is one idea: push the error back through every layer and nudge each weight."),
            Text(
                "- Derive the gradient of a two-layer network by hand\n"
                "- Explain what automatic differentiation stores\n"
                "- Tell vanishing from exploding gradients in a plot"
            ),
            Fields(
                (
                    ("Exercise", "Write _micrograd_ in under 150 lines. 30-minute version: only `+` and `*`."),
                    ("Deadline", f"{markup.moment(deadline)}, {markup.moment(deadline, style='relative')}"),
                    ("So far", "23 of 60 checked in"),
                )
            ),
        ),
        (
            Button("Check in", checkin.ask(unit="7"), "primary"),
            Button("Ask", ask.ask()),
            Button("Details", help_.call()),
        ),
        title="Unit 7 of 50: Backpropagation",
    )
