"""What moderators decide of one unit before it opens: another hour, or that the group does without it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from sqlalchemy import delete

from bot.core import markup
from bot.core.command import Command, Param, command
from bot.core.context import Context
from bot.core.errors import BadInput
from bot.core.reply import Button, Reply, Text, say
from bot.core.values import UnitRef
from bot.db.insert import put
from bot.features.cohort import wording
from bot.features.cohort.calendar.timeline import Timeline
from bot.features.cohort.editing import tell_of_dates
from bot.features.cohort.params import COHORT, CONFIRM, suggest_unit
from bot.features.cohort.pending import CHANGED, Pending, is_stale, mark
from bot.features.cohort.proposal import dates_around
from bot.features.cohort.service import Cohorts, hold
from bot.features.cohort.tables import UnitPlan
from bot.features.roadmap.content import Unit
from bot.features.schedule.when import EXAMPLE, parse_when

UNIT = Param("Unit (by number or title)", suggest=suggest_unit)
REASON = Param("Reason, told with the dates", example="exams", max=200)
FARTHEST_DAYS = 180


@command("schedule move", role="moderator", cohort="needed", which=COHORT, form=True, title="Move a unit")
def schedule_move(
    ctx: Context,
    unit: Annotated[UnitRef, UNIT],
    at: Annotated[str, Param("Day and hour of its post, in your time zone", example=EXAMPLE, max=60)],
    reason: Annotated[str, REASON] = "",
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    cohorts: Cohorts,
) -> Reply:
    """Post a unit at another hour; those after it follow, and you see all dates first."""
    timeline, found = _to_come(ctx, cohorts, unit)
    opens_at = parse_when(at, ctx.today, ZoneInfo(ctx.actor.zone))
    slots = timeline.planned(ctx.now)
    place = next(n for n, slot in enumerate(slots) if slot.unit_id == found.id)
    before = slots[place - 1].opens_at if place else max([ctx.now, *(o.slot.opens_at for o in timeline.opened)])
    if opens_at <= before or (opens_at - ctx.now).days > FARTHEST_DAYS:
        early = f"it has to come after {wording.when(before, timeline.cohort.zone)}"
        raise BadInput(f"**Day and hour**: {early}, and within half a year.", field="at")
    decided = {**timeline.decided, found.id: opens_at}
    return _decide(ctx, cohorts, schedule_move, replace(timeline, decided=decided), found, reason, confirm=confirm)


@command("schedule skip", role="moderator", cohort="needed", which=COHORT, title="Leave a unit out")
def schedule_skip(
    ctx: Context,
    unit: Annotated[UnitRef, UNIT],
    reason: Annotated[str, REASON] = "",
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    cohorts: Cohorts,
) -> Reply:
    """Do without a unit that is to come: nobody misses it, and those after it come earlier."""
    timeline, found = _to_come(ctx, cohorts, unit)
    if len(timeline.planned(ctx.now)) == 1 and not timeline.opened:
        raise BadInput("It is the only unit of the group.", field="unit")
    decided = {**timeline.decided, found.id: None}
    return _decide(ctx, cohorts, schedule_skip, replace(timeline, decided=decided), found, reason, confirm=confirm)


@command("schedule restore", role="moderator", cohort="needed", which=COHORT, title="As the rhythm has it")
def schedule_restore(
    ctx: Context,
    unit: Annotated[UnitRef, UNIT],
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    cohorts: Cohorts,
) -> Reply:
    """Take back that a unit was moved or left out: it comes when the rhythm has it."""
    timeline = cohorts.here(ctx)
    found = timeline.roadmap.find(unit)
    if found.id not in timeline.decided or timeline.find(found.id) is not None:
        raise BadInput(f"**{markup.escape(found.label)}** was neither moved nor left out.", field="unit")
    decided = {unit_id: at for unit_id, at in timeline.decided.items() if unit_id != found.id}
    return _decide(ctx, cohorts, schedule_restore, replace(timeline, decided=decided), found, "", confirm=confirm)


def restoring(cohort_id: int, unit_id: str) -> Button:
    """Return the button that takes back what was decided of a unit."""
    return Button("As the rhythm has it", schedule_restore.call(cohort_id, unit=unit_id))


def _to_come(ctx: Context, cohorts: Cohorts, unit: UnitRef) -> tuple[Timeline, Unit]:
    """Return the timeline, and a unit that has not opened; BadInput says why it is none."""
    timeline = cohorts.here(ctx)
    found = timeline.roadmap.find(unit)
    if found in timeline.left_out:
        back = restoring(timeline.cohort.id, found.id)
        raise BadInput(f"**{markup.escape(found.label)}** is left out.", field="unit", buttons=(back,))
    if all(slot.unit_id != found.id for slot in timeline.planned(ctx.now)):
        raise BadInput(f"**{markup.escape(found.label)}** is not among the posts to come.", field="unit")
    return timeline, found


def _decide(
    ctx: Context, cohorts: Cohorts, asked: Command, after: Timeline, unit: Unit, reason: str, *, confirm: bool
) -> Reply:
    hold(cohorts.session, after.cohort.id)
    now, is_kept = cohorts.here(ctx), unit.id in after.decided
    rests_on = mark(sorted(now.decided.items()), now.opened, now.pauses)
    moved = dates_around(now.planned(ctx.now), after.planned(ctx.now), unit.id)
    is_out, is_back = unit in after.left_out, unit in now.left_out
    label = markup.escape(unit.label)
    if not confirm or is_stale(ctx, rests_on):
        pending = Pending.keep(cohorts.work, ctx, asked, after.cohort.id, rests_on=rests_on)
        stale = (Text(CHANGED),) if is_stale(ctx, rests_on) else ()
        said = f"**{label}** {'is left out' if is_out else 'comes after all' if is_back else 'comes at another time'}."
        return Reply((*stale, Text(said), wording.dates(after, moved)), (pending.confirm(),), title="Change the dates?")
    _store(cohorts, after, unit, after.decided.get(unit.id), is_kept=is_kept)
    did = f"{unit.label} is left out." if is_out else f"{unit.label} comes after all." if is_back else ""
    why = " ".join(filter(None, (did, reason)))
    tell_of_dates(cohorts, cohorts.timeline(after.cohort), moved, why, ctx.now)
    cohorts.wake(after.cohort, ctx.now)
    told = "The channel is told." if moved else "No other date moves."
    done = f"{_done(after, unit, ctx)} {told}"
    return replace(say(done, tone="good", title="Changed"), replaces=True)


def _done(after: Timeline, unit: Unit, ctx: Context) -> str:
    """Return what has become of a unit, in a sentence."""
    label, slot = markup.escape(unit.label), next((s for s in after.planned(ctx.now) if s.unit_id == unit.id), None)
    if unit in after.left_out:
        return f"**{label}** is left out."
    return f"{wording.slot_line(after, slot)}." if slot else f"**{label}** comes when the group goes on."


def _store(cohorts: Cohorts, after: Timeline, unit: Unit, opens_at: datetime | None, *, is_kept: bool) -> None:
    cohort_id = after.cohort.id
    if is_kept:
        put(cohorts.session, UnitPlan, [{"cohort_id": cohort_id, "unit_id": unit.id, "opens_at": opens_at}])
    else:
        gone = delete(UnitPlan).where(UnitPlan.cohort_id == cohort_id, UnitPlan.unit_id == unit.id)
        cohorts.session.execute(gone)


COMMANDS: tuple[Command, ...] = (schedule_move, schedule_skip, schedule_restore)
