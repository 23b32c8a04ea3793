"""What the schedule does about live hours: one goes on when its host is gone, and is cancelled with its group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.db.work import Work
from bot.features.cohort.service import Cohorts
from bot.features.cohort.tables import Cohort
from bot.features.roadmap.track import Library
from bot.features.schedule.group import Group
from bot.features.schedule.post import Effect, Post
from bot.features.sessions.service import Hours
from bot.features.sessions.staging import Staging
from bot.features.sessions.tables import LiveHour

ENDED = "the group has ended"


@dataclass(frozen=True)
class Restaged:
    """The live hours of a cohort that lost their host go on to the next, and those after its end are off."""

    library: Library
    cohort_id: int
    at: datetime

    def store(self, work: Work) -> None:
        """Store it."""
        cohorts = Cohorts(work, self.library)
        hours, cohort = Hours(work, cohorts), work.session.get_one(Cohort, self.cohort_id)
        staging = Staging(cohorts, hours, cohort, self.at, None)
        for hour in _astray(hours, cohort, self.at):
            if cohort.end_asked_at is not None:
                hour.cancelled_at = self.at
                work.session.flush()
                staging.cancel(hour, ENDED)
            else:
                staging.pass_on(hour)


def restaging(group: Group) -> Iterator[Effect]:
    """When a live hour lost its host, or its group was ended."""
    hours = Hours(group.cohorts.work, group.cohorts)
    if _astray(hours, group.cohort, group.now):
        yield Restaged(group.cohorts.tracks_of(group.cohort), group.cohort.id, group.now)


def _astray(hours: Hours, cohort: Cohort, now: datetime) -> list[LiveHour]:
    ahead = [row for row in hours.list_coming(cohort.id, now) if row.starts_at > now]
    return [row for row in ahead if cohort.end_asked_at is not None or hours.has_lost_host(row)]


def next_restaging(_: Group) -> None:
    """Never by itself: who leaves, is away or ends a group wakes it."""


POSTS: tuple[Post, ...] = (Post("live hours", restaging, next_restaging),)
