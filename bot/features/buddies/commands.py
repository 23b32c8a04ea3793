"""Commands on buddies: whether a member wants one, and whether they met."""

from __future__ import annotations

from typing import Annotated, Literal

from bot.commands.command import Command, Param
from bot.commands.context import Context
from bot.commands.parameter_types import UnitRef
from bot.features.buddies import wording
from bot.features.buddies.service import Buddies, BuddyWish, UnitPairs
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.params import member_action, member_command
from bot.features.groups.service import Groups
from bot.messages import markup
from bot.messages.errors import NotFound
from bot.messages.reply import Reply

ASKED = (
    r"(?:have|get|find|see|meet|want|need|change|leave|stop having) (?:a |an |my |the |some |another |new )*"
    r"(?:study )?(?:budd(?:y|ies)|partners?|peers?)(?: to (?:learn|study|work) with)?",
    r"(?:be|get) paired(?: up)?(?: with (?:somebody|someone|another member|others))?",
    r"(?:learn|study|work) (?:together )?with (?:somebody|someone|another member|a partner)",
)
"""How people ask who want somebody to learn with."""


@member_command("buddy", formerly=("buddies",), own=True, asked=ASKED, spoken=("buddy",))
def buddies(
    ctx: Context,
    pairing: Annotated[
        Literal["on", "off"] | None,
        Param("A buddy for each unit (on or off)", example="on", formerly=("wanted",)),
    ] = None,
    *,
    groups: Groups,
    buddies: Buddies,
) -> Reply:
    """Get a buddy for each unit, or stop."""
    timeline = groups.here(ctx)
    group_id, account_id = timeline.group.id, ctx.actor.account_id
    if timeline.group.closed_at is not None:
        return _render_over(ctx, timeline, buddies)
    if pairing is not None:
        buddies.keep(group_id, account_id, is_on=pairing == "on", now=ctx.now)
        return _render_begun(ctx, timeline, buddies) if pairing == "on" else wording.render_stopped(timeline)
    wish = buddies.wish(group_id, account_id)
    if wish is None or not wish.is_on:
        return wording.render_offer(timeline)
    return _render_standing(ctx, timeline, buddies, wish)


def _render_over(ctx: Context, timeline: Timeline, buddies: Buddies) -> Reply:
    """Return how it went after the season, when nobody is paired any more."""
    weeks = buddies.weeks(timeline.group.id, ctx.actor.account_id)
    return wording.render_over(len(weeks), sum(week.has_met for week in weeks))


def _render_begun(ctx: Context, timeline: Timeline, buddies: Buddies) -> Reply:
    others = buddies.count(timeline.group.id) - 1
    return wording.render_begun(timeline, others, ctx.now)


def _render_standing(ctx: Context, timeline: Timeline, buddies: Buddies, wish: BuddyWish) -> Reply:
    group_id, account_id = timeline.group.id, ctx.actor.account_id
    running, weeks = timeline.running(ctx.now), buddies.weeks(group_id, account_id)
    slot = running.slot if running is not None else None
    pair = buddies.pair(group_id, slot.unit_id, account_id) if slot is not None else UnitPairs({})
    partners = pair.of(account_id) if account_id in pair.members else []
    return wording.render_standing(
        timeline,
        slot,
        partners,
        len(weeks),
        sum(week.has_met for week in weeks),
        ctx.now,
        is_resting=bool(wish.rests_from),
        may_answer=bool(partners) and not pair.members[account_id].answer,
    )


@member_action("met", own=True)
def met(
    ctx: Context,
    unit: Annotated[UnitRef, Param("Unit")],
    met: Annotated[bool, Param("Whether you met")],
    *,
    groups: Groups,
    buddies: Buddies,
) -> Reply:
    """Say whether you met your buddy."""
    timeline = groups.here(ctx)
    group_id, account_id = timeline.group.id, ctx.actor.account_id
    target = timeline.roadmap.find(unit)
    if not buddies.answer(group_id, target.id, account_id, met=met):
        raise NotFound(f"You had no buddy for unit {target.number}. To see yours, type {markup.typed('buddy')}.")
    ahead = wording.describe_next_pairs(timeline, ctx.now)
    if not met:
        return wording.render_not_met(ahead)
    n_met = sum(week.has_met for week in buddies.weeks(group_id, account_id))
    return wording.render_met(n_met, ahead)


COMMANDS: tuple[Command, ...] = (buddies, met)
