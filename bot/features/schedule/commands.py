"""Commands that change the dates of single units: move, skip, restore and extend; also `mute` of a reminder."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from sqlalchemy import delete

from bot.commands.command import Command, Param
from bot.commands.context import Context
from bot.commands.parameter_types import UnitRef, parse_clock, parse_date, unquoted
from bot.curriculum.content import Unit
from bot.features.groups import wording as group_wording
from bot.features.groups.calendar.pacing import GRACE, Slot
from bot.features.groups.calendar.rhythm import local_instant
from bot.features.groups.calendar.timeline import Opened, Timeline
from bot.features.groups.confirmation import Pending, is_stale, make_mark
from bot.features.groups.editing import tell_of_dates
from bot.features.groups.params import CONFIRM, member_action, moderator_command, suggest_unit
from bot.features.groups.preview import Moved, list_changed_dates, list_dates_around
from bot.features.groups.service import Groups, lock_group
from bot.features.groups.tables import OccurrenceChange, UnitPlan
from bot.features.plans.service import Pledges
from bot.features.schedule import wording
from bot.features.schedule.tables import Mute
from bot.messages import markup
from bot.messages.errors import BadInput
from bot.messages.reply import Reply
from bot.storage.insert import insert, insert_once, put

EXAMPLE = "sat 18:00"

_SPLIT = re.compile(
    r"(?P<day>.+?)(?:,|\s+at|\s+|,?\s+@|(?<=\d)T)\s*(?P<clock>\d{1,2}(?:[:.]\d{2})?\s*(?:[ap]\.?m\.?)?)", re.IGNORECASE
)

_EXACT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\dZ")


def format_exact(at: datetime) -> str:
    """Return an instant in the form that a button carries and `parse_when` reads."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def parse_when(text: str, today: date, zone: ZoneInfo) -> datetime:
    """Return the instant of "sat 18:00", "tomorrow at 6pm" or "2026-03-14 18:00" in a zone; raises BadInput."""
    typed = unquoted(text)
    if _EXACT.fullmatch(typed):
        return datetime.fromisoformat(typed)
    match = _SPLIT.fullmatch(typed)
    if match is None:
        raise _refuse_when(text)
    try:
        return local_instant(parse_date(match["day"], today), parse_clock(match["clock"]), zone)
    except (BadInput, OverflowError):
        raise _refuse_when(text) from None


def _refuse_when(text: str) -> BadInput:
    return BadInput(
        f"**Day and time**: I can't read “{markup.escape(text, 40)}”. Type a day and a time. Examples: `{EXAMPLE}`, "
        "`tomorrow 6pm` or `2026-12-01 18:00`.",
        field="at",
    )


@member_action("mute", own=True)
def mute(ctx: Context, unit: Annotated[UnitRef, Param("Unit")], *, groups: Groups, pledges: Pledges) -> Reply:
    """Stop reminders for one unit."""
    timeline = groups.here(ctx)
    target = timeline.roadmap.find(unit)
    insert_once(groups.session, Mute, group_id=timeline.group.id, account_id=ctx.actor.account_id, unit_id=target.id)
    pledges.silence(timeline.group.id, ctx.actor.account_id, target.id)
    return wording.render_muted(target.number)


COMMANDS: tuple[Command, ...] = (mute,)


FARTHEST_DEADLINE_DAYS = 60

AT = Param("New day and time, in your time zone", example="wed 20:00", max=60)

OPEN_UNIT = Param("Open unit (leave empty for the newest)", suggest=suggest_unit, in_form=False)

REASON = Param("Reason, shown with the new dates", example="exams", max=200)


@moderator_command("manage schedule extend", formerly=("schedule extend",), form=True, title="Extend a deadline")
def schedule_extend(
    ctx: Context,
    at: Annotated[str, AT],
    unit: Annotated[UnitRef | None, OPEN_UNIT] = None,
    reason: Annotated[str, REASON] = "",
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    groups: Groups,
) -> Reply:
    """Extend a unit's deadline, after a preview."""
    lock_group(groups.session, groups.here(ctx).group.id)
    timeline = groups.here(ctx)
    opened = _find_open(timeline, ctx, unit)
    deadline_at = parse_when(at, ctx.today, ZoneInfo(ctx.actor.zone))
    _check_deadline(timeline, opened, deadline_at, ctx.now)
    slot = replace(opened.slot, deadline_at=deadline_at, grace_until=max(opened.slot.grace_until, deadline_at + GRACE))
    after = replace(timeline, opened=tuple(replace(o, slot=slot) if o is opened else o for o in timeline.opened))
    moved: Moved = [(opened.slot, slot), *list_changed_dates(timeline.planned(ctx.now), after.planned(ctx.now))]
    rests_on = make_mark(sorted(timeline.decided.items()), timeline.opened, timeline.pauses)
    if not confirm or is_stale(ctx, rests_on):
        pending = Pending.keep(groups.work, ctx, schedule_extend, timeline.group.id, rests_on=rests_on)
        summary = wording.describe_extension(timeline.label(slot))
        return wording.render_date_preview(summary, after, moved, pending.call(), is_stale=is_stale(ctx, rests_on))
    _store_deadline(groups, timeline, slot, reason, ctx)
    tell_of_dates(groups, groups.timeline(timeline.group), moved, reason, ctx.now)
    groups.wake(timeline.group, ctx.now)
    return replace(wording.render_extended(timeline, slot), replaces=True)


def _find_open(timeline: Timeline, ctx: Context, unit: UnitRef | None) -> Opened:
    """Return the open unit that is meant; BadInput if its deadline can't be moved."""
    open_units = timeline.open_units(ctx.now) if timeline.group.closed_at is None else []
    if not open_units:
        raise BadInput("No unit is open, so there is no deadline to extend.")
    unit_id = timeline.roadmap.find(unit).id if unit is not None else open_units[-1].slot.unit_id
    opened = next((open_unit for open_unit in open_units if open_unit.slot.unit_id == unit_id), None)
    if opened is None:
        label = markup.escape(timeline.roadmap.unit(unit_id).label)
        move = markup.typed("manage schedule move")
        raise BadInput(f"**{label}** isn't open. To move an upcoming unit, type {move}.", field="unit")
    if opened.is_held:
        raise BadInput(
            "The group is paused, so this unit has no deadline. To end the pause, type "
            f"{markup.typed('manage resume')}."
        )
    return opened


def _check_deadline(timeline: Timeline, opened: Opened, deadline_at: datetime, now: datetime) -> None:
    zone, before = timeline.group.zone, opened.slot.deadline_at
    if deadline_at <= max(before, now) or (deadline_at - now).days > FARTHEST_DEADLINE_DAYS:
        raise BadInput(
            f"**Day and time**: a deadline can only move later. Choose a time after "
            f"{group_wording.format_when(before, zone)} and within two months.",
            field="at",
        )


def _store_deadline(groups: Groups, timeline: Timeline, slot: Slot, reason: str, ctx: Context) -> None:
    insert(
        groups.session,
        OccurrenceChange,
        group_id=timeline.group.id,
        unit_id=slot.unit_id,
        cause=f"deadline:{int(slot.deadline_at.timestamp())}:{int(ctx.now.timestamp())}",
        deadline_at=slot.deadline_at,
        grace_until=slot.grace_until,
        is_held=False,
        author_id=ctx.actor.account_id,
        reason=wording.describe_new_deadline(reason),
        made_at=ctx.now,
    )


DEADLINE_COMMANDS: tuple[Command, ...] = (schedule_extend,)


UNIT = Param("Unit (by number or title)", suggest=suggest_unit)

FARTHEST_DAYS = 180


@moderator_command("manage schedule move", formerly=("schedule move",), form=True, title="Move a unit")
def schedule_move(
    ctx: Context,
    unit: Annotated[UnitRef, UNIT],
    at: Annotated[str, Param("Day and time of the post, in your zone", example=EXAMPLE, max=60)],
    reason: Annotated[str, REASON] = "",
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    groups: Groups,
) -> Reply:
    """Move a unit to another time, after a preview."""
    timeline, target = _find_upcoming(ctx, groups, unit)
    opens_at = parse_when(at, ctx.today, ZoneInfo(ctx.actor.zone))
    slots = timeline.planned(ctx.now)
    place = next(n for n, slot in enumerate(slots) if slot.unit_id == target.id)
    before = slots[place - 1].opens_at if place else max([ctx.now, *(o.slot.opens_at for o in timeline.opened)])
    if opens_at <= before or (opens_at - ctx.now).days > FARTHEST_DAYS:
        earliest = group_wording.format_when(before, timeline.group.zone)
        raise BadInput(f"**Day and time**: choose a time after {earliest} and within half a year.", field="at")
    decided = {**timeline.decided, target.id: opens_at}
    return _decide(ctx, groups, schedule_move, replace(timeline, decided=decided), target, reason, confirm=confirm)


@moderator_command("manage schedule skip", formerly=("schedule skip",), form=True, title="Skip a unit")
def schedule_skip(
    ctx: Context,
    unit: Annotated[UnitRef, UNIT],
    reason: Annotated[str, REASON] = "",
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    groups: Groups,
) -> Reply:
    """Skip a coming unit, after a preview."""
    timeline, target = _find_upcoming(ctx, groups, unit)
    if len(timeline.planned(ctx.now)) == 1 and not timeline.opened:
        raise BadInput("You can't skip the group's only unit.", field="unit")
    decided = {**timeline.decided, target.id: None}
    return _decide(ctx, groups, schedule_skip, replace(timeline, decided=decided), target, reason, confirm=confirm)


@moderator_command("manage schedule restore", formerly=("schedule restore",), form=True, title="Restore a unit")
def schedule_restore(
    ctx: Context,
    unit: Annotated[UnitRef, UNIT],
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    groups: Groups,
) -> Reply:
    """Put a moved or skipped unit back on its normal date."""
    timeline = groups.here(ctx)
    target = timeline.roadmap.find(unit)
    if target.id not in timeline.decided or timeline.find(target.id) is not None:
        raise BadInput(f"**{markup.escape(target.label)}** is already on its normal date.", field="unit")
    decided = {unit_id: at for unit_id, at in timeline.decided.items() if unit_id != target.id}
    return _decide(ctx, groups, schedule_restore, replace(timeline, decided=decided), target, "", confirm=confirm)


def _find_upcoming(ctx: Context, groups: Groups, unit: UnitRef) -> tuple[Timeline, Unit]:
    """Return the timeline and a unit that has not opened; BadInput if the unit isn't planned."""
    timeline = groups.here(ctx)
    target = timeline.roadmap.find(unit)
    if target in timeline.left_out:
        back = wording.restore_button(timeline.group.id, target.id)
        raise BadInput(f"**{markup.escape(target.label)}** is skipped.", field="unit", buttons=(back,))
    if all(slot.unit_id != target.id for slot in timeline.planned(ctx.now)):
        raise BadInput(f"**{markup.escape(target.label)}** isn't one of the upcoming units.", field="unit")
    return timeline, target


def _decide(
    ctx: Context, groups: Groups, asked: Command, after: Timeline, unit: Unit, reason: str, *, confirm: bool
) -> Reply:
    lock_group(groups.session, after.group.id)
    now, is_kept = groups.here(ctx), unit.id in after.decided
    rests_on = make_mark(sorted(now.decided.items()), now.opened, now.pauses)
    moved = list_dates_around(now.planned(ctx.now), after.planned(ctx.now), unit.id)
    is_out, is_back = unit in after.left_out, unit in now.left_out
    if not confirm or is_stale(ctx, rests_on):
        pending = Pending.keep(groups.work, ctx, asked, after.group.id, rests_on=rests_on)
        summary = wording.describe_plan_change(unit, is_skipped=is_out, is_restored=is_back)
        return wording.render_date_preview(summary, after, moved, pending.call(), is_stale=is_stale(ctx, rests_on))
    _store_plan(groups, after, unit, after.decided.get(unit.id), is_kept=is_kept)
    why = wording.describe_reason(unit, reason, is_skipped=is_out, is_restored=is_back)
    tell_of_dates(groups, groups.timeline(after.group), moved, why, ctx.now)
    groups.wake(after.group, ctx.now)
    slot = next((slot for slot in after.planned(ctx.now) if slot.unit_id == unit.id), None)
    return replace(
        wording.render_plan_changed(after, unit, slot, is_skipped=is_out, is_announced=bool(moved)), replaces=True
    )


def _store_plan(groups: Groups, after: Timeline, unit: Unit, opens_at: datetime | None, *, is_kept: bool) -> None:
    group_id = after.group.id
    if is_kept:
        put(groups.session, UnitPlan, [{"group_id": group_id, "unit_id": unit.id, "opens_at": opens_at}])
    else:
        gone = delete(UnitPlan).where(UnitPlan.group_id == group_id, UnitPlan.unit_id == unit.id)
        groups.session.execute(gone)


PLAN_COMMANDS: tuple[Command, ...] = (schedule_move, schedule_skip, schedule_restore)
