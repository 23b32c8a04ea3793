"""What moderators rule about a member's unit: excuse it, or void it."""

from __future__ import annotations

from typing import Annotated

from bot.core import markup
from bot.core.command import Command, Param, command
from bot.core.context import Context
from bot.core.reply import Reply, say
from bot.core.values import MemberRef, UnitRef
from bot.features.progress.commands import suggest_opened
from bot.features.progress.service import Progress
from bot.features.progress.standing_commands import suggest_member

MEMBER = Param("Member", example="@ada", suggest=suggest_member)
UNIT = Param("Unit", example="7", suggest=suggest_opened)
REASON = Param("Reason, told to the member", example="was ill, told us late", max=200)


@command("excuse", form=True, role="moderator", cohort="needed", title="Excuse a member")
def excuse(
    ctx: Context,
    member: Annotated[MemberRef, MEMBER],
    unit: Annotated[UnitRef, UNIT],
    reason: Annotated[str, REASON],
    *,
    progress: Progress,
) -> Reply:
    """Excuse a member from a unit: their streak holds, and they are told why."""
    return _ruled(ctx, progress, "excuse", member, unit, reason)


@command("void", form=True, role="moderator", cohort="needed", title="Void a unit")
def void(
    ctx: Context,
    member: Annotated[MemberRef, MEMBER],
    unit: Annotated[UnitRef, UNIT],
    reason: Annotated[str, REASON],
    *,
    progress: Progress,
) -> Reply:
    """Rule that a member's check-ins for a unit do not count; they are told why."""
    return _ruled(ctx, progress, "void", member, unit, reason)


def _ruled(ctx: Context, progress: Progress, kind: str, member: str, unit: str, reason: str) -> Reply:
    account, opened, is_new = progress.rule(ctx, kind, member, unit, reason)
    label = markup.escape(progress.cohorts.here(ctx).label(opened.slot))
    who = markup.name(account.external_id, account.name)
    did = "is excused from" if kind == "excuse" else "has no credit for"
    if not is_new:
        return say(f"{who} already {did} **{label}**; nothing changed.")
    return say(f"{who} {did} **{label}**. They are told with your reason, and see it in their progress.", tone="good")


COMMANDS: tuple[Command, ...] = (excuse, void)
