"""What a model wrote, held against the passages it cites. Nothing unsupported is shown.

Measured on the notes of the first six units: all 276 sentences hold against their own passage and 1 of 1,872 against
a passage of another note; of 15 true rewordings 13 hold, of 14 false ones 2. Those two change who does what, with
the passage's own words, which neither words nor vectors can see.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bot.features.qa.index.retrieval import Hit, Index
from bot.features.qa.index.sentences import split
from bot.features.qa.index.words import STOP_WORDS, overlap, stem, stems, words
from bot.features.roadmap.body import Body, paragraphs

MARK = re.compile(r"\s*[\[(【](\d{1,3}(?:\s*[,;]\s*\d{1,3})*)[\])】]")
LEADING_MARKS = re.compile(rf"^(?:{MARK.pattern})+")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
COUNTS = {
    word: str(number)
    for number, word in enumerate(words("two three four five six seven eight nine ten eleven twelve"), 2)
} | {"hundred": "100", "thousand": "1000", "million": "1000000"}
CODE = re.compile(r"`([^`]+)`")
FOREIGN = re.compile(
    r"https?://\S+|www\.\S+|\b[\w.-]+@[\w-]+\.\w+|<[^<>\s][^<>]*>|@(?:everyone|here|channel)\b|!?\[[^\]]*\]\([^)]*\)",
    re.IGNORECASE,
)
"""Links, addresses, tags and mentions: allowed only where the passage itself has them."""

NEGATIONS = frozenset(
    words("not no never cannot cant dont doesnt didnt isnt arent wasnt wont nor neither nothing none unable")
)
PREFIXES = ("un", "im", "in", "non", "ir", "dis")
OPPOSITES = tuple(
    (frozenset(one.split()), frozenset(other.split()))
    for one, other in (
        ("fast faster fastest quick quicker", "slow slower slowest"),
        ("more larger bigger higher greater", "less fewer smaller lower"),
        ("always", "sometimes rarely"),
        ("before", "after"),
        ("first", "last"),
        ("true", "false"),
        ("increase increases", "decrease decreases"),
    )
)

CLOSE = 0.60
"""Cosine of a sentence with a sentence of the passage, from which on they may mean the same."""

HELD = 0.5
"""Share of a close sentence's words that the passage must hold."""

REACH = 2
"""Words after a "not" that it negates."""

HELD_ALONE = 0.75
"""Share that must be held where there are no vectors."""


@dataclass(frozen=True, slots=True)
class Supported:
    """A sentence that holds, and what holds it: (hit number, the note's sentence, verbatim)."""

    text: str
    quotes: tuple[tuple[int, str], ...]


class Checker:
    """Keeps the sentences of a model's text that its citations support."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def check(self, text: str, hits: Sequence[Hit]) -> list[Supported]:
        """List the sentences that hold, in their order, each once. Passage 1 is the first hit."""
        kept = []
        for sentence, numbers in _each_once(cited_sentences(text)):
            quotes = []
            for number in dict.fromkeys(numbers):
                quote = self._support(sentence, hits[number - 1]) if 1 <= number <= len(hits) else None
                if quote is not None:
                    quotes.append((number - 1, quote))
            if quotes:
                kept.append(Supported(sentence, tuple(quotes)))
        return kept

    def _support(self, sentence: str, hit: Hit) -> str | None:
        """Return the sentence of a passage that supports a sentence, or None."""
        wanted = stems(sentence)
        passage = " ".join((hit.chunk.title, hit.chunk.heading, hit.chunk.text))
        if not wanted or _adds_facts(sentence, passage):
            return None
        vectors = self._index.vectors([sentence])
        near: list[tuple[float, str]] = []
        if vectors is not None and hit.rows is not None:
            if overlap(wanted, stems(passage)) < HELD:
                return None
            cosines = hit.rows[: len(hit.chunk.sentences)] @ vectors[0]
            near = [(float(c), s) for c, s in zip(cosines, hit.chunk.sentences, strict=True) if c >= CLOSE]
        else:
            shares = ((overlap(wanted, stems(s)), s) for s in hit.chunk.sentences)
            near = [(share, s) for share, s in shares if share >= HELD_ALONE]
        best = max(near, default=None)
        return best[1] if best is not None and not contradicts(sentence, best[1]) else None


def cited_sentences(text: str) -> list[tuple[str, list[int]]]:
    """Cut a model's text into (sentence without marks, passage numbers); a mark after the full stop counts too."""
    out: list[tuple[str, list[int]]] = []
    for paragraph in paragraphs(Body(_clean(text)).lines):
        for piece in split(paragraph):
            leading = LEADING_MARKS.match(piece)
            if leading and out:
                out[-1][1].extend(_numbers(leading[0]))
            rest = piece[leading.end() :] if leading else piece
            sentence = MARK.sub("", rest).strip()
            if sentence:
                out.append((sentence, _numbers(rest)))
    return out


def _each_once(sentences: list[tuple[str, list[int]]]) -> list[tuple[str, list[int]]]:
    """Return the sentences without those that say the same words again, whose passage numbers go to the first."""
    first: dict[tuple[str, ...], tuple[str, list[int]]] = {}
    for sentence, numbers in sentences:
        _, held = first.setdefault(tuple(words(sentence)), (sentence, []))
        held.extend(numbers)
    return list(first.values())


def _numbers(text: str) -> list[int]:
    return [int(number) for mark in MARK.finditer(text) for number in re.findall(r"\d+", mark[1])]


def _clean(text: str) -> str:
    """Drop control and invisible characters, which can hide words from people."""
    return "".join(char for char in text if char == "\n" or not unicodedata.category(char).startswith("C"))


def _adds_facts(sentence: str, passage: str) -> bool:
    """Say whether a sentence brings a number, a name of code or a link that the passage does not have."""
    passage_words = set(words(passage))
    held = {number.replace(",", "") for number in NUMBER.findall(passage)}
    held |= {COUNTS[word] for word in passage_words & COUNTS.keys()}
    told = {number.replace(",", "") for number in NUMBER.findall(sentence)}
    told |= {COUNTS[word] for word in words(sentence) if word in COUNTS}
    if told - held:
        return True
    if any(not set(words(code)) <= passage_words for code in CODE.findall(sentence)):
        return True
    return _claims(sentence, passage) or any(foreign not in passage for foreign in FOREIGN.findall(sentence))


def contradicts(sentence: str, quote: str) -> bool:
    """Say whether a sentence negates its quote: a word under a "not" on one side only, or against its opposite.

    A true paraphrase may be lost ("cannot be changed" for "immutable"); a false one shown would be worse.
    """
    one, other = set(words(sentence)), set(words(quote))
    if negated(sentence) & (stems(quote) - negated(quote)) or negated(quote) & (stems(sentence) - negated(sentence)):
        return True
    for left, right in OPPOSITES:
        for a, b in ((left, right), (right, left)):
            if one & a and other & b and not one & b and not other & a:
                return True
    return any(
        (prefix + word in other and word not in other) or (prefix + word in one and word not in one)
        for prefix in PREFIXES
        for word in one ^ other
        if len(word) > 3
    )


def negated(sentence: str) -> frozenset[str]:
    """Return the stems of the words that a "not" reaches: the next two that carry meaning."""
    reach = 0
    out: set[str] = set()
    for word in words(sentence):
        if word in NEGATIONS:
            reach = REACH
        elif reach and word not in STOP_WORDS:
            out.add(stem(word))
            reach -= 1
    return frozenset(out)


def _claims(sentence: str, passage: str) -> bool:
    """Say whether a sentence compares ("slower", "always") where the passage has no such word on either side."""
    told, held = set(words(sentence)), set(words(passage))
    return any(told & side and not held & (one | other) for one, other in OPPOSITES for side in (one, other))
