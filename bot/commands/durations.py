"""Parse lengths of time as people type them: `45`, `1h30`, `half an hour`, `1 hour and 30 minutes`. Pure."""

from __future__ import annotations

import re

_HOURS, _MINUTES = r"(?:h|hrs?|hours?)\b\.?", r"(?:m|mins?|minutes?)\b\.?"
_AND = r"\s*,?\s*(?:(?:and|&)\s+)?"
_WORDS = (
    (re.compile(r"^(?:for|about|around|another)\s+|^~\s*"), ""),
    (re.compile(r"\bhalf an? hour\b|\ba half hour\b|\bhalf hour\b"), "30 m"),
    (re.compile(r"\ba quarter of an hour\b|\ba quarter hour\b"), "15 m"),
    (re.compile(r"\b(?:an|one|1) hour and a half\b|\b(?:one|1) and a half hours?\b"), "1.5 h"),
    (re.compile(r"\b(?:an?|one) (?=hour|minute)"), "1 "),
)
_ONE = re.compile(rf"(\d{{1,5}})[ -]*(?:{_MINUTES})?")
_PART = re.compile(rf"(\d{{1,3}}(?:[.,]\d{{1,2}})?)[ -]*{_HOURS}")
# A bare number after hours may begin the note instead (`1 hour 2 papers`), so it counts as minutes only in these forms.
_CLOCK = re.compile(r"(\d{1,3})(?: *(?:h|hrs?|hours?)(?=\d)|:| *(?:h|hrs?) (?=\d\d))([0-5]?\d)")
_BOTH = re.compile(rf"(\d{{1,3}}) *(?:h|hrs?|hours?)\.?{_AND}([0-5]?\d) *{_MINUTES}")
_UNIT = re.compile(r"(?:h|hrs?|hours?|m|mins?|minutes?|s|secs|seconds|days|weeks)[.,;:]*", re.IGNORECASE)

SAID = (
    r"(?:half an? hour|a half hour|(?:an|one) hour(?: and a half)?"
    rf"|\d{{1,4}}(?:[.,:]\d{{1,2}})?[\s-]*(?:(?:h|hrs?|hours?)\.?(?:{_AND}\d{{1,2}}\s*{_MINUTES}|\s*\d\d\b)?|{_MINUTES})?)"
    r"(?!\w)"
)
"""A case-insensitive regular expression for lengths of time in prose."""


def minutes(text: str) -> int | None:
    """Return the whole minutes of a length of time; None if the text is none."""
    phrase = " ".join(text.lower().split())
    for pattern, plain in _WORDS:
        phrase = pattern.sub(plain, phrase)
    if match := _ONE.fullmatch(phrase):
        return int(match[1])
    if match := _PART.fullmatch(phrase):
        return round(float(match[1].replace(",", ".")) * 60)
    if match := _CLOCK.fullmatch(phrase) or _BOTH.fullmatch(phrase):
        return int(match[1]) * 60 + int(match[2])
    return None


def is_unit(word: str) -> bool:
    """Whether the word after a number is a unit of time, so that both form one value."""
    return _UNIT.fullmatch(word) is not None
