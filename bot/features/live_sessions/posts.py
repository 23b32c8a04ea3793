"""Messages on live sessions, and their scheduled changes.

A lost host is replaced, and a session after the season's end is cancelled.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.curriculum.track import Library
from bot.delivery import outbox
from bot.delivery.outbox import Announcement, OpensThread, Unless, Within
from bot.delivery.scheduled_post import Effect, ScheduledPost
from bot.features.checkins import sharing
from bot.features.groups import message_keys
from bot.features.groups.direct_messages import notify_member
from bot.features.groups.service import Groups, lock_group
from bot.features.groups.snapshot import GroupSnapshot
from bot.features.groups.tables import Group
from bot.features.live_sessions import wording
from bot.features.live_sessions.service import NO_TURN, Hours
from bot.features.live_sessions.tables import LiveHour
from bot.features.people.tables import AccountRow
from bot.messages import markup
from bot.messages.reply import Reply
from bot.storage.unit_of_work import Work

COUNTED_EVERY_S = 20

"""How often, in real seconds, a count is edited."""

CHECK_IN_FOR = timedelta(days=1)

"""How long after a live session its thread may still get the question who was there."""


class Staging:
    """Queues the messages on one live session, each once for each of its times.

    The key of a message names the time. A message on an old time is dropped when the session moves.

    Args:
        by: the account that causes the messages and gets none; None for the schedule.
    """

    def __init__(self, groups: Groups, hours: Hours, group: Group, now: datetime, by: int | None) -> None:
        self._groups, self._hours, self._group = groups, hours, group
        self._work, self._now, self._by = groups.work, now, by

    def open(self, hour: LiveHour, *, is_listed: bool) -> None:
        """Post a live session, list it where the platform has an event list, and tell its host."""
        room, key = self._groups.place(self._group), self._key(hour, "post")
        thread = OpensThread(markup.clip(f"{wording.happening(self._group, hour).name}", 90))
        outbox.announce(self._work, Announcement(key, room, self._post(hour), self._now, hour.ends_at, thread))
        if is_listed:
            listed = wording.listed_event(self._group, hour)
            outbox.announce(self._work, Announcement(self._key(hour, "event"), room, listed, self._now, hour.starts_at))
        self._ask_who_was_there(hour)
        self.tell_host(hour)

    def count(self, hour: LiveHour, every_s: int = COUNTED_EVERY_S) -> None:
        """Update the post."""
        outbox.revise(self._work, self._key(hour, "post"), self._post(hour), due_at=self._now, every_s=every_s)

    def remind(self, hour: LiveHour, account: AccountRow) -> bool:
        """Queue a reminder for a member who comes; False if it is too late."""
        return self._remind(
            hour, account, wording.COMES, Unless("no reminder of a live hour", _make_unless_args(hour, account))
        )

    def move(self, hour: LiveHour, was_at: datetime) -> int:
        """Announce a live session's new time; return how many members are told."""
        if self._hours.has_lost_host(hour):
            self._hours.pass_on(hour)
        self.count(hour, every_s=0)
        self._list_anew(hour)
        self._ask_who_was_there(hour)
        sentence = wording.describe_move(self._group, hour, markup.moment(was_at, self._group.zone))
        for account in self._hours.list_who(hour, "coming"):
            self.remind(hour, account)
        if (host := self._hours.host(hour)) is not None:
            self._remind_host(hour, host)
        to_host = f"{sentence} {wording.HOSTS}"
        return self._tell_all(
            hour,
            (sentence, wording.render_news(self._group, hour, sentence, is_host=False)),
            (to_host, wording.render_news(self._group, hour, to_host, is_host=True)),
        )

    def cancel(self, hour: LiveHour, reason: str) -> int:
        """Cancel a live session and announce it; return how many members are told."""
        hour.cancelled_at, hour.cancelled_for = self._now, markup.clean(reason) or None
        self._work.session.flush()
        self.count(hour, every_s=0)
        self._list_anew(hour)
        news = wording.describe_cancellation(self._group, hour), wording.render_cancellation(self._group, hour)
        return self._tell_all(hour, news, news)

    def pass_on(self, hour: LiveHour) -> None:
        """Give a live session to the next host, and announce it."""
        self._hours.pass_on(hour)
        self.tell_host(hour)
        self.count(hour)

    def tell_host(self, hour: LiveHour) -> None:
        """Tell the host that it is their turn, unless they chose it themselves, and queue their reminder."""
        host = self._hours.host(hour)
        if host is None:
            return
        self._remind_host(hour, host)
        if host.id != self._by:
            sentence = wording.describe_turn(self._group, hour)
            message = wording.render_news(self._group, hour, sentence, is_host=True)
            key = self._key(hour, "host", int(self._now.timestamp()), host.id)
            unless = Unless(NO_TURN, _make_unless_args(hour, host))
            notify_member(self._groups, self._group, host, key, message, self._now, sentence=sentence, unless=unless)

    def host_of(self, hour: LiveHour) -> str:
        """Return the host's name in the group; empty without a host."""
        host = self._hours.host(hour)
        return sharing.format_member(self._groups, self._group, host) if host is not None else ""

    def _remind_host(self, hour: LiveHour, host: AccountRow) -> None:
        self._remind(hour, host, wording.HOSTS, Unless(NO_TURN, _make_unless_args(hour, host)), "host")

    def _remind(self, hour: LiveHour, account: AccountRow, why: str, unless: Unless, *parts: str) -> bool:
        due_at = hour.starts_at - wording.BEFORE
        if due_at <= self._now:
            return False
        place, reply = self._groups.direct(self._group, account), wording.render_reminder(self._group, hour, why)
        key = self._key(hour, int(hour.starts_at.timestamp()), *parts, account.id)
        outbox.announce(self._work, Announcement(key, place, reply, due_at, hour.starts_at, unless=unless))
        return True

    def _post(self, hour: LiveHour) -> Reply:
        tally, host = self._hours.tally(hour), self.host_of(hour)
        return wording.post(self._group, hour, host, tally)

    def _list_anew(self, hour: LiveHour) -> None:
        """Update the platform's event list, if there is one."""
        listed = wording.listed_event(self._group, hour)
        outbox.revise(self._work, self._key(hour, "event"), listed, due_at=self._now, every_s=0)

    def _ask_who_was_there(self, hour: LiveHour) -> None:
        key, until = self._key(hour, int(hour.starts_at.timestamp()), "there"), hour.ends_at + CHECK_IN_FOR
        reply, thread = wording.render_check_in(self._group), Within(self._key(hour, "post"))
        place, unless = self._groups.place(self._group), Unless("live hour is off", _make_args(hour))
        outbox.announce(self._work, Announcement(key, place, reply, hour.ends_at, until, thread, unless))

    def _tell_all(self, hour: LiveHour, news: tuple[str, Reply], to_host: tuple[str, Reply]) -> int:
        """Message everyone who might come and the host; each text as a sentence and as a message."""
        concerned = self._hours.list_concerned(hour, self._by)
        for account in concerned:
            key = self._key(hour, "news", int(self._now.timestamp()), account.id)
            sentence, message = to_host if account.id == hour.host_id else news
            notify_member(self._groups, self._group, account, key, message, self._now, sentence=sentence)
        return len(concerned)

    def _key(self, hour: LiveHour, *parts: object) -> str:
        return message_keys.make_key(self._group.id, "hour", hour.id, *parts)


def _make_args(hour: LiveHour) -> dict[str, int]:
    return {"hour": hour.id, "starts": int(hour.starts_at.timestamp())}


def _make_unless_args(hour: LiveHour, account: AccountRow) -> dict[str, int]:
    return {**_make_args(hour), "account": account.id}


@dataclass(frozen=True)
class Restaged:
    """Gives live sessions without a host to the next host; cancels and announces those after the season's end."""

    library: Library
    group_id: int
    at: datetime
    is_over: bool

    def store(self, work: Work) -> None:
        """Store it."""
        lock_group(work.session, self.group_id)
        groups = Groups(work, self.library)
        hours, group = Hours(work, groups), work.session.get_one(Group, self.group_id)
        staging = Staging(groups, hours, group, self.at, None)
        astray = _list_astray(hours, group, self.at, is_over=self.is_over)
        if not self.is_over:
            for hour in astray:
                staging.pass_on(hour)
        elif astray:
            for hour in astray:
                staging.cancel(hour, wording.ENDED if group.end_asked_at is not None else wording.OVER)
            key = message_keys.make_key(group.id, "hours", "off", astray[0].id)
            notice = wording.render_season_over(group, astray)
            outbox.announce(work, Announcement(key, groups.place(group), notice, self.at, astray[-1].starts_at))


def plan_restaging(snapshot: GroupSnapshot) -> Iterator[Effect]:
    """Yield the changes after a lost host or the season's end."""
    hours = Hours(snapshot.groups.work, snapshot.groups)
    closing_at = snapshot.timeline.closing_at()
    is_over = closing_at is not None and closing_at <= snapshot.now  # once it is closed nobody looks any more
    if _list_astray(hours, snapshot.group, snapshot.now, is_over=is_over):
        yield Restaged(snapshot.groups.tracks_of(snapshot.group), snapshot.group.id, snapshot.now, is_over)


def _list_astray(hours: Hours, group: Group, now: datetime, *, is_over: bool) -> list[LiveHour]:
    ahead = [row for row in hours.list_coming(group.id, now) if row.starts_at > now]
    return [row for row in ahead if is_over or hours.has_lost_host(row)]


def find_next_restaging(_: GroupSnapshot) -> None:
    """Return None: leaving, absences and the end of a group wake the schedule themselves."""


POSTS: tuple[ScheduledPost[GroupSnapshot], ...] = (ScheduledPost("live hours", plan_restaging, find_next_restaging),)
