"""What makes a roadmap a whole curriculum: sources, sizes, gists, figures, one spelling, a note for every subtopic.

None of it keeps a bot from starting. `coverage.yaml` beside `roadmap.yaml` sets the measure; without it a note owes
no more than a source.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import yaml

from bot.features.roadmap.balance import longest, middle
from bot.features.roadmap.bank import Item
from bot.features.roadmap.body import Part
from bot.features.roadmap.content import Roadmap
from bot.features.roadmap.coverage import Measure, read_coverage
from bot.features.roadmap.dialect import Dialect, other_spellings
from bot.features.roadmap.faults import Fault
from bot.features.roadmap.figures import figure_faults
from bot.features.roadmap.gists import gist_faults
from bot.features.roadmap.notes import Page
from bot.features.roadmap.sheet import Fields, Sheet, quoted

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
"""Keys under which a text keeps its own spelling: titles and names of others, members' questions, ids, code."""


def find_measure(coverage: Path, roadmap: Roadmap, pages: Sequence[Page]) -> tuple[Measure | None, list[Fault]]:
    """Return what a track holds its notes to, if anything, and what is wrong in the file that says so.

    Args:
        coverage: the track's coverage.yaml, which need not be there.
    """
    if not coverage.exists():
        return None, []
    sheet = Sheet(coverage)
    measure = read_coverage(sheet, roadmap, {page.note.id: page.note for page in pages})
    return measure, sheet.in_order()


def check_curriculum(
    measure: Measure | None, pages: Sequence[Page], texts: Sequence[Path], drawn: Collection[str]
) -> list[Fault]:
    """Return what a track lacks to be a whole curriculum.

    Args:
        pages: the track's notes as they were read; what keeps one from being read is told already.
        texts: its YAML files, whose spelling is looked at.
        drawn: names of the files that show figures.
    """
    faults = [fault for file in texts for fault in _misspelt(file, measure.dialect)] if measure else []
    for page in pages:
        if page.front is not None:
            faults += _check(page, page.front, measure, drawn)
    return faults


def check_quizzes(coverage: Path, measure: Measure, pages: Sequence[Page], items: Sequence[Item]) -> list[Fault]:
    """Return what quizzes give away and which sections they leave out, where the measure is strict."""
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


def unasked(page: Page, measure: Measure, items: Sequence[Item]) -> list[Part]:
    """Return the sections of a note that teach and that no item asks about."""
    asked = {item.source.heading for item in items if item.source.note == page.note.id}
    return [part for part in page.body.parts if measure.asks_more(part) and part.heading not in asked]


def _check(page: Page, front: Fields, measure: Measure | None, drawn: Collection[str]) -> list[Fault]:
    """Hold one note against the measure, where there is one."""
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
        texts = [(sheet.line(node), text) for node, text in _texts(front.node, "")]
        for line, text in [*texts, *((line.number, line.text) for line in page.body.prose)]:
            for word in other_spellings(text, measure.dialect):
                sheet.fault(line, _spelt(word, measure.dialect))
    return sheet.in_order()


def _check_size(sheet: Sheet, page: Page, front: Fields, measure: Measure) -> None:
    least, most = measure.words
    words = sum(len(line.text.split()) for line in page.body.lines if line.is_counted)
    if not least <= words <= most:
        sheet.fault(page.body.first_line, f"The note has {words} words outside code; {least} to {most} are asked for.")
    fewest, most = measure.answers
    answers = sum(len(section.asked) for section in page.note.sections)
    if not fewest <= answers <= most:
        sheet.fault(front.at("answers"), f"The note answers {answers} questions; {fewest} to {most} are asked for.")


def _misspelt(file: Path, dialect: Dialect) -> list[Fault]:
    """Look at the spelling of a YAML file; what else is wrong with it is told by its own check."""
    sheet = Sheet(file)
    root = sheet.compose(sheet.read() or "")
    sheet.faults.clear()
    for node, text in _texts(root, "") if root is not None else ():
        for word in other_spellings(text, dialect):
            sheet.fault(node, _spelt(word, dialect))
    return sheet.in_order()


def _texts(node: yaml.Node, key: str) -> Iterator[tuple[yaml.Node, str]]:
    """Yield every text below a node that is the roadmap's own wording."""
    if key in NAMES:
        return
    if isinstance(node, yaml.ScalarNode):
        yield node, node.value
    elif isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            yield from _texts(value, str(name.value))
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _texts(item, "")


def _spelt(word: str, dialect: Dialect) -> str:
    return f"{quoted(word)} is not {dialect.capitalize()} spelling, which this roadmap keeps to."
