"""A few small commands for the tests of the language itself."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from bot.commands.command import Command, IntentPattern, Param, command
from bot.commands.context import Context
from bot.commands.parameter_types import MemberRef, Minutes, RoomRef, UnitRef, Url, Zone, straighten
from bot.commands.registry import Registry
from bot.messages import markup
from bot.messages.reply import Reply, say


@command("help")
def help_(ctx: Context, command: str | None = None) -> Reply:
    """What there is."""
    return say("help")


@command("ask", private=False, form=True)
def ask(ctx: Context, question: Annotated[str, Param("Question", long=True)]) -> Reply:
    """Ask the notes."""
    return say(question)


@command(
    "checkin",
    form=True,
    title="Check in",
    spoken=("check in", "check-in", "checked in"),
    hints=(IntentPattern(r"^(?:i )?(?:log|did) (?P<minutes>\d+)(?: minutes)?(?P<note>.*)"),),
)
def checkin(
    ctx: Context,
    minutes: Annotated[Minutes, Param("Time spent", example="45m")],
    note: Annotated[str, Param("What you did", example="read two papers", long=True, max=500)],
    link: Annotated[Url | None, Param("Where it can be seen", max=500)] = None,
    unit: Annotated[UnitRef | None, Param("Unit")] = None,
) -> Reply:
    """Log what you did."""
    return say(note)


@command("away")
def away(
    ctx: Context,
    until: Annotated[date, Param("Last day away", example="in 1 week")],
    from_: Annotated[date | None, Param("First day away")] = None,
    reason: Annotated[str, Param("Reason")] = "",
) -> Reply:
    """Be away."""
    return say(reason)


@command("board")
def board(ctx: Context, period: Literal["phase", "week", "season"] = "phase") -> Reply:
    """Rank people."""
    return say(period)


@command("settings", form=True, initial=lambda ctx: {"zone": "Europe/Berlin"})
def settings(ctx: Context, zone: Annotated[Zone | None, Param("Time zone")] = None) -> Reply:
    """Change settings."""
    return say(str(zone))


@command("undo")
def undo(ctx: Context) -> Reply:
    """Take back."""
    return say("undone")


@command("excuse")
def excuse(
    ctx: Context,
    member: Annotated[MemberRef, Param("Member")],
    unit: Annotated[UnitRef, Param("Unit")],
    reason: Annotated[str, Param("Reason")],
) -> Reply:
    """Excuse a member."""
    return say(reason)


@command("cohort create", form=True)
def group_create(
    ctx: Context,
    name: Annotated[str, Param("Name", max=60)],
    timezone: Annotated[Zone | None, Param("Time zone")] = None,
    channel: Annotated[RoomRef | None, Param("Channel")] = None,
) -> Reply:
    """Start a group."""
    return say(name)


@command("cohort end")
def group_end(ctx: Context, confirm: bool = False) -> Reply:
    """End a group."""
    return say("ended")


@command("postnow", hidden=True)
def postnow(ctx: Context) -> Reply:
    """Post now."""
    return say("posted")


@command("pause")
def pause(ctx: Context, weeks: Annotated[int | None, Param("Weeks", min=1, max=26)] = None, reason: str = "") -> Reply:
    """Pause for some weeks."""
    return say(reason)


@command("heard", hidden=True)
def heard(ctx: Context, text: Annotated[str, Param("Text", max=3000)], aloud: bool = False) -> Reply:
    """Say what was heard."""
    return say(f"Heard: {markup.escape(text)}")


@command("consult", hidden=True, slow=True)
async def consult(ctx: Context, question: Annotated[str, Param("Question", max=500)]) -> Reply:
    """Answer the asker alone."""
    return say(f"For you alone: {markup.escape(question)}")


HEARING: tuple[Command, ...] = (heard, consult)
ALL: tuple[Command, ...] = (
    help_,
    ask,
    checkin,
    away,
    board,
    settings,
    undo,
    excuse,
    group_create,
    group_end,
    postnow,
    pause,
    *HEARING,
)
REGISTRY = Registry(ALL)


def typed_words(line: str, keys: str) -> list[str]:
    """Return the words of a typed line without quotes and without the names of parameters."""
    bare = re.sub(rf"(?i)(^|(?<=\s))({keys})_?=", " ", straighten(line))
    return bare.replace('"', " ").split()
