"""Read the quantities of a question: each number with its unit, and the words around it.

Units are reduced to a few: bytes, bits, s, %, $, and the rates /s, bytes/s and bits/s. "8 GB" is 8e9 bytes, "30 %" is
0.3, "fp16" is 2 bytes. A number may carry a scale: "7b", "10k", "3 million".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

UNITS = ("bytes", "bits", "s", "%", "$", "/s", "bytes/s", "bits/s")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of a text.

    Args:
        value: in its unit.
        unit: one of `UNITS`, or empty.
        first: the index of its first token.
        last: the index of its last token; its unit belongs to it.
        group: the same number for quantities that stand together, as in "1000 x 800" or "0.7, 0.2 and 0.1".
        place: in a group joined by "x", "by", "-" or brackets, counted from 1; 0 in any other.
        is_weak: whether it may count nothing, such as "two", the 4 of "GPT-4" or the 7b of a model.
        is_type: whether it is the size of a number by its type, such as "fp16".
        is_version: whether it is part of a name, such as the 3 of "does Llama 3 fit?" or the 4 of "GPT-4".
        is_size: whether it is the size in a model's name, such as the 8b of "Phi-3 8B".
        label: the noun that it numbers, such as "epoch" in "the loss of epoch 3"; empty for all that count or measure.
        seconds: of a rate, those that its number is for: 86,400 for "5,000 requests a day".
    """

    value: float
    unit: str
    first: int
    last: int
    group: int = 0
    place: int = 0
    is_weak: bool = False
    seconds: float = 1.0
    is_type: bool = False
    is_version: bool = False
    is_size: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """The tokens of a text, which are reduced words, numbers and marks, and its quantities in order.

    Args:
        numbers: the indexes of the tokens that quantities take, but for types of numbers and labels.
        labels: the indexes of the tokens of nouns with a number, as in "epoch 3", and of versions.
    """

    tokens: tuple[str, ...]
    quantities: tuple[Quantity, ...]
    numbers: frozenset[int] = frozenset()
    labels: frozenset[int] = frozenset()

    def has_phrase(self, phrase: Sequence[str]) -> bool:
        """Say whether reduced words stand one after another."""
        return any(True for _ in self.find_phrase(phrase))

    def find_phrase(self, phrase: Sequence[str]) -> Iterator[int]:
        """Yield the index of the first token wherever reduced words stand one after another."""
        wanted, length = tuple(phrase), len(phrase)
        if not wanted or wanted[0] not in self.tokens:
            return
        for start in range(len(self.tokens) - length + 1):
            if self.tokens[start : start + length] == wanted:
                yield start


_SCALES: Mapping[str, float] = {
    **dict.fromkeys(("k", "thousand"), 1e3),
    **dict.fromkeys(("m", "mio", "mil", "million"), 1e6),
    **dict.fromkeys(("b", "bn", "billion"), 1e9),
    **dict.fromkeys(("t", "trillion"), 1e12),
    **dict.fromkeys(("hundred",), 1e2),
    **dict.fromkeys(("dozen",), 12.0),
}
_PREFIXES: Mapping[str, float] = {
    "": 1.0,
    **{letter: 1000.0**power for power, letter in enumerate("kmgtp", 1)},
    **{f"{letter}i": 1024.0**power for power, letter in enumerate("kmgtp", 1)},
    **{name: 1000.0**power for power, name in enumerate(("kilo", "mega", "giga", "tera", "peta"), 1)},
}
_TIMES: Mapping[str, float] = {
    **dict.fromkeys(("ns", "nanosecond"), 1e-9),
    **dict.fromkeys(("us", "µs", "μs", "microsecond"), 1e-6),
    **dict.fromkeys(("ms", "msec", "millisecond", "milli"), 1e-3),
    **dict.fromkeys(("s", "sec", "second"), 1.0),
    **dict.fromkeys(("min", "minute"), 60.0),
    **dict.fromkeys(("h", "hr", "hour"), 3600.0),
    "day": 86_400.0,
    "week": 7 * 86_400.0,
    "month": 30 * 86_400.0,
    **dict.fromkeys(("year", "yr"), 365 * 86_400.0),
}
_UNITS: Mapping[str, tuple[str, float]] = {
    **{word: ("s", factor) for word, factor in _TIMES.items()},
    **{f"{prefix}{word}": ("bytes", scale) for prefix, scale in _PREFIXES.items() for word in ("b", "byte") if prefix},
    **{f"{prefix}bit": ("bits", scale) for prefix, scale in _PREFIXES.items()},
    **{f"{prefix}bp": ("bits/s", scale) for prefix, scale in _PREFIXES.items() if prefix},  # "Mbps" without its s
    **{f"{prefix}{word}": ("/s", scale) for prefix, scale in _PREFIXES.items() for word in ("hz", "flop") if prefix},
    **dict.fromkeys(("hz", "rps", "qps", "fps", "tps"), ("/s", 1.0)),
    "byte": ("bytes", 1.0),
    "gig": ("bytes", 1e9),
    **dict.fromkeys(("percent", "pct", "%"), ("%", 0.01)),
    **dict.fromkeys(("dollar", "usd", "buck", "euro", "eur", "$", "€", "£"), ("$", 1.0)),
    **dict.fromkeys(("cent", "ct"), ("$", 0.01)),
}
_TYPES: Mapping[str, float] = {
    **dict.fromkeys(("fp64", "float64", "int64"), 8.0),
    **dict.fromkeys(("fp32", "float32", "int32", "f32"), 4.0),
    **dict.fromkeys(("fp16", "float16", "bf16", "bfloat16", "f16", "int16"), 2.0),
    **dict.fromkeys(("fp8", "float8", "int8", "uint8", "q8"), 1.0),
    **dict.fromkeys(("int4", "nf4", "fp4", "q4"), 0.5),
}
"""Bytes of a number by the name of its type."""

_PRECISIONS: Mapping[str, float] = {"double": 8.0, "single": 4.0, "half": 2.0}
_FROM_TWO = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_PARTS: Mapping[str, float] = {"half": 0.5, "quarter": 0.25}
_COUNTS: Mapping[str, float] = {
    **{word: float(count) for count, word in enumerate(_FROM_TWO, 2)},
    **{word: 10.0 * count for count, word in enumerate(("twenty", "thirty", "forty", "fifty"), 2)},
    **{word: scale for word, scale in _SCALES.items() if len(word) > 4},
}

_DIGITS = r"(?:\d{1,3}(?:[,_'\u202f\u2009]\d{3})+(?!\d)|\d{1,18})(?:\.\d{1,15})?|\.\d{1,15}"
_TOKEN = re.compile(
    rf"(?P<number>(?<![\w.])(?>{_DIGITS})(?:e[-+]?\d{{1,2}}(?!\w)|(?!e[-+]?\d)))(?P<suffix>[^\W\d_]+(?!\w))?"
    r"|(?P<word>[^\W\d_][^\W_]*(?:(?<=\d)\.\d+(?!\w))?(?:'[^\W\d_]+)?)|(?P<junk>\d[^\W_]*)|(?P<mark>[^\s\w]|_)",
    re.IGNORECASE,
)
_POWER = re.compile(r"(?<![\w.])(?:(\d+(?:\.\d+)?)\s?[x×*·]\s?)?10\s?(?:\^|\*\*)\s?([-−]?\d{1,2})(?![\w.])")
_SQUARE = re.compile(r"(?<![\w.])(\d{1,4})(?:\^|\*\*)(\d{1,2})(?![\w.])")
_COMMA = re.compile(r"(?<![\w.,(\[])0,(\d{2,4})(?![\d,])")
"""A decimal comma; "0,1" may be two numbers."""

_UNIT_FRACTION = re.compile(r"(?<![\w./])1/(\d{1,4})(?![\w./])")
_TIMES_SIGN = re.compile(r"(?<=\d)\s?[x×*]\s?(?=\d)")
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-_](?=[^\W\d_])|_")
"""Joins words to a name, as in "alpha-bar" and "d_model"."""

_NEGATIVE_AFTER = re.compile(r"(?:^|[\s(\[=,/:])$")
_NAMED = re.compile(r"[^\W\d_]$")
_AFTER_NAME = re.compile(
    r"(?:[\w)][ \t]+[A-Z][a-z]+|\b(?i:gpt|llama|qwen|gemma|mistral|claude|gemini|python|cuda))"
    r"(?:\d+(?:\.\d+)?)?[ \t-]$|^[A-Z]\w*\d(?:\.\d+)?[ \t-]$"
)
"""Text before a number that belongs to a name: a capitalised word that doesn't begin the sentence."""

_LABEL = re.compile(
    r"(?<![\w-])(epoch|step|week|day|month|year|class|chapter|section|unit|part|lesson|question|page|line|level|stage|phase"
    r"|round|task|exercise|figure|version|attempt|iteration|position)"
    r"(?: (?:no\.?|number) ?| ?#| )$",
    re.IGNORECASE,
)
"""Text before an ordinal or label, which is no quantity."""

_LEADING = frozenset({"of", "with", "for", "at", "in", "on", "to", "is", "are", "and", "or", "by", "the", "a", "than"})
"""Words before a number that are no name."""

_TIGHT = frozenset({"x", "by", "-", "–"})
"""Separators of a shape's numbers."""

_LOOSE = frozenset({",", "and", "&", "or", "/", ";", "then"})
"""Separators of a list's numbers."""


@lru_cache(maxsize=1000)
def read(text: str) -> Reading:
    """Read the quantities of a text."""
    text = text.replace("’", "'").replace("−", "-")
    text = _POWER.sub(lambda match: f"{match[1] or 1}e{match[2].replace('−', '-')}", text)
    text = _SQUARE.sub(lambda match: str(int(match[1]) ** int(match[2])), text)
    text = _COMMA.sub(r"0.\1", text)
    text = _UNIT_FRACTION.sub(lambda match: f"{1 / max(int(match[1]), 1):.9g}", text)
    tokens, numbers = _tokenise(_HYPHEN.sub(" ", _TIMES_SIGN.sub(" x ", text)))
    quantities = tuple(_grouped(tokens, [*_quantities(tokens, numbers)]))
    plain = [quantity for quantity in quantities if not quantity.is_type]
    taken = frozenset(index for quantity in plain for index in range(quantity.first, quantity.last + 1))
    named = (quantity for quantity in plain if quantity.label or quantity.is_version)
    labels = frozenset(index for quantity in named for index in range(quantity.first - 1, quantity.last + 1))
    return Reading(tuple(tokens), quantities, taken - labels, labels)


@lru_cache(maxsize=20_000)
def reduce_words(text: str) -> tuple[str, ...]:
    """Return the words of a text as `Reading.tokens` holds them: lower case, British, without the s of a plural."""
    return tuple(token for token in read(text).tokens if token[0].isalnum())


class _Number(NamedTuple):
    value: float
    is_named: bool
    label: str


def _tokenise(text: str) -> tuple[list[str], dict[int, _Number]]:
    """Return the tokens, and those that are numbers by index."""
    tokens: list[str] = []
    numbers: dict[int, _Number] = {}
    for match in _TOKEN.finditer(text):
        suffix = _reduce(match["suffix"] or "")
        if match["number"] is None or (suffix and suffix not in _SCALES and suffix not in _UNITS):
            tokens.append(_reduce(match[0]))
            continue
        value = float(re.sub(r"[,_'\u202f\u2009](?=\d{3})", "", match["number"]))
        before, is_named = text[: match.start()], False
        if tokens and tokens[-1] in {"-", "–"} and before[-1:] in {"-", "–"}:
            if _NEGATIVE_AFTER.search(before[:-1]):
                value = -value
                tokens.pop()
            else:
                is_named = _NAMED.search(before[:-1]) is not None
        is_named = is_named or (match["suffix"] is None and _AFTER_NAME.search(before) is not None)
        label = _LABEL.search(before) if match[0].isdigit() and text[match.end() :][:1] not in {"x", "%", "-"} else None
        numbers[len(tokens)] = _Number(value, is_named, label[1].lower() if label else "")
        tokens.append(match["number"])
        if match["suffix"]:
            tokens.append(suffix if len(suffix) > 1 or suffix not in _SCALES else f"+{suffix}")
        elif re.match(r"\s[BMK]\b", text[match.end() : match.end() + 3]):
            tokens.append(f"+{text[match.end() + 1].lower()}")
    return tokens, numbers


_SHORT_FORMS: Mapping[str, str] = {
    "avg": "average",
    "dim": "dimension",
    "mem": "memory",
    "param": "parameter",
    "prob": "probability",
    "seq": "sequence",
    "vocab": "vocabulary",
}


@lru_cache(maxsize=20_000)
def _reduce(word: str) -> str:
    stem = _cut_ending(word)
    return _SHORT_FORMS.get(stem, stem)


def _cut_ending(word: str) -> str:
    word = word.lower().removesuffix("'s").replace("'", "") or word
    if len(word) > 4:
        word = re.sub(r"(?<=[a-z]{3})iz(?=e|ing|ation)|(?<=l)yz(?=e|ing)", lambda match: match[0][0] + "s", word)
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 4 and word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    if len(word) > 4 and word.endswith(("che", "xe")):  # "caches" and "batches" look alike
        return word[:-1]
    if len(word) > 2 and word.endswith("s") and not word.endswith(("ss", "us", "is")) and word not in _KEPT:
        return word[:-1]
    return word


_KEPT = frozenset({"ms", "ns", "rps", "qps", "fps", "tps", "bias", "loss", "has", "was", "does", "gas"})


def _quantities(tokens: list[str], numbers: Mapping[int, _Number]) -> Iterator[Quantity]:
    at = 0
    while at < len(tokens):
        if (size := _find_size(tokens, numbers, at)) is not None:
            at = size
            quantity = _read_quantity(tokens, numbers, at)
            quantity = quantity and replace(quantity, is_size=True)
        else:
            quantity = _read_quantity(tokens, numbers, at)
        if quantity is None:
            at += 1
            continue
        yield quantity
        at = quantity.last + 1


def _find_size(tokens: Sequence[str], numbers: Mapping[int, _Number], at: int) -> int | None:
    """Return the index of a size in billions or millions that a name ends with, if its version stands at `at`.

    Examples: "Llama 3 70B", "llama-3-8b", "Phi-3 3.8B". A size directly after a word with a digit is at `at`.
    """
    if at not in numbers or not at:
        return None
    before = at - 2 if tokens[at - 1] in {"-", "–"} else at - 1
    name = tokens[max(before, 0)]
    if not name[0].isalpha() or name in _LEADING or name in _TYPES:
        return None
    if tokens[at + 1 : at + 2] == ["+b"]:
        return at if re.search(r"[a-z]\d+(?:\.\d+)?$", name) else None
    size = at + 2 if tokens[at + 1 : at + 2] in (["-"], ["–"]) else at + 1
    is_size = size in numbers and tokens[size + 1 : size + 2] in (["+b"], ["+m"], ["billion"])
    return size if is_size else None


def _read_quantity(tokens: Sequence[str], numbers: Mapping[int, _Number], at: int) -> Quantity | None:
    token = tokens[at]
    if token in _TYPES:
        return Quantity(_TYPES[token], "bytes", at, at, is_type=True)
    if token in _PRECISIONS and tokens[at + 1 : at + 2] == ["precision"]:
        return Quantity(_PRECISIONS[token], "bytes", at, at + 1, is_type=True)
    if at and tokens[at - 1] == "^":
        return None
    if at and tokens[at - 1] in {"per", "/"} and (at not in numbers or _read_scale(tokens, at) is not None):
        return None  # "per million", "per 1k": a price's measure
    last, is_version, label = at, False, ""
    if at in numbers:
        value, is_weak, label = numbers[at]
        is_weak = is_version = is_weak and tokens[at + 1 : at + 2] != ["x"]  # "Mixtral 8x7B" has its size in two
    elif token in _PARTS and (number := _find_whole(tokens, numbers, at)) is not None:
        whole = _read_quantity(tokens, numbers, number)
        return whole and replace(whole, value=whole.value * _PARTS[token], first=at)
    elif token in _PARTS and tokens[at + 1 : at + 2] == ["a"] and at + 2 < len(tokens) and tokens[at + 2] in _SCALES:
        value, is_weak, last = _PARTS[token], True, at + 1
    elif token in _COUNTS:
        value, is_weak = _COUNTS[token], True
    else:
        return None
    if (scale := _read_scale(tokens, last)) is not None:
        value, is_weak, last = value * scale, tokens[last + 1] == "+b", last + 1
    if at and tokens[at - 1] in {"$", "€", "£"}:
        return Quantity(value * _read_price(tokens, last), "$", at - 1, last)
    unit, factor, end = _read_unit(tokens, last)
    if unit == "$":
        return Quantity(value * factor * _read_price(tokens, end), unit, at, end)
    if unit:
        return Quantity(value * factor, unit, at, end)
    if rate := _read_rate(tokens, last):
        return Quantity(value / rate, "/s", at, last, seconds=rate)
    label = label if last == at else ""
    return Quantity(value, "", at, last, is_weak=is_weak, is_version=is_version and last == at, label=label)


def _find_whole(tokens: Sequence[str], numbers: Mapping[int, _Number], at: int) -> int | None:
    """Return the index of the number that a part is of, as in "half of the 10,000 images"."""
    number = at + 1
    while number < len(tokens) and tokens[number] in {"of", "the", "my", "our", "these", "those", "all"}:
        number += 1
    return number if number > at + 1 and number in numbers else None


def _read_scale(tokens: Sequence[str], last: int) -> float | None:
    """Return the factor of a scale after a number, such as "million" or the k of "10k"."""
    following = tokens[last + 1] if last + 1 < len(tokens) else ""
    return _SCALES.get(following.removeprefix("+")) if following[:1] == "+" or len(following) > 1 else None


def _read_price(tokens: Sequence[str], last: int) -> float:
    """Return the factor that makes a price one per million: a thousand for "$2 per 1k tokens", 1 for other prices."""
    text = " ".join(tokens[last + 1 : last + 6])
    return 1e3 if re.match(r"(?:\w+ )?(?:per|/|for|a) (?:(?:1 )?(?:\+?k|thousand)|1,?000)\b", text) else 1.0


def _read_unit(tokens: Sequence[str], last: int) -> tuple[str, float, int]:
    """Return the unit after a number, its factor and its last token; no unit is empty."""
    at = last + 1
    if tokens[at : at + 1] in (["-"], ["–"]) and at + 1 < len(tokens) and tokens[at + 1] in _UNITS:
        at += 1
    if tokens[at : at + 2] == ["per", "cent"]:
        return "%", 0.01, at + 1
    if at >= len(tokens) or tokens[at] not in _UNITS:
        return "", 1.0, last
    unit, factor = _UNITS[tokens[at]]
    if unit in {"bytes", "bits"} and (rate := _read_rate(tokens, at, within=0)):
        return f"{unit}/s", factor / rate, at
    return unit, factor, at


def _read_rate(tokens: Sequence[str], last: int, within: int = 3) -> float:
    """Return the seconds of the time that a number counts for, as in "20 requests per minute"; 0 for none."""
    for at in range(last + 1, min(last + 2 + within, len(tokens) - 1)):
        if tokens[at] in {"per", "/", "a", "an", "every", "each"}:
            return _TIMES.get(tokens[at + 1], 0.0)
        if not tokens[at][0].isalpha() or tokens[at] in {"and", "with", "for"}:
            break
    return 0.0


def _grouped(tokens: Sequence[str], quantities: Sequence[Quantity]) -> Iterator[Quantity]:
    """Yield the quantities with their groups and places."""
    group, start = 0, 0
    while start < len(quantities):
        joined = [""]
        while start + len(joined) < len(quantities):
            left, right = quantities[start + len(joined) - 1], quantities[start + len(joined)]
            between = tokens[left.last + 1 : right.first]
            if len(between) == 1 and between[0] in _TIGHT and (len(joined) == 1 or joined[-1] == "tight"):
                joined.append("tight")
            elif (
                len(between) <= 2
                and set(between) <= _LOOSE
                and (between or (left.value % 1 and right.value % 1))
                and left.unit == right.unit
                and (len(joined) == 1 or joined[-1] == "loose")
            ):
                joined.append("loose")
            else:
                break
        group += 1
        run = quantities[start : start + len(joined)]
        opened = tokens[run[0].first - 1] if run[0].first else ""
        closed = tokens[run[-1].last + 1] if run[-1].last + 1 < len(tokens) else ""
        is_shape = joined[-1] == "tight" or (opened in {"(", "["} and closed in {")", "]"})
        for place, quantity in enumerate(run, 1):
            yield replace(quantity, group=group, place=place if is_shape and len(run) > 1 else 0)
        start += len(joined)
