"""Scheduled changes of live sessions: a new host if one is lost, cancelled after the season's end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.curriculum.track import Library
from bot.delivery import outbox
from bot.delivery.outbox import Announcement
from bot.delivery.scheduled_post import Effect, ScheduledPost
from bot.features.groups import message_keys
from bot.features.groups.service import Cohorts, lock_group
from bot.features.groups.snapshot import GroupSnapshot
from bot.features.groups.tables import Cohort
from bot.features.live_sessions import wording
from bot.features.live_sessions.announcements import Staging
from bot.features.live_sessions.service import Hours
from bot.features.live_sessions.tables import LiveHour
from bot.storage.unit_of_work import Work

ENDED, OVER = "the group has ended", "the season is over"


@dataclass(frozen=True)
class Restaged:
    """The live hours of a cohort that lost their host go on to the next; those after its season are off, and told."""

    library: Library
    cohort_id: int
    at: datetime
    is_over: bool

    def store(self, work: Work) -> None:
        """Store it."""
        lock_group(work.session, self.cohort_id)
        cohorts = Cohorts(work, self.library)
        hours, cohort = Hours(work, cohorts), work.session.get_one(Cohort, self.cohort_id)
        staging = Staging(cohorts, hours, cohort, self.at, None)
        astray = _list_astray(hours, cohort, self.at, is_over=self.is_over)
        if not self.is_over:
            for hour in astray:
                staging.pass_on(hour)
        elif astray:
            for hour in astray:
                staging.cancel(hour, ENDED if cohort.end_asked_at is not None else OVER)
            key = message_keys.make_key(cohort.id, "hours", "off", astray[0].id)
            notice = wording.render_season_over(cohort, astray)
            outbox.announce(work, Announcement(key, cohorts.place(cohort), notice, self.at, astray[-1].starts_at))


def plan_restaging(group: GroupSnapshot) -> Iterator[Effect]:
    """Yield the changes after a lost host or the season's end."""
    hours = Hours(group.cohorts.work, group.cohorts)
    closing_at = group.timeline.closing_at()
    is_over = closing_at is not None and closing_at <= group.now  # once it is closed nobody looks any more
    if _list_astray(hours, group.cohort, group.now, is_over=is_over):
        yield Restaged(group.cohorts.tracks_of(group.cohort), group.cohort.id, group.now, is_over)


def _list_astray(hours: Hours, cohort: Cohort, now: datetime, *, is_over: bool) -> list[LiveHour]:
    ahead = [row for row in hours.list_coming(cohort.id, now) if row.starts_at > now]
    return [row for row in ahead if is_over or hours.has_lost_host(row)]


def find_next_restaging(_: GroupSnapshot) -> None:
    """Return None: leaving, absences and the end of a group wake the schedule themselves."""


POSTS: tuple[ScheduledPost[GroupSnapshot], ...] = (ScheduledPost("live hours", plan_restaging, find_next_restaging),)
