"""The weekly and closing posts, and POSTS, the list of all scheduled posts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.curriculum import note_renderer as drawn
from bot.delivery import outbox
from bot.delivery.outbox import Announcement, OpensThread, Within
from bot.delivery.scheduled_post import Effect, ScheduledPost
from bot.features.focus.posts import format_together
from bot.features.groups import message_keys
from bot.features.groups.calendar import pacing
from bot.features.groups.calendar.timeline import POST_LATENESS, Opened
from bot.features.groups.snapshot import GroupSnapshot
from bot.features.groups.tables import Group
from bot.features.groups.wording import apply_picture_setting
from bot.features.plans.posts import count_kept_pledges, format_pledged
from bot.features.quiz import wording as quiz_wording
from bot.features.quiz.posts import read_reviewers
from bot.features.quiz.warm_up import Warmed, find_asked_warm_up, find_warm_up
from bot.features.schedule import reminders, wording
from bot.features.schedule.group_summary import compute_goal, count_checkins, count_week
from bot.features.standings import leaderboard
from bot.features.standings.group_standings import list_standings, read_public_roll, read_roll
from bot.features.standings.leaderboard import BoardRow
from bot.features.thanks.service import Thanks
from bot.messages.reply import Block, Reply, Text
from bot.storage.unit_of_work import Work

POST, START, WARM_UP, RECAP = "post", "start", "warmup", "recap"
"""Kinds of a unit's messages in their keys: the post, and in its thread what to discuss, the warm-up, the last unit."""


def plan_weekly_post(snapshot: GroupSnapshot) -> Iterator[Effect]:
    """Yield the newest unit's post and the messages of its thread, once the unit has opened.

    The recap follows once there is something to tell, such as a late check-in for the unit before.
    """
    if not snapshot.timeline.opened:
        return
    opened = snapshot.timeline.opened[-1]
    slot = opened.slot
    keys = {kind: snapshot.key(slot.unit_id, kind) for kind in (POST, START, WARM_UP, RECAP)}
    sent = snapshot.find_sent(keys.values())
    if keys[START] not in sent:
        yield Announcement(
            keys[POST],
            snapshot.place,
            build_weekly_reply(snapshot, opened),
            slot.opens_at,
            slot.opens_at + POST_LATENESS,
            OpensThread(wording.render_thread_title(snapshot.timeline, slot)),
        )
        start = build_thread_start(snapshot, opened)
        yield Announcement(keys[START], snapshot.place, start, slot.opens_at, slot.grace_until, Within(keys[POST]))
    if snapshot.now >= slot.grace_until:
        return
    if keys[WARM_UP] not in sent:
        if (warm_up := find_warm_up(snapshot, opened)) is not None and warm_up.id is None:
            yield Warmed(warm_up, snapshot.now)
        yield from _announce_within(snapshot, opened, keys[WARM_UP], build_warm_up(snapshot, opened))
    if keys[RECAP] not in sent:
        yield from _announce_within(snapshot, opened, keys[RECAP], build_recap(snapshot, opened))


def _announce_within(snapshot: GroupSnapshot, opened: Opened, key: str, reply: Reply) -> Iterator[Effect]:
    """Yield a further message of a unit's thread, unless it is empty; it is never marked late."""
    if reply.blocks:
        within = Within(snapshot.key(opened.slot.unit_id, POST))
        yield Announcement(key, snapshot.place, reply, snapshot.now, opened.slot.grace_until, within)


def format_counted(snapshot: GroupSnapshot, opened: Opened) -> str:
    """Return how many checked in and have a plan, of members who are not hidden, and how long they focused together."""
    counts, planned = count_checkins(snapshot, opened), format_pledged(snapshot, opened)
    return wording.format_counted(*counts, planned, format_together(snapshot, opened))


def format_dots(snapshot: GroupSnapshot, opened: Opened) -> str:
    """Return the row of dots for a unit's check-ins, with the initials of the first members who are shown."""
    n_kept, n_part = count_checkins(snapshot, opened)
    public = read_public_roll(snapshot)
    names = public.kept_names(opened.slot.unit_id, wording.INITIALS) if n_kept else ()
    return wording.format_dots(n_kept, n_part, names)


def build_weekly_reply(snapshot: GroupSnapshot, opened: Opened) -> Reply:
    """Return the weekly post as of now, with who has checked in."""
    counted, dots = format_counted(snapshot, opened), format_dots(snapshot, opened)
    goal = wording.format_goal(compute_goal(snapshot, opened))
    begins = wording.render_part_start(snapshot.timeline, opened)
    reply = wording.render_weekly(snapshot.timeline, opened, counted, goal, begins, dots)
    return apply_picture_setting(snapshot.group, reply)


def build_thread_start(snapshot: GroupSnapshot, opened: Opened) -> Reply:
    """Return the first message of a unit's thread."""
    figure = drawn.main_image(snapshot.track, snapshot.timeline.unit(opened.slot))
    reply = wording.render_thread_start(snapshot.timeline, opened.slot, figure)
    return apply_picture_setting(snapshot.group, reply)


def build_warm_up(snapshot: GroupSnapshot, opened: Opened) -> Reply:
    """Return the warm-up of a unit with the answer of the last one, as of now; without blocks if there is neither."""
    resolved = _find_resolved(snapshot, find_unit_before(snapshot, opened))
    return wording.render_warm_up(find_warm_up(snapshot, opened), resolved)


def build_recap(snapshot: GroupSnapshot, opened: Opened) -> Reply:
    """Return who completed the unit before, never who missed it, and who was thanked; without blocks if nobody."""
    before = find_unit_before(snapshot, opened)
    if before is None:
        return wording.render_recap("", "", None)
    unit_id, public = before.slot.unit_id, read_public_roll(snapshot)
    n_kept, names = public.count_kept(unit_id), public.kept_names(unit_id, wording.KEPT_MAX)
    n_planned = count_kept_pledges(snapshot, before) if n_kept else 0
    completed = wording.format_completed(n_kept, names, before.slot, n_planned)
    thanked = wording.format_thanked(*_list_thanked(snapshot, before.slot.opens_at, opened.slot.opens_at))
    reply = wording.render_recap(completed, thanked, count_week(snapshot, before))
    return apply_picture_setting(snapshot.group, reply)


def _find_resolved(snapshot: GroupSnapshot, closed: Opened | None) -> Text | None:
    """Return the right answer of a closed unit's warm-up."""
    warm_up = find_asked_warm_up(snapshot, closed) if closed is not None else None
    return quiz_wording.resolved(warm_up) if warm_up is not None else None


def _list_thanked(snapshot: GroupSnapshot, since: datetime, until: datetime) -> tuple[list[str], int]:
    """Return the shown members who were thanked in a time span: names without aliases, and the total count.

    Aliases are left out: a member who thanked only one person could otherwise see through that person's alias.
    """
    thanks = Thanks(snapshot.groups)
    accounts = thanks.receivers(snapshot.group, since, until)
    named = read_roll(snapshot).names_of(thanks.without_alias(snapshot.group, accounts))
    return named, len(read_roll(snapshot).names_of(accounts))


def find_unit_before(snapshot: GroupSnapshot, opened: Opened) -> Opened | None:
    """Return the unit that opened before another one, or None for the first."""
    before = snapshot.list_before(opened)
    return before[-1] if before else None


@dataclass(frozen=True)
class Closed:
    """A group's season is over, and its closing post says so."""

    group_id: int
    at: datetime
    post: Announcement

    def store(self, work: Work) -> None:
        """Store it."""
        group = work.session.get_one(Group, self.group_id)
        group.closed_at = group.wake_at = self.at  # the end of catching up is reckoned from here: another look finds it
        outbox.announce(work, self.post)


def plan_closing_post(snapshot: GroupSnapshot) -> Iterator[Effect]:
    """Yield the closing post at the first post slot after the last late period."""
    closing_at = snapshot.timeline.closing_at()
    if closing_at is None or closing_at > snapshot.now or snapshot.group.closed_at is not None:
        return
    until = pacing.find_catch_up_end(snapshot.now, snapshot.timeline.zone)
    last = snapshot.timeline.opened[-1] if snapshot.timeline.opened else None
    reply = wording.render_closing(snapshot.timeline, _build_summary(snapshot), until, _find_resolved(snapshot, last))
    with_pictures = apply_picture_setting(snapshot.group, reply)
    post = Announcement(
        message_keys.make_key(snapshot.group.id, "closing"), snapshot.place, with_pictures, closing_at, until
    )
    yield Closed(snapshot.group.id, snapshot.now, post)


def _build_summary(snapshot: GroupSnapshot) -> list[Block]:
    """Return the joint part of the closing post: check-ins, board or goal, recent thanks, and that reviews go on."""
    earlier = snapshot.timeline.opened[-1:] if len(snapshot.timeline.opened) > 1 else ()
    since = (
        earlier[0].slot.opens_at if earlier else snapshot.group.confirmed_at
    )  # what was before, that unit's post told
    thanked = wording.format_thanked(*_list_thanked(snapshot, since, snapshot.now))
    week = count_week(snapshot, snapshot.timeline.opened[-1]) if snapshot.timeline.opened else None
    has_reviews = bool(read_reviewers(snapshot))
    return wording.season_summary(week, _build_comparison(snapshot), thanked, has_reviews=has_reviews)


def _build_comparison(snapshot: GroupSnapshot) -> list[Block]:
    if not snapshot.group.has_board:
        opened = snapshot.timeline.opened
        return wording.goal_summary(compute_goal(snapshot, opened[-1]) if opened else None)
    # everyone reads this board, and who did nothing is named to nobody
    standings = [
        standing for standing in list_standings(read_public_roll(snapshot), "season_points") if standing.points
    ]
    streaks = [
        standing for standing in list_standings(read_public_roll(snapshot), "best_streak") if standing.points > 1
    ]
    longest = [
        (r.name, r.points) for r in leaderboard.select_view(streaks, top=3, ties=True) if isinstance(r, BoardRow)
    ]
    return wording.final_board(snapshot.group.name, leaderboard.select_view(standings, top=10, ties=True), longest)


def find_next_closing(snapshot: GroupSnapshot) -> datetime | None:
    """Return when the season closes; None until its last unit has opened."""
    closing_at = snapshot.timeline.closing_at()
    return closing_at if closing_at is not None and closing_at > snapshot.now else None


WEEKLY = ScheduledPost("weekly", plan_weekly_post, lambda snapshot: snapshot.opening_at)
POSTS: tuple[ScheduledPost[GroupSnapshot], ...] = (
    WEEKLY,
    reminders.THREAD,
    reminders.DIRECT,
    ScheduledPost("closing", plan_closing_post, find_next_closing),
)
