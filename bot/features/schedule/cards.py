"""The pictures of a group's posts, with their alternative texts."""

from __future__ import annotations

from datetime import timedelta

from bot.curriculum.content import Roadmap, Unit
from bot.drawing import week_card
from bot.drawing.header_card import HEADER, HeaderCard
from bot.drawing.week_card import WEEK, WeekCard
from bot.features.groups.calendar.timeline import Opened
from bot.features.groups.snapshot import GroupSnapshot
from bot.features.quiz.warm_up import find_asked_warm_up
from bot.features.standings.group_standings import read_public_roll
from bot.features.standings.trend import count_by_day
from bot.messages import markup
from bot.messages.reply import Image


def draw_unit(way: Roadmap, unit: Unit) -> Image:
    """Return the header picture of a unit's post; the post's title says the same in words."""
    phase, leg = way.phase_of(unit), way.leg_of(unit.id)
    place = f"Unit {way.count(unit.id)}"
    card = HeaderCard(phase.id, phase.title, unit.title, place, unit.number - leg.first + 1, len(leg.units))
    alt = f"{unit.title}, {place[0].lower()}{place[1:]}, phase {phase.title}, with the pattern of that phase."
    return Image(HEADER, card.data(), markup.clip(markup.clean(alt), 300), "")


def draw_week(group: GroupSnapshot, closed: Opened) -> Image | None:
    """Return the picture of a closed unit's check-ins by day and of its warm-up answers.

    It counts only members who are shown; None if there are none, or if none checked in.
    """
    if not read_public_roll(group).count_members():
        return None
    slot, zone = closed.slot, group.timeline.zone
    first, last = (at.astimezone(zone).date() for at in (slot.opens_at, min(slot.deadline_at, group.now)))
    days = [first + timedelta(days=n) for n in range(min(week_card.DAYS, (last - first).days + 1))]
    counts = count_by_day(group.cohorts.session, group.cohort.id, slot.unit_id, days[0], days[-1])
    if not counts:
        return None
    warm_up = find_asked_warm_up(group, closed)
    spread, right = (warm_up.spread, warm_up.posed.right) if warm_up is not None else ((), "")
    card = WeekCard(
        f"Unit {slot.number}, together", first, [counts.get(day, 0) for day in days], spread, right if spread else ""
    )
    by_day = week_card.told(card)
    answered = ", ".join(f"{letter} {count}" for letter, count in spread)
    alt = f"Check-ins in unit {slot.number} by day: {by_day}." + (
        f" Warm-up: {answered}; {right} is right." if answered else ""
    )
    return Image(WEEK, card.data(), alt, f"_Check-ins by day: {by_day}._")
