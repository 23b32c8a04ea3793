"""Words in a drawing: cleaned, measured by the carried fonts, and cut where there is no more room."""

from __future__ import annotations

import json
import unicodedata
from functools import cache
from pathlib import Path

from wcwidth import iter_graphemes

from bot.core import markup
from bot.drawing.shapes import Weight

FONTS = Path(__file__).with_name("fonts")
LONGEST, MOST = 60, 10**6
"""Characters of a name that are looked at, and the largest number that is shown."""
WIDE, PLAIN = 1.02, 0.62
"""How wide, as a part of its size, is what no carried font has: ideographs and emoji, and any other character."""
SLACK = 1.04
"""A page draws with the reader's own font where it has not ours, which may be a little wider."""
ELLIPSIS = "…"


def bounded(text: str) -> str:
    """Return hostile words on one line, cleaned and bounded."""
    return markup.clip(" ".join(markup.clean(text).split()), LONGEST)


def count(text: str) -> int:
    """Read a number of a block; ValueError if it is none, or too large to be true."""
    if not text.isascii() or not text.isdecimal() or (number := int(text[:9])) > MOST:
        raise ValueError("no number of a drawing")
    return number


def width(text: str, size: float, weight: Weight = 400) -> float:
    """Return what words take, by their characters: shaping only makes them narrower."""
    known = _widths()[weight]
    return sum(known[char] if char in known else _guess(char) for char in text) * size * SLACK


def fit(text: str, most: float, size: float, weight: Weight = 400) -> str:
    """Return the words, or as many whole characters of them as there is room for, and an ellipsis."""
    if width(text, size, weight) <= most:
        return text
    kept, left = "", most - width(ELLIPSIS, size, weight)
    for cluster in iter_graphemes(text):
        left -= width(cluster, size, weight)
        if left < 0:
            break
        kept += cluster
    return kept.rstrip() + ELLIPSIS


def is_covered(text: str) -> bool:
    """Whether the carried fonts have every character."""
    known = _widths()[400]
    return all(char in known or _is_mark(char) for char in text)


def _guess(char: str) -> float:
    if _is_mark(char):
        return 0.0
    return WIDE if unicodedata.east_asian_width(char) in "WF" or char >= "\U0001f000" else PLAIN


def _is_mark(char: str) -> bool:
    """Whether it takes no room of its own, such as an accent, a joiner or a variation selector."""
    return unicodedata.category(char) in {"Mn", "Me", "Cf"}


@cache
def _widths() -> dict[Weight, dict[str, float]]:
    """Return the advance of each character that a carried font has, by weight; what has no bold is as wide."""
    stored = json.loads((FONTS / "widths.json").read_text(encoding="utf-8"))
    read = {w: {c: int(n) / 1000 for n, chars in stored[str(w)].items() for c in chars} for w in (400, 600)}
    return {400: read[400], 600: {**read[400], **read[600]}}
