"""Split notes at their headings into chunks, and chunks into quotable sentences.

A group's own note wasn't written to be quoted, so all of its text is quotable: short pieces are joined with their
neighbour (a question with its answer, a list with its lead), and long ones are cut.
"""

from __future__ import annotations

import hashlib
import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NewType

from bot.answers.index.sentences import FEWEST_WORDS, LONGEST_QUOTE, is_quotable, quotable, split, without_links
from bot.curriculum import note_renderer
from bot.curriculum.formulas import Formula
from bot.curriculum.markdown_body import MarkdownBlock, read_blocks
from bot.curriculum.note import SELF_CHECK, Note, Section, Source

MORE = "…"

"""The mark of a cut."""

CODE_LINES = 4

"""Most lines of a quoted listing."""

_LEADS = ("?", ":", ",", ";")

_TICKS = re.compile(r"`+")


def pieces(text: str) -> tuple[str, ...]:
    """List the quotable pieces of a section's Markdown, in order."""
    texts: list[str] = []
    heading = lead = ""
    for block in read_blocks(text):
        if block.kind == "heading":
            heading = f"{block.text}:"
        parts = [piece for piece in _split_block(block, is_led=bool(lead)) if any(map(str.isalnum, piece))]
        if not parts:
            continue
        if heading and not lead and not (block.kind == "prose" and is_quotable(parts[0])):
            lead = heading
        if lead:
            parts[:1] = _join_lead(lead, parts[0])
        is_lead = block.kind in {"prose", "quote"} and parts[-1].endswith(_LEADS)
        heading, lead = "", parts.pop() if is_lead else ""
        texts += parts
    return tuple(dict.fromkeys(part for piece in (*texts, lead) for part in _cut_piece(piece) if part))


def _split_block(block: MarkdownBlock, *, is_led: bool) -> Iterator[str]:
    """Yield the pieces of a block; `is_led`: a lead sentence precedes it."""
    match block.kind:
        case "code":
            yield _quote_code(note_renderer.shorten_code(block.text).split("\n"))
        case "table":
            yield from _format_rows(block.rows)
        case "list":
            yield from _join_items([*block.items], is_led=is_led)
        case "prose" | "quote":
            yield from _split_sentences(block.text)


def _split_sentences(paragraph: str) -> Iterator[str]:
    """Yield the sentences of a paragraph, with fragments joined to their neighbour."""
    held = ""
    for sentence in split(paragraph):
        is_joined = held.endswith(_LEADS) or len(sentence.split()) < FEWEST_WORDS
        if held and not (is_joined and len(held) + len(sentence) < LONGEST_QUOTE):
            yield held
            held = ""
        held = f"{held} {sentence}".strip()
    if held:
        yield held


def _join_items(items: Sequence[str], *, is_led: bool) -> Iterator[str]:
    """Yield the items of a list joined; whole sentences in an unordered list without a lead stay separate."""
    bare = [item.removeprefix("- ") for item in items]
    is_numbered, is_whole = bare == items, all(map(is_quotable, bare))
    if is_whole and not is_numbered and not (is_led and sum(map(len, bare)) < LONGEST_QUOTE):
        yield from bare
    else:
        ends = all(item.endswith((".", "!")) for item in bare)
        yield from _pack(bare, " " if ends else "; " if is_numbered or any("," in item for item in bare) else ", ")


def _pack(parts: Iterable[str], gap: str) -> Iterator[str]:
    held = ""
    for part in parts:
        trimmed = part.strip() if gap == " " else part.strip().rstrip(".,; ")
        if held and len(held) + len(gap) + len(trimmed) + len(MORE) >= LONGEST_QUOTE:
            yield f"{held}{gap}{MORE}"
            held = ""
        held += f"{gap}{trimmed}" if held else trimmed
    yield held


def _format_rows(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield each row of a table with its column names."""
    if len(rows) == 1:
        yield _format_row(rows[0])
    for row in rows[1:]:
        named = [*rows[0], *[""] * len(row)]
        yield _format_row([f"{name}: {cell}" if name else cell for name, cell in zip(named, row, strict=False) if cell])


def _format_row(cells: Sequence[str]) -> str:
    return ("; " if any("," in cell for cell in cells) else ", ").join(cells)


def _quote_code(lines: Sequence[str]) -> str:
    """Return the first lines of a listing as inline code."""
    code = [line.strip() for line in lines if line.strip()]
    first = [_tick_code(line) for line in code[:CODE_LINES]]
    return " ".join([*first, *([MORE] if len(code) > CODE_LINES else [])])


def _tick_code(line: str) -> str:
    longest = max(map(len, _TICKS.findall(line)), default=0)
    return f"`{line}`" if not longest else f"{'`' * (longest + 1)} {line} {'`' * (longest + 1)}"


def _join_lead(lead: str, text: str) -> list[str]:
    return [f"{lead} {text}"] if len(lead) + len(text) < LONGEST_QUOTE else [lead, text]


def _cut_piece(piece: str) -> list[str]:
    if len(piece) <= LONGEST_QUOTE:
        return [piece]
    parts = textwrap.wrap(piece, LONGEST_QUOTE - 4, break_on_hyphens=False)
    last = len(parts) - 1
    return [f"{MORE + ' ' if i else ''}{part}{' ' + MORE if i < last else ''}" for i, part in enumerate(parts)]


SourceId = NewType("SourceId", str)

"""The source of notes, such as the id of a track."""

UNANSWERED = frozenset({SELF_CHECK})

"""Headings of sections with questions to the reader, which match every question and answer none."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A section of a note.

    Args:
        text: the Markdown below the heading, including code.
        sentences: its quotable sentences, verbatim, in order.
        questions: members' questions that the section answers, as listed in the note.
        gist: its summary in at most 45 words, verbatim; empty if there is none.
        facts: what people ask for and the gist leaves out, a sentence each, verbatim.
        sources: the sources of its note.
        formulas: those that the section states.
    """

    source: SourceId
    note: str
    title: str
    heading: str
    text: str
    sentences: tuple[str, ...]
    questions: tuple[str, ...]
    gist: str = ""
    facts: tuple[str, ...] = ()
    sources: tuple[Source, ...] = field(default=(), compare=False)
    formulas: tuple[Formula, ...] = field(default=(), compare=False)

    @property
    def statements(self) -> tuple[str, ...]:
        """Everything that an answer may show: the sentences, the gist, the facts."""
        return (*self.sentences, *([self.gist] if self.gist else []), *self.facts)


def cut(note: Note, source: SourceId) -> list[Chunk]:
    """Return a chunk for each section of a note with something quotable."""
    chunks = []
    for section in note.sections:
        sentences = quotes(note, section)
        if section.heading.casefold() in UNANSWERED or not (sentences or section.gist):
            continue
        content = (section.heading, section.text, sentences, section.asked, section.gist, section.facts)
        chunks.append(Chunk(source, note.id, note.title, *content, note.sources, section.formulas))
    return chunks


def quotes(note: Note, section: Section) -> tuple[str, ...]:
    """List the quotable sentences of a section; for a group's own note (numeric id), all of its text."""
    return pieces(section.text) if note.id.isdecimal() else quotable(section.paragraphs)


def rows(chunk: Chunk) -> list[str]:
    """List the texts to embed for a chunk: its statements, its name, its questions, in this order.

    The whole passage isn't embedded: in measurements it found nothing more and doubled the time.
    """
    return [*map(without_links, chunk.statements), f"{chunk.title}. {chunk.heading}.", *chunk.questions]


def row_hash(text: str) -> str:
    """Return the hexadecimal hash of a row's text, the cache key of its vector."""
    return hashlib.sha256(text.encode()).hexdigest()
