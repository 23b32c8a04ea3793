"""What makes a roadmap a whole curriculum: sources, sizes, one spelling, and a note for every subtopic.

None of it keeps a bot from starting. `coverage.yaml` beside `roadmap.yaml` sets the measure; without it a note owes
no more than a source.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.features.roadmap import front_matter
from bot.features.roadmap.body import Body
from bot.features.roadmap.content import Roadmap
from bot.features.roadmap.coverage import Measure, read_coverage
from bot.features.roadmap.dialect import Dialect, other_spellings
from bot.features.roadmap.faults import Fault
from bot.features.roadmap.sheet import Sheet, quoted

NAMES = frozenset({"resources", "sources", "answers", "id", "unit", "note", "notes", "heading", "url"})
"""Keys under which a text keeps the spelling it came with: titles and names of others, members' questions, ids."""


@dataclass(frozen=True)
class _Page:
    """A note as far as it can be read; what keeps it from being read is told by the check of the notes."""

    sheet: Sheet
    front: Mapping[str, yaml.Node]
    body: Body

    @property
    def headings(self) -> frozenset[str]:
        return frozenset(heading.text for heading in self.body.headings if heading.level == 2)

    def count(self, key: str) -> int:
        node = self.front.get(key)
        return len(node.value) if isinstance(node, yaml.SequenceNode) else 0


def check_curriculum(coverage: Path, roadmap: Roadmap, notes: Sequence[Path], texts: Sequence[Path]) -> list[Fault]:
    """Return what a track lacks to be a whole curriculum.

    Args:
        coverage: the track's coverage.yaml, which need not be there.
        notes: the track's note files.
        texts: its YAML files, whose spelling is looked at.
    """
    pages = {page.sheet.file.stem: page for file in notes if (page := _page(file))}
    for page in pages.values():
        if not page.count("sources"):
            page.sheet.fault(page.front.get("sources", front_matter.YAML_LINE), "The note names no source.")
    faults: list[Fault] = []
    if coverage.exists():
        sheet = Sheet(coverage)
        measure = read_coverage(sheet, roadmap, {note: page.headings for note, page in pages.items()})
        faults += sheet.in_order()
        if measure is not None:
            for page in pages.values():
                _check_size(page, measure)
                _check_spelling(page, measure.dialect)
            faults += [fault for file in texts for fault in _misspelt(file, measure.dialect)]
    return faults + [fault for page in pages.values() for fault in page.sheet.in_order()]


def count_opened(notes: Sequence[Path]) -> int:
    """Count the notes that name a day on which somebody opened the links of their sources."""
    days = [page.front["checked_on"] for file in notes if (page := _page(file)) and "checked_on" in page.front]
    return sum(isinstance(day, yaml.ScalarNode) and day.tag.endswith(":timestamp") for day in days)


def _page(file: Path) -> _Page | None:
    sheet = Sheet(file)
    try:
        front, body, line = front_matter.split(sheet.read() or "")
    except front_matter.NoFrontMatter:
        return None
    sheet.above = front_matter.YAML_LINE - 1
    root = sheet.compose(front)
    sheet.faults.clear()
    if not isinstance(root, yaml.MappingNode):
        return None
    return _Page(sheet, {str(key.value): value for key, value in root.value}, Body(body, line))


def _check_size(page: _Page, measure: Measure) -> None:
    least, most = measure.words
    words = sum(len(line.split()) for _, line in page.body.prose)
    if not least <= words <= most:
        page.sheet.fault(
            page.body.first_line, f"The note has {words} words outside code; {least} to {most} are asked for."
        )
    fewest, most = measure.answers
    if not fewest <= (answers := page.count("answers")) <= most:
        at = page.front.get("answers", front_matter.YAML_LINE)
        page.sheet.fault(at, f"The note answers {answers} questions; {fewest} to {most} are asked for.")


def _check_spelling(page: _Page, dialect: Dialect) -> None:
    lines = [(page.sheet.line(node), text) for key, node in page.front.items() for _, text in _texts(node, key)]
    for line, text in [*lines, *page.body.prose]:
        for word in other_spellings(text, dialect):
            page.sheet.fault(line, _spelt(word, dialect))


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
