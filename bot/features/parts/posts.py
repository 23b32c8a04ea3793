"""The post at a part's end, and the pace that a season leaves for later groups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bot.curriculum.content import CoursePart, Unit
from bot.curriculum.pace import LEAST
from bot.delivery.outbox import Announcement
from bot.delivery.scheduled_post import Effect, ScheduledPost
from bot.features.checkins.milestones import DONE
from bot.features.checkins.tables import PaceRow
from bot.features.groups import message_keys
from bot.features.groups.calendar.timeline import POST_LATENESS, Timeline
from bot.features.groups.snapshot import GroupSnapshot, read_once
from bot.features.groups.tables import Membership
from bot.features.groups.wording import apply_picture_setting
from bot.features.parts import cards, wording
from bot.features.parts.completed_parts import Walked, count_most, list_parts
from bot.features.parts.tables import Onward
from bot.features.schedule import wording as schedule_wording
from bot.features.schedule.group_summary import compute_goal
from bot.features.solutions.service import Solutions
from bot.features.solutions.wording import render_closing_lines
from bot.features.standings.group_standings import read_public_roll, read_roll
from bot.features.thanks.service import Thanks
from bot.messages.reply import Reply
from bot.storage.insert import insert_once
from bot.storage.unit_of_work import Work


def key(group_id: int, over: Walked) -> str:
    """Return the key of the post at a part's end."""
    return message_keys.make_key(group_id, over.key, "finish")


def plan_part_end(snapshot: GroupSnapshot) -> Iterator[Effect]:
    """Yield the post at the slot after a part's last late period, if another part follows; a day late at most."""
    for over, at in _list_ends(snapshot):
        message_key = key(snapshot.group.id, over)
        if at <= snapshot.now < at + POST_LATENESS and not snapshot.has_sent(message_key):
            yield Announcement(message_key, snapshot.place, render_part_end(snapshot, over), at, at + POST_LATENESS)


def next_finish(snapshot: GroupSnapshot) -> datetime | None:
    """Return when the next part ends whose units have all opened."""
    return min((at for _, at in _list_ends(snapshot) if at > snapshot.now), default=None)


@read_once
def _list_ends(snapshot: GroupSnapshot) -> Sequence[tuple[Walked, datetime]]:
    """Return the parts whose units have all opened, with the time of their end post, except the last."""
    timeline = snapshot.timeline
    if timeline.group.end_asked_at is not None:
        return ()
    kept_open = {timeline.roadmap.part_of(unit.id).number for unit in timeline.left} | {timeline.legs[-1].number}
    over = [part for part in list_parts(timeline, snapshot.now) if part.leg.number not in kept_open]
    return [(part, at) for part in over if (at := timeline.over_at(part.opened[-1].slot)) is not None]


def _find_following(timeline: Timeline, over: Walked) -> CoursePart:
    return timeline.roadmap.parts[over.leg.number]


def render_part_end(snapshot: GroupSnapshot, over: Walked) -> Reply:
    """Return the end post as of now."""
    timeline, group = snapshot.timeline, snapshot.group
    following, solutions = _find_following(timeline, over), Solutions(snapshot.groups, Thanks(snapshot.groups))
    reply = wording.render_part_end(
        timeline,
        over,
        following,
        snapshot.now,
        n_most=count_most(read_public_roll(snapshot).scores.by_account.values(), over),
        n_going=_count_going_on(snapshot, following.units[0]),
        goal=schedule_wording.explain_goal(compute_goal(snapshot, over.opened[-1])),
        picture=cards.draw_part(snapshot, over),
        made=render_closing_lines(solutions.list_closing(timeline, over.leg)),
    )
    return apply_picture_setting(group, reply)


def _count_going_on(snapshot: GroupSnapshot, first: Unit) -> int:
    chosen = (
        select(Onward.account_id)
        .join(Membership, (Membership.group_id == Onward.group_id) & (Membership.account_id == Onward.account_id))
        .where(Onward.group_id == snapshot.group.id, Onward.unit_id == first.id, Membership.left_at.is_(None))
    )
    return len(read_public_roll(snapshot).rows_of(snapshot.groups.session.scalars(chosen).all()))


def over_before(snapshot: GroupSnapshot, first: Unit) -> Walked | None:
    """Return the part whose end post asks who goes on with the part that a unit begins, or None."""
    ends = (over for over, _ in _list_ends(snapshot))
    return next((over for over in ends if _find_following(snapshot.timeline, over).units[0] == first), None)


@dataclass(frozen=True)
class CompletionShares:
    """How many of the finishers completed each unit, by its id."""

    group_id: int
    finishers: int
    kept: tuple[tuple[str, int], ...]

    def store(self, work: Work) -> None:
        """Store it."""
        for unit_id, n_kept in self.kept:
            row = {"group_id": self.group_id, "unit_id": unit_id, "kept": n_kept, "finishers": self.finishers}
            insert_once(work.session, PaceRow, **row)


def plan_completion_shares(snapshot: GroupSnapshot) -> Iterator[Effect]:
    """Yield the shares after a season's last late period, if at least five members completed three quarters of it."""
    ends_at = next_paced(snapshot, is_over=True)
    session = snapshot.groups.session
    if ends_at is None or ends_at > snapshot.now:
        return
    if session.scalar(select(PaceRow.id).where(PaceRow.group_id == snapshot.group.id).limit(1)) is not None:
        return
    ids = [opened.slot.unit_id for opened in snapshot.timeline.opened]
    done = [
        {state.unit_id for state in score.states if state.state in DONE}
        for score in read_roll(snapshot).scores.by_account.values()
    ]
    finishers = [units for units in done if 4 * len(units) >= 3 * len(ids)]
    if len(finishers) >= LEAST:
        shares = tuple((unit_id, sum(unit_id in finisher for finisher in finishers)) for unit_id in ids)
        yield CompletionShares(snapshot.group.id, len(finishers), shares)


def next_paced(snapshot: GroupSnapshot, *, is_over: bool = False) -> datetime | None:
    """Return when the last late period of a fully opened season ends."""
    if not snapshot.timeline.is_walked:
        return None
    at = snapshot.timeline.opened[-1].slot.grace_until
    return at if is_over or at > snapshot.now else None


POSTS: tuple[ScheduledPost[GroupSnapshot], ...] = (
    ScheduledPost("finish of a part", plan_part_end, next_finish),
    ScheduledPost("pace of a season", plan_completion_shares, next_paced),
)
