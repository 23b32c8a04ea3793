"""Says whether a text holds a fact, however it is spelled: stems of words, numbers by their value."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

EXACT_UP_TO = 2
"""Letters of a stem that is a whole word: "no" is not the beginning of "noise"."""

LONGEST_NUMBER = 24
"""Characters; a longer row of digits is no number that a fact names."""

HIGHEST_POWER = 40

_GREEK = {letter: f" {unicodedata.name(letter).split()[-1].lower()} " for letter in "αβγδεζηθικμνξοπρσςτυφχψω"}
_NAMES = str.maketrans(
    _GREEK
    | {"λ": " lambda ", "∑": " sum ", "∏": " product ", "√": " sqrt ", "∞": " infinity ", "∇": " gradient "}
    | {"×": " times ", "·": " times ", "÷": " divided ", "−": "-", "–": "-", "—": " ", "’": "'", "`": " ", "⁄": "/"}
)
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"
_LOWERED = str.maketrans(_RAISED, "0123456789-")
_THIN = re.compile("(?<=\\d)[\u00a0\u2009\u202f](?=\\d{3})")
_POWERS = re.compile(f"[{_RAISED}]+")
_SIGNS = (
    (re.compile(r"\*\*"), "^"),
    (re.compile(r"\^\{([^{}]{1,9})\}"), r"^\1"),
    (re.compile(r"\bper cent\b|\bpercent\b"), "%"),
    (re.compile(r"(?<=\d) +%"), "%"),
    (re.compile(r"(?<=\s)-(?=[\s(\d])|(?<=\b1)-(?=[a-z(] ?[)^ ])|(?<=\))-"), " minus "),
    (re.compile(r"\+"), " plus "),
    (re.compile(r"(?<=\w) ?\* ?(?=\w)|(?<=\d) x (?=\d)"), " times "),
    (re.compile(r"(?<=[\s\d)])/(?=[\s\d(])"), " divided / "),
    (re.compile(r"(?<=\S)\^2\b"), "^2 squared "),
)
_COUNTED = {
    word: str(number)
    for number, word in enumerate(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    )
} | {"twenty": "20", "half": "0.5", "quarter": "0.25", "hundred": "100", "twice": "2"}
_SCALES = {"k": 3, "thousand": 3, "m": 6, "million": 6, "b": 9, "bn": 9, "billion": 9, "t": 12, "trillion": 12}
_NUMBER = re.compile(
    r"(?<![\d.])(?P<whole>\d{1,3}(?:[,_']\d{3})+|\d+)(?P<rest>\.\d+)?(?:e(?P<e>-?\d{1,2}))?"
    r"(?: (?:times|x) 10\^(?P<ten>-?\d{1,2})|\^(?P<power>-?\d{1,2}))?"
    r"(?P<per>%)?(?: divided / (?P<under>\d{1,9})(?!\d|[.,]\d))?"
    r"(?:[ -]?(?P<scale>k|thousand|m|million|b|bn|billion|t|trillion)\b)?"
)
_WORD = re.compile(r"[a-z0-9]+(?:[-_.'][a-z0-9]+)*")
_FRACTION = re.compile(r"\d+\.[\d.]+")
_END = re.compile(r"(?<=[.!?:])\s+(?=\S)|\n\s*\n|\n(?=\s*(?:[-*|>]|\d+\.)\s)")
_CHOICE = re.compile(r"\{([^{}]*)\}|[^\s{}]+")
_PIECE = re.compile(r"[a-z]+|[0-9]+")
_SPELLING = (("z", "s"), ("ll", "l"), ("our", "or"), ("artef", "artif"), ("gray", "grey"))
_CENTRE = re.compile(r"\b(cent|met|lit|fib)re")


class StemmedText:
    """What a text is made of, for asking whether stems occur in it."""

    def __init__(self, text: str) -> None:
        self._sorted = sorted({*_normalize_words(text)})
        self._all = frozenset(self._sorted)

    def __contains__(self, word: str) -> bool:
        """Say whether this very word occurs."""
        return word in self._all

    def begins(self, stem: str) -> bool:
        """Say whether a word begins with the stem."""
        place = bisect_left(self._sorted, stem)
        return place < len(self._sorted) and self._sorted[place].startswith(stem)


def spans(text: str) -> list[StemmedText]:
    """Return each pair of neighbouring sentences of a text: where a fact stands, all of it stands near together."""
    sentences = [part for part in _END.split(text) if part.strip()]
    return [StemmedText(f"{first} {other}") for first, other in zip(sentences, sentences[1:] or [""], strict=False)]


@dataclass(frozen=True, slots=True)
class Stem:
    """The beginning of a word, or a whole word or number."""

    text: str
    is_whole: bool

    def is_in(self, words: StemmedText) -> bool:
        """Say whether it occurs."""
        return self.text in words if self.is_whole else words.begins(self.text)


Phrase = tuple[Stem, ...]
Choice = tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """Alternatives, each of choices that must all occur; a choice is of phrases, of whose stems all must occur."""

    written: str
    alternatives: tuple[tuple[Choice, ...], ...]

    def is_in(self, words: StemmedText) -> bool:
        """Say whether a text holds the fact."""
        return any(
            all(any(all(stem.is_in(words) for stem in phrase) for phrase in choice) for choice in alternative)
            for alternative in self.alternatives
        )


def fact(written: str) -> Fact:
    """Read a fact: alternatives between bars, stems between spaces, choices in braces, a full stop after a whole word.

    >>> fact("low-rank | {rank., small} matri").is_in(Words("Two matrices of small size"))
    True
    """
    alternatives = (tuple(_parse_choices(part)) for part in written.split("|"))
    return Fact(written, tuple(choices for choices in alternatives if choices))


def _parse_choices(written: str) -> Iterator[Choice]:
    for match in _CHOICE.finditer(written):
        phrases = tuple(tuple(_parse_stems(part)) for part in (match[1] or match[0]).split(","))
        choice = tuple(phrase for phrase in phrases if phrase)
        if choice:
            yield choice


def _parse_stems(written: str) -> Iterator[Stem]:
    for part in written.split():
        bare = part.rstrip(".")
        number = _NUMBER.fullmatch(_replace_signs(bare))
        if number:
            yield Stem(_expand_number(number)[-1], True)
            continue
        pieces = _split_words(_replace_signs(f" {bare} "))
        for piece in pieces[:-1]:
            yield Stem(piece, True)
        for last in pieces[-1:]:
            yield Stem(last, bare != part or len(last) <= EXACT_UP_TO or last[-1].isdigit())


def _split_words(text: str) -> list[str]:
    """List the words of a stem; one that hyphens or the like join is one word."""
    return [_normalize_spelling(re.sub(r"[-_.']", "", match[0])) for match in _WORD.finditer(text)]


def _normalize_words(text: str) -> Iterator[str]:
    """Name every word and number of a text, joined words also as one and apart."""
    signed = _replace_signs(f" {text} ")
    for number in _NUMBER.finditer(signed):
        yield from _expand_number(number)
    before = ""
    for match in _WORD.finditer(signed):
        if _FRACTION.fullmatch(match[0]):
            before = ""
            continue
        parts = re.split(r"[-_.']", match[0])
        yield _normalize_spelling("".join(parts))
        for part in parts:
            word = _normalize_spelling(part)
            yield word
            yield before + word
            yield from (piece for piece in _PIECE.findall(word) if piece.isalpha())
            if part in _COUNTED:
                yield _COUNTED[part]
            before = word


def _replace_signs(text: str) -> str:
    """Return a text in lower case, signs and Greek letters by name, accents gone."""
    raised = _POWERS.sub(lambda match: "^" + match[0].translate(_LOWERED), _THIN.sub("", text.lower()))
    named = unicodedata.normalize("NFKD", raised).translate(_NAMES)
    plain = "".join(letter for letter in named if not unicodedata.combining(letter))
    for sign, name in _SIGNS:
        plain = sign.sub(name, " ".join(plain.split()))
    return " ".join(plain.split())


def _normalize_spelling(word: str) -> str:
    """Return a word in the one spelling that is compared, British and American alike."""
    for spelling, other in _SPELLING:
        word = word.replace(spelling, other)
    return _CENTRE.sub(r"\1er", word)


def _expand_number(number: re.Match[str]) -> list[str]:
    """List the numbers that stand in a match, the whole of it last."""
    whole, rest = number["whole"], number["rest"] or ""
    if len(whole) + len(rest) > LONGEST_NUMBER:
        return [whole]
    digits = re.sub(r"\D", "", whole)
    value = Decimal(digits + rest)
    values = [*map(Decimal, re.findall(r"\d+", whole)), value]
    for power in (number["e"], number["ten"]):
        if power and abs(int(power)) <= HIGHEST_POWER:
            values += [value := value.scaleb(int(power))]
    if number["power"] and abs(int(number["power"])) <= HIGHEST_POWER and value and len(digits) < 4:
        values += [Decimal(number["power"].lstrip("-")), value := value ** int(number["power"])]
    if number["per"]:
        values += [value := value / 100]
    if number["under"] and int(number["under"]):
        values += [Decimal(number["under"]), value := value / int(number["under"])]
    if number["scale"]:
        values += [value := value.scaleb(_SCALES[number["scale"]])]
    return [_format_number(value) for value in values]


def _format_number(value: Decimal) -> str:
    """Return a number as digits, without idle zeros; a long fraction is cut to six significant figures."""
    if value != value.to_integral_value():
        value = Decimal(f"{value:.6g}")
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
