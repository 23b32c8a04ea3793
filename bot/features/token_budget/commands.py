"""What answers worded by a model have taken: a member's own part, and for moderators the group's day and week."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from bot.commands.command import Command, command
from bot.commands.context import Context
from bot.features.groups.calendar.rhythm import local_instant
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.params import GROUP
from bot.features.groups.service import Groups
from bot.features.token_budget.service import Asker, Day, Ledger, Meter, render_bar
from bot.messages import markup
from bot.messages.numerals import counted
from bot.messages.reply import Block, Reply, Table, Text, say

WEEK = 7
TOP = 5


@command("usage", role="member", moderators_too=True, group="needed", which=GROUP, writes=False, after_end=True)
def usage(ctx: Context, *, groups: Groups, ledger: Ledger, meter: Meter) -> Reply:
    """See how much of today's answer budget is used."""
    if not meter.has_model:
        return say("Here I quote the notes and don't use an AI model, so answers cost nothing.")
    timeline = groups.here(ctx)
    today = ledger.today(timeline.group.id, ctx.now)
    blocks: list[Block] = [Text(_describe_own(ctx, timeline, ledger, meter, today))]
    if "moderator" in ctx.actor.roles:
        blocks = [Text(_describe_group(timeline, ledger, meter, today)), *blocks, *_draw_week(timeline, ledger, today)]
    fresh = markup.moment(_midnight(timeline, ctx.now), timeline.group.zone)
    return Reply((*blocks, Text(f"The daily budget renews on {fresh}.")), title="AI usage")


def _describe_own(ctx: Context, timeline: Timeline, ledger: Ledger, meter: Meter, today: date) -> str:
    group_id, account_id = timeline.group.id, ctx.actor.account_id
    part = meter.budget.share(ledger.members(group_id))
    used = ledger.member(Asker(group_id, account_id, ctx.now), today)
    answers = ledger.days(group_id, today, account_id).get(today, Day(today, 0, 0)).answers
    return f"**Your usage today**\n{_format_used(used, part)}, {counted(answers, 'answer')}"


def _describe_group(timeline: Timeline, ledger: Ledger, meter: Meter, today: date) -> str:
    used, of = ledger.group(timeline.group.id, today), meter.budget.tokens
    part = f", {meter.budget.share(ledger.members(timeline.group.id)):,} for each member" if of else ""
    return f"**The group's usage today**\n{_format_used(used, of)}{part}"


def _format_used(used: int, of: int) -> str:
    if used > of > 0:
        return f"{render_bar(used, of)}\n{used:,} tokens used of {of:,}"
    return f"{render_bar(used, of)}\n{used:,} of {of:,} tokens" if of else f"{used:,} tokens"


def _draw_week(timeline: Timeline, ledger: Ledger, today: date) -> list[Block]:
    since = today - timedelta(days=WEEK - 1)
    days = ledger.days(timeline.group.id, since)
    if not days:
        return []
    most = max(day.tokens for day in days.values())
    each = [days.get(day, Day(day, 0, 0)) for day in (since + timedelta(days=n) for n in range(WEEK))]
    rows = tuple(
        (f"{day.day:%a} {day.day.day}", str(day.answers), f"{day.tokens:,}", _draw_bar(day, most)) for day in each
    )
    top = ledger.heaviest(timeline.group.id, since, TOP)
    lines = "\n".join(
        f"- {markup.name(member.external_id, member.name)}: "
        f"{counted(member.answers, 'answer')}, {member.tokens:,} tokens"
        for member in top
    )
    table = Table(("Day", "Answers", "Tokens", "Load"), rows, right=(1, 2))
    return [table, Text(f"**Most used in the last 7 days**\n{lines}")]


def _draw_bar(day: Day, most: int) -> str:
    return render_bar(day.tokens, most).split()[0] if day.tokens else ""


def _midnight(timeline: Timeline, now: datetime) -> datetime:
    return local_instant(now.astimezone(timeline.zone).date() + timedelta(days=1), time(), timeline.zone)


COMMANDS: tuple[Command, ...] = (usage,)
