"""Texts on pledges for their members, and for the thread."""

from __future__ import annotations

from datetime import datetime

from bot.features import command_links
from bot.features.groups.calendar.pacing import Slot
from bot.features.groups.calendar.timeline import Timeline
from bot.features.plans.service import MemberPlan, find_pledge_time, get_own, is_hushed
from bot.features.plans.tables import PLEDGE_MAX, Pledge
from bot.features.rules import REMINDED_BEFORE
from bot.messages import markup
from bot.messages.numerals import lasting
from bot.messages.reply import Button, Quote, Reply, Text

ASKS = "What will you do, and when?"


def make_quote(pledge: Pledge) -> Quote:
    """Return a pledge in its writer's words."""
    return Quote(markup.escape(pledge.text, PLEDGE_MAX))


def is_timed(plan: MemberPlan) -> bool:
    """Whether the member is reminded at a time of their own."""
    return find_pledge_time(get_own(plan), plan.opened, plan.account, plan.zone) is not None


def is_reminded(plan: MemberPlan, now: datetime) -> bool:
    """Whether a reminder of the pledge is still to come."""
    pledge = get_own(plan)
    if is_hushed(pledge, plan.membership):
        return False
    at = find_pledge_time(pledge, plan.opened, plan.account, plan.zone)
    return at > now if at is not None else plan.membership.wants_reminders


def describe_reminder(plan: MemberPlan, now: datetime) -> str:
    """Return when the reminder of a pledge comes, and why then."""
    pledge = get_own(plan)
    if is_hushed(pledge, plan.membership):
        return "No reminder comes."
    if (at := find_pledge_time(pledge, plan.opened, plan.account, plan.zone)) is not None:
        when = f"**{markup.moment(at, plan.zone.key)}**"
        if at <= now:
            return f"The reminder was for {when}."
        return f"I remind you by direct message {when}{'' if at == pledge.remind_at else ', outside your quiet hours'}."
    why = "That is after the deadline" if pledge.remind_at is not None else "I found no time ahead in it"
    if not plan.membership.wants_reminders:
        return f"{why}, so no reminder comes."
    return f"{why}, so I remind you {lasting(REMINDED_BEFORE[0])} before the deadline."


def render_reminder(timeline: Timeline, slot: Slot, pledge: Pledge) -> Reply:
    """Return what a member pledged, in their own words, at the time that they named."""
    group, unit_id = timeline.group, slot.unit_id
    due = markup.moment(slot.deadline_at, group.zone)
    return Reply(
        (
            Text(f"For **{markup.escape(timeline.label(slot))}** in {markup.escape(group.name)} you wrote:"),
            make_quote(pledge),
            Text(f"The unit is due {due}."),
        ),
        (
            Button("Done", command_links.CHECKIN.ask(group.id, unit=unit_id), "primary"),
            Button("Later today", command_links.POSTPONE_PLEDGE.call(group.id, unit=unit_id)),
            Button("Not this week", command_links.MUTE.call(group.id, unit=unit_id)),
        ),
        title="Your pledge",
    )


def render_thread_post(plan: MemberPlan, who: str, text: str) -> Reply:
    """Return a pledge as others read it.

    Args:
        who: whose it is, as a token.
        text: what of it is shared.
    """
    unit_id, group_id = plan.opened.slot.unit_id, plan.timeline.group.id
    return Reply(
        (Text(f"**{who}** pledges:"), Quote(markup.escape(text, PLEDGE_MAX))),
        (Button("Pledge too", command_links.PLEDGE.ask(group_id, unit=unit_id)),),
    )


def format_unit(plan: MemberPlan) -> str:
    """Return the unit of a pledge, as a title."""
    return markup.escape(plan.timeline.label(plan.opened.slot))
