"""How an outline reads before it is a roadmap, and what is said once it is one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.curriculum.content import Phase, Roadmap, Unit
from bot.curriculum.faults import by_sentence
from bot.curriculum.outline_reader import TITLE_MAX
from bot.features.custom_courses.service import CourseDraft
from bot.messages import markup
from bot.messages.reply import Block, Text

UNITS_SHOWN, DETAILED, LINES_SHOWN = 30, 10, 5
"""Units of a preview, those of them with their exercise and links, and lines of each other list in it."""
LINKS_SHOWN = 2


def title(draft: CourseDraft) -> str:
    """Return the heading of a preview: the title and how long it is."""
    return f"“{markup.escape(draft.title, TITLE_MAX)}”: {describe_length(draft.roadmap)}"


def describe_length(roadmap: Roadmap) -> str:
    """Return how long a roadmap is: "12 units in 3 phases, about 40 hours"."""
    hours = sum(unit.hours for unit in roadmap.units)
    phases = len(roadmap.phases)
    text = _number(len(roadmap.units), "unit") + (f" in {phases} phases" if phases > 1 else "")
    return text + (f", about {_number(hours, 'hour')}" if hours else "")


def render_preview(draft: CourseDraft) -> tuple[Block, ...]:
    """Return what the outline becomes, what was not understood, what it changes and what is still to do."""
    texts = [
        markup.prose(draft.roadmap.summary),
        *_phases(draft.roadmap),
        _list_remarks(draft),
        *(_changes(draft) if draft.before is not None else ()),
        _list_gaps(draft.roadmap),
    ]
    return tuple(Text(text) for text in texts if text)


def _phases(roadmap: Roadmap) -> Iterator[str]:
    left = UNITS_SHOWN
    for phase in roadmap.phases:
        units = phase.units[:left]
        left -= len(units)
        is_lone = len(roadmap.phases) == 1 and phase.title == roadmap.title
        head = [] if is_lone else [_head(phase)]
        more = (
            [f"- _and {_number(len(phase.units) - len(units), 'unit')} more_"] if len(units) < len(phase.units) else []
        )
        lines = (f"- {_unit(unit, is_detailed=unit.number <= DETAILED)}" for unit in units)
        yield "\n".join([*head, *lines, *more])


def _head(phase: Phase) -> str:
    return f"**{markup.escape(phase.title, TITLE_MAX)}**" + (f" {markup.prose(phase.summary)}" if phase.summary else "")


def _unit(unit: Unit, *, is_detailed: bool) -> str:
    more = [*([f"{unit.hours} h"] if unit.hours else []), *([_number(n, "link")] if (n := len(unit.resources)) else [])]
    line = f"{unit.number} {markup.escape(unit.title)}" + (f" ({', '.join(more)})" if more else "")
    if not is_detailed:
        return line
    if task := unit.exercise.task:
        line += f". Exercise: {markup.escape(task, 60)}"
    if unit.resources:
        names = [markup.escape(resource.title, 40) for resource in unit.resources[:LINKS_SHOWN]]
        names += [f"{left} more"] if (left := len(unit.resources) - LINKS_SHOWN) > 0 else []
        line += f". Links: {', '.join(names)}"
    return line


def _changes(draft: CourseDraft) -> Iterator[str]:
    """Yield what a changed outline does to the roadmap as it stands."""
    renamed = [f"“{markup.escape(old.title)}” is called “{markup.escape(new.title)}”" for old, new in draft.renamed]
    yield _format_list("New", [markup.escape(unit.title) for unit in draft.new])
    yield _format_list("Renamed", renamed)
    yield _format_list("Lost", [markup.escape(unit.title) for unit in draft.gone])
    if not (draft.new or draft.gone or renamed):
        yield "No unit comes, goes or changes its title."


def _list_gaps(roadmap: Roadmap) -> str:
    """Return what an outline can still say of its units."""
    units = roadmap.units
    lacking = (
        ("summary", [u for u in units if not u.summary]),
        ("hours", [u for u in units if not u.hours]),
        ("links", [u for u in units if not u.resources]),
    )
    lacks = [f"{len(without)} of {len(units)} without {what}" for what, without in lacking if without]
    return f"**Still to do**, and it can wait: {', '.join(lacks)}." if lacks else ""


def _list_remarks(draft: CourseDraft) -> str:
    remarks = by_sentence(draft.sketch.remarks, LINES_SHOWN)
    return "\n".join(["**Left out or shortened**", *(f"- {remark}" for remark in remarks)]) if remarks else ""


def _format_list(head: str, lines: Sequence[str]) -> str:
    items = [f"- {line}" for line in lines[:LINES_SHOWN]]
    more = [f"- and {len(lines) - LINES_SHOWN} more"] if len(lines) > LINES_SHOWN else []
    return "\n".join([f"**{head}**", *items, *more]) if lines else ""


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
