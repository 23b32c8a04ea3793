"""Vetoes on a model's sentence in plain code: no judge can lift them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

from bot.answers.index.words import STOP_WORDS, stem, words
from bot.answers.model.calculation import UNITS
from bot.base.arithmetic import read_numbers, read_values, round_value

FOREIGN = re.compile(
    r"https?://\S+|www\.\S+|\b[\w.-]+@[\w-]+\.\w+|<[^<>\s][^<>]*>|@(?:everyone|here|channel)\b|!?\[[^\]]*\]\([^)]*\)",
    re.IGNORECASE,
)
"""Links, addresses, tags and mentions: allowed only if the passages have them."""

NEGATION = re.compile(
    r"\b(?:not|no|never|cannot|none|nothing|nobody|nowhere|neither|nor|without|hardly|barely|rarely|seldom)\b|n['’]t\b",
    re.IGNORECASE,
)
DENIAL = re.compile(
    rf"{NEGATION.pattern}|\b(?:instead|rather than|only|unlike|wrong|false|tempting|mistake\w*|"
    r"(?:lack|fail|avoid|prevent|ignor|skip)\w*|un(?!der|til|it|i[oqvf])\w{3,}|non-?\w{3,}|\w{3,}less)\b",
    re.IGNORECASE,
)
"""Words of a passage that a sentence may render with a negation."""

RELATION = re.compile(r"\b(?:half|halves?|halved|twice|doubled?s?|triples?|thrice|quarter|third)\b", re.IGNORECASE)
"""Numbers in words that compare: another text may state the two values instead."""

_ZERO = re.compile(r"\bzeros?\b", re.IGNORECASE)
CODE = re.compile(r"`([^`]+)`")
_NAME = re.compile(
    r"[A-Za-z]\w*(?:[._]\w+)+|(?<![\w.])(?:[a-z]+[A-Z]|[A-Z]+[a-z]*[A-Z0-9]|[A-Z]{2})[\w-]*|"
    r"(?<=[\w,;)%\"'”’`–-] )[(\"'“]?[A-Z][\w-]*"
)
"""Identifiers, words with capitals inside, and capitalised words within a sentence."""


def adds_number(sentence: str, held: str, holds: Callable[[float], bool]) -> bool:
    """Say whether a sentence has a number that neither a text nor `holds` has; words such as "half" are no numbers."""
    there = read_numbers(_ZERO.sub("0", held))

    def is_held(value: float) -> bool:
        return value in there or holds(value)

    return not all(
        is_held(value) or ("%" in written and value < 1 and is_held(round_value(value * 100)))
        for value, written in read_values(RELATION.sub(" ", _ZERO.sub("0", sentence))).items()
    )


def adds_link(sentence: str, held: str) -> bool:
    """Say whether a sentence has a link, an address, a tag or a mention that a text doesn't have."""
    return any(match[0] not in held for match in FOREIGN.finditer(sentence))


def adds_negation(sentence: str, held: str) -> bool:
    """Say whether a sentence denies something and a text has nothing like it."""
    return NEGATION.search(sentence) is not None and DENIAL.search(held) is None


def adds_name(sentence: str, held: str) -> bool:
    """Say whether a sentence has an identifier or a name that a text doesn't have, in whatever case."""
    plain, stems = _plain(held), {stem(word) for word in words(held)}
    return any(_plain(name) not in plain and not _are_held(words(name), stems) for name in _names(sentence))


def _names(sentence: str) -> Iterator[str]:
    for code in CODE.finditer(sentence):
        yield re.sub(r"\(\)?$", "", code[1])
    for match in _NAME.finditer(CODE.sub(" ", sentence)):
        name = match[0].lstrip("(\"'“")
        if name.lower() not in {*STOP_WORDS, *UNITS, "e.g", "i.e"}:
            yield name


def _plain(text: str) -> str:
    return " ".join(text.replace("`", "").split()).casefold()


def _are_held(name_words: Collection[str], stems: Collection[str]) -> bool:
    return bool(name_words) and all(stem(word) in stems for word in name_words)
