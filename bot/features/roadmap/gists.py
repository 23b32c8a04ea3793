"""Holds a section's gist to its section: short, standing alone, with no number and no name that the section lacks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.features.roadmap.body import Body, Part
from bot.features.roadmap.sheet import quoted

WORDS_MAX = 45
POINTING = frozenset({"this", "that", "these", "those", "it", "above", "below"})
"""Words that point at what a gist does not show."""

_CODE = re.compile(r"`+([^`]+)`+")
_NUMBER = re.compile(r"(?:\d{1,3}(?:[,_]\d{3})+(?!\d)|\d+)(?:\.\d+)?")


def gist_faults(body: Body, part: Part) -> Iterator[tuple[int, str]]:
    """Yield line and sentence for all that is wrong with the gist of a section that has one."""
    first, last = part.gist_lines[0].number, part.gist_lines[-1].number
    if (count := len(part.gist.split())) > WORDS_MAX:
        yield first, f"The gist has {count} words, and at most {WORDS_MAX} fit."
    if any(not line.text.strip(" >") for line in part.gist_lines):
        yield first, "The gist must be one paragraph."
    after = next((line for line in body.lines if line.number == last + 1), None)
    if after is not None and after.text.strip():
        yield last, "A blank line is missing below the gist."
    begins = re.match(r"\w+", part.gist)
    if begins and begins[0].casefold() in POINTING:
        yield first, f"The gist begins with {quoted(begins[0])}, which points at nothing when it stands alone."
    section = f"{part.heading}\n{part.text}"
    for code in dict.fromkeys(_CODE.findall(part.gist)):
        if code.strip() not in section:
            yield first, f"The section does not have {quoted(code)}, which its gist names."
    known = _numbers(section)
    for number in _numbers(_CODE.sub(" ", part.gist)):
        if number not in known:
            yield first, f"The section does not have the number {number}, which its gist names."


def _numbers(text: str) -> dict[str, None]:
    """Return the numbers in a text, in order, without the marks that part their thousands."""
    return {found.replace(",", "").replace("_", ""): None for found in _NUMBER.findall(text)}
