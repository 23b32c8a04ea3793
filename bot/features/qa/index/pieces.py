"""What can be quoted of a group's own note: all that it says, in pieces that fit an answer.

Nobody wrote it to be quoted. So what says little alone stands with its neighbour, as a question with its answer and a
list with what leads into it, and what is too long is cut.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence

from bot.features.qa.index.sentences import FEWEST_WORDS, LONGEST_QUOTE, is_quotable, split
from bot.features.roadmap import dictation
from bot.features.roadmap.body import Body, Line

MORE = "…"
"""Stands where a piece was cut."""

CODE_LINES = 4
"""Of a listing that are quoted; its passage shows it whole."""

_LEADS = ("?", ":", ",", ";")
_TICKS = re.compile(r"`+")
_MARKS = re.compile(r"^[#>\s]+")


def pieces(text: str) -> tuple[str, ...]:
    """List what can be quoted of a section's Markdown, in order."""
    found: list[str] = []
    heading = lead = ""
    for kind, lines in dictation.runs(Body(text).lines):
        if kind == "heading":
            heading = f"{_words(lines[-1:])}:"
        said = [one for one in _said(kind, lines, is_led=bool(lead)) if any(map(str.isalnum, one))]
        if not said:
            continue
        if heading and not lead and not (kind == "prose" and is_quotable(said[0])):
            lead = heading
        if lead:
            said[:1] = _together(lead, said[0])
        heading, lead = "", said.pop() if kind in {"prose", "quote"} and said[-1].endswith(_LEADS) else ""
        found += said
    return tuple(dict.fromkeys(part for one in (*found, lead) for part in _cut(one) if part))


def _said(kind: str, lines: Sequence[Line], *, is_led: bool) -> Iterator[str]:
    """Yield what some lines that belong together say; `is_led`: a sentence leads into them."""
    match kind:
        case "code":
            yield _code(dictation.code(lines).split("\n"))
        case "table":
            yield from _rows(dictation.cells([line.text for line in lines]))
        case "list":
            yield from _items(dictation.items([line.text for line in lines]), is_led=is_led)
        case "prose" | "quote":
            yield from _sentences(_words(lines))


def _words(lines: Iterable[Line]) -> str:
    return " ".join(_MARKS.sub("", line.text) for line in lines)


def _sentences(paragraph: str) -> Iterator[str]:
    """Yield the sentences of a paragraph, each fragment with its neighbour."""
    held = ""
    for sentence in split(paragraph):
        is_joined = held.endswith(_LEADS) or len(sentence.split()) < FEWEST_WORDS
        if held and not (is_joined and len(held) + len(sentence) < LONGEST_QUOTE):
            yield held
            held = ""
        held = f"{held} {sentence}".strip()
    if held:
        yield held


def _items(items: Sequence[str], *, is_led: bool) -> Iterator[str]:
    """Yield the items of a list together, but whole sentences that nothing puts in a row each by itself."""
    bare = [item.removeprefix("- ") for item in items]
    is_numbered, is_whole = bare == items, all(map(is_quotable, bare))
    if is_whole and not is_numbered and not (is_led and sum(map(len, bare)) < LONGEST_QUOTE):
        yield from bare
    else:
        ends = all(item.endswith((".", "!")) for item in bare)
        yield from _packed(bare, " " if ends else "; " if is_numbered or any("," in item for item in bare) else ", ")


def _packed(parts: Iterable[str], gap: str) -> Iterator[str]:
    """Yield parts in as few pieces as fit."""
    held = ""
    for part in parts:
        said = part.strip() if gap == " " else part.strip().rstrip(".,; ")
        if held and len(held) + len(gap) + len(said) + len(MORE) >= LONGEST_QUOTE:
            yield f"{held}{gap}{MORE}"
            held = ""
        held += f"{gap}{said}" if held else said
    yield held


def _rows(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield each row of a table with the names of its columns."""
    if len(rows) == 1:
        yield _row(rows[0])
    for row in rows[1:]:
        named = [*rows[0], *[""] * len(row)]
        yield _row([f"{name}: {cell}" if name else cell for name, cell in zip(named, row, strict=False) if cell])


def _row(cells: Sequence[str]) -> str:
    return ("; " if any("," in cell for cell in cells) else ", ").join(cells)


def _code(lines: Sequence[str]) -> str:
    """Return the first lines of a listing, each as code."""
    said = [line.strip() for line in lines if line.strip()]
    first = [_ticked(line) for line in said[:CODE_LINES]]
    return " ".join([*first, *([MORE] if len(said) > CODE_LINES else [])])


def _ticked(line: str) -> str:
    longest = max(map(len, _TICKS.findall(line)), default=0)
    return f"`{line}`" if not longest else f"{'`' * (longest + 1)} {line} {'`' * (longest + 1)}"


def _together(lead: str, said: str) -> list[str]:
    return [f"{lead} {said}"] if len(lead) + len(said) < LONGEST_QUOTE else [lead, said]


def _cut(piece: str) -> list[str]:
    """Cut what is too long between words."""
    if len(piece) <= LONGEST_QUOTE:
        return [piece]
    parts = textwrap.wrap(piece, LONGEST_QUOTE - 4, break_on_hyphens=False)
    last = len(parts) - 1
    return [f"{MORE + ' ' if i else ''}{part}{' ' + MORE if i < last else ''}" for i, part in enumerate(parts)]
