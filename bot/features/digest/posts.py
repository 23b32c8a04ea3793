"""The digest as moderators get it: one message, in their first waking hour after a unit has closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.db.announcement import Announcement
from bot.features.cohort.calendar.timeline import Opened
from bot.features.cohort.quiet import is_quiet, next_waking
from bot.features.digest import facts
from bot.features.digest.commands import news, told
from bot.features.digest.readers import list_told
from bot.features.people.tables import Account
from bot.features.schedule.group import Group
from bot.features.schedule.post import Effect, Post

FOR = timedelta(days=3)
"""How long after a unit has closed its digest is news."""


def digests(group: Group) -> Iterator[Effect]:
    """To each moderator who has not had it for the unit that closed last; who is not named hears that it is there."""
    unit, waiting = _waiting(group)
    due = [account for account, at in waiting if at <= group.now]
    if unit is None or not due or (found := facts.of(group.cohorts, group.timeline, group.now)) is None:
        return
    named = {one.id for one in group.cohorts.moderators(group.cohort)}
    for account in due:
        reply = told(group.timeline, found.read_by(account.id)) if account.id in named else news(group.timeline)
        place = group.cohorts.direct(group.cohort, account)
        until = unit.slot.grace_until + FOR
        yield Announcement(_key(group, unit, account), place, reply, group.now, until)


def next_digest(group: Group) -> datetime | None:
    """When the next moderator is awake."""
    return min((at for _, at in _waiting(group)[1] if at > group.now), default=None)


def _waiting(group: Group) -> tuple[Opened | None, list[tuple[Account, datetime]]]:
    """Return the unit that closed last, and who is to be told of it, each with the first instant at which they may."""
    unit = facts.last_closed(group.timeline, group.now)
    if unit is None or not group.cohort.has_digest or group.now >= unit.slot.grace_until + FOR:
        return None, []
    by_role = list_told(group.cohorts, group.cohort, unit.slot.grace_until, group.now)
    told_once = [(one, _key(group, unit, one)) for one in (*group.cohorts.moderators(group.cohort), *by_role)]
    sent = group.sent([key for _, key in told_once])
    return unit, [(one, _awake(group, one, unit.slot.grace_until)) for one, key in told_once if key not in sent]


def _awake(group: Group, account: Account, at: datetime) -> datetime:
    zone = ZoneInfo(account.zone or group.cohort.zone)
    at = max(at, group.now)
    sleeps = is_quiet(at, account.quiet_from, account.quiet_until, zone)
    return next_waking(at, account.quiet_until, zone) if sleeps else at


def _key(group: Group, unit: Opened, account: Account) -> str:
    return group.key(unit.slot.unit_id, f"digest:{account.id}")


POSTS: tuple[Post, ...] = (Post("digest", digests, next_digest),)
