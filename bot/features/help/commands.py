"""Help: the next thing for this person, then everything they can do here."""

from __future__ import annotations

import difflib
from dataclasses import replace
from functools import lru_cache
from typing import Annotated

from bot.commands.command import Command, Param, SuggestedValue, command
from bot.commands.context import MODERATES, Context
from bot.commands.registry import Registry
from bot.features import command_links
from bot.features.checkins.service import Progress
from bot.features.command_page import page
from bot.features.help.next_steps import onward
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.errors import NotFound
from bot.messages.reply import Reply, Text
from bot.understanding import speech


def suggest_command(ctx: Context, typed: str, *, registry: Registry) -> list[SuggestedValue]:
    """Return the commands that contain what was typed."""
    return [SuggestedValue(c.name, c.name) for c in registry.shown if typed.lower() in c.name][:25]


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
        return _explain(ctx, registry, command.lstrip("/").lower(), progress)
    text, buttons = onward(ctx, progress)
    commands = [c for c in registry.shown if c.allows(ctx.actor.roles) and (not c.policy.founds or _may_found(ctx))]
    everyday = [c for c in commands if c.role != "moderator"]
    blocks = [Text(text), Text(f"**You can**\n{_list_commands(everyday)}")]
    if moderating := [c for c in commands if c.role == "moderator"]:
        blocks.append(Text(f"**As a moderator**\n{_list_commands(moderating)}"))
    blocks.append(Text(f"More about one: {markup.typed('help checkin')}. A question to me is asked of the notes."))
    return Reply(tuple(blocks), buttons, title="Trailmate")


def _may_found(ctx: Context) -> bool:
    """Whether a moderator may found groups here too: one who moderates a single group may not."""
    if MODERATES in ctx.actor.grants or not ctx.actor.may_own:
        return MODERATES in ctx.actor.grants
    return ctx.place.tenant is not None and not ctx.place.is_direct and bool(ctx.sight.owns(ctx.place.whole))


def _list_commands(commands: list[Command]) -> str:
    # a name that is manners is nothing but manners where it stands alone
    return "\n".join(
        _format_command(c.name if not speech.read(c.name).is_manners else c.example, c.summary) for c in commands
    )


@lru_cache(maxsize=256)
def _format_command(typed: str, summary: str) -> str:
    return f"- {markup.typed(typed)} {summary}"


def _explain(ctx: Context, registry: Registry, named: str, progress: Progress) -> Reply:
    command = registry.find(named)
    group = [c for c in registry.shown if c.name.startswith(named + " ")]
    if command is None and group:
        return Reply((Text(_list_commands(group)),), title=markup.escape(named, 40))
    if command is None or command.hidden:
        close = difflib.get_close_matches(named, [c.name for c in registry.shown], 3, 0.6)
        near = f"Near it: {', '.join(map(markup.typed, close))}." if close else f"{markup.typed('help')} lists them."
        raise NotFound(f"There is no command “{markup.escape(named, 40)}”. {near}")
    read = page(ctx, command)
    if command.role != "member" or command.allows(ctx.actor.roles):
        return read
    text, buttons = onward(ctx, progress)
    joins = tuple(b for b in buttons if isinstance(b.target, Call) and b.target.name == command_links.JOIN.name)
    return replace(read, blocks=(*read.blocks, Text(text)), buttons=joins) if joins else read


COMMANDS: tuple[Command, ...] = (help_,)
