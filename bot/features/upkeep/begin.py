"""The first minute where nothing runs yet: a cohort with every default and its first post now."""

from __future__ import annotations

from dataclasses import replace

from bot.core.command import Command, command
from bot.core.context import Context
from bot.core.reply import Button, Reply, Text, say
from bot.db.work import Work
from bot.features import ways
from bot.features.cohort.founding import Founding
from bot.features.cohort.proposal import Wish
from bot.features.cohort.service import Cohorts
from bot.features.people.service import People
from bot.features.schedule.group import Group
from bot.features.schedule.opening import open_slot

NAME = "Study group"


@command("begin", hidden=True, role="moderator", cohort="none")
def begin(ctx: Context, *, cohorts: Cohorts) -> Reply:
    """Start a cohort here with every default, and post its first unit now."""
    today = ctx.today
    cohort = Founding(cohorts).found(ctx, Wish(name=NAME, timezone=ctx.actor.zone, start=today), opens_now=True)
    group = Group(cohorts, cohort, ctx.now)
    planned = group.timeline.planned(ctx.now)
    if planned and planned[0].opens_at > ctx.now:
        open_slot(group, replace(planned[0], opens_at=ctx.now))
    return say(
        "Its welcome and its first unit appear in the channel in a moment.",
        title=f"{NAME} has begun",
        tone="good",
        buttons=(Button("Join it yourself", ways.JOIN.call(cohort.id), "primary"),),
    )


def greeting(work: Work, platform: str, tenant: str) -> Reply | None:
    """Return what stands where nothing was ever posted: how to start a cohort; None once one runs."""
    found = People(work).find_tenant(platform, tenant)
    if found is not None and Cohorts(work, {}).list_running(found.id):
        return None
    return Reply(
        (
            Text(
                "Nothing runs here yet. Start a cohort here with every default: a welcome and the first unit "
                "are posted at once."
            ),
        ),
        (
            Button("Start a cohort here", begin.call(), "primary"),
            Button("Choose the details", ways.COHORT_CREATE.ask()),
        ),
        title="Welcome to Trailmate",
    )


COMMANDS: tuple[Command, ...] = (begin,)
