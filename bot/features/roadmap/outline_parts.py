"""The parts of an outline as they stand: headings and items of lists, or the rows of a table. Pure."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from io import StringIO

from bot.features.roadmap.outline_line import LINE_MAX, addresses, is_lone_link

WHOLE, PHASE, UNIT = range(3)
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "unit", "name", "topic", "lesson", "session", "subject"),
    "summary": ("summary", "description", "text", "about", "what", "notes", "details"),
    "hours": ("hours", "hour", "h", "time", "duration", "effort"),
    "links": ("links", "link", "urls", "url", "resources", "resource", "reading", "material", "materials"),
    "phase": ("phase", "part", "module", "block", "section", "chapter"),
}
"""How the columns of a table may be called, the surest name first."""

_HEADING = re.compile(r" {0,3}(#{1,6})\s+(\S.*)")
_ITEM = re.compile(r"( *)(?:[-*+•]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?(\w.*|\S.*\w.*)")
_RULE = re.compile(r"\s*(?:-[- ]+-|\*[* ]+\*|_[_ ]+_|=[= ]+=)\s*")
_WEEK = re.compile(r"(?:week|unit|session|lesson|meeting|day)\s*\d{1,3}\b\s*[:.)–—-]*\s*", re.IGNORECASE)
_WEEK_LINE = re.compile(rf"(?:\*\*|__)?(?=\w)(?P<title>{_WEEK.pattern}.{{0,100}}?)(?:\*\*|__)?:?", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,3}[.)]\s+")


@dataclass
class Part:
    """A heading, an item or a row, with the lines below it: of the whole, a phase or a unit.

    Args:
        hours: what a column says of it.
    """

    level: int
    line: int
    title: str
    text: list[tuple[int, str]] = field(default_factory=list)
    hours: str = ""


def parts(text: str) -> Iterator[Part]:
    """Yield the parts of an outline in order, from its cleaned text."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    if not (_HEADING.fullmatch(first) or _ITEM.fullmatch(first)):
        for mark in ",;\t":
            if (columns := _columns(first, mark)) is not None:
                return _of_table(columns, _rows(text, mark))
    return _of_markdown(_with_headings([_line(line) for line in text.expandtabs(4).split("\n")]))


def numberless(title: str) -> str:
    """Return a title without the number of its week before it: a unit has a number of its own."""
    rest = _NUMBER.sub("", _WEEK.sub("", title, count=1) or title, count=1)
    return rest or title


def _with_headings(lines: list[str]) -> list[str]:
    """Return lines in which bare lines such as `Week 2 - Deployments` are headings, where there are no others."""
    if any((heading := _HEADING.fullmatch(line)) and len(heading[1]) > 1 for line in lines):
        return lines
    weeks = {at: found["title"] for at, line in enumerate(lines) if (found := _WEEK_LINE.fullmatch(line))}
    first_item = next((at for at, line in enumerate(lines) if _item(line)), len(lines))
    if len(weeks) < 2 or first_item < min(weeks):
        return lines
    return [f"## {weeks[at]}" if at in weeks else line for at, line in enumerate(lines)]


def _of_markdown(lines: Sequence[str]) -> Iterator[Part]:
    """Yield what headings and lists make; which of them are units depends on what there is."""
    levels = [len(found[1]) for line in lines if (found := _HEADING.fullmatch(line))]
    of_units = _unit_level(lines)
    beside = _beside_headings(lines) if of_units == 3 else frozenset()
    has_title = levels.count(1) == 1 or 2 in levels
    part = Part(WHOLE, 1, "")
    for number, line in enumerate(lines, 1):
        heading, item = _HEADING.fullmatch(line), _item(line)
        if heading and (level := len(heading[1])) <= max(of_units, 2):
            yield part
            is_title = level == 1 and has_title and part.level == WHOLE and not part.title
            part = Part(WHOLE if is_title else UNIT if level == of_units else PHASE, number, _closed(heading[2]))
        elif item and len(item[1]) < 2 and (of_units == 0 or number in beside):
            yield part
            part = Part(UNIT, number, item[2])
        elif not _RULE.fullmatch(line) and (said := (heading or item or ["", "", line.strip()])[2]):
            part.text.append((number, said.lstrip("> ")))
    yield part


def _unit_level(lines: Sequence[str]) -> int:
    """Return which level of heading is a unit; 0 where items of lists are."""
    headings = [(len(found[1]), found[2]) for line in lines if (found := _HEADING.fullmatch(line))]
    if any(level == 3 for level, _ in headings):
        return 3
    seconds = [said for level, said in headings if level == 2]
    if sum(_WEEK.match(said) is not None for said in seconds) * 2 > len(seconds):
        return 2
    items = [found[2] for line in lines if (found := _item(line)) and len(found[1]) < 2]
    if any(not is_lone_link(one) for one in items):
        return 0
    firsts = sum(level == 1 for level, _ in headings)  # of several the links are theirs, below one they are the units
    return 2 if seconds else 0 if items and firsts < 2 else 1


def _beside_headings(lines: Sequence[str]) -> frozenset[int]:
    """Return the lines whose items are units although others begin with ###: in a phase, and below none of them.

    Links alone are a phase's own units only where it has no ###.
    """
    headings = {n: len(one[1]) for n, line in enumerate(lines, 1) if (one := _HEADING.fullmatch(line))}
    beside: set[int] = set()
    for begin, end in zip(headings, [*list(headings)[1:], len(lines) + 1], strict=True):
        follows = next((level for n, level in headings.items() if n > begin and level <= 3), 0)
        items = ((n, _item(lines[n - 1])) for n in range(begin + 1, end) if headings[begin] == 2)
        beside.update(n for n, item in items if item and (follows != 3 or not is_lone_link(item[2])))
    return frozenset(beside)


def _item(line: str) -> re.Match[str] | None:
    return None if _RULE.fullmatch(line) else _ITEM.fullmatch(line)


def _closed(heading: str) -> str:
    """Return a heading without the marks that may close it."""
    words = heading.split()
    return " ".join(words[:-1] if len(words) > 1 and not words[-1].strip("#") else words)


def _line(line: str) -> str:
    return line[:LINE_MAX].rstrip()


def _columns(head: str, mark: str) -> Mapping[str, int] | None:
    """Return which column of a table is which; None where it has none with titles."""
    names: list[str] = []
    with suppress(csv.Error):
        names = [" ".join(cell.casefold().split()) for cell in next(csv.reader([head], delimiter=mark), [])]
    places = ((key, next((names.index(one) for one in known if one in names), None)) for key, known in COLUMNS.items())
    found = {key: at for key, at in places if at is not None}
    return found if "title" in found else None


def _rows(text: str, mark: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows below the first with the line on which each begins, as far as they can be read."""
    rows = csv.reader(StringIO(text), delimiter=mark)
    begins, is_head = 1, True
    with suppress(csv.Error):
        for row in rows:
            if any(cell.strip() for cell in row):
                if not is_head:
                    yield begins, row
                is_head = False
            begins = rows.line_num + 1


def _of_table(columns: Mapping[str, int], rows: Iterator[tuple[int, list[str]]]) -> Iterator[Part]:
    """Yield a part for each row, and one before it where a new phase begins."""
    before = None
    for line, row in rows:
        cells = {key: _line(row[at].strip()) if at < len(row) else "" for key, at in columns.items()}
        if (phase := cells.get("phase", "")) and phase != before:
            before = phase
            yield Part(PHASE, line, phase)
        texts = [*cells.get("summary", "").split("\n"), *addresses(cells.get("links", ""))]
        yield Part(UNIT, line, cells["title"], [(line, said) for said in texts if said.strip()], cells.get("hours", ""))
