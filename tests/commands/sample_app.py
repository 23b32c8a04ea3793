"""A dispatcher on ports that live in memory, and the commands that its tests run."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, TypeVar

from bot.base.clock import MovableClock
from bot.commands.command import Command, Param, SuggestedValue, command
from bot.commands.context import MODERATES, Account, Context, Invocation, Place
from bot.commands.dispatcher import Dispatcher
from bot.commands.parameter_types import Minutes
from bot.commands.ports import Epilogue, Show
from bot.messages.call import Call
from bot.messages.errors import BadInput, NotFound
from bot.messages.reply import Button, Reply, say
from bot.understanding.intents import hear
from tests import kit
from tests.commands.sample_commands import HEARING

T = TypeVar("T")
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SECRET = "what ada wrote"
_KEYS = itertools.count()


class Journal(list[str]):
    """What commands wrote; a transaction that fails takes its lines back."""


def suggest_word(ctx: Context, typed: str, *, journal: Journal) -> list[SuggestedValue]:
    """Suggest a word, or fail as told."""
    if typed == "fault":
        raise RuntimeError(SECRET)
    if typed == "refuse":
        raise NotFound("nothing here")
    return [SuggestedValue(f"{typed}{len(journal)}", typed)]


@command("help", writes=False)
def help_(ctx: Context, command: str | None = None) -> Reply:
    """What there is."""
    return say(f"help {command}")


@command("ask", private=False, slow=True, form=True)
async def ask(ctx: Context, question: Annotated[str, Param("Question", long=True)], *, show: Show) -> Reply:
    """Ask the notes."""
    await show(say("looking"))
    if question == "fault":
        raise RuntimeError(SECRET)
    if question == "refuse":
        raise BadInput("that is no question", field="question")
    return say(f"{question}, on {ctx.today}")


@command("log", form=True, role="member", title="Log it")
def log(
    ctx: Context,
    minutes: Annotated[Minutes, Param("Time", example="45m")],
    note: Annotated[str, Param("Note", long=True, max=200, suggest=suggest_word)],
    *,
    journal: Journal,
) -> Reply:
    """Log time."""
    if note == "fault":
        raise RuntimeError(SECRET)
    if note == "refuse":
        raise BadInput("**Note**: say more", field="note", buttons=(Button("Help", Call("help")),))
    journal.append(f"{minutes} {note}")
    return say(f"{minutes} minutes on {ctx.today} at {ctx.now:%H:%M}")


@command("cheer", private=False)
def cheer(ctx: Context, *, journal: Journal) -> Reply:
    """Cheer in public."""
    if journal and journal[-1] == "cheer":
        raise BadInput("once is enough")
    journal.append("cheer")
    return say("hooray")


@command("drop", role="moderator", writes=False)
def drop(ctx: Context, word: Annotated[str | None, Param("Word", suggest=suggest_word)] = None) -> Reply:
    """Drop something."""
    return say(f"dropped {word}")


def initial_tune(ctx: Context, *, journal: Journal) -> Mapping[str, str]:
    """Return what the form opens with."""
    return {"word": f"was {len(journal)}"}


@command("tune", form=True, initial=initial_tune)
def tune(
    ctx: Context,
    word: Annotated[str | None, Param("Word")] = None,
    confirm: Annotated[bool, Param("Confirm", in_form=False)] = False,
    *,
    journal: Journal,
) -> Reply:
    """Tune something."""
    if confirm:
        journal.append(f"tuned {word}")
    return say(f"{word} {'set' if confirm else 'proposed'}")


COMMANDS: tuple[Command, ...] = (help_, ask, log, cheer, drop, tune, *HEARING)


@dataclass
class Memory(kit.Memory):
    """Ports that take everything back when a unit of work fails."""

    journal: Journal = field(default_factory=Journal)
    writes: list[bool] = field(default_factory=list)

    def run(self, fn: Callable[[bool], T], *, writes: bool = True) -> Awaitable[T]:
        """Run it on a thread of its own."""
        self.writes.append(writes)

        def attempt() -> T:
            threading.Event().wait(self.delay_s)
            before = (list(self.journal), dict(self.inbox.keys), dict(self.drafts.kept))
            try:
                return fn(writes)
            except BaseException:
                self.journal[:], self.inbox.keys, self.drafts.kept = before
                raise

        return asyncio.to_thread(attempt)

    def given(self, show: Show) -> Mapping[type, object]:
        """Return the journal."""
        return {Journal: self.journal}


@dataclass
class Desk:
    """A dispatcher at which people say lines."""

    memory: Memory
    clock: MovableClock
    dispatcher: Dispatcher[bool]
    shown: list[Reply] = field(default_factory=list)

    def event(
        self, who: str, call: Call | str, *, key: str = "", at: datetime | None = None, zone: str = "UTC"
    ) -> Invocation:
        """Return an event of a person; Mo moderates."""
        grants = frozenset({MODERATES}) if who == "mo" else frozenset[str]()
        account = Account("local", "t", who, who.capitalize(), zone, grants)
        call = hear(self.dispatcher.registry, call, "mention") if isinstance(call, str) else call
        return Invocation(call, account, Place("local", "t", "general"), key or f"k{next(_KEYS)}", at)

    async def answer(self, invocation: Invocation) -> Reply | None:
        """Answer an event."""

        async def show(reply: Reply) -> None:
            self.shown.append(reply)

        return await self.dispatcher.answer(invocation, show)

    async def say(
        self, who: str, call: Call | str, *, key: str = "", at: datetime | None = None, zone: str = "UTC"
    ) -> Reply:
        """Have a person say a line, and return the answer."""
        reply = await self.answer(self.event(who, call, key=key, at=at, zone=zone))
        assert reply is not None
        return reply


def desk(memory: Memory | None = None, epilogue: Epilogue[bool] | None = None) -> Desk:
    """Return a desk; the same memory makes it the same bot after a restart."""
    memory, clock = memory or Memory(), MovableClock(NOW)
    return Desk(memory, clock, memory.at(COMMANDS, clock, epilogue))


def target(reply: Reply, label: str) -> Call:
    """Return the Call on a button, as it is after packing."""
    found = next(b.target for b in reply.buttons if b.label == label)
    assert isinstance(found, Call)
    assert len(found.pack()) <= 76
    return Call.unpack(found.pack())
