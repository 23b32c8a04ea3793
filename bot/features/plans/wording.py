"""Texts on plans: for their members, and for the thread."""

from __future__ import annotations

from datetime import datetime

from bot.features import command_links
from bot.features.groups.calendar.pacing import Slot
from bot.features.groups.calendar.timeline import Timeline
from bot.features.plans.service import PLEDGE_MAX, MemberPlan, Pledge, find_pledge_time, get_own, is_hushed
from bot.features.rules import REMINDED_BEFORE
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.numerals import lasting
from bot.messages.reply import Button, Quote, Reply, Text

ASKS = "What will you do, and when?"


def make_quote(pledge: Pledge) -> Quote:
    """Return a pledge in its writer's words."""
    return Quote(markup.escape(pledge.text, PLEDGE_MAX))


def describe_reminder(plan: MemberPlan, now: datetime) -> str:
    """Return when the reminder of a pledge comes, and why then."""
    pledge = get_own(plan)
    if is_hushed(pledge, plan.membership):
        return "Reminder: off."
    if (at := find_pledge_time(pledge, plan.opened, plan.account, plan.zone)) is not None:
        when = f"**{markup.moment(at, plan.zone.key)}**"
        if at <= now:
            return f"The reminder was for {when}."
        return f"I'll message you {when}{'' if at == pledge.remind_at else ', outside your quiet hours'}."
    why = "That's after the deadline" if pledge.remind_at is not None else "I couldn't find a time in it"
    if not plan.membership.wants_reminders:
        return f"{why}, so I won't remind you."
    return f"{why}, so I'll remind you {lasting(REMINDED_BEFORE[0])} before the deadline."


def render_question(plan: MemberPlan, last: Pledge | None, *, write: Call, again: Call) -> Reply:
    """Return the question for a plan, with the last one to use again."""
    buttons = [Button("Make a plan", write, "primary")]
    blocks: tuple[Text | Quote, ...] = (Text(f"{ASKS} One sentence is enough. Only you see it."),)
    if last is not None:
        blocks += (Text("Last time you wrote:"), make_quote(last))
        buttons.append(Button("Use it again", again))
    return Reply(blocks, tuple(buttons), title=format_unit(plan))


def _describe_unread(what: str, kind: str) -> str:
    return f"I can't read “{markup.escape(what)}” as {'an' if kind[0] in 'aeiouh' else 'a'} {kind}."


def render_plan(
    plan: MemberPlan,
    now: datetime,
    unread: tuple[str, str] | None,
    *,
    share: Call | None,
    time: Call,
    edit: Call,
    delete: Call | None,
) -> Reply:
    """Return a plan with its reminder's time.

    Args:
        unread: a phrase of the plan that can't be read, and what it should be: a day or an hour.
        share: shares a plan that is new; None for an old one, which `delete` removes.
    """
    is_timed = find_pledge_time(get_own(plan), plan.opened, plan.account, plan.zone) is not None
    buttons = (
        *([Button("Share plan", share)] if share is not None else []),
        Button("Change time" if is_timed else "Set time", time),
        Button("Edit plan", edit),
        *([Button("Delete plan", delete)] if delete is not None else []),
    )
    return Reply(
        (
            *([Text(_describe_unread(*unread))] if unread is not None else []),
            make_quote(get_own(plan)),
            Text(f"{describe_reminder(plan, now)} Only you see this until you share it."),
        ),
        buttons,
        title=f"Your plan for unit {plan.opened.slot.number}",
        tone="good" if share is not None else "plain",
    )


def render_postponed(at: datetime, zone: str) -> Reply:
    """Return when the reminder comes instead."""
    return Reply((Text(f"I'll remind you **{markup.moment(at, zone)}**."),), tone="good")


def render_deleted(*, again: Call) -> Reply:
    """Return that a plan is deleted."""
    text = "Plan deleted. If you shared it, I'll remove it from the thread too."
    return Reply((Text(text),), (Button("Make a plan", again),))


def render_shared(*, delete: Call) -> Reply:
    """Return the receipt of a shared plan."""
    text = "Done! I'll post your plan in the unit's thread."
    return Reply((Text(text),), (Button("Delete plan", delete),), tone="good")


def render_reminder(timeline: Timeline, slot: Slot, pledge: Pledge) -> Reply:
    """Return the reminder of a plan, in the member's own words."""
    group, unit_id = timeline.group, slot.unit_id
    due = markup.moment(slot.deadline_at, group.zone)
    return Reply(
        (
            Text(f"For **{markup.escape(timeline.label(slot))}** in {markup.escape(group.name)} you wrote:"),
            make_quote(pledge),
            Text(f"The unit is due {due}."),
        ),
        (
            Button("Check in", command_links.CHECKIN.ask(group.id, unit=unit_id), "primary"),
            Button("Remind me later", command_links.POSTPONE_PLAN.call(group.id, unit=unit_id)),
            Button("Mute this week", command_links.MUTE.call(group.id, unit=unit_id)),
        ),
        title="Your plan",
    )


def render_thread_post(plan: MemberPlan, who: str, text: str) -> Reply:
    """Return a pledge as others read it.

    Args:
        who: whose it is, as a token.
        text: what of it is shared.
    """
    unit_id, group_id = plan.opened.slot.unit_id, plan.timeline.group.id
    return Reply(
        (Text(f"**{who}** has a plan:"), Quote(markup.escape(text, PLEDGE_MAX))),
        (Button("Plan too", command_links.WRITE_PLAN.ask(group_id, unit=unit_id)),),
    )


def format_unit(plan: MemberPlan) -> str:
    """Return the unit of a pledge, as a title."""
    return markup.escape(plan.timeline.label(plan.opened.slot))


def format_plans(count: int) -> str:
    """Return how many members have a plan for a unit; empty for none."""
    return f"{count} {'has' if count == 1 else 'have'} a plan" if count else ""


def format_completed_plans(count: int) -> str:
    """Return how many of those who completed a unit had a plan; empty for none."""
    return f"{count} of them had a plan" if count else ""
