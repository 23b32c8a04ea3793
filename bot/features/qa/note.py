"""A curated note: one Markdown file with YAML front matter, read strictly."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import yaml

T = TypeVar("T")

KEYS = frozenset({"id", "title", "unit", "topics", "answers", "sources", "checked_on"})
NEEDED = ("id", "title", "unit")
ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
HEADING = re.compile(r"^##\s+(.+?)\s*#*\s*$")


class NoteFault(ValueError):
    """A note cannot be read; reads `file:line: what is wrong`."""

    def __init__(self, where: str, line: int, reason: str) -> None:
        super().__init__(f"{where}:{line}: {reason}")
        self.where = where
        self.line = line
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in a member's own words, and the heading of the note that answers it."""

    question: str
    heading: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where the knowledge of a note comes from."""

    title: str
    authors: str
    year: int | None
    url: str


@dataclass(frozen=True, slots=True)
class Note:
    """One curated note.

    Args:
        body: Markdown after the front matter, with `##` headings.
    """

    id: str
    title: str
    unit: str
    topics: tuple[str, ...]
    answers: tuple[Asked, ...]
    sources: tuple[Source, ...]
    body: str


def fenced(lines: list[str]) -> Iterator[tuple[str, bool]]:
    """Yield each line and whether it belongs to a code fence, its marks included."""
    mark = ""
    for line in lines:
        found = FENCE.match(line)
        if mark:
            yield line, True
            if found and found[1].startswith(mark) and not line.strip().strip(mark[0]):
                mark = ""
        elif found:
            mark = found[1]
            yield line, True
        else:
            yield line, False


def headings(body: str) -> list[tuple[str, int]]:
    """List the `##` headings of a body with their lines, counted from 0."""
    found = []
    for number, (line, is_code) in enumerate(fenced(body.splitlines())):
        heading = None if is_code else HEADING.match(line)
        if heading:
            found.append((heading[1], number))
    return found


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The quick one where it is built; the notes of a roadmap have passed its strict check before."""


def read_note(path: Path) -> Note:
    """Read a note file, whose name is the note's id.

    Raises:
        NoteFault: the file breaks the format.
    """
    note = parse_note(path.read_text(encoding="utf-8"), where=str(path))
    if note.id != path.stem:
        raise NoteFault(str(path), 2, f"the id is {note.id!r}, but the file is called {path.name}")
    return note


def parse_note(text: str, where: str = "note") -> Note:
    """Read the text of a note.

    Raises:
        NoteFault: the text breaks the format.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    if not lines or lines[0].strip() != "---":
        raise NoteFault(where, 1, "a note begins with front matter between two lines of ---")
    close = next((i for i, line in enumerate(lines[1:], 1) if line.strip() == "---"), None)
    if close is None:
        raise NoteFault(where, 1, "the front matter is not closed by a line of ---")
    front = _Front(where, _compose(where, "\n".join(lines[1:close])))
    body = "\n".join(lines[close + 1 :]).strip("\n")
    if not body.strip():
        raise NoteFault(where, close + 1, "the note has no text")
    note = front.note(body)
    _check_headings(where, note, front, lines[close + 1 :], close + 2)
    return note


def _check_headings(where: str, note: Note, front: _Front, lines: list[str], first_line: int) -> None:
    """Refuse headings that repeat, and questions that point at no heading."""
    known: set[str] = set()
    for heading, number in headings("\n".join(lines)):
        if heading in known:
            raise NoteFault(where, first_line + number, f"the heading {heading!r} is there twice")
        known.add(heading)
    for asked, line in zip(note.answers, front.answer_lines, strict=True):
        if asked.heading not in known:
            raise NoteFault(where, line, f"no heading is called {asked.heading!r}")


def _compose(where: str, text: str) -> yaml.Node:
    """Read YAML into nodes, which know their lines."""
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 2
        raise NoteFault(where, line, f"this is not YAML: {error.problem or error.context}") from None
    except yaml.YAMLError as error:
        raise NoteFault(where, 2, f"this is not YAML: {error}") from None
    if node is None:
        raise NoteFault(where, 2, "the front matter is empty")
    return node


class _Front:
    """The front matter as nodes, so that every fault has its line."""

    def __init__(self, where: str, root: yaml.Node) -> None:
        self._where = where
        self._fields = self._mapping(root, KEYS)
        self.answer_lines: list[int] = []
        for key in NEEDED:
            if key not in self._fields:
                raise NoteFault(where, 2, f"the key {key!r} is missing")

    def note(self, body: str) -> Note:
        """Build the note."""
        ident = self._text(self._fields["id"])
        if not ID.fullmatch(ident):
            raise self._fault(self._fields["id"], f"an id is lower-case words joined by hyphens, not {ident!r}")
        return Note(
            id=ident,
            title=self._text(self._fields["title"]),
            unit=self._text(self._fields["unit"]),
            topics=self._many("topics", self._text),
            answers=self._many("answers", self._asked),
            sources=self._many("sources", self._source),
            body=body,
        )

    def _asked(self, node: yaml.Node) -> Asked:
        """Read one question with its heading."""
        fields = self._mapping(node, frozenset({"q", "heading"}))
        if len(fields) != 2:
            raise self._fault(node, "a question has the keys q and heading")
        self.answer_lines.append(node.start_mark.line + 2)
        return Asked(self._text(fields["q"]), self._text(fields["heading"]))

    def _source(self, node: yaml.Node) -> Source:
        """Read one source."""
        fields = self._mapping(node, frozenset({"title", "authors", "year", "url"}))
        if "title" not in fields:
            raise self._fault(node, "a source has a title")
        year = self._optional(fields.get("year"))
        if year and not re.fullmatch(r"\d{4}", year):
            raise self._fault(fields["year"], f"a year has four digits, not {year!r}")
        authors, url = self._optional(fields.get("authors")), self._optional(fields.get("url"))
        return Source(self._text(fields["title"]), authors, int(year) if year else None, url)

    def _many(self, key: str, read: Callable[[yaml.Node], T]) -> tuple[T, ...]:
        """Read a list; a missing or empty one is no fault."""
        node = self._fields.get(key)
        if node is None or (isinstance(node, yaml.ScalarNode) and node.value.strip() in ("", "~", "null")):
            return ()
        if not isinstance(node, yaml.SequenceNode):
            raise self._fault(node, f"{key!r} is a list")
        return tuple(read(item) for item in node.value)

    def _mapping(self, node: yaml.Node, allowed: frozenset[str]) -> dict[str, yaml.Node]:
        """Read a mapping whose keys are known and do not repeat."""
        if not isinstance(node, yaml.MappingNode):
            raise self._fault(node, "keys and values are expected here")
        fields: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = str(key.value)
            if name not in allowed:
                raise self._fault(key, f"the key {name!r} is not known here (known: {', '.join(sorted(allowed))})")
            if name in fields:
                raise self._fault(key, f"the key {name!r} is there twice")
            fields[name] = value
        return fields

    def _text(self, node: yaml.Node) -> str:
        """Read one line of text that is there."""
        text = self._optional(node)
        if not text:
            raise self._fault(node, "a text is expected here")
        return text

    def _optional(self, node: yaml.Node | None) -> str:
        """Read one line of text, or nothing."""
        if node is None:
            return ""
        if not isinstance(node, yaml.ScalarNode):
            raise self._fault(node, "a text is expected here")
        return " ".join(str(node.value).split())

    def _fault(self, node: yaml.Node, reason: str) -> NoteFault:
        return NoteFault(self._where, node.start_mark.line + 2, reason)
