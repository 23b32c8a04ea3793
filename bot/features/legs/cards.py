"""What the certificate of a leg shows."""

from __future__ import annotations

from bot.core import markup
from bot.core.numerals import numbered
from bot.core.reply import Image
from bot.drawing.certificate_card import CERTIFICATE, CertificateCard
from bot.features.legs.walked import Walked, kept
from bot.features.progress.milestones import DONE
from bot.features.progress.service import Mine


def of_leg(mine: Mine, one: Walked, name: str) -> Image:
    """Return a member's certificate of a leg, under a name; the text beside it says the same in words.

    Args:
        name: plain.
    """
    timeline, way = mine.timeline, mine.timeline.roadmap
    done = {state.unit_id for state in mine.score.states if state.state in DONE}
    first, last = (
        at.astimezone(timeline.zone).date() for at in (one.opened[0].slot.opens_at, one.opened[-1].slot.deadline_at)
    )
    card = CertificateCard(
        name, one.leg.number, one.leg.title, way.title, timeline.cohort.name,
        way.phase_of(timeline.unit(one.opened[-1].slot)).id, tuple(unit in done for unit in one.unit_ids), first, last,
    )  # fmt: skip
    alt = (
        f"Certificate: {name} has walked leg {one.leg.number} of {way.title}, {one.leg.title}: {kept(mine.score, one)} "
        f"of {numbered(len(one.opened), 'unit')} kept."
    )
    return Image(CERTIFICATE, card.data(), markup.clip(markup.clean(alt), 400), "")
