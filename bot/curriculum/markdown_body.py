"""The front matter of a Markdown file: YAML between two lines of `---`.

The body of a Markdown file: what is code, a heading, a gist, a figure or prose, and where links lead.

This is the one place that knows. A line ends where an editor ends it, at a newline; form feeds and the line separators
of Unicode are white space inside a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

_FENCE = re.compile(r" {0,3}(?:(`{3,})([^`]*)|(~{3,})(.*))", re.DOTALL)

_HEADING = re.compile(r"(#{1,6})\s+(\S.*)", re.DOTALL)

_SECTION = re.compile(r"##\s+\S")

_LIST_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,2}[.)])\s+")

_NO_PROSE = re.compile(r"\s*(?:#{1,6}\s|\||<!--|>|(?:---+|\*\*\*+)\s*$|\$\$)")

"""Headings, tables, comments, quotes, rules and formulas."""

_QUOTE = re.compile(r" {0,3}> ?(.*)", re.DOTALL)

_FIGURE = re.compile(r"!\[(.*)\]\(\.\./figures/([\w-]{1,64})\.svg\)", re.DOTALL)

_CODE = re.compile(r"`+[^`]*`+")

_LINK = re.compile(r"\]\(\s*<?([^\s<>()]+(?:\([^\s<>()]*\)[^\s<>()]*)?)")

_REFERENCE = re.compile(r" {0,3}\[[^\]\n]+\]:\s*<?([^\s<>]+)")


@dataclass(frozen=True, slots=True)
class NumberedLine:
    """A line, counted from 1 in its file; the marks of a code fence are code as well.

    Args:
        is_gist: it belongs to a block quote directly under a heading of the second level.
    """

    number: int
    text: str
    is_code: bool
    is_gist: bool = False

    @property
    def figure(self) -> Figure | None:
        """Return the figure that stands alone on this line, if one does."""
        match = None if self.is_code else _FIGURE.fullmatch(self.text.strip())
        return Figure(match[2], " ".join(match[1].split()), self.number) if match else None

    @property
    def comment(self) -> str | None:
        """Return what is said in the comment that fills this line, if one does."""
        text = self.text.strip()
        is_comment = not self.is_code and text.startswith("<!--") and text.find("-->") == len(text) - 3
        return text[4:-3].strip() if is_comment else None

    @property
    def is_counted(self) -> bool:
        """Say whether its words count as the note's own: not those of code, gists, figures and comments."""
        return not (self.is_code or self.is_gist or self.figure or self.comment is not None)


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing that a note shows: `figures/<name>.svg`, and what is to be seen there."""

    name: str
    alt: str
    line: int


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 2 for `##`; lines are counted from 1."""

    level: int
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class NumberedLink:
    """Where a link points; lines are counted from 1."""

    target: str
    line: int


@dataclass(frozen=True, slots=True)
class BodyPart:
    """What stands under a heading of the second level, its gist apart; before the first one there is no heading.

    Args:
        line: where it begins.
    """

    heading: str | None
    line: int
    gist_lines: tuple[NumberedLine, ...]
    lines: tuple[NumberedLine, ...]

    @property
    def text(self) -> str:
        """Return the Markdown, code and figures included, comments left out."""
        return "\n".join(line.text for line in self.lines if line.comment is None).strip()

    @property
    def gist(self) -> str:
        """Return the gist in one line, or nothing."""
        return " ".join(" ".join(_strip_quote_mark(line) for line in self.gist_lines).split())

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Return the figures that it shows, in order."""
        return tuple(figure for line in self.lines if (figure := line.figure))


class Body:
    """A Markdown text.

    Args:
        first_line: the line of the file on which the text begins.
    """

    def __init__(self, text: str, first_line: int = 1) -> None:
        self.first_line = first_line
        self.open_fence: int | None = None
        """The line of a code fence that is never closed."""
        self.lines = tuple(self._number_lines(text, first_line))

    def _number_lines(self, text: str, first_line: int) -> Iterator[NumberedLine]:
        mark = ""
        may_begin = is_gist = False
        for number, line in enumerate(text.split("\n"), first_line):
            match = _FENCE.fullmatch(line)
            is_code = bool(mark or match)
            is_gist = not is_code and (may_begin or is_gist) and _QUOTE.fullmatch(line) is not None
            yield NumberedLine(number, line, is_code, is_gist)
            may_begin = not is_code and (_SECTION.match(line) is not None or (may_begin and not line.strip()))
            if match is None:
                continue
            fence, rest = match[1] or match[3], match[2] or match[4] or ""
            if not mark:
                mark, self.open_fence = fence, number
            elif fence.startswith(mark) and not rest.strip():
                mark, self.open_fence = "", None

    @property
    def prose(self) -> Iterator[NumberedLine]:
        """Yield every line outside code fences."""
        return (line for line in self.lines if not line.is_code)

    @property
    def is_empty(self) -> bool:
        """Say whether nothing but headings and blank lines stands outside code."""
        return not any(line.text.strip() and not _HEADING.fullmatch(line.text) for line in self.prose)

    @cached_property
    def headings(self) -> tuple[Heading, ...]:
        """Every heading in order, white space in it collapsed."""
        return tuple(heading for line in self.prose if (heading := _parse_heading(line)))

    @cached_property
    def parts(self) -> tuple[BodyPart, ...]:
        """Cut the text at its headings of the second level; the text's own title, a heading of the first, is left out.

        The first part is what stands before any heading, and it may be empty.
        """
        parts: list[tuple[str | None, int, list[NumberedLine], list[NumberedLine]]] = [(None, self.first_line, [], [])]
        for line in self.lines:
            heading = None if line.is_code else _parse_heading(line)
            if heading is not None and heading.level == 2:
                parts.append((heading.text, line.number, [], []))
            elif line.is_gist:
                parts[-1][2].append(line)
            elif heading is None or heading.level > 2:
                parts[-1][3].append(line)
        return tuple(BodyPart(heading, line, tuple(gist), tuple(lines)) for heading, line, gist, lines in parts)

    @cached_property
    def anchors(self) -> frozenset[str]:
        """What stands after the `#` of a link to a heading, as GitHub makes it."""
        seen: dict[str, int] = {}
        anchors = set()
        for heading in self.headings:
            slug = re.sub(r"[^\w\- ]", "", heading.text.lower()).replace(" ", "-")
            count = seen.get(slug, 0)
            seen[slug] = count + 1
            anchors.add(f"{slug}-{count}" if count else slug)
        return frozenset(anchors)

    @cached_property
    def links(self) -> tuple[NumberedLink, ...]:
        """Every link, image and link definition in order."""
        links = []
        for line in self.prose:
            if definition := _REFERENCE.match(line.text):
                links.append(NumberedLink(definition[1], line.number))
            links += [NumberedLink(match[1], line.number) for match in _LINK.finditer(_CODE.sub("", line.text))]
        return tuple(links)


def paragraphs(lines: Iterable[NumberedLine]) -> Iterator[str]:
    """Yield the prose of some lines: each paragraph and list item in one line, without code, tables and headings."""
    prose: list[str] = []
    for line in lines:
        text = line.text
        item = None if line.is_code else _LIST_ITEM.match(text)
        ends = not line.is_counted or item is not None or not text.strip() or _NO_PROSE.match(text) is not None
        if ends and prose:
            yield " ".join(prose)
            prose = []
        if item is not None:
            prose = [text[item.end() :].strip()]
        elif not ends:
            prose.append(text.strip())
    if prose:
        yield " ".join(prose)


def _strip_quote_mark(line: NumberedLine) -> str:
    match = _QUOTE.fullmatch(line.text)
    return match[1] if match else line.text


def _parse_heading(line: NumberedLine) -> Heading | None:
    match = _HEADING.fullmatch(line.text)
    if match is None:
        return None
    words = match[2].split()
    if len(words) > 1 and not words[-1].strip("#"):
        words.pop()
    return Heading(len(match[1]), " ".join(words), line.number)


YAML_LINE = 2

"""The line of the file on which the YAML begins."""


class NoFrontMatter(ValueError):
    """The text does not begin with front matter; `str` says what is missing."""


def split(text: str) -> tuple[str, str, int]:
    """Cut a text into its YAML, its body, and the line on which the body begins, counted from 1.

    Line breaks of any system become a single newline, so that lines are counted as editors count them.

    Raises:
        NoFrontMatter: the first line is not `---`, or no later one is.
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[0].rstrip() != "---":
        raise NoFrontMatter("The file must start with front matter between two lines of ---.")
    close = next((index for index, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if close is None:
        raise NoFrontMatter("The front matter needs a closing line of ---.")
    return "\n".join(lines[1:close]), "\n".join(lines[close + 1 :]), close + 2
