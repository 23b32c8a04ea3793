"""Pictures at the end of a part, with their alternative texts."""

from __future__ import annotations

from bot.drawing.certificate_card import CertificateCard
from bot.drawing.part_card import PartCard
from bot.features.checkins.checkin_log import MemberView
from bot.features.checkins.milestones import DONE
from bot.features.checkins.scoring import UnitState
from bot.features.groups.calendar.timeline import Opened
from bot.features.groups.snapshot import GroupSnapshot
from bot.features.parts import wording
from bot.features.parts.completed_parts import Walked, count_completed, find_entry
from bot.features.standings.group_standings import read_public_roll
from bot.messages.reply import Image


def describe_way(view: MemberView, part: Walked, title: str = "") -> str:
    """Return what a member has completed: "part 2 of TITLE", or only the title of a course with one part."""
    return wording.describe_part(part.leg.number if len(view.timeline.roadmap.parts) > 1 else 0, title)


def get_subject(view: MemberView, part: Walked) -> str:
    """Return a part's title, or the course's title if it has one part."""
    way = view.timeline.roadmap
    return part.leg.title if len(way.parts) > 1 else way.title


def format_subject(view: MemberView, part: Walked) -> str:
    """Return the part's title as a suffix; empty if the course has one part."""
    return wording.format_subject(part.leg.title) if len(view.timeline.roadmap.parts) > 1 else ""


def find_entry_number(view: MemberView, part: Walked) -> int:
    """Return the number of the unit with which a late joiner began a part; 0 for the others."""
    first = find_entry(view.score, part)
    return part.opened[first].slot.number if 0 < first < len(part.opened) else 0


def list_since_entry(view: MemberView, part: Walked) -> tuple[Opened, ...]:
    """Return a part's units from the member's first one on."""
    return part.opened[find_entry(view.score, part) :] or part.opened[-1:]


def draw_certificate(view: MemberView, part: Walked, name: str) -> Image:
    """Return the picture of a member's certificate of a part.

    Args:
        name: plain.
    """
    subject = f"{describe_way(view, part, view.timeline.roadmap.title)}{format_subject(view, part)}"
    return wording.certificate_picture(make_certificate(view, part, name), subject, format_counts(view, part))


def make_certificate(view: MemberView, part: Walked, name: str) -> CertificateCard:
    """Return the card of a member's certificate of a part."""
    timeline, way = view.timeline, view.timeline.roadmap
    done = {state.unit_id for state in view.score.states if state.state in DONE}
    first, last = (
        at.astimezone(timeline.zone).date()
        for at in (list_since_entry(view, part)[0].slot.opens_at, part.opened[-1].slot.deadline_at)
    )
    return CertificateCard(
        name,
        part.leg.number if len(way.parts) > 1 else 0,
        get_subject(view, part),
        way.title if len(way.parts) > 1 else "",
        timeline.group.name,
        way.phase_of(timeline.unit(part.opened[-1].slot)).id,
        tuple(unit in done for unit in part.unit_ids),
        first,
        last,
        find_entry_number(view, part),
    )


def format_counts(view: MemberView, part: Walked) -> str:
    """Return "3 of 4 units"."""
    return wording.format_counts(count_completed(view.score, part), len(part.opened))


def draw_part(snapshot: GroupSnapshot, part: Walked) -> Image | None:
    """Return the picture of how many shown members completed each unit of a part; None if none took part."""
    everybody = read_public_roll(snapshot).scores.by_account.values()
    first, last = (
        at.astimezone(snapshot.timeline.zone).date()
        for at in (part.opened[0].slot.opens_at, part.opened[-1].slot.deadline_at)
    )
    ids = frozenset(part.unit_ids)
    scores = [score for score in everybody if any(s.unit_id in ids and _has_part(s) for s in score.states)]
    if not scores:
        return None
    done = [{state.unit_id for state in score.states if state.state in DONE} for score in scores]
    n_kept = [sum(unit in units for units in done) for unit in part.unit_ids]
    late = sum("before" in (s.outcome for s in score.states if s.unit_id == part.unit_ids[0]) for score in scores)
    card = PartCard(
        wording.format_card_title(part.leg.number),
        part.leg.title,
        part.opened[0].slot.number,
        n_kept,
        len(done),
        first,
        last,
        late,
    )
    return wording.part_picture(part.leg.number, card)


def _has_part(state: UnitState) -> bool:
    """Whether a member took part in a unit, or caught up on it."""
    return state.took_part or state.state in DONE
