"""A word on questions that are due, at the hour of who asked for it; another message of that day says it instead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import select

from bot.delivery.outbox import Announcement
from bot.features.groups.calendar.rhythm import local_instant
from bot.features.groups.tables import Cohort, Membership
from bot.features.quiz.reviews import Reviewer, last_answer_at
from bot.features.schedule import buddy_posts, reminders, wording
from bot.features.schedule.group import Group
from bot.features.schedule.post import Effect, Reminded, ScheduledPost
from bot.features.schedule.reminders import free_at, midnight, zone_of

AHEAD = 8
"""Days that are looked through for the next one of who is told weekly."""
SILENT = timedelta(weeks=4)
"""How long after somebody's last answer they are told once the season is over: nobody is written to for ever."""


def review_nudges(group: Group) -> Iterator[Effect]:
    """To members who asked for it and have questions due: the one message of their day, unless another is."""
    written_to = reminders.to_be_reminded(group) | buddy_posts.to_be_written_to(group) if group.reviewers else set()
    for who in group.reviewers.values():
        zone = zone_of(group, who.account)
        at = _at(group, who, group.now.astimezone(zone).date())
        if at is None or at > group.now or who.account.id in written_to or not (count := group.count_due(who, zone)):
            continue
        if group.cohort.closed_at is not None and not _answers_still(group, who):
            continue
        if _is_written_to_elsewhere(group, who):
            continue
        on = at.astimezone(zone).date()
        message = Announcement(
            group.key("review", f"{who.account.id}:{on}"),
            group.cohorts.direct(group.cohort, who.account),
            wording.review_nudge(count),
            group.now,
            midnight(group.now, zone),
        )
        yield Reminded(who.account.id, on, message)


def _is_written_to_elsewhere(group: Group, who: Reviewer) -> bool:
    """Whether another group of somebody's writes to them on this day of theirs, and tells them of it then."""
    theirs = (
        select(Cohort)
        .join(Membership, Membership.cohort_id == Cohort.id)
        .where(Membership.account_id == who.account.id, Membership.left_at.is_(None), Cohort.id != group.cohort.id)
        .where(Cohort.closed_at.is_(None))
    )
    found = group.cohorts.session.scalars(theirs).all()
    others = (Group(group.cohorts, one, group.now) for one in found if group.cohorts.astray(one) is None)
    return any(
        who.account.id in reminders.to_be_reminded(other) | buddy_posts.to_be_written_to(other) for other in others
    )


def _answers_still(group: Group, who: Reviewer) -> bool:
    at = last_answer_at(group.cohorts.session, who.account.id)
    return at is not None and group.now < at + SILENT


def next_review_nudge(group: Group) -> datetime | None:
    """When the next member may be told."""
    found = []
    for who in group.reviewers.values():
        today = group.now.astimezone(zone_of(group, who.account)).date()
        days = (_at(group, who, today + timedelta(days=n)) for n in range(AHEAD))
        found += [at for at in days if at is not None and at > group.now][:1]
    return min(found, default=None)


def _at(group: Group, who: Reviewer, day: date) -> datetime | None:
    """Return from when on somebody may be told on a local day of theirs; None if not on that day."""
    zone = zone_of(group, who.account)
    if not who.is_told_on(day):
        return None
    at = max(local_instant(day, who.hour, zone), group.now)
    return free_at(group, who.account, at, midnight(local_instant(day, who.hour, zone), zone))


NUDGE = ScheduledPost("review nudge", review_nudges, next_review_nudge, goes_on=True)
