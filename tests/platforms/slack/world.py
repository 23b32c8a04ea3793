"""A few commands and the real dispatcher, with everything behind it in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from bot.commands.command import OnMessage, Param, SuggestedValue, command
from bot.commands.context import Context
from bot.commands.parameter_types import Attachment, Minutes, UnitRef, Url, Zone
from bot.commands.ports import Show
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.errors import BadInput, NotFound, TryLater
from bot.messages.reply import Button, Image, Reply, Table, Text, say
from tests import kit
from tests.commands.sample_commands import HEARING


class Logged(list[int]):
    """The minutes that were checked in."""


class Gate:
    """Lets a slow answer wait for the test."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.runs = 0


@command("help", writes=False)
def help_(ctx: Context) -> Reply:
    """Say what there is."""
    return say(f"Type {markup.typed('checkin 45')}, {markup.escape(ctx.actor.name)} in {ctx.actor.zone}.")


@command("shout", private=False)
def shout(ctx: Context, text: Annotated[str, Param("Text", max=500)]) -> Reply:
    """Repeat it to everybody."""
    if "boom" in text:
        raise NotFound("There is no such thing.")
    return say(f"{markup.name(ctx.actor.external_id, ctx.actor.name)} shouts {markup.escape(text)}")


@command("checkin", form=True, title="Check in", shortcut=True)
def checkin(
    ctx: Context,
    minutes: Annotated[Minutes, Param("Time spent", example="45m")],
    note: Annotated[str, Param("What you did", long=True, max=500)],
    unit: Annotated[str, Param("Unit", in_form=False)] = "",
    *,
    logged: Logged,
) -> Reply:
    """Log what you did."""
    if minutes > 720:
        raise BadInput("**Time spent**: a day has 720 minutes here.", field="minutes")
    if minutes == 13:
        raise TryLater("Not on this minute.")
    logged.append(minutes)
    return say(f"Logged {minutes} minutes: {markup.escape(note)}", buttons=(Button("Undo", Call("undo")),))


@command("present")
def present(
    ctx: Context,
    minutes: Annotated[Minutes, Param("Time spent")],
    note: Annotated[str, Param("What you did", long=True)],
    link: Annotated[Url | None, Param("Where it can be seen", max=500)] = None,
) -> Reply:
    """Show what was done."""
    return say(f"{minutes} minutes, linked {link}")


@command("keep", form=True, initial=lambda ctx: {}, on_message=OnMessage("Keep it", "text", "author"))
def keep(
    ctx: Context,
    text: Annotated[str | None, Param("Text", long=True, max=3000)] = None,
    file: Annotated[Attachment | None, Param("File", max=1000)] = None,
    author: Annotated[str | None, Param("Author", in_form=False)] = None,
) -> Reply:
    """Keep a text or a file."""
    return say(f"Kept {markup.escape(file.name + ': ' + file.text if file else text or '')} by {author}")


@command("home", writes=False)
def home(ctx: Context, *, logged: Logged) -> Reply:
    """Say where they stand."""
    if ctx.actor.external_id == "U2BOB":
        return Reply((Table(("n",), (("1",),)),))
    return say(f"{sum(logged)} minutes so far.", buttons=(Button("Check in", Call("checkin", ask=True), "primary"),))


@command("undo")
def undo(ctx: Context) -> Reply:
    """Take it back."""
    return replace(say("Taken back."), replaces=True)


def _units(ctx: Context, typed: str) -> list[SuggestedValue]:
    return [SuggestedValue(f"Unit {n} for {ctx.actor.name}", str(n)) for n in range(1, 9) if typed in str(n)]


@command("settings", form=True)
def settings(
    ctx: Context,
    zone: Annotated[Zone, Param("Time zone")],
    unit: Annotated[UnitRef | None, Param("Unit", suggest=_units)] = None,
    loud: Annotated[bool, Param("Loud", note="Everybody hears it.")] = False,
) -> Reply:
    """Change something."""
    return say(f"Zone {zone}, unit {unit}, loud {loud}.")


@command("ask", private=False, slow=True)
async def ask(ctx: Context, question: Annotated[str, Param("Question", max=500)], *, gate: Gate, show: Show) -> Reply:
    """Answer from the notes."""
    gate.runs += 1
    await show(say("Reading…"))
    await gate.open.wait()
    if "boom" in question:
        raise TryLater("Ask again later.")
    return say(f"You asked {markup.escape(question)}")


@command("step", form=True, slow=True, in_place=True)
async def step(ctx: Context, n: Annotated[int, Param("Number")]) -> Reply:
    """Walk on in one message."""
    return replace(say(f"Step {n}"), replaces=True)


@command("rule", role="moderator")
def rule(ctx: Context) -> Reply:
    """Do what moderators do."""
    return say("Done, moderator.")


def _chosen(ctx: Context) -> dict[str, str]:
    if ctx.call.group is None:
        owls, larks = (Button(name, Call("plan", group=n, ask=True)) for n, name in ((1, "Owls"), (2, "Larks")))
        raise NotFound("Which group do you mean?", buttons=(owls, larks))
    return {"note": f"of group {ctx.call.group}"}


@command("plan", form=True, initial=_chosen, shortcut=True)
def plan(ctx: Context, note: Annotated[str, Param("Your plan")]) -> Reply:
    """Plan in one of two groups."""
    return say(f"Planned in group {ctx.call.group}: {markup.escape(note)}")


FIGURE = Image("figure", {"figure": "row"}, "Five <boxes>", "_Figure:_ five boxes")


@command("figure")
def figure(ctx: Context) -> Reply:
    """Show a figure."""
    return Reply((Text("Why it matters"), FIGURE), title="Unit 7")


@command("show")
def show_again(ctx: Context, id: Annotated[str, Param("Which")], *, drafts: kit.Drafts) -> Reply:
    """Show a private answer once more."""
    found = drafts.find(False, id, kit.account_id(ctx.actor.external_id), ctx.now)
    assert found is not None and found[1] is not None
    return found[1]


@command("crash")
def crash(ctx: Context) -> Reply:
    """Fail."""
    raise RuntimeError("broken")


class World(kit.Memory):
    """Registry, dispatcher and what they were asked."""

    def __init__(self) -> None:
        super().__init__()
        self.gate, self.logged = Gate(), Logged()
        self.dispatcher = self.at(
            [
                help_,
                shout,
                checkin,
                present,
                undo,
                settings,
                ask,
                step,
                rule,
                crash,
                keep,
                home,
                figure,
                plan,
                show_again,
                *HEARING,
            ]
        )
        self.registry = self.dispatcher.registry

    def given(self, show: Show) -> Mapping[type, object]:
        """Return the gate, and what was checked in."""
        return {Gate: self.gate, Logged: self.logged, kit.Drafts: self.drafts}
