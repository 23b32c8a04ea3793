"""Review reminders at the hour that each member chose, and the message of the weekly round in the unit's thread.

Another message of the day mentions the reviews instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from bot.delivery import outbox
from bot.delivery.outbox import Announcement, Within
from bot.delivery.scheduled_post import Effect, ScheduledPost
from bot.features.groups.calendar.rhythm import local_instant
from bot.features.groups.direct_messages import (
    REVIEW_REMINDER,
    Reminded,
    find_free_at,
    find_next_midnight,
    list_written_to_before,
)
from bot.features.groups.snapshot import GroupSnapshot, read_once
from bot.features.groups.tables import Group, Membership
from bot.features.people.tables import AccountRow
from bot.features.quiz import reviews, wording
from bot.features.quiz.commands import quiz_round, review
from bot.features.quiz.reviews import Reviewer
from bot.features.quiz.weekly_round import WeeklyRound, count_right, find_weekly_round
from bot.messages.reply import Reply
from bot.storage.unit_of_work import Work

AHEAD = 8
"""Days to look ahead for the next weekly reminder."""
SILENT = timedelta(weeks=4)
"""How long after a member's last answer reminders go on when the season is over."""


@read_once
def read_reviewers(snapshot: GroupSnapshot) -> Mapping[int, Reviewer]:
    """Return the members who want review reminders, by account."""
    return {
        reviewer.account.id: reviewer for reviewer in reviews.list_reviewers(snapshot.groups.session, snapshot.group.id)
    }


def plan_review_reminders(snapshot: GroupSnapshot) -> Iterator[Effect]:
    """Yield a reminder for each member who wants it and has questions due, unless they get another message that day."""
    reviewers = read_reviewers(snapshot)
    written_to = list_written_to_before(snapshot, REVIEW_REMINDER) if reviewers else set()
    for who in reviewers.values():
        zone = snapshot.zone_of(who.account)
        at = _find_reminder_at(snapshot, who, snapshot.now.astimezone(zone).date())
        if at is None or at > snapshot.now or who.account.id in written_to or not (count := _count_due(snapshot, who)):
            continue
        if snapshot.group.closed_at is not None and not _is_still_answering(snapshot, who):
            continue
        if _is_written_to_elsewhere(snapshot, who):
            continue
        on = at.astimezone(zone).date()
        message = Announcement(
            snapshot.key("review", f"{who.account.id}:{on}"),
            snapshot.groups.direct(snapshot.group, who.account),
            wording.render_review_reminder(count, start=review.call(), stop=review.call(nudge="no")),
            snapshot.now,
            find_next_midnight(snapshot.now, zone),
        )
        yield Reminded(who.account.id, on, message)


def _is_written_to_elsewhere(snapshot: GroupSnapshot, who: Reviewer) -> bool:
    """Whether another of the member's groups messages them that day and mentions the reviews."""
    theirs = (
        select(Group)
        .join(Membership, Membership.group_id == Group.id)
        .where(Membership.account_id == who.account.id, Membership.left_at.is_(None), Group.id != snapshot.group.id)
        .where(Group.closed_at.is_(None))
    )
    groups = snapshot.groups.session.scalars(theirs).all()
    others = (
        GroupSnapshot(snapshot.groups, group, snapshot.now, snapshot.posts)
        for group in groups
        if snapshot.groups.astray(group) is None
    )
    return any(who.account.id in list_written_to_before(other, REVIEW_REMINDER) for other in others)


def _is_still_answering(snapshot: GroupSnapshot, who: Reviewer) -> bool:
    at = reviews.last_answer_at(snapshot.groups.session, who.account.id)
    return at is not None and snapshot.now < at + SILENT


def find_next_review_reminder(snapshot: GroupSnapshot) -> datetime | None:
    """Return when the next review reminder may be sent."""
    instants = []
    for who in read_reviewers(snapshot).values():
        today = snapshot.now.astimezone(snapshot.zone_of(who.account)).date()
        days = (_find_reminder_at(snapshot, who, today + timedelta(days=n)) for n in range(AHEAD))
        instants += [at for at in days if at is not None and at > snapshot.now][:1]
    return min(instants, default=None)


def _find_reminder_at(snapshot: GroupSnapshot, who: Reviewer, day: date) -> datetime | None:
    """Return when a member may be reminded on one of their local days; None if not on that day."""
    zone = snapshot.zone_of(who.account)
    if not who.is_told_on(day):
        return None
    at = max(local_instant(day, who.hour, zone), snapshot.now)
    return find_free_at(snapshot, who.account, at, find_next_midnight(local_instant(day, who.hour, zone), zone))


def _count_due(snapshot: GroupSnapshot, who: Reviewer) -> int:
    """Return how many review questions are due for a member on their current local day."""
    return reviews.count_due(snapshot.groups.session, who, reviews.day(snapshot.now, snapshot.zone_of(who.account)))


def _count_reviews_to_mention(snapshot: GroupSnapshot, account: AccountRow) -> int:
    """Return how many review questions to mention to a member today; 0 if an earlier message has done it."""
    who = read_reviewers(snapshot).get(account.id)
    today = snapshot.now.astimezone(snapshot.zone_of(account)).date()
    if who is None or not who.is_told_on(today) or account.reminded_on == today:
        return 0
    return _count_due(snapshot, who)


def mention_reviews(snapshot: GroupSnapshot, account: AccountRow, reply: Reply) -> Reply:
    """Return a message to a member with a line on due review questions, if there are any."""
    if not (due := _count_reviews_to_mention(snapshot, account)):
        return reply
    return wording.mention_due(reply, due, start=review.call())


@read_once
def read_weekly_round(snapshot: GroupSnapshot) -> WeeklyRound | None:
    """Return the round of the newest unit, whether or not the group has rounds."""
    opened = snapshot.timeline.opened[-1:]
    return find_weekly_round(snapshot.timeline, snapshot.track, opened[0]) if opened else None


@dataclass(frozen=True)
class RoundClosed:
    """The message of a weekly round shows how it went."""

    key: str
    reply: Reply
    at: datetime

    def store(self, work: Work) -> None:
        """Store it."""
        outbox.revise(work, self.key, self.reply, due_at=self.at, every_s=0)


def plan_weekly_round(snapshot: GroupSnapshot) -> Iterator[Effect]:
    """Yield the message of the newest unit's round once it is open, and its result once it is closed."""
    weekly = read_weekly_round(snapshot)
    if weekly is None or snapshot.now < weekly.opens_at:
        return
    key = snapshot.key(weekly.unit.id, "round")
    if snapshot.now < weekly.closes_at:
        if snapshot.group.has_weekly_round and not snapshot.has_sent(key):
            play = quiz_round.call(snapshot.group.id, unit=weekly.unit.id)
            reply = wording.render_weekly_round(weekly, snapshot.group.zone, play=play)
            within = Within(snapshot.key(weekly.unit.id, "post"))
            yield Announcement(key, snapshot.place, reply, weekly.opens_at, weekly.closes_at, within)
    elif snapshot.has_sent(key) and not snapshot.has_sent(f"{key}:edit"):
        result = count_right(snapshot.groups.session, weekly)
        yield RoundClosed(key, wording.render_round_result(weekly, result), snapshot.now)


def find_next_round(snapshot: GroupSnapshot) -> datetime | None:
    """Return when the newest unit's round opens or closes next."""
    weekly = read_weekly_round(snapshot) if snapshot.group.has_weekly_round else None
    instants = (weekly.opens_at, weekly.closes_at) if weekly is not None else ()
    return min((at for at in instants if at > snapshot.now), default=None)


POSTS: tuple[ScheduledPost[GroupSnapshot], ...] = (
    ScheduledPost(REVIEW_REMINDER, plan_review_reminders, find_next_review_reminder, goes_on=True),
    ScheduledPost("weekly round", plan_weekly_round, find_next_round),
)
