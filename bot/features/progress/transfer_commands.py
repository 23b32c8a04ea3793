"""What a member says to go over to another group with their record."""

from __future__ import annotations

from typing import Annotated

from bot.core import markup
from bot.core.command import Choice, Command, Param, command
from bot.core.context import Context
from bot.core.numerals import counted
from bot.core.reply import Button, Fields, Reply, Text
from bot.features import ways
from bot.features.cohort.params import COHORT, CONFIRM
from bot.features.cohort.pending import Pending
from bot.features.cohort.service import Cohorts
from bot.features.progress.transfer import NAME, Transfer, Transfers, find_target, list_others


def suggest_other(ctx: Context, typed: str, *, cohorts: Cohorts) -> list[Choice]:
    """Return the groups to which the caller can go over."""
    found = list_others(cohorts, ctx, cohorts.get(ctx.actor.cohort_id)).cohorts
    return [Choice(one.name, one.name) for one in found if typed.lower() in one.name.lower()][:25]


@command(
    NAME,
    role="member",
    cohort="needed",
    which=COHORT,
    own=True,
    asked=(
        r"(?:switch|move|transfer|change|go)(?: over)?(?: from one group)? ?(?:to|into)? "
        r"(?:another|a different|the other|a new) (?:group|cohort)",
        r"(?:switch|change) (?:my |the )?(?:groups?|cohorts?)",
    ),
)
def transfer(
    ctx: Context,
    to: Annotated[str, Param("Group to go over to", example="Early birds", max=60, suggest=suggest_other)],
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    cohorts: Cohorts,
) -> Reply:
    """Go over to another group with your record; shows first what goes along and what stays."""
    source = cohorts.here(ctx)
    target = cohorts.timeline(find_target(cohorts, ctx, source.cohort, to))
    transfers = Transfers(cohorts)
    transfers.hold(source.cohort, target.cohort)
    plan = transfers.plan(ctx, source, target)
    if not confirm:
        return _preview(plan, Pending.keep(cohorts.work, ctx, transfer, source.cohort.id))
    transfers.carry_out(ctx, plan)
    old, new = (markup.escape(one.cohort.name) for one in (source, target))
    said = f"With you came {plan.told}. You have left {old}, and {markup.typed(NAME)} brings you back just so."
    buttons = (
        Button("My progress", ways.PROGRESS.call(target.cohort.id), "primary"),
        Button("Go back", transfer.call(target.cohort.id, to=str(source.cohort.id))),
    )
    return Reply((Text(said),), buttons, title=f"You are in {new}", tone="good", replaces=True)


def _preview(plan: Transfer, pending: Pending) -> Reply:
    old, new = (markup.escape(one.cohort.name) for one in (plan.source, plan.target))
    left = f"{counted(plan.n_left, 'check-in')} of units that {new} has not had; " if plan.n_left else ""
    rows = (
        ("Goes along", plan.told),
        (f"Stays in {old}", f"{left}thanks, buddies, pledges, repaired streaks and points of quiz days"),
    )
    told = (
        f"You leave {old} and join {new}. Units count there by its own deadlines, so streak and points can "
        f"differ. Moderators of {new} see that you came over; nothing changes for anybody else."
    )
    return Reply((Fields(rows), Text(told)), (pending.confirm("Go over"),), title=f"Go over to {new}?", tone="warn")


COMMANDS: tuple[Command, ...] = (transfer,)
