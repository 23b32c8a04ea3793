"""Text cut into sentences, and which of them can stand alone as a quote."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|vs|etc|cf|approx|resp|Dr|Mr|Mrs|Ms|Prof|Fig|fig|No|al)|\b[A-Z])\.$")
BREAK = re.compile(r"(?<=[.!?])[\"'”’)\]*_]*\s+(?=[\"'“‘(\[*_`]*[A-Z0-9`])")
TICKS = re.compile(r"`+")
CODE_OR_NOT = re.compile(r"(`[^`]*`)")
NOTE_LINK = re.compile(r"\[([^\[\]]+)\]\((?:[\w./-]+\.md)?(?:#[^()\s]*)?\)")

LONGEST_ABBREVIATION = 16
"""Characters before a gap that are looked at for an abbreviation; more than any has."""

FEWEST_WORDS = 4
LONGEST_QUOTE = 420
"""Characters; a longer sentence does not read as a quote on a phone."""


def code_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each span of code begins and ends: a run of backticks pairs with the next one of its length."""
    runs = [match.span() for match in TICKS.finditer(text)]
    closing: list[int | None] = []
    latest: dict[int, int] = {}
    for begin, end in reversed(runs):
        closing.append(latest.get(end - begin))
        latest[end - begin] = end
    at = 0
    for (begin, _), end_of_span in zip(runs, reversed(closing), strict=True):
        if begin >= at and end_of_span is not None:
            yield begin, end_of_span
            at = end_of_span


def without_code(text: str, instead: Callable[[int], str]) -> str:
    """Return a text with something else for each span of code, made from its length in characters."""
    out, at = [], 0
    for begin, end in code_spans(text):
        out += [text[at:begin], instead(end - begin)]
        at = end
    return "".join([*out, text[at:]])


def split(text: str) -> list[str]:
    """Cut one paragraph into sentences; white space is collapsed, nothing else changes."""
    text = " ".join(text.split())
    masked = without_code(text, lambda length: f"`{'x' * (length - 2)}`")
    parts: list[str] = []
    start = 0
    for gap in BREAK.finditer(masked):
        end = gap.end()
        if ABBREVIATION.search(masked, max(start, gap.start() - LONGEST_ABBREVIATION), gap.start()):
            continue
        parts.append(text[start:end].strip())
        start = end
    parts.append(text[start:].strip())
    return [part for part in parts if part]


def without_links(sentence: str) -> str:
    """Return a sentence with the words of its links to other notes alone; they lead nowhere outside the notes."""
    parts = CODE_OR_NOT.split(sentence)
    return "".join(part if i % 2 else NOTE_LINK.sub(r"\1", part) for i, part in enumerate(parts))


def is_quotable(sentence: str) -> bool:
    """Say whether a sentence can stand alone: whole, not a question, not the lead-in of a list."""
    end = sentence.rstrip("\"'”’)]*_` ")
    return (
        len(sentence.split()) >= FEWEST_WORDS
        and len(sentence) <= LONGEST_QUOTE
        and not end.endswith(("?", ":", ",", ";"))
    )


def quotable(paragraphs: Iterable[str]) -> tuple[str, ...]:
    """List the sentences of some prose that can be quoted, in their order."""
    sentences = (sentence for paragraph in paragraphs for sentence in split(paragraph))
    return tuple(dict.fromkeys(sentence for sentence in sentences if is_quotable(sentence)))
