"""The report on a group, for its moderators."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.commands.command import Command, command
from bot.commands.context import Context
from bot.features import command_links
from bot.features.audit.service import Audit
from bot.features.checkins.service import Progress
from bot.features.groups.params import GROUP
from bot.features.groups.wording import describe_position
from bot.features.report import wording
from bot.features.report.service import read
from bot.features.standings import transfer
from bot.messages.reply import Button, Reply

CAME_WITHIN = timedelta(days=28)
"""How long a move from another group is reported."""


@command(
    "manage report",
    formerly=("report",),
    title="Report",
    role="moderator",
    writes=False,
    group="needed",
    which=GROUP,
    after_end=True,
    asked=(r"(?:see|find out|know|check|look up) who (?:is|has|have)(?: not)? (?:missing|behind|fading|checked in)",),
)
def report(ctx: Context, *, progress: Progress, audit: Audit) -> Reply:
    """See who has checked in and who may need help."""
    timeline = progress.groups.here(ctx)
    row = timeline.group
    facts = read(progress, timeline, ctx)
    is_over = row.closed_at is not None
    buttons = (
        *([Button("Who has left?", command_links.GROUP_CHECK.call(row.id))] if facts.members and not is_over else []),
        *([] if is_over else [Button("See next post", command_links.PREVIEW.call(row.id))]),
        *([] if row.ended_at is not None else [Button("Digest", command_links.DIGEST.call(row.id))]),
    )
    came = audit.entries(row.id, commands=(transfer.NAME,), since=ctx.now - CAME_WITHIN)
    position = describe_position(timeline, ctx.now)
    return replace(wording.report(row.name, position, facts, came, is_over=is_over), buttons=buttons)


COMMANDS: tuple[Command, ...] = (report,)
