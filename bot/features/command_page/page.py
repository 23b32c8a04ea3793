"""The page of one command, with the button that runs it."""

from __future__ import annotations

from bot.commands.command import Command
from bot.commands.context import Context
from bot.features import command_links
from bot.features.command_page import wording
from bot.messages.call import Call
from bot.messages.reply import Reply


def page(ctx: Context, command: Command) -> Reply:
    """Return the page of a command."""
    join = _find_join(ctx, command)
    run = None if join else _find_run(ctx, command)
    return wording.render_command(command, takes_files=ctx.actor.tenancy.takes_files, join=join, run=run)


def _is_allowed(ctx: Context, command: Command) -> bool:
    """Whether this person may run it; who may start a group depends on the channel."""
    return command.allows(ctx.actor.roles) or command.policy.founds


def _find_join(ctx: Context, command: Command) -> Call | None:
    """Return the Call that joins the group, for guests if only members may run the command."""
    group_id = None if command.policy.founds else ctx.actor.group_id
    if command.role != "member" or _is_allowed(ctx, command) or group_id is None:
        return None
    return command_links.JOIN.call(group_id)


def _find_run(ctx: Context, command: Command) -> Call | None:
    """Return the Call that runs the command, if this person may and it needs no more values."""
    is_complete = command.form or not any(p.required for p in command.params)
    if not is_complete or not _is_allowed(ctx, command):
        return None
    group_id = None if command.policy.founds else ctx.actor.group_id
    return command.ask(group_id) if command.form else command.call(group_id)
