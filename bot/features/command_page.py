"""The page of one command: what it does, for whom, how it is typed, and the button that does it."""

from __future__ import annotations

from bot.commands.command import Command
from bot.commands.context import Context
from bot.commands.parameter_types import Kind
from bot.features import command_links
from bot.messages import markup
from bot.messages.reply import Button, Fields, Reply, Text

WHO = {"anyone": "For anyone", "member": "For members", "moderator": "For moderators"}


def page(ctx: Context, shown: Command) -> Reply:
    """Return what a person reads of a command."""
    rows = [
        (p.key + ("" if p.required else " (optional)"), f"{p.says.label}. Example: `{p.example}`")
        for p in shown.offered
    ]
    seen = "Only you see the answer" if shown.private else "Everyone sees the answer"
    return Reply(
        (
            Text(f"{shown.summary} _{WHO[shown.role]}. {seen}._"),
            Text(f"Example: {markup.typed(shown.example)}"),
            *([Fields(tuple(rows))] if rows else []),
            *(_with_picture(shown) if ctx.actor.tenancy.takes_files else []),
        ),
        _doing(ctx, shown),
        title=shown.name,
    )


def _with_picture(shown: Command) -> list[Text]:
    """Return how a picture does what was read about, where it can."""
    needed = [p for p in shown.params if p.required]
    if not needed or all(p.kind is not Kind.URL for p in shown.params):
        return []
    line = f"`{shown.name} {needed[0].example}`"
    return [Text(f"You can also send a picture or file. Send it in a direct message or mention me, and add {line}.")]


def _doing(ctx: Context, shown: Command) -> tuple[Button, ...]:
    """Return the button that does what was read about, where this person may and no value is missing for it.

    A guest of a group is led into it instead.

    Who may start a group depends on the room: the button itself says who can.
    """
    is_open = shown.allows(ctx.actor.roles) or shown.policy.founds
    may = is_open and (shown.form or not any(p.required for p in shown.params))
    about = None if shown.policy.founds else ctx.actor.group_id
    if shown.role == "member" and not is_open and about is not None:
        return (Button("Join", command_links.JOIN.call(about), "primary"),)
    call = (shown.ask if shown.form else shown.call)(about)
    return (Button(shown.title, call, "primary"),) if may else ()
