"""What moderators decide of a unit that is out: more time for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from bot.core import markup
from bot.core.command import Command, Param, command
from bot.core.context import Context
from bot.core.errors import BadInput
from bot.core.reply import Reply, Text, say
from bot.core.values import UnitRef
from bot.db.insert import insert
from bot.features.cohort import wording
from bot.features.cohort.calendar.pacing import GRACE, Slot
from bot.features.cohort.calendar.timeline import Opened, Timeline
from bot.features.cohort.editing import tell_of_dates
from bot.features.cohort.params import COHORT, CONFIRM, suggest_unit
from bot.features.cohort.pending import CHANGED, Pending, is_stale, mark
from bot.features.cohort.proposal import Moved, dates_that_change
from bot.features.cohort.service import Cohorts, hold
from bot.features.cohort.tables import OccurrenceChange
from bot.features.schedule.when import parse_when

FARTHEST_DAYS = 60
AT = Param("New deadline, day and hour in your time zone", example="wed 20:00", max=60)
UNIT = Param("Unit that is out (the newest if empty)", suggest=suggest_unit, in_form=False)
REASON = Param("Reason, told with the dates", example="exams", max=200)


@command("schedule extend", role="moderator", cohort="needed", which=COHORT, form=True, title="A later deadline")
def schedule_extend(
    ctx: Context,
    at: Annotated[str, AT],
    unit: Annotated[UnitRef | None, UNIT] = None,
    reason: Annotated[str, REASON] = "",
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    cohorts: Cohorts,
) -> Reply:
    """Give a unit that is out a later deadline; those after it follow, and you see all dates first."""
    hold(cohorts.session, cohorts.here(ctx).cohort.id)
    timeline = cohorts.here(ctx)
    opened = _open(timeline, ctx, unit)
    deadline_at = parse_when(at, ctx.today, ZoneInfo(ctx.actor.zone))
    _check(timeline, opened, deadline_at, ctx.now)
    slot = replace(opened.slot, deadline_at=deadline_at, grace_until=max(opened.slot.grace_until, deadline_at + GRACE))
    after = replace(timeline, opened=tuple(replace(o, slot=slot) if o is opened else o for o in timeline.opened))
    moved: Moved = [(opened.slot, slot), *dates_that_change(timeline.planned(ctx.now), after.planned(ctx.now))]
    label = markup.escape(timeline.label(slot))
    rests_on = mark(sorted(timeline.decided.items()), timeline.opened, timeline.pauses)
    if not confirm or is_stale(ctx, rests_on):
        pending = Pending.keep(cohorts.work, ctx, schedule_extend, timeline.cohort.id, rests_on=rests_on)
        stale = (Text(CHANGED),) if is_stale(ctx, rests_on) else ()
        told = (*stale, Text(f"**{label}** is due later."), wording.dates(after, moved))
        return Reply(told, (pending.confirm(),), title="Change the dates?")
    _store(cohorts, timeline, slot, reason, ctx)
    tell_of_dates(cohorts, cohorts.timeline(timeline.cohort), moved, reason, ctx.now)
    cohorts.wake(timeline.cohort, ctx.now)
    due = wording.when(slot.deadline_at, timeline.cohort.zone)
    done = f"**{label}** is due {due}. The channel is told."
    return replace(say(done, tone="good", title="Changed"), replaces=True)


def _open(timeline: Timeline, ctx: Context, unit: UnitRef | None) -> Opened:
    """Return the unit that is meant; BadInput says why it has no deadline that could be moved."""
    is_open = timeline.open_units(ctx.now) if timeline.cohort.closed_at is None else []
    if not is_open:
        raise BadInput("No unit is out whose deadline could be moved.")
    found = timeline.roadmap.find(unit).id if unit is not None else is_open[-1].slot.unit_id
    opened = next((one for one in is_open if one.slot.unit_id == found), None)
    if opened is None:
        label = markup.escape(timeline.roadmap.unit(found).label)
        move = markup.typed("schedule move")
        raise BadInput(f"**{label}** is not out. {move} moves a unit that is to come, with its deadline.", field="unit")
    if opened.is_held:
        raise BadInput(f"The group is paused, and its deadline with it: {markup.typed('cohort resume')} goes on.")
    return opened


def _check(timeline: Timeline, opened: Opened, deadline_at: datetime, now: datetime) -> None:
    zone, before = timeline.cohort.zone, opened.slot.deadline_at
    if deadline_at <= max(before, now) or (deadline_at - now).days > FARTHEST_DAYS:
        raise BadInput(
            f"**Day and hour**: a deadline that people know moves later, never earlier. It is "
            f"{wording.when(before, zone)}; the new one has to come after that, and within two months.",
            field="at",
        )


def _store(cohorts: Cohorts, timeline: Timeline, slot: Slot, reason: str, ctx: Context) -> None:
    insert(
        cohorts.session,
        OccurrenceChange,
        cohort_id=timeline.cohort.id,
        unit_id=slot.unit_id,
        cause=f"deadline:{int(slot.deadline_at.timestamp())}:{int(ctx.now.timestamp())}",
        deadline_at=slot.deadline_at,
        grace_until=slot.grace_until,
        is_held=False,
        author_id=ctx.actor.account_id,
        reason=f"{reason.rstrip('.')}." if reason else "A moderator gave it more time.",
        made_at=ctx.now,
    )


COMMANDS: tuple[Command, ...] = (schedule_extend,)
