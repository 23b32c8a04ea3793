"""What makes a roadmap a whole curriculum: sources, sizes, one spelling, and a note for every subtopic.

None of it keeps a bot from starting. `coverage.yaml` beside `roadmap.yaml` sets the measure; without it a note owes
no more than a source.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from bot.features.roadmap.content import Roadmap
from bot.features.roadmap.coverage import Measure, read_coverage
from bot.features.roadmap.dialect import Dialect, other_spellings
from bot.features.roadmap.faults import Fault
from bot.features.roadmap.notes import Page
from bot.features.roadmap.sheet import Fields, Sheet, quoted

NAMES = frozenset({"resources", "sources", "answers", "id", "unit", "note", "notes", "heading", "url"})
"""Keys under which a text keeps the spelling it came with: titles and names of others, members' questions, ids."""


def check_curriculum(coverage: Path, roadmap: Roadmap, pages: Sequence[Page], texts: Sequence[Path]) -> list[Fault]:
    """Return what a track lacks to be a whole curriculum.

    Args:
        coverage: the track's coverage.yaml, which need not be there.
        pages: the track's notes as they were read; what keeps one from being read is told already.
        texts: its YAML files, whose spelling is looked at.
    """
    measure: Measure | None = None
    faults: list[Fault] = []
    if coverage.exists():
        sheet = Sheet(coverage)
        measure = read_coverage(sheet, roadmap, {page.note.id: page.note for page in pages})
        faults += sheet.in_order()
    if measure is not None:
        faults += [fault for file in texts for fault in _misspelt(file, measure.dialect)]
    return faults + [fault for page in pages if page.front is not None for fault in _check(page, page.front, measure)]


def _check(page: Page, front: Fields, measure: Measure | None) -> list[Fault]:
    """Hold one note against the measure, where there is one."""
    sheet = Sheet(page.sheet.file, page.sheet.above)
    if not (front.has_list("sources") and front.items("sources")):
        sheet.fault(front.at("sources"), "The note names no source.")
    if measure is not None:
        _check_size(sheet, page, front, measure)
        texts = [(sheet.line(node), text) for node, text in _texts(front.node, "")]
        for line, text in [*texts, *((line.number, line.text) for line in page.body.prose)]:
            for word in other_spellings(text, measure.dialect):
                sheet.fault(line, _spelt(word, measure.dialect))
    return sheet.in_order()


def _check_size(sheet: Sheet, page: Page, front: Fields, measure: Measure) -> None:
    least, most = measure.words
    words = sum(len(line.text.split()) for line in page.body.prose)
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
