"""Reads the question banks of a roadmap: a file for a unit, items of four forms, each with a place to read.

A fifth form, "short", is a question as people write it: it may have no reason and no place to read.

Faults stand beside values: a file without a fault is a bank.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from bot.curriculum.bank import (
    CHOICE_MAX,
    EXPLANATION_MAX,
    QUESTION_MAX,
    AnswerChoice,
    Bank,
    BankItem,
    Form,
    MultipleChoice,
    NumericAnswer,
    Ordering,
    QuestionSource,
    SingleChoice,
)
from bot.curriculum.content import Roadmap
from bot.curriculum.faults import Fault
from bot.curriculum.note import Note
from bot.curriculum.short_questions import SOURCE_MAX, ShortQuestion, find_faults, make_item
from bot.curriculum.yaml_reader import MappingReader, YamlReader, quoted
from bot.messages import markup

WHY_MAX, UNIT_MAX = 200, 20
CODE_LINES, CODE_WIDTH = 12, 80
FEWEST, MOST = 8, 40
"""Questions that make a quiz whole, and those that fit."""
KINDS = ("recall", "apply", "compute")
DIFFICULTIES = ("easy", "medium", "hard")
NEEDED = ("id", "kind", "difficulty", "question", "explanation", "note", "heading")
SHORT = "short"
FORMS: Mapping[str, tuple[str, ...]] = {
    "choice": ("choices",),
    "several": ("choices",),
    "order": ("steps",),
    "number": ("answer", "within"),
}
"""What each form needs besides."""
OPTIONAL: Mapping[str, tuple[str, ...]] = {"number": ("unit",)}


@dataclass(frozen=True)
class _Asked:
    """What the banks have so far: the first id of each question, and every id."""

    questions: dict[str, str] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)


def read_banks(
    files: Sequence[Path], roadmap: Roadmap, notes: Mapping[str, Note]
) -> tuple[dict[str, Bank], list[Fault]]:
    """Return the bank of each unit that has one without fault, and what is wrong in the others, in their order.

    Args:
        roadmap: which units there are.
        notes: whose headings the items name, by their ids.
    """
    readers = [YamlReader(file) for file in files]
    return _read(((reader, reader.root()) for reader in readers), roadmap, notes)


def read_bank_texts(texts: Mapping[Path, str], roadmap: Roadmap) -> tuple[dict[str, Bank], list[Fault]]:
    """Return what `read_banks` does, of texts; whether the notes that items name are there isn't checked."""
    readers = [(YamlReader(file), text) for file, text in texts.items()]
    return _read(((reader, reader.compose(text)) for reader, text in readers), roadmap, None)


def _read(
    roots: Iterable[tuple[YamlReader, yaml.Node | None]], roadmap: Roadmap, notes: Mapping[str, Note] | None
) -> tuple[dict[str, Bank], list[Fault]]:
    asked = _Asked()
    banks: dict[str, Bank] = {}
    faults: list[Fault] = []
    for reader, root in roots:
        bank = _Reader(reader, roadmap, notes, asked).bank(root) if root is not None else None
        if bank is not None and not reader.faults:
            banks[bank.unit_id] = bank
        faults += reader.in_order()
    return banks, faults


class _Reader:
    """Reads one file from the top down."""

    def __init__(self, reader: YamlReader, roadmap: Roadmap, notes: Mapping[str, Note] | None, asked: _Asked) -> None:
        self._reader = reader
        self._roadmap = roadmap
        self._notes = notes
        self._asked = asked

    def bank(self, root: yaml.Node) -> Bank:
        reader = self._reader
        fields = reader.fields(root, "a quiz", ("unit", "items"))
        unit = fields.ident("unit")
        if unit and unit != reader.file.stem:
            reader.fault(fields.at("unit"), f"The unit is {quoted(unit)}, but the file is {quoted(reader.file.name)}.")
        if unit and not self._roadmap.has(unit):
            reader.fault(fields.at("unit"), f"There is no unit {quoted(unit)}.")
        items = fields.items("items")
        if fields.has_list("items") and not 1 <= len(items) <= MOST:
            reader.fault(fields.at("items"), f"A unit has {FEWEST} to {MOST} items, not {len(items)}.")
        label = self._roadmap.unit(unit).label if unit and self._roadmap.has(unit) else unit
        return Bank(
            unit,
            tuple(self._short(node, label) if _named(node, "form") == SHORT else self._item(node) for node in items),
        )

    def _short(self, node: yaml.Node, unit_label: str) -> BankItem:
        fields = self._reader.fields(
            node, "a short item", ("id", "form", "question", "right", "wrong"), ("why", "source")
        )
        question = ShortQuestion(
            fields.text("question", QUESTION_MAX),
            fields.text("right", CHOICE_MAX),
            tuple(self._reader.text(answer, "A wrong answer", CHOICE_MAX) for answer in fields.items("wrong")),
            fields.may_text("why", EXPLANATION_MAX),
            fields.may_text("source", SOURCE_MAX),
        )
        item = make_item(fields.ident(), question, unit_label)
        if not self._reader.faults and (fault := next(find_faults(question), None)) is not None:
            self._reader.fault(node, markup.flat(markup.inline(fault.sentence)))
        self._check_new(fields, item)
        return item

    def _item(self, node: yaml.Node) -> BankItem:
        form = _named(node, "form") or "choice"
        known = form if form in FORMS else "choice"  # which form is wrong is told below
        what = "an item" if known == "choice" else f"an item of the form {known}"
        more = ("form", "code", *OPTIONAL.get(known, ()))
        fields = self._reader.fields(node, what, (*NEEDED, *FORMS[known]), more)
        fields.one_of("form", tuple(FORMS))
        item = BankItem(
            id=fields.ident(),
            kind=fields.one_of("kind", KINDS),
            difficulty=fields.one_of("difficulty", DIFFICULTIES),
            prompt=fields.text("question", QUESTION_MAX),
            why=fields.text("explanation", EXPLANATION_MAX),
            source=QuestionSource(fields.ident("note"), fields.text("heading", 200)),
            form=self._form(fields, known),
            code=fields.block("code", CODE_LINES, CODE_WIDTH),
        )
        self._check_new(fields, item)
        self._check_source(fields, item.source)
        return item

    def _check_new(self, fields: MappingReader, item: BankItem) -> None:
        if item.id and item.id in self._asked.ids:
            self._reader.fault(fields.at("id"), f"The id {quoted(item.id)} appears twice in the bank.")
        first = self._asked.questions.setdefault(item.prompt.lower(), item.id)
        if item.prompt and first != item.id:
            self._reader.fault(fields.at("question"), f"{quoted(first)} has the same question.")
        self._asked.ids.add(item.id)

    def _check_source(self, fields: MappingReader, source: QuestionSource) -> None:
        if self._notes is None:
            return
        if source.note and source.note not in self._notes:
            self._reader.fault(fields.at("note"), f"There is no note {quoted(source.note)}.")
        elif source.note and source.heading and source.heading not in self._notes[source.note].headings:
            self._reader.fault(
                fields.at("heading"), f"The note {quoted(source.note)} has no heading {quoted(source.heading)}."
            )

    def _form(self, fields: MappingReader, form: str) -> Form:
        match form:
            case "several":
                return MultipleChoice(self._several(fields))
            case "order":
                return Ordering(self._steps(fields))
            case "number":
                within = fields.decimal("within")
                if within < 0:
                    self._reader.fault(
                        fields.at("within"), "“within” must be 0 or more. It says how far off an answer may be."
                    )
                return NumericAnswer(fields.decimal("answer"), within, fields.text("unit", UNIT_MAX))
            case _:
                return SingleChoice(self._one(fields))

    def _one(self, item: MappingReader) -> tuple[AnswerChoice, ...]:
        choices = self._choices(item, 3, 4, "An item has three or four choices")
        rights = sum(choice.is_right for choice in choices)
        if choices and rights != 1:
            self._reader.fault(item.at("choices"), f"Exactly one choice must be right, not {rights}.")
        return choices

    def _several(self, item: MappingReader) -> tuple[AnswerChoice, ...]:
        choices = self._choices(item, 4, 5, "An item of the form several has four or five choices")
        rights = sum(choice.is_right for choice in choices)
        if choices and not 2 <= rights < len(choices):
            self._reader.fault(
                item.at("choices"), f"Two or more choices must be right, but not all. Here it is {rights}."
            )
        return choices

    def _steps(self, item: MappingReader) -> tuple[str, ...]:
        nodes = item.items("steps")
        if item.has_list("steps") and not 3 <= len(nodes) <= 6:
            self._reader.fault(item.at("steps"), f"An item has three to six steps, not {len(nodes)}.")
        steps: list[str] = []
        for node in nodes:
            step = self._reader.text(node, "A step", CHOICE_MAX)
            if step and step in steps:
                self._reader.fault(node, f"The step {quoted(step)} appears twice.")
            steps.append(step)
        return tuple(steps)

    def _choices(self, item: MappingReader, fewest: int, most: int, rule: str) -> tuple[AnswerChoice, ...]:
        nodes = item.items("choices")
        if item.has_list("choices") and not fewest <= len(nodes) <= most:
            self._reader.fault(item.at("choices"), f"{rule}, not {len(nodes)}.")
        choices: list[AnswerChoice] = []
        for node in nodes:
            fields = self._reader.fields(node, "a choice", ("text",), ("right", "why"))
            choice = self._choice(fields, node)
            if choice.text and any(choice.text == other.text for other in choices):
                self._reader.fault(fields.at("text"), f"The choice {quoted(choice.text)} appears twice.")
            choices.append(choice)
        return tuple(choices)

    def _choice(self, fields: MappingReader, node: yaml.Node) -> AnswerChoice:
        text, why = fields.text("text", CHOICE_MAX), ""
        is_right = "right" in fields and fields.one_of("right", ("true",)) == "true"
        if "right" not in fields:
            if "why" in fields:
                why = fields.text("why", WHY_MAX)
            else:
                self._reader.fault(node, "A wrong choice needs a “why” that says what is wrong with it.")
        return AnswerChoice(text, is_right, why)


def _named(node: yaml.Node, key: str) -> str:
    """Return a mapping's value under a key, before the keys are checked."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((str(value.value) for name, value in pairs if name.value == key), "")
