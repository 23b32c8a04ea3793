"""What a reminder's buttons do."""

from __future__ import annotations

from typing import Annotated

from bot.core.command import Command, Param, command
from bot.core.context import Context
from bot.core.reply import Reply, say
from bot.core.values import UnitRef
from bot.db.insert import insert_once
from bot.features.cohort.service import Cohorts
from bot.features.pledge.service import Pledges
from bot.features.schedule.tables import Mute


@command("mute", hidden=True, role="member", cohort="needed", own=True)
def mute(ctx: Context, unit: Annotated[UnitRef, Param("Unit")], *, cohorts: Cohorts, pledges: Pledges) -> Reply:
    """Send no further reminder of one unit."""
    timeline = cohorts.here(ctx)
    found = timeline.roadmap.find(unit)
    insert_once(cohorts.session, Mute, cohort_id=timeline.cohort.id, account_id=ctx.actor.account_id, unit_id=found.id)
    pledges.silence(timeline.cohort.id, ctx.actor.account_id, found.id)
    return say(
        f"No further reminder of unit {found.number}. It can still be checked in, and a later unit is reminded again.",
        tone="good",
    )


COMMANDS: tuple[Command, ...] = (mute,)
