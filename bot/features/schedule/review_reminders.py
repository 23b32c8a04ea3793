"""Review reminders at the hour that each member chose; another message of the day mentions the reviews instead."""

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
from bot.features.schedule.reminders import find_free_at, find_next_midnight, get_zone

AHEAD = 8
"""Days that are looked through for the next one of who is told weekly."""
SILENT = timedelta(weeks=4)
"""How long after somebody's last answer they are told once the season is over: nobody is written to for ever."""


def plan_review_nudges(group: Group) -> Iterator[Effect]:
    """Yield a reminder for each member who wants it and has questions due, unless they get another message that day."""
    written_to = (
        reminders.list_reminded_today(group) | buddy_posts.list_recipients_today(group) if group.reviewers else set()
    )
    for who in group.reviewers.values():
        zone = get_zone(group, who.account)
        at = _find_nudge_at(group, who, group.now.astimezone(zone).date())
        if at is None or at > group.now or who.account.id in written_to or not (count := group.count_due(who, zone)):
            continue
        if group.cohort.closed_at is not None and not _is_still_answering(group, who):
            continue
        if _is_written_to_elsewhere(group, who):
            continue
        on = at.astimezone(zone).date()
        message = Announcement(
            group.key("review", f"{who.account.id}:{on}"),
            group.cohorts.direct(group.cohort, who.account),
            wording.render_review_nudge(count),
            group.now,
            find_next_midnight(group.now, zone),
        )
        yield Reminded(who.account.id, on, message)


def _is_written_to_elsewhere(group: Group, who: Reviewer) -> bool:
    """Whether another of the member's groups messages them that day and mentions the reviews."""
    theirs = (
        select(Cohort)
        .join(Membership, Membership.cohort_id == Cohort.id)
        .where(Membership.account_id == who.account.id, Membership.left_at.is_(None), Cohort.id != group.cohort.id)
        .where(Cohort.closed_at.is_(None))
    )
    cohorts = group.cohorts.session.scalars(theirs).all()
    others = (Group(group.cohorts, cohort, group.now) for cohort in cohorts if group.cohorts.astray(cohort) is None)
    return any(
        who.account.id in reminders.list_reminded_today(other) | buddy_posts.list_recipients_today(other)
        for other in others
    )


def _is_still_answering(group: Group, who: Reviewer) -> bool:
    at = last_answer_at(group.cohorts.session, who.account.id)
    return at is not None and group.now < at + SILENT


def find_next_review_nudge(group: Group) -> datetime | None:
    """Return when the next review reminder may be sent."""
    instants = []
    for who in group.reviewers.values():
        today = group.now.astimezone(get_zone(group, who.account)).date()
        days = (_find_nudge_at(group, who, today + timedelta(days=n)) for n in range(AHEAD))
        instants += [at for at in days if at is not None and at > group.now][:1]
    return min(instants, default=None)


def _find_nudge_at(group: Group, who: Reviewer, day: date) -> datetime | None:
    """Return when a member may be reminded on one of their local days; None if not on that day."""
    zone = get_zone(group, who.account)
    if not who.is_told_on(day):
        return None
    at = max(local_instant(day, who.hour, zone), group.now)
    return find_free_at(group, who.account, at, find_next_midnight(local_instant(day, who.hour, zone), zone))


NUDGE = ScheduledPost("review nudge", plan_review_nudges, find_next_review_nudge, goes_on=True)
