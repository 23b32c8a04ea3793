"""What a command does, for whom, and how it is typed."""

from __future__ import annotations

from bot.commands.command import Command
from bot.commands.parameter_types import Kind
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
        (p.key + ("" if p.required else " (optional)"), f"{p.says.label}. Example: `{p.example}`")
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
