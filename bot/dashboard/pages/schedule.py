"""Schedule: coming units, a preview of the next post, and live sessions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.commands.parameter_types import UnitRef
from bot.dashboard.page import MEMBERS, DashboardPage, Viewer
from bot.features.calendar_feed.commands import calendar
from bot.features.groups.calendar.timeline import Opened, Timeline
from bot.features.groups.commands import group_edit, group_pause, group_resume
from bot.features.groups.service import Groups
from bot.features.groups.snapshot import GroupSnapshot
from bot.features.groups.wording import describe_position
from bot.features.live_sessions import wording as hour_buttons
from bot.features.live_sessions import wording as hour_wording
from bot.features.live_sessions.commands import session_cancel, session_move, session_plan
from bot.features.live_sessions.posts import Staging
from bot.features.live_sessions.service import Hours
from bot.features.live_sessions.tables import LiveHour, Says
from bot.features.schedule.commands import schedule_extend, schedule_move, schedule_skip
from bot.features.schedule.post_preview import look_ahead, postnow
from bot.features.schedule.wording import restore_button
from bot.messages import markup
from bot.messages.errors import UserError
from bot.messages.reply import Button, Reply
from bot.messages.spreadsheet import Spreadsheet

SHOWN = 6
"""Units that are shown before the rest is folded."""
SAID: dict[Says, str] = {"coming": "You're coming.", "perhaps": "You may come.", "not": "You're not coming."}


@dataclass(frozen=True)
class ScheduleRow:
    """A unit that is to be posted, or runs; without times it is left out.

    Args:
        see: the address at which its post is shown; "" for who may not see it before its time.
    """

    number: int
    label: str
    opens_at: datetime | None = None
    deadline_at: datetime | None = None
    see: str = ""
    is_seen: bool = False
    is_out: bool = False
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True)
class Hour:
    """A live hour, with what somebody may do about it."""

    title: str
    starts_at: datetime
    says: str
    mine: str
    buttons: tuple[Button, ...]


def read(viewer: Viewer, *, groups: Groups, hours: Hours) -> Mapping[str, object]:
    """Return what is to come in a group."""
    ctx = viewer.ctx
    timeline = groups.here(ctx)
    is_over = timeline.group.closed_at is not None
    post = (
        None
        if is_over or not viewer.moderates
        else _preview_post(GroupSnapshot(groups, timeline.group, ctx.now), viewer)
    )
    return {
        "where": describe_position(timeline, ctx.now),
        "zone": ctx.actor.zone,
        "rows": _list_rows(viewer, timeline),
        "shown": SHOWN,
        "acting": _offer_actions(viewer, timeline) if viewer.moderates and not is_over else (),
        "post": post,
        "hours": _list_hours(viewer, groups, hours, timeline),
        "calendar": Button("My calendar", calendar.call()),
        "planning": _offer_planning(timeline) if viewer.moderates and not is_over else (),
    }


def _list_rows(viewer: Viewer, timeline: Timeline) -> list[ScheduleRow]:
    now, seen = viewer.ctx.now, viewer.query.get("unit", "")
    out = [
        ScheduleRow(
            unit.slot.number,
            timeline.place(unit.slot),
            unit.slot.opens_at,
            unit.slot.deadline_at,
            is_out=True,
            buttons=_offer_extension(viewer, timeline, unit),
        )
        for unit in timeline.open_units(now)
    ]
    planned = timeline.planned(now) if timeline.group.closed_at is None else []
    seen = seen if any(slot.unit_id == seen for slot in planned) else planned[0].unit_id if planned else ""
    coming = [
        ScheduleRow(
            slot.number,
            timeline.place(slot),
            slot.opens_at,
            slot.deadline_at,
            SCHEDULE.address(viewer.group_id, unit=slot.unit_id) + "#post" if viewer.moderates else "",
            is_seen=viewer.moderates and slot.unit_id == seen,
            buttons=_offer_changes(timeline, slot.unit_id) if viewer.moderates and slot.unit_id == seen else (),
        )
        for slot in planned
    ]
    without = [
        ScheduleRow(
            unit.number,
            timeline.roadmap.label(unit),
            buttons=(restore_button(timeline.group.id, unit.id),) if viewer.moderates else (),
        )
        for unit in timeline.left_out
    ]
    return out + _merge_left_out(coming, without)


def _merge_left_out(coming: list[ScheduleRow], without: list[ScheduleRow]) -> list[ScheduleRow]:
    """Merge the coming units with those left out, each before the first coming unit with a higher number."""
    rows = list(coming)
    for left_out in reversed(without):
        at = next((place for place, row in enumerate(rows) if row.number > left_out.number), len(rows))
        rows.insert(at, left_out)
    return rows


def _offer_extension(viewer: Viewer, timeline: Timeline, unit: Opened) -> tuple[Button, ...]:
    if not viewer.moderates or unit.is_held or timeline.group.closed_at is not None:
        return ()
    return (Button("Extend deadline", schedule_extend.ask(timeline.group.id, unit=unit.slot.unit_id)),)


def _offer_changes(timeline: Timeline, unit_id: str) -> tuple[Button, ...]:
    group_id = timeline.group.id
    back = (restore_button(group_id, unit_id),)
    return (
        Button("Move", schedule_move.ask(group_id, unit=unit_id)),
        Button("Skip unit", schedule_skip.call(group_id, unit=unit_id)),
        *(back if unit_id in timeline.decided else ()),
    )


def _offer_actions(viewer: Viewer, timeline: Timeline) -> tuple[Button, ...]:
    now, group_id = viewer.ctx.now, timeline.group.id
    change = Button("Change days and pace", group_edit.ask(group_id))
    if any(pause.until_at is None or pause.until_at > now for pause in timeline.pauses):
        return Button("Resume now", group_resume.call(group_id), "primary"), change
    planned = timeline.planned(now)
    week = (Button("Skip a week", group_pause.call(group_id, weeks=1)),) if planned else ()
    pause = (Button("Pause the group", group_pause.ask(group_id)),) if planned else ()
    return *week, *pause, change


def _preview_post(snapshot: GroupSnapshot, viewer: Viewer) -> Reply | None:
    """Return the preview of the next post, or of the unit that the address names."""
    named = viewer.query.get("unit", "")
    if not snapshot.timeline.planned(snapshot.now) and snapshot.timeline.running(snapshot.now) is None:
        return None
    try:
        reply = look_ahead(snapshot, UnitRef(named) if named else None)
    except UserError:  # what the address names is no unit, or is past
        reply = look_ahead(snapshot, None)
    return reply.filter_buttons(
        lambda button: not isinstance(button.target, str) and button.target.name == postnow.name
    )


def _list_hours(viewer: Viewer, groups: Groups, hours: Hours, timeline: Timeline) -> list[Hour]:
    ctx, group = viewer.ctx, timeline.group
    coming = hours.list_coming(group.id, ctx.now)
    answers = hours.said_by(ctx.actor.account_id, coming)
    staging = Staging(groups, hours, group, ctx.now, ctx.actor.account_id)
    return [_describe_hour(viewer, staging, hours, timeline, hour, answers.get(hour.id)) for hour in coming]


def _describe_hour(
    viewer: Viewer, staging: Staging, hours: Hours, timeline: Timeline, hour: LiveHour, says: Says | None
) -> Hour:
    group = timeline.group
    tally, host = hours.tally(hour), staging.host_of(hour)
    hosted = f"Host: {host}." if host else "No host yet."
    come = [
        f"{tally['coming']} {'comes' if tally['coming'] == 1 else 'come'}",
        *([f"{tally['perhaps']} may come"] if tally["perhaps"] else []),
    ]
    description = f"{hour.minutes} minutes, {hour_wording.where(hour)}. {hosted} {', '.join(come)}."
    own_buttons: list[Button] = []
    if "member" in viewer.ctx.actor.roles:
        own_buttons += [hour_buttons.rsvp(group.id, hour, label) for label in hour_buttons.LABELS if label != says]
    if viewer.moderates:
        own_buttons += [
            Button("Move session", session_move.ask(group.id, id=hour.id)),
            Button("Cancel session", session_cancel.ask(group.id, id=hour.id), "danger"),
        ]
    buttons = (*own_buttons, hour_buttons.calendar(group, hour))
    title = markup.clip(markup.clean(hour.topic), 100) or "Live session"
    return Hour(title, hour.starts_at, description, SAID[says] if says else "", buttons)


def _offer_planning(timeline: Timeline) -> tuple[Button, ...]:
    group_id = timeline.group.id
    return (
        Button("Find a time", session_plan.call(group_id), "primary"),
        Button("Plan a session", session_plan.ask(group_id)),
    )


def sheet(viewer: Viewer, *, groups: Groups) -> Spreadsheet:
    """Return what comes when, as a table."""
    timeline = groups.here(viewer.ctx)
    slots = [*(opened.slot for opened in timeline.opened), *timeline.planned(viewer.ctx.now)]
    rows = ((slot.number, timeline.unit(slot).title, slot.opens_at, slot.deadline_at) for slot in slots)
    return Spreadsheet(("Unit", "Title", "Posted (UTC)", "Due (UTC)"), rows)


SCHEDULE = DashboardPage("schedule", "Schedule", MEMBERS, "schedule.html", read, ("unit",), sheet=sheet)
