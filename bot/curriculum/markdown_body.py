"""The front matter of a Markdown file: YAML between two lines of `---`.

The body of a Markdown file: its lines, sections and links by line, and its blocks by the tokens of markdown-it-py.

This is the one place that knows. A line ends where an editor ends it, at a newline; form feeds and the line separators
of Unicode are white space inside a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from markdown_it import MarkdownIt
from markdown_it.token import Token

_FENCE = re.compile(r" {0,3}(?:(`{3,})([^`]*)|(~{3,})(.*))", re.DOTALL)

_HEADING = re.compile(r"(#{1,6})\s+(\S.*)", re.DOTALL)

_SECTION = re.compile(r"##\s+\S")

_QUOTE = re.compile(r" {0,3}> ?(.*)", re.DOTALL)

_FIGURE = re.compile(r"!\[(.*)\]\(\.\./figures/([\w-]{1,64})\.svg\)", re.DOTALL)

_NUMBERED = re.compile(r"\d{1,3}\. +(\S.*)", re.DOTALL)

_ANSWER = re.compile(r" {2,}> ?(.*)", re.DOTALL)

_CODE = re.compile(r"`+[^`]*`+")

_LINK = re.compile(r"\]\(\s*<?([^\s<>()]+(?:\([^\s<>()]*\)[^\s<>()]*)?)")

_REFERENCE = re.compile(r" {0,3}\[[^\]\n]+\]:\s*<?([^\s<>]+)")


@dataclass(frozen=True, slots=True)
class NumberedLine:
    """A line, counted from 1 in its file; the marks of a code fence are code as well.

    Args:
        is_gist: it belongs to a block quote directly under a heading of the second level.
        is_answer: it belongs to a block quote indented under a numbered item.
    """

    number: int
    text: str
    is_code: bool
    is_gist: bool = False
    is_answer: bool = False

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
    def is_row(self) -> bool:
        """Say whether it is a row of a table."""
        return self.text.lstrip().startswith("|")

    @property
    def is_counted(self) -> bool:
        """Say whether its words count as the note's own: not those of code, gists, answers, figures and comments."""
        return not (self.is_code or self.is_gist or self.is_answer or self.figure or self.comment is not None)


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
class NumberedQuestion:
    """A question with a number, and the lines of the answer quoted under it, in Markdown; there may be none."""

    text: str
    line: int
    answer: tuple[str, ...]


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
    def text_without_answers(self) -> str:
        """Return the text without the answers quoted under numbered questions."""
        return "\n".join(line.text for line in self.lines if line.comment is None and not line.is_answer).strip()

    @property
    def questions(self) -> tuple[NumberedQuestion, ...]:
        """Return its numbered items as questions, each with its answer."""
        questions: list[tuple[list[str], int, list[str]]] = []
        is_item = False
        for line in self.lines:
            if not line.is_code and (match := _NUMBERED.fullmatch(line.text)):
                questions.append(([match[1]], line.number, []))
                is_item = True
            elif line.is_answer:
                questions[-1][2].append(_ANSWER.sub(r"\1", line.text).strip())
            elif is_item and not line.is_code and line.text.startswith("  "):
                questions[-1][0].append(line.text.strip())
            else:
                is_item = False
        return tuple(NumberedQuestion(" ".join(text), line, tuple(answer)) for text, line, answer in questions)

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
        may_begin = is_gist = is_item = False
        for number, line in enumerate(text.split("\n"), first_line):
            match = _FENCE.fullmatch(line)
            is_code = bool(mark or match)
            is_gist = not is_code and (may_begin or is_gist) and _QUOTE.fullmatch(line) is not None
            is_item = not is_code and (_NUMBERED.match(line) is not None or (is_item and line.startswith("  ")))
            is_answer = is_item and _ANSWER.fullmatch(line) is not None
            yield NumberedLine(number, line, is_code, is_gist, is_answer)
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


@dataclass(frozen=True, slots=True)
class MarkdownBlock:
    """What belongs together in a text: prose, a list, a quote, a heading, code, a table or a figure.

    Args:
        text: its Markdown in one line; the lines of code.
        items: of a list, nested ones too, each in one line behind `- ` or `3. `.
        rows: of a table, the names of the columns first.
        right: the columns of a table that stand at the right, from 0.
    """

    kind: str
    text: str = ""
    items: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    right: tuple[int, ...] = ()
    figure: Figure | None = None


_MARKDOWN = MarkdownIt("zero", {"maxNesting": 100}).enable(["fence", "blockquote", "heading", "list"])
_MARKDOWN.core.ruler.enableOnly(["normalize", "block"])
RUN_LINES = 200
"""Lines after which tokens are let go: they take 400 times the memory of the text."""
_BEGINS = re.compile(r"[-*+] |#{1,6} ")
_ITEM_MARK = re.compile(r"- |\d+\. ")
_CELLS = re.compile(r"(?<!\\)\|")
_ALIGNED = re.compile(r"\s*\|?\s*:?-{2,}[-:| ]*")


def read_blocks(text: str) -> Iterator[MarkdownBlock]:
    """Yield the blocks of a Markdown text in order; comments are left out."""
    blocks = (block for run in _split_runs(text) for block in _read_tokens(_MARKDOWN.parse(run)))
    for kind, group in groupby(blocks, lambda block: block.kind):
        if kind == "list":
            yield MarkdownBlock(kind, items=tuple(item for block in group for item in block.items))
        else:
            yield from group


def _split_runs(text: str) -> Iterator[str]:
    """Yield a text in runs of lines, each of which begins with a block."""
    run: list[str] = []
    for line in Body(text).lines:
        if len(run) >= RUN_LINES and not line.is_code and (_BEGINS.match(line.text) or not run[-1].strip()):
            yield "\n".join(run)
            run = []
        run.append(line.text)
    yield "\n".join(run)


def paragraphs(text: str) -> Iterator[str]:
    """Yield the prose of a text: each paragraph and list item in one line, without code, tables and headings."""
    for block in read_blocks(text):
        if block.kind == "prose" and any(map(str.isalnum, block.text)) and not block.text.startswith("$$"):
            yield block.text
        yield from (_ITEM_MARK.sub("", item, count=1) for item in block.items)


def _read_tokens(tokens: Iterable[Token]) -> Iterator[MarkdownBlock]:
    above: list[str] = []
    quote: list[str] = []
    mark = ""
    for token in tokens:
        if token.nesting > 0:
            above.append(token.type)
            mark = (f"{token.info}. " if token.info else "- ") if token.type == "list_item_open" else mark
        elif token.nesting < 0:
            above.pop()
            if quote and "blockquote_open" not in above:
                yield MarkdownBlock("quote", " ".join(quote))
                quote = []
        elif "blockquote_open" in above:
            quote += token.content.split()
        elif token.type == "fence":
            yield MarkdownBlock("code", token.content.strip("\n"))
        elif above[-1] == "heading_open":
            yield MarkdownBlock("heading", " ".join(token.content.split()))
        elif "list_item_open" in above:
            yield MarkdownBlock("list", items=(mark + " ".join(token.content.split()),))
            mark = ""
        else:
            yield from _read_paragraph(token.content.split("\n"))


def _read_paragraph(lines: Iterable[str]) -> Iterator[MarkdownBlock]:
    """Yield the prose of a paragraph, and the figures and tables that stand in its lines."""
    shown = (line for text in lines if (line := NumberedLine(0, text, is_code=False)).comment is None)
    for kind, group in groupby(shown, lambda line: "figure" if line.figure else "table" if line.is_row else "prose"):
        match kind:
            case "figure":
                yield from (MarkdownBlock(kind, figure=line.figure) for line in group)
            case "table":
                rows = [(_ALIGNED.fullmatch(line.text), _split_row(line.text)) for line in group]
                aligned = next((cells for is_mark, cells in rows if is_mark), ())
                right = (n for n, cell in enumerate(aligned) if cell.endswith(":") and not cell.startswith(":"))
                yield MarkdownBlock(kind, rows=tuple(row for is_mark, row in rows if not is_mark), right=tuple(right))
            case _:
                yield MarkdownBlock(kind, " ".join(line.text.strip() for line in group))


def _split_row(line: str) -> tuple[str, ...]:
    cells = _CELLS.split(line.strip().removeprefix("|").removesuffix("|"))
    return tuple(cell.strip().replace("\\|", "|") for cell in cells)


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
