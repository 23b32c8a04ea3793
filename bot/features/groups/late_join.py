"""Help for members who join during a part: what it covered, which notes help, what they may skip."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.curriculum.content import CoursePart, Unit
from bot.curriculum.track import Track
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.wording import describe_part
from bot.messages import markup
from bot.messages.numerals import numbered
from bot.messages.reply import Text

NOTES = 3
"""Notes of which a late joiner reads the gist."""
SHORT = "Read or try one thing from it. That counts."


def list_covered(timeline: Timeline, now: datetime) -> list[Unit]:
    """Return the units of the current part before the running one; empty if no unit runs."""
    running = timeline.running(now)
    if running is None:
        return []
    leg = timeline.roadmap.leg_of(running.slot.unit_id)
    before = [opened.slot for opened in timeline.opened if opened.slot.opens_at < running.slot.opens_at]
    return [timeline.unit(slot) for slot in before if timeline.roadmap.leg_of(slot.unit_id) == leg]


def list_spared(timeline: Timeline, joined_at: datetime) -> frozenset[str]:
    """Return the units that a late joiner may leave out: they may begin with the next part.

    In the last part, those are the units that opened before they joined.
    """
    before = [opened.slot for opened in timeline.opened if opened.slot.opens_at <= joined_at]
    leg_of = timeline.roadmap.leg_of
    if len(before) < 2 or joined_at >= before[-1].grace_until:
        return frozenset()
    leg = leg_of(before[-1].unit_id)
    if leg != leg_of(before[-2].unit_id):
        return frozenset()
    its = (opened.slot for opened in timeline.opened if leg_of(opened.slot.unit_id) == leg)
    return frozenset(slot.unit_id for slot in its if leg != timeline.legs[-1] or slot.opens_at <= joined_at)


def render_catch_up(timeline: Timeline, track: Track, now: datetime) -> list[Text]:
    """Return the text for a late joiner; empty if the part has just begun."""
    over, running = list_covered(timeline, now), timeline.running(now)
    if not over or running is None:
        return []
    unit = timeline.unit(running.slot)
    leg = timeline.roadmap.leg_of(unit.id)
    titles = ", ".join(markup.escape(past.title, 60) for past in over)
    gists = "\n".join(_list_gists(track, over))
    return [
        Text(
            f"**So far** this part had {numbered(len(over), 'unit')}: {titles}. They don't count as missed, and you "
            "don't have to catch up."
        ),
        *([Text(f"**Most useful from these units**\n{gists}")] if gists else []),
        Text(f"**In your first week**, half an hour is enough. {markup.prose(unit.exercise.short) or SHORT}"),
        *([Text(following)] if (following := _describe_next_part(timeline, leg, now)) else []),
    ]


def _list_gists(track: Track, units: list[Unit]) -> Iterator[str]:
    """Yield the gist of one note of each of the newest units, as list items."""
    notes = [track.notes[unit.notes[0]] for unit in units if unit.notes and unit.notes[0] in track.notes]
    for note in [note for note in notes if any(section.gist for section in note.sections)][-NOTES:]:
        gist = next(section.gist for section in note.sections if section.gist)
        yield f"- _{markup.escape(note.title, 80)}_: {markup.prose(gist)}"


def _describe_next_part(timeline: Timeline, leg: CoursePart, now: datetime) -> str:
    """Return when the next part begins, where a late joiner may also start; empty if there is none."""
    ahead = [slot for slot in timeline.planned(now) if timeline.roadmap.leg_of(slot.unit_id) != leg]
    if not ahead:
        return ""
    coming = timeline.roadmap.leg_of(ahead[0].unit_id)
    begins = markup.moment(ahead[0].opens_at, timeline.group.zone, "day")
    return f"Or wait for part {coming.number}. It begins on {begins}: {describe_part(timeline, coming, now)}."
