"""The page of one command: what it does, for whom, how it is typed, and the button that runs it."""

from __future__ import annotations

from bot.commands.command import Command
from bot.commands.context import Context
from bot.commands.parameter_types import Kind
from bot.features import command_links
from bot.messages import markup
from bot.messages.reply import Button, Fields, Reply, Text

AUDIENCES = {"anyone": "For anyone", "member": "For members", "moderator": "For moderators"}


def page(ctx: Context, command: Command) -> Reply:
    """Return the page of a command."""
    rows = [
        (p.key + ("" if p.required else " (optional)"), f"{p.says.label}. Example: `{p.example}`")
        for p in command.offered
    ]
    visibility = "Only you will see the reply" if command.private else "Everyone will see the reply"
    return Reply(
        (
            Text(f"{command.summary} _{AUDIENCES[command.role]}. {visibility}._"),
            Text(f"Example: {markup.typed(command.example)}"),
            *([Fields(tuple(rows))] if rows else []),
            *(_describe_upload(command) if ctx.actor.tenancy.takes_files else []),
        ),
        _make_buttons(ctx, command),
        title=command.name,
    )


def _describe_upload(command: Command) -> list[Text]:
    """Return how to run the command with a picture or file, if it takes a link."""
    needed = [p for p in command.params if p.required]
    if not needed or all(p.kind is not Kind.URL for p in command.params):
        return []
    line = f"`{command.name} {needed[0].example}`"
    return [Text(f"You can also send a picture or file. Send it in a direct message or mention me, and add {line}.")]


def _make_buttons(ctx: Context, command: Command) -> tuple[Button, ...]:
    """Return the button that runs the command, if this person may and it needs no more values.

    Guests get a button that joins the group. Everyone gets a button that starts one: who may, depends on the channel.
    """
    is_allowed = command.allows(ctx.actor.roles) or command.policy.founds
    is_complete = command.form or not any(p.required for p in command.params)
    group_id = None if command.policy.founds else ctx.actor.group_id
    if command.role == "member" and not is_allowed and group_id is not None:
        return (Button("Join", command_links.JOIN.call(group_id), "primary"),)
    call = (command.ask if command.form else command.call)(group_id)
    return (Button(command.title, call, "primary"),) if is_allowed and is_complete else ()
