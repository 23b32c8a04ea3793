"""The report on a group, for its moderators."""

from __future__ import annotations

from datetime import timedelta

from bot.commands.command import Command, command
from bot.commands.context import Context
from bot.features.audit.service import Audit
from bot.features.checkins.service import Progress
from bot.features.groups.params import GROUP
from bot.features.report import wording
from bot.features.report.service import read
from bot.features.standings import transfer
from bot.messages.reply import Reply

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
    facts = read(progress, timeline, ctx)
    came = audit.entries(timeline.group.id, commands=(transfer.NAME,), since=ctx.now - CAME_WITHIN)
    return wording.report(timeline, ctx.now, facts, came)


COMMANDS: tuple[Command, ...] = (report,)
