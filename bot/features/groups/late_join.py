"""Help for members who join during a part: what it covered, which notes help, what they may skip."""

from __future__ import annotations

from datetime import datetime

from bot.curriculum.content import Unit
from bot.curriculum.track import Track
from bot.features.groups import wording
from bot.features.groups.calendar.timeline import Timeline
from bot.messages.reply import Text

NOTES = 3
"""Most notes whose gist a late joiner reads."""


def list_covered(timeline: Timeline, now: datetime) -> list[Unit]:
    """Return the units of the current part before the running one; empty if no unit runs."""
    running = timeline.running(now)
    if running is None:
        return []
    leg = timeline.roadmap.part_of(running.slot.unit_id)
    before = [opened.slot for opened in timeline.opened if opened.slot.opens_at < running.slot.opens_at]
    return [timeline.unit(slot) for slot in before if timeline.roadmap.part_of(slot.unit_id) == leg]


def list_spared(timeline: Timeline, joined_at: datetime) -> frozenset[str]:
    """Return the units that a late joiner may leave out: they may begin with the next part.

    In the last part, those are the units that opened before they joined.
    """
    before = [opened.slot for opened in timeline.opened if opened.slot.opens_at <= joined_at]
    part_of = timeline.roadmap.part_of
    if len(before) < 2 or joined_at >= before[-1].grace_until:
        return frozenset()
    leg = part_of(before[-1].unit_id)
    if leg != part_of(before[-2].unit_id):
        return frozenset()
    its = (opened.slot for opened in timeline.opened if part_of(opened.slot.unit_id) == leg)
    return frozenset(slot.unit_id for slot in its if leg != timeline.legs[-1] or slot.opens_at <= joined_at)


def render_catch_up(timeline: Timeline, track: Track, now: datetime) -> list[Text]:
    """Return the text for a late joiner; empty if the part has just begun."""
    covered, running = list_covered(timeline, now), timeline.running(now)
    if not covered or running is None:
        return []
    unit = timeline.unit(running.slot)
    part = timeline.roadmap.part_of(unit.id)
    ahead = (slot for slot in timeline.planned(now) if timeline.roadmap.part_of(slot.unit_id) != part)
    return wording.render_catch_up(timeline, unit, covered, _list_gists(track, covered), next(ahead, None), now)


def _list_gists(track: Track, units: list[Unit]) -> list[tuple[str, str]]:
    """Return title and gist of one note of each of the newest units."""
    notes = [track.notes[unit.notes[0]] for unit in units if unit.notes and unit.notes[0] in track.notes]
    gists = [(note.title, [section.gist for section in note.sections if section.gist]) for note in notes]
    return [(title, texts[0]) for title, texts in gists if texts][-NOTES:]
