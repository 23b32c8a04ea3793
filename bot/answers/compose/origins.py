"""Questions who it was that came up with a thing, and when; what in the notes names it. Pure.

Notes say what a thing is, and seldom who it was. Where they do, the sentence answers; where they do not, their list of
sources may have the paper, and what they say of the thing is near.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.answers.index.chunks import Chunk
from bot.answers.index.words import british, words
from bot.curriculum.note import Source

MOST_SOURCES = 2
LOOKED_AT = 3
"""Passages whose notes' sources are looked at."""

_DONE = (
    r"(?:show(?:ed|n)|invented|introduced|proposed|wrote|written|discovered|found|described|made|created"
    r"|developed|coined|named|published|defined|started|pioneered|demonstrated|designed|built|thought of)"
)
_KIND = (
    r"(?:(?:the|a|an)\s+)?(?:(?:original|first|very first)\s+)?(?:(?:term|word|name|concept|idea|theory|paper|notion)"
    r"\s+(?:of|on|about|called|behind|for)?\s*)?(?:(?:the|an?)\s+)?"
)
_END = r"(?:\s+(?:paper|article|method|technique|in the first place|originally|first|anyway))*\W*$"
_ASKED = tuple(
    re.compile(rf"^\W*(?:(?:so|and|but|ok|hey|also)\W+)*{frame}{_END}", re.IGNORECASE)
    for frame in (
        rf"(?P<who>who)\s+(?:(?:has|have|had|was it that|first|originally|actually)\s+)*"
        rf"(?:{_DONE}|came up with|come up with)\s+{_KIND}(?P<subject>\S.*?)",
        rf"(?P<who>who)(?:['’]?s|\s+(?:is|are|was|were))\s+"
        rf"(?:behind|the (?:authors?|inventors?|creators?|originators?) (?:of|behind))\s+{_KIND}(?P<subject>\S.*?)",
        rf"(?:in\s+)?(?:when|(?:wh?at|which) year)\s+(?:was|were|did)\s+{_KIND}(?P<subject>\S.*?)"
        rf"(?:\s+(?:first|originally))?\s+(?:{_DONE}|come out|appear|come up|start|begin|from)",
        rf"(?:in\s+)?(?P<paper>(?:wh?at|which) paper)\s+(?:(?:is|was|were|did|has)\s+)?{_KIND}(?P<subject>\S.*?)"
        rf"(?:\s+first)?\s+(?:{_DONE}|come|appear|from)(?:\s+(?:in|from))?",
        rf"(?P<paper>(?:wh?at|which) paper)\s+(?:first\s+)?{_DONE}\s+{_KIND}(?P<subject>\S.*?)",
    )
)
_OF_PEOPLE = frozenset(
    words("i me my we us our you your this that it these those they he she here group bot trailmate")
)
_LONGEST = 5
"""Words of a thing that has a name."""

_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_PEOPLE = re.compile(r"\b[A-Z][\w’'-]+(?:, [A-Z][\w’'-]+)*,? and (?:[A-Z][\w’'-]+|colleagues|others)\b|\bet al\b")
_BEGAN = r"(?:introduced|invented|proposed|coined|discovered|pioneered|published)"


@dataclass(frozen=True, slots=True)
class OriginQuestion:
    """What is asked of the beginning of a thing.

    Args:
        subject: the thing, as it was typed.
        wants: who it was, or when.
    """

    subject: str
    wants: Literal["who", "when", "paper"]


def asked(question: str) -> OriginQuestion | None:
    """Read a question for who came up with something, or when; None if it asks another thing."""
    line = " ".join(question.split())
    for frame in _ASKED:
        if match := frame.match(line):
            subject, given = match["subject"].strip(" ?!.,\"'"), match.groupdict()
            own = words(subject)
            if not 0 < len(own) <= _LONGEST or own[0] in _OF_PEOPLE:
                return None
            return OriginQuestion(subject, "who" if given.get("who") else "paper" if given.get("paper") else "when")
    return None


def is_of(chunk: Chunk, origin: OriginQuestion) -> bool:
    """Say whether a passage is on a thing, and has not only a word of its kind."""
    return _has(f"{chunk.title} {chunk.heading} {chunk.gist}", origin)


def names(sentence: str, origin: OriginQuestion) -> bool:
    """Say whether a sentence names who came up with a thing, or when: it says so of the thing itself."""
    thing = rf"\b{'[ -]+'.join(re.escape(_bare(word)) for word in words(origin.subject))}s?\b"
    began = rf"(?:is older than|dates? (?:from|back)|goes back|(?:was|were) (?:first )?{_BEGAN})\b"
    says = rf"{thing}(?:\W+\w+){{0,2}}?\W+{began}|\b{_BEGAN}\W+(?:\w+\W+){{0,2}}?{thing}"
    is_told = _YEAR if origin.wants == "when" else _PEOPLE
    return is_told.search(sentence) is not None and re.search(says, sentence, re.IGNORECASE) is not None


def named(chunks: Sequence[Chunk], origin: OriginQuestion) -> tuple[int, int] | None:
    """Return the first chunk, and the place of its sentence, that names what is asked; None for none."""
    places = (
        (n, at) for n, chunk in enumerate(chunks) for at, text in enumerate(chunk.sentences) if names(text, origin)
    )
    return next(places, None)


def sources(chunks: Iterable[Chunk], origin: OriginQuestion) -> tuple[Source, ...]:
    """Return the sources of some passages' notes that name a thing in their title, the earliest first."""
    every = dict.fromkeys(source for chunk in chunks for source in chunk.sources)
    return tuple(
        sorted((source for source in every if _has(source.title, origin)), key=lambda source: source.year)[
            :MOST_SOURCES
        ]
    )


def _has(text: str, origin: OriginQuestion) -> bool:
    """Say whether a text has each word of a thing, or one that begins so: "batch norm" in "Batch Normalization"."""
    present = [british(word) for word in words(text)]
    wanted = [_bare(british(word)) for word in words(origin.subject)]
    return all(any(word == term or (len(term) > 2 and word.startswith(term)) for word in present) for term in wanted)


def _bare(word: str) -> str:
    """Return a word without the ending of a plural."""
    return word.removesuffix("s") if len(word) > 2 else word


def unnamed(origin: OriginQuestion, chunks: Sequence[Chunk]) -> str:
    """Say that the notes do not tell who or when it was, and which of their sources may."""
    listed = sources(chunks[:LOOKED_AT], origin)
    lacking = {"who": "who it was", "when": "when it was", "paper": "which paper it was"}[origin.wants]
    papers = " and ".join(f'"{source.title}" ({source.authors}, {source.year})' for source in listed)
    has = f" They list as sources on it: {papers}." if papers else ""
    return f"Our notes do not say {lacking}.{has} What they say of it:"
