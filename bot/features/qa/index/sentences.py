"""Text cut into sentences, and which of them can stand alone as a quote."""

from __future__ import annotations

import re
from collections.abc import Iterable

ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|vs|etc|cf|approx|resp|Dr|Mr|Mrs|Ms|Prof|Fig|fig|No|al)|\b[A-Z])\.$")
BREAK = re.compile(r"(?<=[.!?])[\"'”’)\]*_]*\s+(?=[\"'“‘(\[*_`]*[A-Z0-9`])")
CODE_SPAN = re.compile(r"(`+)(?:(?!\1).)+?\1")
CODE_OR_NOT = re.compile(r"(`[^`]*`)")
NOTE_LINK = re.compile(r"\[([^\[\]]+)\]\((?:[\w./-]+\.md)?(?:#[^()\s]*)?\)")

FEWEST_WORDS = 4
LONGEST_QUOTE = 420
"""Characters; a longer sentence does not read as a quote on a phone."""


def split(text: str) -> list[str]:
    """Cut one paragraph into sentences; white space is collapsed, nothing else changes."""
    text = " ".join(text.split())
    masked = CODE_SPAN.sub(lambda span: "`" + "x" * (len(span[0]) - 2) + "`", text)
    parts: list[str] = []
    start = 0
    for gap in BREAK.finditer(masked):
        end = gap.end()
        if ABBREVIATION.search(masked[start : gap.start()].rstrip("\"'”’)]*_ ")):
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
    found = (sentence for paragraph in paragraphs for sentence in split(paragraph))
    return tuple(dict.fromkeys(sentence for sentence in found if is_quotable(sentence)))
