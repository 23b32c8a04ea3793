"""Commands for a member's plan: one sentence on what they will do for the unit, and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from bot.commands.command import Command, Param
from bot.commands.context import Context
from bot.commands.parameter_types import UnitRef
from bot.features.checkins import sharing
from bot.features.groups.params import member_action, member_command
from bot.features.plans import wording
from bot.features.plans.date_phrases import find_unread, format_weekday
from bot.features.plans.service import PLEDGE_MAX, MemberPlan, Pledge, Pledges, get_own, require_running
from bot.messages.errors import NotFound
from bot.messages.reply import Reply

TEXT = Param(
    "What you will do, and when",
    example="read two papers, Tue 7pm",
    max=PLEDGE_MAX,
    note="Your last plan is filled in, if you have one. Send it again, or change it.",
)
UNIT = Param("Unit (leave empty for the open one)", in_form=False)
Day = Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "never"]
DAY = Param("Day of the reminder", formerly=("when",))
AT = Param("Time of the reminder", example="19:00")


@member_command(
    "plan",
    formerly=("pledge",),
    own=True,
    asked=(r"(?:make|write|give|set|change|see|share) (?:a |my |the )?pledge", r"^what(?: is|'s|s) (?:a|the) pledge"),
)
def plan_week(
    ctx: Context,
    text: Annotated[str, TEXT] = "",
    unit: Annotated[UnitRef | None, UNIT] = None,
    *,
    pledges: Pledges,
) -> Reply:
    """Plan your week and get a reminder."""
    plan = pledges.mine(ctx, unit)
    if text:
        return _render_new(ctx, pledges.make(ctx, plan, text))
    if plan.pledge is not None:
        return _render_plan(ctx, plan)
    pledges.require_ahead(ctx, plan)
    return _render_question(plan, pledges)


def initial_plan(ctx: Context, *, pledges: Pledges) -> Mapping[str, str]:
    """Return the member's current or last pledge for the form."""
    plan = pledges.mine(ctx, ctx.call.args.get("unit"))
    pledges.require_ahead(ctx, plan)
    last = plan.pledge or pledges.find_last(plan)
    return {"text": last.text if last is not None else ""} | _show_time(ctx, plan.pledge)


def _show_time(ctx: Context, pledge: Pledge | None) -> dict[str, str]:
    """Return the day and the time of a reminder in the week ahead for a form."""
    if pledge is not None and pledge.is_silent:
        return {"day": "never"}
    if pledge is None or pledge.remind_at is None:
        return {}
    zone = ZoneInfo(ctx.actor.zone)
    day = format_weekday(pledge.remind_at, ctx.now, zone)
    return {"day": day, "at": f"{pledge.remind_at.astimezone(zone):%H:%M}"} if day else {}


@member_action(
    "write plan",
    formerly=("write pledge",),
    form=True,
    title="Your plan",
    initial=initial_plan,
    form_note="I'll remind you at the time that you choose or write. Only you see it until you share it.",
    own=True,
)
def write_plan(
    ctx: Context,
    text: Annotated[str, TEXT],
    day: Annotated[Day | None, DAY] = None,
    at: Annotated[time | None, AT] = None,
    unit: Annotated[UnitRef | None, UNIT] = None,
    *,
    pledges: Pledges,
) -> Reply:
    """Write your plan for the unit."""
    plan = pledges.make(ctx, pledges.mine(ctx, unit), text)
    if day is None and at is None:
        return _render_new(ctx, plan)
    return _render_plan(ctx, pledges.set_time(ctx, plan, day, at), is_new=True)


def _render_question(plan: MemberPlan, pledges: Pledges) -> Reply:
    """Return the question for a pledge, with the last one to repeat."""
    group_id, unit_id = plan.timeline.group.id, plan.opened.slot.unit_id
    last = pledges.find_last(plan)
    return wording.render_question(
        plan, last, write=write_plan.ask(group_id, unit=unit_id), again=renew_plan.call(group_id, unit=unit_id)
    )


def _render_new(ctx: Context, plan: MemberPlan) -> Reply:
    """Return a new pledge; a day or an hour that can't be read is pointed out."""
    return _render_plan(ctx, plan, is_new=True, unread=find_unread(get_own(plan).text, ctx.today))


def _render_plan(
    ctx: Context, plan: MemberPlan, *, is_new: bool = False, unread: tuple[str, str] | None = None
) -> Reply:
    """Return a pledge with its reminder's time, and the ways to change it."""
    group_id, at = plan.timeline.group.id, {"unit": plan.opened.slot.unit_id}
    return wording.render_plan(
        plan,
        ctx.now,
        unread,
        share=share_plan.ask(group_id, **at) if is_new else None,
        time=time_plan.ask(group_id, **at),
        edit=write_plan.ask(group_id, **at),
        delete=None if is_new else drop_plan.call(group_id, **at),
    )


@member_action("renew plan", formerly=("renew pledge",), own=True)
def renew_plan(ctx: Context, unit: Annotated[UnitRef, UNIT], *, pledges: Pledges) -> Reply:
    """Reuse your last plan."""
    plan = pledges.mine(ctx, unit)
    last = pledges.find_last(plan)
    if last is None:
        raise NotFound("You haven't made a plan here yet.")
    return _render_new(ctx, pledges.make(ctx, plan, last.text))


def initial_time(ctx: Context, *, pledges: Pledges) -> Mapping[str, str]:
    """Return the day and the time of the reminder for the form."""
    return _show_time(ctx, get_own(pledges.mine(ctx, ctx.call.args.get("unit"))))


@member_action("time plan", formerly=("time pledge",), form=True, title="Your reminder", own=True, initial=initial_time)
def time_plan(
    ctx: Context,
    day: Annotated[Day | None, DAY] = None,
    at: Annotated[time | None, AT] = None,
    unit: Annotated[UnitRef | None, UNIT] = None,
    *,
    pledges: Pledges,
) -> Reply:
    """Change when I remind you of your plan."""
    return _render_plan(ctx, pledges.set_time(ctx, pledges.mine(ctx, unit), day, at), is_new=True)


@member_action("postpone plan", formerly=("postpone pledge",), own=True)
def postpone_plan(ctx: Context, unit: Annotated[UnitRef, UNIT], *, pledges: Pledges) -> Reply:
    """Postpone the reminder of your plan."""
    plan = pledges.postpone(ctx, pledges.mine(ctx, unit))
    at = get_own(plan).remind_at
    assert at is not None
    return wording.render_postponed(at, plan.zone.key)


@member_action("drop plan", formerly=("drop pledge",), own=True)
def drop_plan(ctx: Context, unit: Annotated[UnitRef, UNIT], *, pledges: Pledges) -> Reply:
    """Delete your plan."""
    plan = pledges.mine(ctx, unit)
    pledges.drop(ctx, plan)
    return wording.render_deleted(again=write_plan.ask(plan.timeline.group.id, unit=plan.opened.slot.unit_id))


def initial_share(ctx: Context, *, pledges: Pledges) -> Mapping[str, str]:
    """Return the pledge for the form in which its member edits what others read."""
    plan = pledges.mine(ctx, ctx.call.args.get("unit"))
    pledge = get_own(plan)
    require_running(ctx, plan)
    return {"text": pledge.text}


@member_action(
    "share plan",
    formerly=("share pledge",),
    form=True,
    title="Share your plan",
    initial=initial_share,
    form_note="Everyone in the group's channel will see it, with your name or alias.",
)
def share_plan(
    ctx: Context,
    text: Annotated[str, Param("What you will do, and when", example="read two papers, Tue 7pm", max=PLEDGE_MAX)],
    unit: Annotated[UnitRef | None, UNIT] = None,
    *,
    pledges: Pledges,
) -> Reply:
    """Share your plan in the unit's thread."""
    plan = pledges.mine(ctx, unit)
    get_own(plan)
    who = sharing.format_signature(pledges.groups, plan.timeline.group, ctx.actor)
    pledges.share(ctx, plan, wording.render_thread_post(plan, who, text))
    return wording.render_shared(delete=drop_plan.call(plan.timeline.group.id, unit=plan.opened.slot.unit_id))


COMMANDS: tuple[Command, ...] = (
    plan_week,
    write_plan,
    renew_plan,
    time_plan,
    postpone_plan,
    drop_plan,
    share_plan,
)
