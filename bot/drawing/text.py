"""Words in a drawing: cleaned, measured by the carried fonts, and cut where there is no more room."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.drawing.shapes import Weight
from bot.messages import markup

FONTS = Path(__file__).with_name("fonts")
LONGEST, MOST = 60, 10**6
"""Characters of a name that are looked at, and the largest number that is shown."""
WIDE, PLAIN = 1.02, 0.62
"""How wide, as a part of its size, is what no carried font has: ideographs and emoji, and any other character."""
SLACK = 1.04
"""A page draws with the reader's own font where it has not ours, which may be a little wider."""
ELLIPSIS = "…"
FAMILIES = {
    "Inter": ("Inter-Regular", "Inter-SemiBold"),
    "Noto Sans Arabic": ("NotoSansArabic-Regular",),
    "Noto Sans Hebrew": ("NotoSansHebrew-Regular",),
    "Noto Sans Devanagari": ("NotoSansDevanagari-Regular",),
    "Noto Sans Thai": ("NotoSansThai-Regular",),
    "Noto Emoji": ("NotoEmoji-Regular",),
}
"""The carried fonts by their families; the first that has a character draws it."""
OTHER = "Noto Sans CJK SC, Noto Sans CJK JP, PingFang SC, Microsoft YaHei, Noto Sans, DejaVu Sans, sans-serif"
"""What draws a character that none of them has, as far as the machine has these."""
_JOINING = {"\u200c", "\u200d", "\ufe0e", "\ufe0f"}
_TONES = {chr(code) for code in range(0x1F3FB, 0x1F400)}
"""Colours of skin, which emoji in one colour have not."""


@dataclass(frozen=True)
class TextRun:
    """Words that one family draws."""

    family: str
    text: str


def bounded(text: str) -> str:
    """Return hostile words on one line, cleaned and bounded."""
    return markup.clip(" ".join(unicodedata.normalize("NFC", markup.clean(text)).split()), LONGEST)


def count(text: str) -> int:
    """Read a number of a block; ValueError if it is none, or too large to be true."""
    if not text.isascii() or not text.isdecimal() or (number := int(text[:9])) > MOST:
        raise ValueError("no number of a drawing")
    return number


def runs(text: str) -> list[TextRun]:
    """Split a text into runs of one font family each; a renderer would otherwise take the first font that it finds.

    A combining mark that its letter's font lacks is left out, because it would be drawn as an empty box.
    """
    drawn: list[TextRun] = []
    for cluster in _split_clusters(text):
        family = _find_family(cluster[0])
        have = _load_advances()[family].keys() | _JOINING if family else None
        rest = cluster[1:] if have is None else "".join(c for c in cluster[1:] if c in have - _TONES)
        drawable = cluster[0] + rest
        if drawn and drawn[-1].family == (family or OTHER):
            drawn[-1] = TextRun(drawn[-1].family, drawn[-1].text + drawable)
        else:
            drawn.append(TextRun(family or OTHER, drawable))
    return drawn


def width(text: str, size: float, weight: Weight = 400) -> float:
    """Return what words take, by their characters: shaping only makes them narrower."""
    known = _load_widths(weight)
    return sum(known[char] if char in known else _guess_width(char) for char in text) * size * SLACK


def fit(text: str, most: float, size: float, weight: Weight = 400) -> str:
    """Return the words, or as many whole characters of them as there is room for, and an ellipsis."""
    if width(text, size, weight) <= most:
        return text
    return _cut_line(text, most - width(ELLIPSIS, size, weight), size, weight).rstrip() + ELLIPSIS


def lines(text: str, room: float, size: float, weight: Weight = 400, *, most: int) -> list[str]:
    """Break a text into at most `most` lines; the last one is cut if there is not enough room.

    A word that is too long for a line is broken between whole characters.
    """
    cut: list[str] = []
    while len(cut) < most - 1 and width(text, size, weight) > room:
        head = _cut_line(text, room, size, weight) or text[0]
        head_line = head.rpartition(" ")[0] or head
        cut.append(head_line)
        text = text[len(head_line) :].lstrip()
    return [*cut, fit(text, room, size, weight)]


def _cut_line(text: str, room: float, size: float, weight: Weight) -> str:
    start = ""
    for cluster in _split_clusters(text):
        room -= width(cluster, size, weight)
        if room < 0:
            break
        start += cluster
    return start


def _find_family(char: str) -> str | None:
    return next((family for family, have in _load_advances().items() if char in have), None)


def _guess_width(char: str) -> float:
    """Estimate the width of a character that no bundled font has; accents, joiners and selectors have none."""
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0.0
    return WIDE if unicodedata.east_asian_width(char) in "WF" or char >= "\U0001f000" else PLAIN


@cache
def _load_widths(weight: Weight) -> dict[str, float]:
    """Return the advance of each character of the bundled fonts; without a bold form, the normal one counts."""
    known = {char: advance for have in reversed(_load_advances().values()) for char, advance in have.items()}
    return known | (_load_stored()["Inter-SemiBold"] if weight == 600 else {})


@cache
def _load_advances() -> dict[str, dict[str, float]]:
    return {family: _load_stored()[files[0]] for family, files in FAMILIES.items()}


@cache
def _load_stored() -> dict[str, dict[str, float]]:
    read = json.loads((FONTS / "widths.json").read_text(encoding="utf-8"))
    return {name: {c: int(n) / 1000 for n, chars in by.items() for c in chars} for name, by in read.items()}


def _split_clusters(text: str) -> Iterator[str]:
    """Yield the text's characters as a reader sees them, with their combining marks."""
    from wcwidth import iter_graphemes  # its tables take as long to load as a drawing

    yield from iter_graphemes(text)
