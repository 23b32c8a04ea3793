"""A quiz on what comes before a point of a leg: whether somebody may come in there."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, zip_longest

from bot.core.context import Context
from bot.core.errors import NotFound
from bot.features.cohort.calendar.timeline import Timeline
from bot.features.quiz.service import BRIDGE, Quizzes
from bot.features.roadmap import lookup
from bot.features.roadmap.bank import Item
from bot.features.roadmap.content import Unit
from bot.features.roadmap.track import Track

QUESTIONS = 10


def over(
    ctx: Context, track: Track, timeline: Timeline | None, named: str, quizzes: Quizzes
) -> tuple[str, Sequence[Item]]:
    """Return what stands for a unit, and ten questions on what comes before a leg, or before where a group is in it.

    Raises:
        NotFound: there is no such leg, nothing comes before it, or nobody has written questions on that.
    """
    leg = lookup.find_leg(track.roadmap.legs, named)
    running = timeline.running(ctx.now) if timeline is not None else None
    at = track.roadmap.unit(running.slot.unit_id) if running is not None else None
    before: Sequence[Unit] = [unit for unit in leg.units if at is not None and unit.number < at.number]
    if not before or (at is not None and at.number > leg.last):
        before = track.roadmap.legs[leg.number - 2].units if leg.number > 1 else ()
    if not before:
        raise NotFound("Nothing comes before leg 1: you are ready for it.", field="leg")
    banks = [track.banks[unit.id].items for unit in before if unit.id in track.banks]
    if not banks:
        raise NotFound("There are no questions yet on what comes before that.", field="leg")
    share = -(-QUESTIONS // len(banks))
    picked = [quizzes.pick(ctx.actor.account_id, track, items, share) for items in banks]
    mixed = [item for item in chain.from_iterable(zip_longest(*picked)) if item is not None]
    return f"{BRIDGE}{leg.number}", mixed[:QUESTIONS]
