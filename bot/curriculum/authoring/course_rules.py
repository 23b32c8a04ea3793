"""What makes a roadmap a whole curriculum: sources, sizes, gists, figures, one spelling, a note for every subtopic.

None of it keeps a bot from starting. `coverage.yaml` beside `roadmap.yaml` sets the measure; without it a note owes
no more than a source.

Holds a section's gist to its section: short, standing alone, with no number and no name that the section lacks.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import yaml

from bot.curriculum.authoring.balance import longest, middle
from bot.curriculum.authoring.coverage import Measure, read_coverage
from bot.curriculum.authoring.dialect import Dialect, other_spellings
from bot.curriculum.bank import BankItem
from bot.curriculum.content import Roadmap
from bot.curriculum.faults import Fault
from bot.curriculum.figures import figure_faults
from bot.curriculum.markdown_body import Body, BodyPart
from bot.curriculum.note_reader import NoteFile
from bot.curriculum.yaml_reader import MappingReader, Sheet, quoted

WORDS_MAX = 45

POINTING = frozenset({"this", "that", "these", "those", "it", "above", "below"})

"""Words that refer to text outside the gist."""

_CODE = re.compile(r"`+([^`]+)`+")

_NUMBER = re.compile(r"(?:\d{1,3}(?:[,_]\d{3})+(?!\d)|\d+)(?:\.\d+)?")


def gist_faults(body: Body, part: BodyPart) -> Iterator[tuple[int, str]]:
    """Yield line and sentence of each fault in the gist of a section."""
    first, last = part.gist_lines[0].number, part.gist_lines[-1].number
    if (count := len(part.gist.split())) > WORDS_MAX:
        yield first, f"The gist has {count} words, and at most {WORDS_MAX} fit."
    if any(not line.text.strip(" >") for line in part.gist_lines):
        yield first, "The gist must be one paragraph."
    after = next((line for line in body.lines if line.number == last + 1), None)
    if after is not None and after.text.strip():
        yield last, "A blank line is missing below the gist."
    begins = re.match(r"\w+", part.gist)
    if begins and begins[0].casefold() in POINTING:
        yield first, f"The gist begins with {quoted(begins[0])}, which points at nothing when it stands alone."
    section = f"{part.heading}\n{part.text}"
    for code in dict.fromkeys(_CODE.findall(part.gist)):
        if code.strip() not in section:
            yield first, f"The section does not have {quoted(code)}, which its gist names."
    known = _find_numbers(section)
    for number in _find_numbers(_CODE.sub(" ", part.gist)):
        if number not in known:
            yield first, f"The section does not have the number {number}, which its gist names."


def _find_numbers(text: str) -> dict[str, None]:
    """Return the numbers in a text, in order, without thousands separators."""
    return {number.replace(",", "").replace("_", ""): None for number in _NUMBER.findall(text)}


LONGEST = "The right answer is the longest"

BETWEEN = "The right number is neither the least nor the greatest"

NAMES = frozenset(
    (
        "resources",
        "sources",
        "answers",
        "id",
        "into",
        "begins",
        "unit",
        "note",
        "notes",
        "heading",
        "url",
        "figure",
        "code",
    )
)

"""Keys whose texts are exempt from the spelling check: titles and names of others, members' questions, ids, code."""


def find_measure(coverage: Path, roadmap: Roadmap, pages: Sequence[NoteFile]) -> tuple[Measure | None, list[Fault]]:
    """Return the quality rules of a track, if any, and the faults in their file.

    Args:
        coverage: the track's coverage.yaml, which may be missing.
    """
    if not coverage.exists():
        return None, []
    sheet = Sheet(coverage)
    measure = read_coverage(sheet, roadmap, {page.note.id: page.note for page in pages})
    return measure, sheet.in_order()


def check_curriculum(
    measure: Measure | None, pages: Sequence[NoteFile], texts: Sequence[Path], drawn: Collection[str]
) -> list[Fault]:
    """Return the faults that keep a track from being complete.

    Args:
        pages: the track's notes that could be read.
        texts: its YAML files, for the spelling check.
        drawn: names of the figure files.
    """
    faults = [fault for file in texts for fault in _check_spelling(file, measure.dialect)] if measure else []
    for page in pages:
        if page.front is not None:
            faults += _check(page, page.front, measure, drawn)
    return faults


def check_quizzes(
    coverage: Path, measure: Measure, pages: Sequence[NoteFile], items: Sequence[BankItem]
) -> list[Fault]:
    """Return cues in quizzes and sections without a question, if the rules are strict."""
    if measure.strict_at is None:
        return []
    faults = [
        Fault(coverage, measure.strict_at, f"{what} in {tally}.")
        for what, tally in ((LONGEST, longest(items)), (BETWEEN, middle(items)))
        if not tally.is_fair
    ]
    for page in pages:
        faults += [
            Fault(page.sheet.file, part.line, f"No quiz item asks about the section {quoted(part.heading or '')}.")
            for part in unasked(page, measure, items)
        ]
    return faults


def unasked(page: NoteFile, measure: Measure, items: Sequence[BankItem]) -> list[BodyPart]:
    """Return the teaching sections of a note without a quiz item."""
    asked = {item.source.heading for item in items if item.source.note == page.note.id}
    return [part for part in page.body.parts if measure.asks_more(part) and part.heading not in asked]


def _check(page: NoteFile, front: MappingReader, measure: Measure | None, drawn: Collection[str]) -> list[Fault]:
    """Check one note against the rules, if any."""
    sheet = Sheet(page.sheet.file, page.sheet.above)
    if measure is not None and not page.has_sources:
        sheet.fault(front.at("sources"), "The note names no source.")
    if "figure" in front and page.note.figure is None:
        sheet.fault(front.at("figure"), f"The note shows no figure {quoted(front.text('figure', 64))}.")
    for line, sentence in figure_faults(page.body, drawn):
        sheet.fault(line, sentence)
    for part in page.body.parts:
        for line, sentence in gist_faults(page.body, part) if part.gist_lines else ():
            sheet.fault(line, sentence)
        if measure is not None and measure.needs_gists and measure.asks_more(part) and not part.gist:
            sheet.fault(part.line, f"The section {quoted(part.heading or '')} has no gist.")
    if measure is not None:
        _check_size(sheet, page, front, measure)
        texts = [(sheet.line(node), text) for node, text in _walk_texts(front.node, "")]
        for line, text in [*texts, *((line.number, line.text) for line in page.body.prose)]:
            for word in other_spellings(text, measure.dialect):
                sheet.fault(line, _describe_spelling(word, measure.dialect))
    return sheet.in_order()


def _check_size(sheet: Sheet, page: NoteFile, front: MappingReader, measure: Measure) -> None:
    least, most = measure.words
    words = sum(len(line.text.split()) for line in page.body.lines if line.is_counted)
    if not least <= words <= most:
        sheet.fault(page.body.first_line, f"The note has {words} words outside code; {least} to {most} are asked for.")
    fewest, most = measure.answers
    answers = sum(len(section.asked) for section in page.note.sections)
    if not fewest <= answers <= most:
        sheet.fault(front.at("answers"), f"The note answers {answers} questions; {fewest} to {most} are asked for.")


def _check_spelling(file: Path, dialect: Dialect) -> list[Fault]:
    """Check the spelling in a YAML file; other faults are reported elsewhere."""
    sheet = Sheet(file)
    root = sheet.compose(sheet.read() or "")
    sheet.faults.clear()
    for node, text in _walk_texts(root, "") if root is not None else ():
        for word in other_spellings(text, dialect):
            sheet.fault(node, _describe_spelling(word, dialect))
    return sheet.in_order()


def _walk_texts(node: yaml.Node, key: str) -> Iterator[tuple[yaml.Node, str]]:
    """Yield every text below a node that the course's authors wrote."""
    if key in NAMES:
        return
    if isinstance(node, yaml.ScalarNode):
        yield node, node.value
    elif isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            yield from _walk_texts(value, str(name.value))
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _walk_texts(item, "")


def _describe_spelling(word: str, dialect: Dialect) -> str:
    return f"{quoted(word)} is not {dialect.capitalize()} spelling, which this roadmap keeps to."
