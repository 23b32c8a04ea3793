"""Find the unit that a person names by id, number, title, part of the title, or with a typo."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from rapidfuzz import fuzz

from bot.commands.parameter_types import straighten
from bot.messages import markup
from bot.messages.errors import NotFound

LONGEST = 100
"""Most characters of typed text that are used."""
LABEL_MAX = 100
SURE, WORTH_NAMING = 0.82, 0.6
"""Least similarity for a misspelt title to be accepted, and to be suggested."""
APART = 0.05
"""Least lead of the best misspelt title over the next."""

_NUMBER = re.compile(
    r"(?:unit\s*)?(?:#|no\.?\s*)?\s*(\d{1,6})(?:\s+of\s+\d{1,6})?(?:\s*:.*)?", re.IGNORECASE | re.DOTALL
)
_IN_PART = re.compile(
    r"(?:unit\s+)?(\d{1,4})(?:\s+of\s+\d{1,4})?\s+(?:in|of)\s+(?:part|leg)\s+(\d{1,4})", re.IGNORECASE
)


class Named(Protocol):
    """Something that people can name: it has a number, an id and a title."""

    @property
    def id(self) -> str:
        """Lower-case words joined by hyphens."""

    @property
    def number(self) -> int:
        """Its place, from 1."""

    @property
    def title(self) -> str:
        """Its name, plain text."""

    @property
    def label(self) -> str:
        """Number and title in one line."""


class Numbered(Protocol):
    """A part of a course with a number and a title."""

    @property
    def number(self) -> int:
        """Its place, from 1."""

    @property
    def title(self) -> str:
        """Its name, plain text."""


Unit = TypeVar("Unit", bound=Named)
Part = TypeVar("Part", bound=Numbered)


def find(units: Sequence[Unit], text: str) -> Unit:
    """Return the unit that `text` names; NotFound if none or several match."""
    typed = straighten(text)[:LONGEST]
    if not typed:
        raise NotFound(f"Name a unit by its number, 1 to {len(units)}, or by its title.", field="unit")
    if (number := _parse_number(typed)) is not None and not 1 <= number <= len(units):
        raise NotFound(f"There is no unit {number}. The course has units 1 to {len(units)}.", field="unit")
    hits = next((hits for hits in _rank_tiers(units, typed) if hits), [])
    if not hits:
        near = [(score, unit) for score, unit in _rank_near(units, typed) if score >= SURE]
        hits = [unit for score, unit in near if score > near[0][0] - APART]
    if not hits:
        raise unknown(units, typed)
    if len(hits) > 1:
        names = _join_names([_format_name(unit) for unit in hits[:3]], "and")
        lead = ", among them" if len(hits) > 3 else ":"
        shown = markup.escape(typed, 60)
        raise NotFound(f"“{shown}” fits {len(hits)} units{lead} {names}. Choose one by its number.", field="unit")
    return hits[0]


def place_in_part(text: str) -> tuple[int, int] | None:
    """Parse "3 of 8 in part 2", or "in leg 2" of old posts, into the unit's position and the part's number, or None."""
    match = _IN_PART.fullmatch(straighten(text)[:LONGEST])
    return (int(match[1]), int(match[2])) if match else None


def find_part(parts: Sequence[Part], text: str) -> Part:
    """Return the part with this number, with or without "part", or title; NotFound if none or several match."""
    typed = straighten(text)[:LONGEST].casefold().removeprefix("leg ").removeprefix("part ").strip()
    matches = [part for part in parts if typed in (str(part.number), part.title.casefold())]
    matches = matches or [part for part in parts if len(typed) > 2 and typed in part.title.casefold()]
    if len(matches) == 1:
        return matches[0]
    shown = markup.escape(typed, 60)
    trouble = f"“{shown}” fits {len(matches)} parts" if matches else f"There is no part “{shown}”"
    hint = f"Name a part by its number, 1 to {len(parts)}." if len(parts) > 1 else "This course has only part 1."
    raise NotFound(f"{trouble}. {hint}", field="part")


def unknown(units: Sequence[Named], text: str) -> NotFound:
    """Return the error for an unknown unit, with the most similar ones."""
    typed = straighten(text)[:LONGEST]
    near = [_format_name(unit) for score, unit in _rank_near(units, typed) if score >= WORTH_NAMING][:3]
    hint = (
        f"Did you mean {_join_names(near, 'or')}?"
        if near
        else f"Name a unit by its number, 1 to {len(units)}, or by its title."
    )
    return NotFound(f"There is no unit “{markup.escape(typed, 60)}”. {hint}", field="unit")


def suggestions(units: Sequence[Named], typed: str, most: int) -> list[tuple[str, str]]:
    """List (label, unit id) for the typed prefix, best first; all units in order if it is empty."""
    query = straighten(typed)[:LONGEST]
    if not query:
        matches = list(units)
    else:
        tiers = _rank_tiers(units, query)
        number = _parse_number(query)
        begun = [unit for unit in units if number and str(unit.number).startswith(str(number))]
        matches = [unit for tier in (*tiers[:2], begun, *tiers[2:]) for unit in tier]
        matches = matches or [unit for score, unit in _rank_near(units, query) if score >= WORTH_NAMING]
    once = {unit.id: unit for unit in matches}
    return [(markup.clip(unit.label, LABEL_MAX), unit.id) for unit in list(once.values())[:most]]


def _rank_tiers(units: Sequence[Unit], typed: str) -> list[list[Unit]]:
    """List the matching units by kind of match, most exact first."""
    number = _parse_number(typed)
    words = _split_words(typed)
    if len(words) > 1 and words[0] == "unit":
        words = words[1:]
    phrase = " ".join(words)

    def fits(test: Callable[[str], bool]) -> list[Unit]:
        return (
            [u for u in units if test(" ".join(_split_words(u.title))) or test(" ".join(_split_words(u.id)))]
            if phrase
            else []
        )

    def has_beginnings(name: str) -> bool:
        return all(any(word.startswith(part) for word in name.split()) for part in words)

    return [
        [unit for unit in units if unit.id == typed.casefold()],
        [unit for unit in units if unit.number == number],
        fits(lambda name: name == phrase),
        sorted(fits(has_beginnings), key=lambda unit: phrase not in " ".join(_split_words(unit.title))),
        fits(lambda name: len(phrase) > 2 and phrase in name),
    ]


def _rank_near(units: Sequence[Unit], typed: str) -> list[tuple[float, Unit]]:
    """List every unit with the similarity of its title, part of it or its id, 0 to 1, most similar first."""
    words = _split_words(typed)
    phrase = " ".join(words)
    if len(phrase) < 3:
        return []

    def likeness(unit: Unit) -> float:
        parts = _list_parts(unit, len(words), len(phrase))
        return max(fuzz.ratio(part, phrase, score_cutoff=100 * WORTH_NAMING) for part in parts) / 100

    return sorted(((likeness(unit), unit) for unit in units), key=lambda pair: (-pair[0], pair[1].number))


def _list_parts(unit: Named, words: int, characters: int) -> list[str]:
    """List the unit's title, its id, and every run of `words` words of the title, whole and cut to `characters`."""
    title = _split_words(unit.title)
    runs = [" ".join(title[start : start + words]) for start in range(len(title) - words + 1)]
    return [" ".join(title), " ".join(_split_words(unit.id)), *runs, *(run[:characters] for run in runs)]


def _split_words(text: str) -> list[str]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return re.findall(r"[^\W_]+", plain)


def _parse_number(typed: str) -> int | None:
    match = _NUMBER.fullmatch(typed)
    return int(match[1]) if match else None


def _format_name(unit: Named) -> str:
    return f"unit {unit.number} ({markup.escape(unit.title, 60)})"


def _join_names(names: Sequence[str], last: str) -> str:
    return f" {last} ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
