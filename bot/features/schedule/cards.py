"""What the pictures of a group's posts show, and how the same is said in words."""

from __future__ import annotations

from bot.core import markup
from bot.core.reply import Image
from bot.drawing.header_card import HEADER, HeaderCard
from bot.features.roadmap.content import Roadmap, Unit


def of_unit(way: Roadmap, unit: Unit) -> Image:
    """Return the head of a unit's post; the post's title says the same in words."""
    phase, leg = way.phase_of(unit), way.leg_of(unit.id)
    place = f"Unit {way.count(unit.id)}"
    card = HeaderCard(phase.id, phase.title, unit.title, place, unit.number - leg.first + 1, len(leg.units))
    alt = f"{unit.title}, {place[0].lower()}{place[1:]}, phase {phase.title}, with the pattern of that phase."
    return Image(HEADER, card.data(), markup.clip(markup.clean(alt), 300), "")
