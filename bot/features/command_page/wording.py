"""What a command does, for whom, and how it is typed."""

from __future__ import annotations

from bot.commands.command import Command
from bot.commands.context import Context
from bot.commands.parameter_types import Kind
from bot.features import command_links
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.reply import Button, Fields, Reply, Text

AUDIENCES = {"anyone": "For anyone", "member": "For members", "moderator": "For moderators"}


def render_command(command: Command, *, takes_files: bool, join: Call | None, run: Call | None) -> Reply:
    """Return the page of a command.

    Args:
        takes_files: whether people can send the bot a file here.
        join: joins the group first.
        run: runs the command, or opens its form.
    """
    rows = [
        (p.key + ("" if p.required else " (optional)"), f"{markup.end_sentence(p.says.label)} Example: `{p.example}`")
        for p in command.offered
    ]
    visibility = "Only you will see the reply" if command.private else "Everyone will see the reply"
    return Reply(
        (
            Text(f"{command.summary} _{AUDIENCES[command.role]}. {visibility}._"),
            Text(f"Example: {markup.typed(command.example)}"),
            *([Fields(tuple(rows))] if rows else []),
            *(_describe_upload(command) if takes_files else []),
        ),
        (
            *([Button("Join", join, "primary")] if join else []),
            *([Button(command.title, run, "primary")] if run else []),
        ),
        title=command.name,
    )


def _describe_upload(command: Command) -> list[Text]:
    """Return how to run the command with a picture or file, if it takes a link."""
    needed = [p for p in command.params if p.required]
    if not needed or all(p.kind is not Kind.URL for p in command.params):
        return []
    line = f"`{command.name} {needed[0].example}`"
    return [Text(f"You can also send a picture or file. Send it in a direct message or mention me, and add {line}.")]


def page(ctx: Context, command: Command) -> Reply:
    """Return the page of a command."""
    join = _find_join(ctx, command)
    run = None if join else _find_run(ctx, command)
    return render_command(command, takes_files=ctx.actor.tenancy.takes_files, join=join, run=run)


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
