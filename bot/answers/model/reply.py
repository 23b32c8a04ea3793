"""What a model replies: sentences with the passages that they rest on, read as they arrive."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal

from bot.answers.index.sentences import split
from bot.curriculum.markdown_body import paragraphs

Extent = Literal["full", "partly", "none"]
"""How much of a question the passages answer, as a model sees it."""

LONGEST = 8000
"""Characters of a reply that are looked at."""

MOST_SENTENCES = 10
LONGEST_SENTENCE = 600
NOT_COVERED = "NOT_COVERED"
"""How a reply in plain text declines."""

MISSING = "MISSING:"
"""How a reply in plain text begins the line on what the passages do not answer."""

SCHEMA: Mapping[str, object] = {
    "type": "object",
    "properties": {
        "coverage": {"type": "string", "enum": ["full", "partly", "none"]},
        "sentences": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "text": {"type": "string"},
                    "passages": {"type": "array", "items": {"type": "integer"}},
                    "calculation": {
                        "anyOf": [
                            {
                                "type": "object",
                                "properties": {"expression": {"type": "string"}, "unit": {"type": "string"}},
                                "required": ["expression", "unit"],
                                "additionalProperties": False,
                            },
                            {"type": "null"},
                        ]
                    },
                },
                "required": ["text", "passages", "calculation"],
                "additionalProperties": False,
            },
        },
        "missing": {"type": "string"},
    },
    "required": ["coverage", "sentences", "missing"],
    "additionalProperties": False,
}
"""The structured reply, in the part of JSON Schema that strict endpoints take."""

MARK = re.compile(r"\s*[\[【](\d{1,3}(?:\s*[,;]\s*\d{1,3})*)[\]】]")
LEADING_MARKS = re.compile(rf"^(?:{MARK.pattern})+")
SUM = re.compile(r"\s*\{([^{}=]{1,200})=([^{}=]{0,40})\}")
EMPHASIS = re.compile(
    r"(?<![\w*])(?:(\*{2,3})(?=[^\s*])([^*]+?)(?<=\S)\1|\*(?=[^\W\d_]|[\"'(])([^*]+?)(?<=\S)\*)(?![\w*])",
)
"""Markdown around words, not a sign between numbers; what a sentence shows of it would be its bare stars."""

_OPEN = re.compile(r"(?<![\w*])\*{2,3}(?=[^\s*])")
"""Emphasis that begins and has no end in its sentence: it may end in the next."""

_LIST = re.compile(r'"sentences"\s*:\s*\[')
_EXTENT = re.compile(r'"coverage"\s*:\s*"(\w+)"')
_EXTENTS: Mapping[str, Extent] = {"full": "full", "partly": "partly", "none": "none"}
_FENCE = re.compile(r"^\s*```\w*\s*")
_THOUGHT = re.compile(r"^\s*<think>.*?</think>", re.DOTALL)
_SPACE = re.compile(r"[\s,]*")
STOPS = ".!?\n"
_DECODER = json.JSONDecoder()

AGAIN = 30
"""Characters, and a tenth of what there is, that come before text in which no sentence ended is looked at again."""


@dataclass(frozen=True, slots=True)
class Calculation:
    """A sum that the reply asks for: numbers and signs, and the unit of its result."""

    expression: str
    unit: str


@dataclass(frozen=True, slots=True)
class ReplySentence:
    """A sentence of a reply, without its marks; passages are counted from 1 and may not exist."""

    text: str
    passages: tuple[int, ...] = ()
    calculation: Calculation | None = None


class ReplyReader:
    """Reads one reply, whole or piece by piece: the structured form, or else plain sentences with [marks]."""

    def __init__(self) -> None:
        self.extent: Extent | None = None
        """None until it is known; a reply without any sense never tells."""
        self.missing = ""
        self._text = ""
        self._at: int | None = None
        self._given = 0
        self._has_stop, self._has_begun, self._look_at = False, False, 0

    @property
    def is_full(self) -> bool:
        """Whether nothing that may still come is a sentence of the answer."""
        return self._given >= MOST_SENTENCES

    def feed(self, piece: str) -> Iterator[ReplySentence]:
        """Yield the sentences that this piece completes; one of plain text is complete once the next has begun."""
        piece = piece[: max(0, LONGEST - len(self._text))]
        self._text += piece
        if '"' in piece or "}" in piece:  # nothing else completes a sentence or the extent
            yield from self._objects()
        for letter in piece:
            self._has_begun |= self._has_stop and letter.isalpha()
            self._has_stop = letter in STOPS or (self._has_stop and not letter.isalpha())
        if self._has_begun and self._at is None and len(self._text) >= self._look_at:
            yield from self._begun()

    def end(self) -> Iterator[ReplySentence]:
        """Yield what is left; `extent` and `missing` stand after it."""
        text = _THOUGHT.sub("", self._text).strip()
        if self._at is None and not _begins_object(text):
            yield from self._plain(text)
            return
        yield from self._objects()
        try:
            whole = json.loads(_FENCE.sub("", text).removesuffix("```"))
        except (ValueError, RecursionError):
            whole = None
        if isinstance(whole, dict):
            self.missing = _one_line(whole.get("missing"))

    def _objects(self) -> Iterator[ReplySentence]:
        match = _EXTENT.search(self._text) if self.extent is None else None
        if match is not None and (extent := _EXTENTS.get(match[1])):
            self.extent = extent
        if self.extent == "none":
            return
        if self._at is None:
            begun = _LIST.search(self._text)
            if begun is None or not _begins_object(_THOUGHT.sub("", self._text)):
                return
            self._at = begun.end()
        while self._given < MOST_SENTENCES:
            begin = _SPACE.match(self._text, self._at)
            at = begin.end() if begin else self._at
            if not self._text.startswith("{", at):
                return
            try:
                value, self._at = _DECODER.raw_decode(self._text, at)
            except (ValueError, RecursionError):
                return
            for said in _said(value)[: MOST_SENTENCES - self._given]:
                self._given += 1
                yield said

    def _begun(self) -> Iterator[ReplySentence]:
        """Yield the sentences of plain text that have ended by now."""
        self._has_begun = False
        text = _THOUGHT.sub("", self._text).lstrip()
        if text.startswith(("{", "```", "<think")) or _declines(text):
            return
        said = cited_sentences(text.partition(MISSING)[0])
        # what begins with a bracket may still be a mark of the sentence before it
        ended = said[:-1] if said and said[-1].text[0] not in "[【" else []
        ended = list(takewhile(lambda one: not _OPEN.search(one.text), ended[self._given : MOST_SENTENCES]))
        self._look_at = len(self._text) + (0 if ended else AGAIN + len(self._text) // 10)
        self._given += len(ended)
        yield from ended

    def _plain(self, text: str) -> Iterator[ReplySentence]:
        if _declines(text):
            self.extent = "none"
            return
        answer, found, missing = text.partition(MISSING)
        if found:
            self.extent, self.missing = "partly", _one_line(missing)
        yield from cited_sentences(answer)[self._given : MOST_SENTENCES]


def _declines(text: str) -> bool:
    return text.strip(".`*\"'").startswith(NOT_COVERED)


def _begins_object(text: str) -> bool:
    return _FENCE.sub("", text).lstrip().startswith("{")


def _said(value: Mapping[str, object]) -> list[ReplySentence]:
    """Read one sentence object; a text of several sentences is cut, and the sum stands with the last."""
    text, passages = value.get("text"), value.get("passages")
    if not isinstance(text, str) or not text.strip():
        return []
    numbers = tuple(passage for passage in passages if type(passage) is int) if isinstance(passages, list) else ()
    cut = cited_sentences(text[:LONGEST_SENTENCE])
    told = [ReplySentence(one.text, one.passages or numbers, one.calculation) for one in cut]
    calculation = value.get("calculation")
    if told and isinstance(calculation, Mapping):
        expression, unit = calculation.get("expression"), calculation.get("unit")
        if isinstance(expression, str) and expression.strip():
            sum_ = Calculation(expression.strip(), _unit(unit))
            told[-1] = ReplySentence(told[-1].text, told[-1].passages, sum_)
    return told


def cited_sentences(text: str) -> list[ReplySentence]:
    """Cut plain text into sentences with the numbers of their marks; a mark after the full stop counts too."""
    out: list[ReplySentence] = []
    for paragraph in paragraphs(clean(text)):
        for piece in split(EMPHASIS.sub(lambda found: found[2] or found[3], paragraph)):
            leading = LEADING_MARKS.match(piece)
            if leading and out:
                last = out[-1]
                out[-1] = ReplySentence(last.text, (*last.passages, *_numbers(leading[0])), last.calculation)
            rest = piece[leading.end() :] if leading else piece
            asked = SUM.search(rest)
            sentence = SUM.sub("", MARK.sub("", rest)).strip()[:LONGEST_SENTENCE]
            if sentence:
                calculation = Calculation(asked[1].strip(), _unit(asked[2])) if asked else None
                out.append(ReplySentence(sentence, tuple(_numbers(rest)), calculation))
    return out


def _numbers(text: str) -> Sequence[int]:
    return [int(number) for mark in MARK.finditer(text) for number in re.findall(r"\d+", mark[1])]


def _unit(value: object) -> str:
    return _one_line(value)[:30] if isinstance(value, str) else ""


def _one_line(value: object) -> str:
    return " ".join(clean(value).split())[:200] if isinstance(value, str) else ""


def clean(text: str) -> str:
    """Drop control and invisible characters, which can hide words from people."""
    return "".join(char for char in text if char == "\n" or not unicodedata.category(char).startswith("C"))
