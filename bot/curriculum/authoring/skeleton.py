"""Write an imported outline as the files of a course folder, with "to do" marks. Pure."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from bot.curriculum.authoring.outline_import import OutlineLink, Sketch, SketchedPhase, SketchedUnit
from bot.curriculum.folder import OUTLINE
from bot.curriculum.outline_reader import TITLE_MAX
from bot.curriculum.yaml_reader import ID_MAX
from bot.messages import markup

HEAD = """\
# What is marked "to do" may stay empty: the bot leaves it out. Ids are for ever; change titles and texts at any time.
"""
FIRST = Sketch(
    phases=(
        SketchedPhase("The first weeks", "", (SketchedUnit("The first unit", "Say here why this week matters.", 3),)),
    )
)
"""The example course for people without an outline."""


def slug(title: str, taken: set[str], otherwise: str) -> str:
    """Return a new id made from a title's words, and add it to `taken`.

    Args:
        otherwise: the fallback if the title has no Latin letters.
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", title.casefold()) if c.isascii())
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    base = "-".join(words).lstrip("-0123456789") or otherwise
    short = base if len(base) <= ID_MAX else base[: ID_MAX + 1].rpartition("-")[0] or base[:ID_MAX]
    ident, number = short, 1
    while ident in taken:
        number += 1
        ident = f"{short[: ID_MAX - 4].rstrip('-')}-{number}"
    taken.add(ident)
    return ident


def files(sketch: Sketch, ident: str, title: str = "", ids: Sequence[str] = ()) -> Mapping[str, str]:
    """Return the texts of a course folder by path; they pass the lint.

    Args:
        sketch: an outline without faults.
        ident: the course id, which is the folder's name.
        title: replaces the sketch's title; the default is the id's words.
        ids: existing ids of its units, in order; "" for a new unit.
    """
    named = title or sketch.title or ident.replace("-", " ").capitalize()
    lines = _write_roadmap(sketch, ident, markup.clip(named, TITLE_MAX), ids or [""] * len(sketch.units))
    return {OUTLINE: HEAD + "".join(f"{line}\n" for line in lines)}


def _write_roadmap(sketch: Sketch, ident: str, title: str, ids: Sequence[str]) -> Iterator[str]:
    yield f"id: {ident}"
    yield f"title: {_quote_yaml(title)}"
    yield _write_summary(sketch.summary, "where it leads, in one or two sentences")
    yield "phases:"
    phases, units, known_ids = set[str](), set(ids), iter(ids)
    for number, phase in enumerate(sketch.phases, 1):
        named = phase.title or title
        phase_id = slug(named, phases, f"part-{number}")
        yield f"  - id: {phase_id}"
        yield f"    title: {_quote_yaml(named)}"
        yield "    " + _write_summary(phase.summary, "one sentence")
        yield "    topics:"
        yield f"      - id: {phase_id}"
        yield f"        title: {_quote_yaml(named)}"
        yield "        units:"
        for unit in phase.units:
            unit_id = next(known_ids) or slug(unit.title, units, f"unit-{len(units)}")
            yield from (f"          {line}" for line in _write_unit(unit, unit_id))


def _write_unit(unit: SketchedUnit, ident: str) -> Iterator[str]:
    yield f"- id: {ident}"
    yield f"  title: {_quote_yaml(unit.title)}"
    yield "  " + _write_summary(unit.summary, "why this week matters, in a sentence or two")
    yield f"  hours: {unit.hours}" if unit.hours else "  hours:  # to do: how long it takes, exercise included"
    if unit.links:
        yield "  resources:"
        yield from (f"    {line}" for link in unit.links for line in _write_link(link))
    else:
        yield "  resources: []  # to do: - {title: ..., url: ...}"
    yield "  objectives: []  # to do: three things that one can do afterwards"
    yield "  prompt:  # to do: a question to discuss"
    if unit.exercise:
        yield "  exercise:  # to do: done_when, short"
        yield f"    task: {_quote_yaml(unit.exercise)}"
    else:
        yield "  exercise:  # to do: task, done_when, short"
    yield "  notes: []  # to do: the names of files in notes/, without .md"


def _write_link(link: OutlineLink) -> Iterator[str]:
    yield f"- title: {_quote_yaml(link.title)}"
    yield f"  url: {_quote_yaml(link.url)}"


def _write_summary(text: str, wanted: str) -> str:
    return f"summary: {_quote_yaml(text)}" if text else f"summary:  # to do: {wanted}"


def _quote_yaml(text: str) -> str:
    """Quote a text for YAML; a JSON string is valid YAML."""
    return json.dumps(text, ensure_ascii=False)
