"""Numbers of a text by their value, however they are written: "10,000", "7B", "half", "50 %", "2^10"."""

from __future__ import annotations

import re

_COUNTED = {
    word: float(number)
    for number, word in enumerate(
        ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), 2
    )
} | {
    "twice": 2.0,
    "double": 2.0,
    "doubles": 2.0,
    "doubled": 2.0,
    "triple": 3.0,
    "triples": 3.0,
    "thrice": 3.0,
    "twenty": 20.0,
    "thirty": 30.0,
    "fifty": 50.0,
    "hundred": 100.0,
    "half": 0.5,
    "halves": 0.5,
    "halve": 0.5,
    "halved": 0.5,
    "quarter": 0.25,
    "third": 1 / 3,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "dozen": 12.0,
}
_SCALES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "b": 1e9, "bn": 1e9, "billion": 1e9, "trillion": 1e12}
_NUMBER = re.compile(
    r"(?<![\d.])(?P<whole>\d{1,3}(?:[,_\u202f\u2009]\d{3})+(?!\d)|\d{1,24})(?P<rest>\.\d{1,24})?"
    r"(?:e\+?(?P<e>-?\d{1,2})(?!\w))?"
    r"(?:\s?(?:×|x|\*|times)\s?10\s?(?:\^|\*\*)\s?(?P<ten>-?\d{1,2}))?"
    r"(?P<power>(?:\^|\*\*)-?\d{1,2})?(?P<per>\s?(?:%|per ?cent\b))?"
    r"(?:[ -]?(?P<scale>k|thousand|m|million|bn?|billion|trillion)\b)?",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z]+", re.IGNORECASE)
_ORDINAL_LIST = re.compile(r"^\s*\d{1,2}[.)]\s")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_POWERS = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")


def numbers(text: str) -> set[float]:
    """Return every number of a text by its value; a share in per cent also as a fraction."""
    return set(values(text))


def values(text: str) -> dict[float, str]:
    """Return every number of a text by its value, with how it is written."""
    text = _POWERS.sub(lambda match: "^" + match[0].translate(_RAISED), _ORDINAL_LIST.sub("", text))
    by_value: dict[float, str] = {}
    for match in _NUMBER.finditer(text):
        for value in _read_number(match):
            by_value[rounded(value)] = match[0]
    for word in _WORD.findall(text):
        if word.lower() in _COUNTED:
            by_value.setdefault(rounded(_COUNTED[word.lower()]), word)
    return by_value


def rounded(value: float) -> float:
    """Return a number to nine significant figures, so that two ways to one value meet."""
    return float(f"{value:.9g}")


def _read_number(match: re.Match[str]) -> list[float]:
    value = float(re.sub(r"\D", "", match["whole"]) + (match["rest"] or ""))
    for power in (match["e"], match["ten"]):
        value *= 10.0 ** int(power or 0)
    if match["power"]:
        raised = int(match["power"].lstrip("^*"))
        return [value, float(raised), value**raised] if 0 < value < 1000 and abs(raised) <= 40 else [value]
    if match["per"]:
        return [value, value / 100]
    return [value * _SCALES[match["scale"].lower()]] if match["scale"] else [value]
