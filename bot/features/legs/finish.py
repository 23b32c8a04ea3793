"""The post at the end of a leg: what lies behind, thanks, the break, and what the next one asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select

from bot.core import markup
from bot.core.numerals import numbered
from bot.core.reply import Button, Reply, Text
from bot.db.announcement import Announcement
from bot.features import ways
from bot.features.cohort import keys
from bot.features.cohort.calendar.timeline import POST_LATENESS
from bot.features.cohort.wording import shape
from bot.features.legs.tables import Onward
from bot.features.legs.walked import Walked, count_most, last_over, walked
from bot.features.quiz.review_commands import review
from bot.features.roadmap.content import Unit
from bot.features.schedule import together
from bot.features.schedule.group import Group
from bot.features.schedule.post import Effect, Post


def key(cohort_id: int, over: Walked) -> str:
    """Return the key of the post that tells of a leg's end."""
    return keys.key(cohort_id, over.key, "finish")


def finish(group: Group) -> Iterator[Effect]:
    """At the post slot after a leg's last grace, where another leg follows; a day late at most."""
    over, at = _newest(group)
    if over is None or at is None or not at <= group.now < at + POST_LATENESS:
        return
    told = key(group.cohort.id, over)
    if not group.has_sent(told):
        yield Announcement(told, group.place, finished(group, over), at, at + POST_LATENESS)


def next_finish(group: Group) -> datetime | None:
    """When the leg ends that runs, if no further unit of it is to come."""
    _, at = _newest(group)
    return at if at is not None and at > group.now else None


def _newest(group: Group) -> tuple[Walked | None, datetime | None]:
    """Return the newest leg whose units are all out, and when its end is told; None while the season closes."""
    timeline = group.timeline
    if timeline.cohort.end_asked_at is not None or not timeline.left:
        return None, None
    coming = {timeline.roadmap.leg_of(unit.id) for unit in timeline.left}
    out = next((one for one in reversed(walked(timeline, group.now)) if one.leg not in coming), None)
    return out, timeline.over_at(out.opened[-1].slot) if out is not None else None


def finished(group: Group, over: Walked) -> Reply:
    """Return the post at a leg's end as it reads now."""
    timeline, cohort = group.timeline, group.cohort
    zone, leg, following = cohort.zone, over.leg, timeline.left[0]
    first, last = over.opened[0].slot, over.opened[-1].slot
    most = count_most(group.roll.scores.by_account.values(), over)
    said = [
        f"{numbered(len(over.opened), 'unit')} on **{markup.escape(leg.title, 120)}** "
        f"{'lies' if len(over.opened) == 1 else 'lie'} behind us, from {markup.moment(first.opens_at, zone, 'day')} to "
        f"{markup.moment(last.deadline_at, zone, 'day')}." + (f" {most} of us kept most of it." if most > 1 else ""),
        *filter(None, (together.goal(group.goal(over.opened[-1])),)),
        "Thank you for learning together, and for every question that someone else had too.",
        _ahead(group, following),
    ]
    going = _count(group, following)
    said += [f"{going} of us go on." if going > 1 else "One of us goes on."] if going else []
    return Reply(
        tuple(map(Text, said)),
        (
            Button("I go on", ways.GO_ON.call(cohort.id, unit=following.id), "primary"),
            Button("My certificate", ways.CERTIFICATE.call(cohort.id, leg=leg.number)),
            Button("Review", review.call()),
        ),
        title=f"Leg {leg.number} of {markup.escape(cohort.name)} is behind us",
        tone="good",
    )


def _ahead(group: Group, following: Unit) -> str:
    """Return what comes: the break, where there is one, and the shape of the next leg."""
    timeline, planned = group.timeline, group.timeline.planned(group.now)[:1]
    leg = timeline.roadmap.leg_of(following.id)
    comes = f" It begins {markup.moment(planned[0].opens_at, timeline.cohort.zone)}." if planned else ""
    rest = "Now comes a free week: nothing is due. Catch up, review, or rest.\n" if timeline.has_breaks else ""
    return f"{rest}**Leg {leg.number}**: {shape(timeline, leg, group.now)}.{comes}"


def _count(group: Group, first: Unit) -> int:
    chosen = select(func.count()).where(Onward.cohort_id == group.cohort.id, Onward.unit_id == first.id)
    return group.cohorts.session.scalar(chosen) or 0


def over_before(group: Group, first: Unit) -> Walked | None:
    """Return the leg whose end is told while a unit is the next to come, or None."""
    left = group.timeline.left[:1]
    return last_over(walked(group.timeline, group.now)) if left and left[0].id == first.id else None


FINISH = Post("finish of a leg", finish, next_finish)
