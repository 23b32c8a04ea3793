"""Checks the question bank of a roadmap: a file for a unit, items with one right choice and a place to read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.features.roadmap import front_matter
from bot.features.roadmap.body import Body
from bot.features.roadmap.content import Roadmap
from bot.features.roadmap.faults import Fault
from bot.features.roadmap.sheet import Fields, Sheet, quoted

QUESTION_MAX, CHOICE_MAX, WHY_MAX, EXPLANATION_MAX = 300, 120, 200, 400
FEWEST, MOST = 8, 12
KINDS = ("recall", "apply", "compute")
DIFFICULTIES = ("easy", "medium", "hard")


@dataclass(frozen=True)
class _Asked:
    """What the bank has so far: the first id of each question, and every id."""

    questions: dict[str, str]
    ids: set[str]


def check_quizzes(files: Sequence[Path], roadmap: Roadmap, notes: Sequence[Path]) -> list[Fault]:
    """Return what is wrong in quiz files, in their order.

    Args:
        roadmap: which units there are.
        notes: the track's note files, whose headings the items name.
    """
    headings = {note.stem: _headings(note) for note in notes}
    asked = _Asked({}, set())
    faults: list[Fault] = []
    for file in files:
        sheet = Sheet(file)
        text = sheet.read()
        root = sheet.compose(text) if text is not None else None
        if root is not None:
            _check_file(sheet, root, roadmap, headings, asked)
        faults += sheet.in_order()
    return faults


def _headings(note: Path) -> frozenset[str]:
    try:
        _, body, line = front_matter.split(note.read_text(encoding="utf-8-sig"))
    except (front_matter.NoFrontMatter, OSError, UnicodeDecodeError):
        return frozenset()  # told by the check of the notes
    return frozenset(heading.text for heading in Body(body, line).headings if heading.level == 2)


def _check_file(
    sheet: Sheet, root: yaml.Node, roadmap: Roadmap, headings: Mapping[str, frozenset[str]], asked: _Asked
) -> None:
    fields = sheet.fields(root, "a quiz", ("unit", "items"))
    unit = fields.ident("unit")
    if unit and unit != sheet.file.stem:
        sheet.fault(fields.at("unit"), f"The unit is {quoted(unit)}, but the file is {quoted(sheet.file.name)}.")
    if unit and not roadmap.has(unit):
        sheet.fault(fields.at("unit"), f"There is no unit {quoted(unit)}.")
    items = fields.items("items")
    if fields.has_list("items") and not FEWEST <= len(items) <= MOST:
        sheet.fault(fields.at("items"), f"There are {len(items)} items; a unit has {FEWEST} to {MOST}.")
    needed = ("id", "kind", "difficulty", "question", "choices", "explanation", "note", "heading")
    for node in items:
        _check_item(sheet, sheet.fields(node, "an item", needed), headings, asked)


def _check_item(sheet: Sheet, item: Fields, headings: Mapping[str, frozenset[str]], asked: _Asked) -> None:
    ident = item.ident()
    item.one_of("kind", KINDS)
    item.one_of("difficulty", DIFFICULTIES)
    question = item.text("question", QUESTION_MAX)
    item.text("explanation", EXPLANATION_MAX)
    if ident in asked.ids:
        sheet.fault(item.at("id"), f"The id {quoted(ident)} stands in the bank twice.")
    first = asked.questions.setdefault(question.lower(), ident)
    if question and first != ident:
        sheet.fault(item.at("question"), f"The same question stands in {quoted(first)}.")
    asked.ids.add(ident)
    note, heading = item.ident("note"), item.text("heading", 200)
    if note and note not in headings:
        sheet.fault(item.at("note"), f"There is no note {quoted(note)}.")
    elif heading and heading not in headings.get(note, frozenset()):
        sheet.fault(item.at("heading"), f"The note {quoted(note)} has no heading {quoted(heading)}.")
    _check_choices(sheet, item)


def _check_choices(sheet: Sheet, item: Fields) -> None:
    nodes = item.items("choices")
    if item.has_list("choices") and not 3 <= len(nodes) <= 4:
        sheet.fault(item.at("choices"), f"There are {len(nodes)} choices; an item has three or four.")
    rights, texts = 0, set[str]()
    for node in nodes:
        choice = sheet.fields(node, "a choice", ("text",), ("right", "why"))
        text = choice.text("text", CHOICE_MAX)
        if text and text in texts:
            sheet.fault(choice.at("text"), f"The choice {quoted(text)} stands here twice.")
        texts.add(text)
        if "right" in choice:
            rights += choice.one_of("right", ("true",)) == "true"
        elif "why" in choice:
            choice.text("why", WHY_MAX)
        else:
            sheet.fault(node, "A wrong choice says in “why” what is wrong with it.")
    if nodes and rights != 1:
        sheet.fault(item.at("choices"), f"{rights} choices are right; exactly one must be.")
