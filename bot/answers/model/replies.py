"""Parse a model's reply: sentences with their passages, in JSON or in plain text."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.answers.index.sentences import split
from bot.answers.model.prompts import MISSING, NOT_COVERED
from bot.curriculum.markdown_body import paragraphs

Extent = Literal["full", "partly", "none"]
"""How much of a question the passages answer, in the model's judgement."""

LONGEST = 8000
"""Characters of a reply that are read."""

MOST_SENTENCES = 10
LONGEST_SENTENCE = 600

MARK = re.compile(r"\s*[\[【](\d{1,3}(?:\s*[,;]\s*\d{1,3})*)[\]】]")
LEADING_MARKS = re.compile(rf"^(?:{MARK.pattern})+")
CALCULATION = re.compile(r"\s*\{([^{}=]{1,200})=([^{}=]{0,40})\}")
EMPHASIS = re.compile(
    r"(?<![\w*])(?:(\*{2,3})(?=[^\s*])([^*]+?)(?<=\S)\1|\*(?=[^\W\d_]|[\"'(])([^*]+?)(?<=\S)\*)(?![\w*])",
)
"""Markdown around words, not a sign between numbers."""

YES_OR_NO = re.compile(r"^(?:yes|no|nope|yep|correct|right|exactly|true|false|indeed|wrong)\b[\s,.:;!]*", re.IGNORECASE)
"""How a sentence begins that the notes don't say: the rest answers by itself."""

_EXTENT = re.compile(r'"coverage"\s*:\s*"(full|partly|none)"')
_EXTENTS: Mapping[str, Extent] = {"full": "full", "partly": "partly", "none": "none"}
_FENCE = re.compile(r"^\s*```\w*\s*")
_THOUGHT = re.compile(r"^\s*<think>.*?</think>", re.DOTALL)
_SPACE = re.compile(r"[\s,]*")
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Calculation:
    """A calculation that a reply asks for, and the unit of its result."""

    expression: str
    unit: str


@dataclass(frozen=True, slots=True)
class ReplySentence:
    """A sentence of a reply, without its marks; passages are counted from 1 and may not exist."""

    text: str
    passages: tuple[int, ...] = ()
    calculation: Calculation | None = None


@dataclass(frozen=True, slots=True)
class WriterReply:
    """A reply to a question.

    Args:
        extent: None if it isn't given.
        missing: what the passages don't answer, on one line.
    """

    sentences: tuple[ReplySentence, ...]
    extent: Extent | None = None
    missing: str = ""


def parse_reply(text: str) -> WriterReply:
    """Read a writer's reply: JSON, whole or cut off, or else plain sentences with [marks]."""
    text = strip_reply(text)
    if not text.startswith("{"):
        return _parse_plain(text)
    match = _EXTENT.search(text)
    extent = _EXTENTS[match[1]] if match else None
    if extent == "none":
        return WriterReply((), extent)
    sentences = [sentence for item in list_items(text, "sentences") for sentence in _parse_item(item)]
    try:
        missing = json.loads(text).get("missing")
    except (ValueError, RecursionError):
        missing = None
    return WriterReply(tuple(sentences[:MOST_SENTENCES]), extent, _one_line(missing))


def strip_reply(text: str, longest: int = LONGEST) -> str:
    """Return what a reply says, without the thoughts and the fence around it."""
    return _FENCE.sub("", _THOUGHT.sub("", text[:longest])).strip().removesuffix("```").strip()


def list_items(text: str, key: str) -> Iterator[Mapping[str, object]]:
    """Yield the objects of a list in a JSON text that may be cut off."""
    begun = re.search(rf'"{key}"\s*:\s*\[', text)
    at = begun.end() if begun else len(text)
    while True:
        space = _SPACE.match(text, at)
        at = space.end() if space else at
        if not text.startswith("{", at):
            return
        try:
            item, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        yield item


def _parse_plain(text: str) -> WriterReply:
    if text.strip(".`*\"'").startswith(NOT_COVERED):
        return WriterReply((), "none")
    answer, is_partial, missing = text.partition(MISSING)
    sentences = tuple(split_sentences(answer)[:MOST_SENTENCES])
    return WriterReply(sentences, "partly" if is_partial else None, _one_line(missing))


def _parse_item(item: Mapping[str, object]) -> list[ReplySentence]:
    """Read a sentence object; a text of several sentences is cut, and the calculation stands with the last."""
    text, passages, calculation = item.get("text"), item.get("passages"), item.get("calculation")
    if not isinstance(text, str) or not text.strip():
        return []
    numbers = tuple(passage for passage in passages if type(passage) is int) if isinstance(passages, list) else ()
    sentences = [
        replace(sentence, passages=sentence.passages or numbers)
        for sentence in split_sentences(text[:LONGEST_SENTENCE])
    ]
    if sentences and isinstance(calculation, Mapping):
        expression, unit = calculation.get("expression"), calculation.get("unit")
        if isinstance(expression, str) and expression.strip():
            sentences[-1] = replace(sentences[-1], calculation=Calculation(expression.strip(), _unit(unit)))
    return sentences


def split_sentences(text: str) -> list[ReplySentence]:
    """Cut plain text into sentences with the numbers of their marks; a mark after the full stop counts too."""
    sentences: list[ReplySentence] = []
    for paragraph in paragraphs(clean(text)):
        for piece in split(EMPHASIS.sub(lambda match: match[2] or match[3], paragraph)):
            leading = LEADING_MARKS.match(piece)
            if leading and sentences:
                last = sentences[-1]
                sentences[-1] = replace(last, passages=(*last.passages, *_numbers(leading[0])))
            rest = piece[leading.end() :] if leading else piece
            asked = CALCULATION.search(rest)
            bare = _without_lead(CALCULATION.sub("", MARK.sub("", rest)).strip()[:LONGEST_SENTENCE])
            if bare:
                calculation = Calculation(asked[1].strip(), _unit(asked[2])) if asked else None
                sentences.append(ReplySentence(bare, tuple(_numbers(rest)), calculation))
    return sentences


def _without_lead(text: str) -> str:
    bare = YES_OR_NO.sub("", text)
    return bare[:1].upper() + bare[1:] if bare != text else text


def _numbers(text: str) -> Sequence[int]:
    return [int(number) for mark in MARK.finditer(text) for number in re.findall(r"\d+", mark[1])]


def _unit(value: object) -> str:
    return _one_line(value)[:30]


def _one_line(value: object) -> str:
    return " ".join(clean(value).split())[:200] if isinstance(value, str) else ""


def clean(text: str) -> str:
    """Drop control and invisible characters, which can hide words from people."""
    return "".join(char for char in text if char == "\n" or not unicodedata.category(char).startswith("C"))
