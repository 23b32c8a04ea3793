"""What answers worded by a model have taken: a member's own part, and for moderators the group's day and week."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from bot.commands.command import Command
from bot.commands.context import Context
from bot.features.groups.calendar.rhythm import local_instant
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.params import member_command
from bot.features.groups.service import Groups
from bot.features.token_budget import wording
from bot.features.token_budget.service import Asker, Day, Ledger, Meter
from bot.messages.reply import Reply

WEEK = 7
TOP = 5


@member_command("usage", moderators_too=True, writes=False, after_end=True)
def usage(ctx: Context, *, groups: Groups, ledger: Ledger, meter: Meter) -> Reply:
    """See how much of today's answer budget is used."""
    if not meter.has_model:
        return wording.no_model()
    timeline = groups.here(ctx)
    group_id, account_id, budget = timeline.group.id, ctx.actor.account_id, meter.budget
    today = ledger.today(group_id, ctx.now)
    share = budget.share(ledger.members(group_id))
    own = wording.OwnUsage(
        ledger.member(Asker(group_id, account_id, ctx.now), today),
        share,
        ledger.days(group_id, today, account_id).get(today, Day(today, 0, 0)).answers,
    )
    group = None
    if "moderator" in ctx.actor.roles:
        since = today - timedelta(days=WEEK - 1)
        group = wording.GroupUsage(
            ledger.group(group_id, today),
            budget.tokens,
            share,
            _list_week(ledger.days(group_id, since), since),
            ledger.heaviest(group_id, since, TOP),
        )
    return wording.usage(own, group, _midnight(timeline, ctx.now), timeline.group.zone)


def _list_week(days: Mapping[date, Day], since: date) -> list[Day]:
    """Return the days from `since` on, those without usage included; none if no day has any."""
    dates = (since + timedelta(days=n) for n in range(WEEK)) if days else ()
    return [days.get(day, Day(day, 0, 0)) for day in dates]


def _midnight(timeline: Timeline, now: datetime) -> datetime:
    return local_instant(now.astimezone(timeline.zone).date() + timedelta(days=1), time(), timeline.zone)


COMMANDS: tuple[Command, ...] = (usage,)
