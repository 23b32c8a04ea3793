"""What somebody reads who comes in while a leg is under way: where it is, what helps, and what may be left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.curriculum.content import CoursePart, Unit
from bot.curriculum.track import Track
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.wording import shape
from bot.messages import markup
from bot.messages.numerals import numbered
from bot.messages.reply import Text

NOTES = 3
"""Notes of which a late joiner reads the gist."""
SHORT = "Read or try one thing of it; that counts."


def covered(timeline: Timeline, now: datetime) -> list[Unit]:
    """Return the units of the leg that runs which came before the running one; none where nothing runs."""
    running = timeline.running(now)
    if running is None:
        return []
    leg = timeline.roadmap.leg_of(running.slot.unit_id)
    before = [one.slot for one in timeline.opened if one.slot.opens_at < running.slot.opens_at]
    return [timeline.unit(slot) for slot in before if timeline.roadmap.leg_of(slot.unit_id) == leg]


def spared(timeline: Timeline, joined_at: datetime) -> frozenset[str]:
    """Return the units at which nobody who came in late has to have begun: the next leg is time enough for them.

    In the last leg, which no other follows, those that had opened before.
    """
    before = [one.slot for one in timeline.opened if one.slot.opens_at <= joined_at]
    leg_of = timeline.roadmap.leg_of
    if len(before) < 2 or joined_at >= before[-1].grace_until:
        return frozenset()
    leg = leg_of(before[-1].unit_id)
    if leg != leg_of(before[-2].unit_id):
        return frozenset()
    its = (one.slot for one in timeline.opened if leg_of(one.slot.unit_id) == leg)
    return frozenset(one.unit_id for one in its if leg != timeline.legs[-1] or one.opens_at <= joined_at)


def told(timeline: Timeline, track: Track, now: datetime) -> list[Text]:
    """Return what a late joiner reads; nothing where the leg has just begun."""
    over, running = covered(timeline, now), timeline.running(now)
    if not over or running is None:
        return []
    unit = timeline.unit(running.slot)
    leg = timeline.roadmap.leg_of(unit.id)
    titles = ", ".join(markup.escape(one.title, 60) for one in over)
    gists = "\n".join(_gists(track, over))
    return [
        Text(
            f"**So far** this leg has covered {numbered(len(over), 'unit')}: {titles}. They came before you: none "
            "counts as missed, and none has to be caught up."
        ),
        *([Text(f"**What helps most of it**\n{gists}")] if gists else []),
        Text(f"**For your first week** half an hour is enough. {markup.prose(unit.exercise.short) or SHORT}"),
        *([Text(following)] if (following := _following(timeline, leg, now)) else []),
    ]


def _gists(track: Track, units: list[Unit]) -> Iterator[str]:
    """Yield the gist of one note of each of the newest units, as the list of them goes."""
    notes = [track.notes[unit.notes[0]] for unit in units if unit.notes and unit.notes[0] in track.notes]
    for note in [note for note in notes if any(section.gist for section in note.sections)][-NOTES:]:
        gist = next(section.gist for section in note.sections if section.gist)
        yield f"- _{markup.escape(note.title, 80)}_: {markup.prose(gist)}"


def _following(timeline: Timeline, leg: CoursePart, now: datetime) -> str:
    """Return when the next leg begins, at which somebody may come in as well."""
    ahead = [slot for slot in timeline.planned(now) if timeline.roadmap.leg_of(slot.unit_id) != leg]
    if not ahead:
        return ""
    coming = timeline.roadmap.leg_of(ahead[0].unit_id)
    begins = markup.moment(ahead[0].opens_at, timeline.cohort.zone, "day")
    return f"Or take your time until leg {coming.number} begins, {begins}: {shape(timeline, coming, now)}."
