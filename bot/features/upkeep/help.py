"""Help: the next thing for this person, then everything they can do here."""

from __future__ import annotations

import difflib
from functools import lru_cache
from typing import Annotated

from bot.core import markup
from bot.core.command import Choice, Command, Param, command
from bot.core.context import Context
from bot.core.errors import NotFound
from bot.core.registry import Registry
from bot.core.reply import Button, Reply, Text
from bot.features import ways
from bot.features.cohort import wording
from bot.features.cohort.identity import reachable
from bot.features.cohort.rounds import start_next
from bot.features.cohort.tables import Cohort
from bot.features.manual import page
from bot.features.progress.service import Progress


def suggest_command(ctx: Context, typed: str, *, registry: Registry) -> list[Choice]:
    """Return the commands that contain what was typed."""
    return [Choice(c.name, c.name) for c in registry.shown if typed.lower() in c.name][:25]


@command("help", writes=False, after_end=True, own=True)
def help_(
    ctx: Context,
    command: Annotated[
        str | None, Param("Command (to read more about)", example="checkin", max=40, suggest=suggest_command)
    ] = None,
    *,
    registry: Registry,
    progress: Progress,
) -> Reply:
    """What you can do here, and what comes next for you."""
    if command:
        return _about(ctx, registry, command.lstrip("/").lower())
    text, buttons = _next_thing(ctx, progress)
    mine = [c for c in registry.shown if c.allows(ctx.actor.roles)]
    everyday = [c for c in mine if c.role != "moderator"]
    blocks = [Text(text), Text(f"**You can**\n{_listed(everyday)}")]
    if moderating := [c for c in mine if c.role == "moderator"]:
        blocks.append(Text(f"**As a moderator**\n{_listed(moderating)}"))
    blocks.append(Text(f"More about one: {markup.typed('help checkin')}. A question to me is asked of the notes."))
    return Reply(tuple(blocks), buttons, title="Trailmate")


def _listed(commands: list[Command]) -> str:
    return "\n".join(_line(c.name, c.summary) for c in commands)


@lru_cache(maxsize=256)
def _line(name: str, summary: str) -> str:
    return f"- {markup.typed(name)} {summary}"


def _next_thing(ctx: Context, progress: Progress) -> tuple[str, tuple[Button, ...]]:
    if ctx.actor.cohort_id is None:
        if several := reachable(progress.cohorts.work, ctx):
            which = tuple(Button(markup.clip(c.name, 40), help_.call(c.id)) for c in several[:20])
            return "There are several cohorts for you here. Which one do you mean?", which
        if ctx.place.tenant is None:
            return "You are in no cohort yet. Join one in its channel, and you can write to me here.", ()
        if "moderator" in ctx.actor.roles:
            return (
                "No cohort runs here yet. Setting one up takes a minute, and you see its first post before anything "
                "goes out.",
                (Button("Set up a group", ways.SETUP.call(), "primary"),),
            )
        return "No cohort runs here yet. Ask whoever runs this place to start one.", ()
    timeline = progress.cohorts.here(ctx)
    cohort_id = timeline.cohort.id
    position = wording.position(timeline, ctx.now)
    if timeline.cohort.closed_at is not None or timeline.cohort.ended_at is not None:
        return position, _after(ctx, timeline.cohort)
    if "member" not in ctx.actor.roles:
        return position, (Button("Join", ways.JOIN.call(cohort_id), "primary"),)
    running = timeline.running(ctx.now)
    if running is not None and not progress.has_kept(ctx, timeline, running):
        call = ways.CHECKIN.ask(cohort_id, unit=running.slot.unit_id)
        return f"{position} You have not checked in yet.", (Button("Check in", call, "primary"),)
    return position, (Button("My progress", ways.PROGRESS.call(cohort_id), "primary"),)


def _after(ctx: Context, cohort: Cohort) -> tuple[Button, ...]:
    """Return what is left to do once the group has finished."""
    mine = Button("My progress", ways.PROGRESS.call(cohort.id), "primary")
    catch_up = Button("Catch up", ways.CHECKIN.ask(cohort.id))
    is_member = "member" in ctx.actor.roles
    return (
        *([mine] if is_member else []),
        *([catch_up] if is_member and cohort.ended_at is None else []),
        *([start_next(cohort)] if "moderator" in ctx.actor.roles else []),
    )


def _about(ctx: Context, registry: Registry, named: str) -> Reply:
    found = registry.find(named)
    group = [c for c in registry.shown if c.name.startswith(named + " ")]
    if found is None and group:
        return Reply((Text(_listed(group)),), title=markup.escape(named, 40))
    if found is None or found.hidden:
        close = difflib.get_close_matches(named, [c.name for c in registry.shown], 3, 0.6)
        near = f"Near it: {', '.join(map(markup.typed, close))}." if close else f"{markup.typed('help')} lists them."
        raise NotFound(f"There is no command “{markup.escape(named, 40)}”. {near}")
    return page(ctx, found)


COMMANDS: tuple[Command, ...] = (help_,)
