"""The messages of a focus session: its post, and one at the end of each round that shows the next round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.commands.context import Place
from bot.curriculum.track import Library
from bot.delivery import outbox
from bot.delivery.outbox import Announcement, OpensThread, Within
from bot.delivery.scheduled_post import Effect, ScheduledPost
from bot.features.focus import wording
from bot.features.focus.service import Focus
from bot.features.focus.tables import FocusSession
from bot.features.groups import message_keys
from bot.features.groups.calendar.timeline import Opened
from bot.features.groups.service import Groups
from bot.features.groups.snapshot import GroupSnapshot, read_once
from bot.features.groups.tables import Group
from bot.messages.reply import Reply
from bot.storage.unit_of_work import Work

CHECK_IN_FOR = timedelta(hours=3)
"""How long after a round its end is still posted."""


class FocusMessages:
    """Queues the messages of the sessions of a group."""

    def __init__(self, groups: Groups, group: Group, now: datetime) -> None:
        self._groups, self._group, self._now = groups, group, now
        self._focus = Focus(groups)

    def open(self, row: FocusSession) -> None:
        """Post a session where it was started."""
        thread = None if row.thread else OpensThread(f"Focus: {row.minutes} minutes")
        until = row.ends_at + CHECK_IN_FOR  # late, it still opens the thread that the end is posted in
        post = Announcement(self._key(row, 0), self._place(row), self._build(row, 0), self._now, until, thread)
        outbox.announce(self._groups.work, post)

    def update(self, row: FocusSession, every_s: int) -> None:
        """Edit the message that shows the newest round, at most every `every_s` real seconds."""
        self._edit(row, row.round - 1, every_s)

    def end(self, row: FocusSession) -> None:
        """End the newest round, and post it for those who took part."""
        row.ended_at, number = min(self._now, row.ends_at), row.round
        past = self._focus.read_crew(self._group, row, number)
        if not past.count and number > 1:
            row.round -= 1  # nobody stayed, so that this round may still be started
        self._groups.session.flush()
        self._edit(row, number - 1, every_s=0)
        if past.count:
            within = None if row.thread else Within(self._key(row, 0))
            until, reply = row.ended_at + CHECK_IN_FOR, self._build(row, number)
            post = Announcement(self._key(row, number), self._place(row), reply, row.ended_at, until, within)
            outbox.announce(self._groups.work, post)

    def _build(self, row: FocusSession, after: int) -> Reply:
        """Return the message after this many rounds as of now; the first one is the session's post."""
        is_running = row.ended_at is None and row.round == after + 1
        coming = self._focus.read_crew(self._group, row, row.round, self._now) if is_running else None
        if not after:
            crew = coming or self._focus.read_crew(self._group, row, 1)
            return wording.render_session(self._group, row, crew, is_over=not is_running)
        past = self._focus.read_crew(self._group, row, after)
        return wording.render_end(self._group, row, past, coming, is_open=is_running or row.round == after)

    def _edit(self, row: FocusSession, after: int, every_s: int) -> None:
        reply = self._build(row, after)
        outbox.revise(self._groups.work, self._key(row, after), reply, due_at=self._now, every_s=every_s)

    def _place(self, row: FocusSession) -> Place:
        return replace(self._groups.place(self._group), thread=row.thread)

    def _key(self, row: FocusSession, after: int) -> str:
        return message_keys.make_key(self._group.id, "focus", row.id, after)


@dataclass(frozen=True)
class RoundEnded:
    """The round of a session has ended, or everybody has left it."""

    library: Library
    group_id: int
    session_id: int
    at: datetime

    def store(self, work: Work) -> None:
        """Store it, unless it is stored already or somebody has joined meanwhile."""
        groups = Groups(work, self.library)
        row = work.session.get(FocusSession, self.session_id, populate_existing=True)
        if row is not None and row.ended_at is None and Focus(groups).is_over(row, self.at):
            FocusMessages(groups, work.session.get_one(Group, self.group_id), self.at).end(row)


@read_once
def read_running(snapshot: GroupSnapshot) -> Sequence[FocusSession]:
    """Return the sessions of a group whose end has not been posted."""
    return Focus(snapshot.groups).list_running(snapshot.group.id)


def plan_round_ends(snapshot: GroupSnapshot) -> Iterator[Effect]:
    """Yield the end of each session's round that is over."""
    for row in read_running(snapshot):
        if Focus(snapshot.groups).is_over(row, snapshot.now):
            library = snapshot.groups.tracks_of(snapshot.group)
            yield RoundEnded(library, snapshot.group.id, row.id, snapshot.now)


def find_next_round_end(snapshot: GroupSnapshot) -> datetime | None:
    """Return when the next round ends; somebody who leaves wakes the schedule."""
    return min((row.ends_at for row in read_running(snapshot) if row.ends_at > snapshot.now), default=None)


def format_together(snapshot: GroupSnapshot, opened: Opened) -> str:
    """Return how long members have studied together since a unit opened: "6 h 20 together"; empty without sessions."""
    minutes = Focus(snapshot.groups).count_minutes(snapshot.group.id, opened.slot.opens_at, snapshot.now)
    return wording.format_together(minutes)


POSTS: tuple[ScheduledPost[GroupSnapshot], ...] = (
    ScheduledPost("focus", plan_round_ends, find_next_round_end, goes_on=True),
)
