"""What the pictures of a leg show, and how the same is said in words."""

from __future__ import annotations

from bot.drawing import leg_card
from bot.drawing.certificate_card import CERTIFICATE, CertificateCard, since
from bot.drawing.leg_card import LEG, LegCard
from bot.features.checkins.milestones import DONE
from bot.features.checkins.scoring import UnitState
from bot.features.checkins.service import MemberView
from bot.features.groups.calendar.timeline import Opened
from bot.features.parts.completed_parts import Walked, came_in, kept
from bot.features.schedule.group import Group
from bot.messages import markup
from bot.messages.numerals import numbered
from bot.messages.reply import Image


def walked_way(mine: MemberView, one: Walked, title: str = "") -> str:
    """Return what a member has walked: "leg 2 of TITLE", and of a roadmap with one leg only its title."""
    if len(mine.timeline.roadmap.legs) == 1:
        return title or "this roadmap"
    return f"leg {one.leg.number} of {title}" if title else f"leg {one.leg.number}"


def subject(mine: MemberView, one: Walked) -> str:
    """Return what a leg is about: of a roadmap with one leg what the roadmap is."""
    way = mine.timeline.roadmap
    return one.leg.title if len(way.legs) > 1 else way.title


def about(mine: MemberView, one: Walked) -> str:
    """Return the same to be said after the way; empty where the way says it."""
    return f", {one.leg.title}" if len(mine.timeline.roadmap.legs) > 1 else ""


def entry(mine: MemberView, one: Walked) -> int:
    """Return the number of the unit with which a member came into a leg; 0 of who walked it from its beginning."""
    first = came_in(mine.score, one)
    return one.opened[first].slot.number if 0 < first < len(one.opened) else 0


def since_entry(mine: MemberView, one: Walked) -> tuple[Opened, ...]:
    """Return the units of a leg from that on with which a member came in."""
    return one.opened[came_in(mine.score, one) :] or one.opened[-1:]


def of_leg(mine: MemberView, one: Walked, name: str) -> Image:
    """Return a member's certificate of a leg, under a name; the text beside it says the same in words.

    Args:
        name: plain.
    """
    timeline, way = mine.timeline, mine.timeline.roadmap
    done = {state.unit_id for state in mine.score.states if state.state in DONE}
    first, last = (
        at.astimezone(timeline.zone).date()
        for at in (since_entry(mine, one)[0].slot.opens_at, one.opened[-1].slot.deadline_at)
    )
    card = CertificateCard(
        name,
        one.leg.number if len(way.legs) > 1 else 0,
        subject(mine, one),
        way.title if len(way.legs) > 1 else "",
        timeline.cohort.name,
        way.phase_of(timeline.unit(one.opened[-1].slot)).id,
        tuple(unit in done for unit in one.unit_ids),
        first,
        last,
        entry(mine, one),
    )
    alt = (
        f"Certificate: {name} has walked {walked_way(mine, one, way.title)}{about(mine, one)}: {kept(mine.score, one)} "
        f"of {numbered(len(one.opened), 'unit')} kept{since(entry(mine, one))}."
    )
    return Image(CERTIFICATE, card.data(), markup.clip(markup.clean(alt), 400), "")


def of_group(group: Group, one: Walked) -> Image | None:
    """Return how many of those who show themselves kept each unit of a leg; None if none of them took part."""
    everybody = group.public.scores.by_account.values()
    first, last = (
        at.astimezone(group.timeline.zone).date()
        for at in (one.opened[0].slot.opens_at, one.opened[-1].slot.deadline_at)
    )
    ids = frozenset(one.unit_ids)
    scores = [score for score in everybody if any(s.unit_id in ids and _has_part(s) for s in score.states)]
    if not scores:
        return None
    done = [{state.unit_id for state in score.states if state.state in DONE} for score in scores]
    kept = [sum(unit in units for units in done) for unit in one.unit_ids]
    late = sum("before" in (s.outcome for s in score.states if s.unit_id == one.unit_ids[0]) for score in scores)
    card = LegCard(
        f"Leg {one.leg.number}, together", one.leg.title, one.opened[0].slot.number, kept, len(done), first, last, late
    )
    told = leg_card.told(card)
    alt = f"How many kept each unit of leg {one.leg.number}: {told}."
    return Image(LEG, card.data(), markup.clip(alt, 400), f"_Kept by {told}._")


def _has_part(state: UnitState) -> bool:
    """Whether a member took part in a unit, or caught up on it."""
    return state.took_part or state.state in DONE
