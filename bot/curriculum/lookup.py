"""Which unit a person means: by id, number, title, a part of the title, or a slip of the keys."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from bot.commands.parameter_types import straighten
from bot.messages import markup
from bot.messages.errors import NotFound

LONGEST = 100
"""Characters of what was typed that are looked at."""
LABEL_MAX = 100
SURE, WORTH_NAMING = 0.82, 0.6
"""Likeness from which a misspelt title is taken as meant, and from which it is offered."""
APART = 0.05
"""By how much the best misspelt title must lead."""

_NUMBER = re.compile(
    r"(?:unit\s*)?(?:#|no\.?\s*)?\s*(\d{1,6})(?:\s+of\s+\d{1,6})?(?:\s*:.*)?", re.IGNORECASE | re.DOTALL
)
_IN_LEG = re.compile(r"(?:unit\s+)?(\d{1,4})(?:\s+of\s+\d{1,4})?\s+(?:in|of)\s+leg\s+(\d{1,4})", re.IGNORECASE)


class Named(Protocol):
    """What can be meant: it has a number, an id, and a title."""

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
    """A part of a roadmap that has a place and a name."""

    @property
    def number(self) -> int:
        """Its place, from 1."""

    @property
    def title(self) -> str:
        """Its name, plain text."""


Unit = TypeVar("Unit", bound=Named)
Part = TypeVar("Part", bound=Numbered)


def find(units: Sequence[Unit], text: str) -> Unit:
    """Return the one unit that `text` means; raises NotFound where none or several fit."""
    said = straighten(text)[:LONGEST]
    if not said:
        raise NotFound(f"Name a unit by its number, 1 to {len(units)}, or by its title.", field="unit")
    if (number := _number(said)) is not None and not 1 <= number <= len(units):
        raise NotFound(f"There is no unit {number}: the roadmap has units 1 to {len(units)}.", field="unit")
    hits = next((hits for hits in _tiers(units, said) if hits), [])
    if not hits:
        near = [(score, unit) for score, unit in _near(units, said) if score >= SURE]
        hits = [unit for score, unit in near if score > near[0][0] - APART]
    if not hits:
        raise unknown(units, said)
    if len(hits) > 1:
        names = _joined([_name(unit) for unit in hits[:3]], "and")
        lead = ", among them" if len(hits) > 3 else ":"
        raise NotFound(
            f"“{markup.escape(said, 60)}” fits {len(hits)} units{lead} {names}. Name one by its number.", field="unit"
        )
    return hits[0]


def place_in_leg(text: str) -> tuple[int, int] | None:
    """Return the unit's place and the leg's number that "3 of 8 in leg 2" names, or None."""
    match = _IN_LEG.fullmatch(straighten(text)[:LONGEST])
    return (int(match[1]), int(match[2])) if match else None


def find_leg(legs: Sequence[Part], text: str) -> Part:
    """Return the leg of this number, with or without "leg", or title; raises NotFound where none or several fit."""
    said = straighten(text)[:LONGEST].casefold().removeprefix("leg ").strip()
    found = [leg for leg in legs if said in (str(leg.number), leg.title.casefold())]
    found = found or [leg for leg in legs if len(said) > 2 and said in leg.title.casefold()]
    if len(found) == 1:
        return found[0]
    trouble = f"fits {len(found)} legs" if found else "is none of the legs"
    by = f"its number, 1 to {len(legs)}" if len(legs) > 1 else "1, the only one"
    raise NotFound(f"“{markup.escape(said, 60)}” {trouble}. Name one by {by}.", field="leg")


def unknown(units: Sequence[Named], text: str) -> NotFound:
    """Return the refusal for a name that no unit has, with the nearest ones."""
    said = straighten(text)[:LONGEST]
    near = [_name(unit) for score, unit in _near(units, said) if score >= WORTH_NAMING][:3]
    hint = (
        f"Did you mean {_joined(near, 'or')}?"
        if near
        else f"Name one by its number, 1 to {len(units)}, or by its title."
    )
    return NotFound(f"There is no unit “{markup.escape(said, 60)}”. {hint}", field="unit")


def suggestions(units: Sequence[Named], typed: str, most: int) -> list[tuple[str, str]]:
    """List (label, unit id) for what was typed so far, best first; everything in order where nothing was."""
    said = straighten(typed)[:LONGEST]
    if not said:
        found = list(units)
    else:
        tiers = _tiers(units, said)
        number = _number(said)
        begun = [unit for unit in units if number and str(unit.number).startswith(str(number))]
        found = [unit for tier in (*tiers[:2], begun, *tiers[2:]) for unit in tier]
        found = found or [unit for score, unit in _near(units, said) if score >= WORTH_NAMING]
    once = {unit.id: unit for unit in found}
    return [(markup.clip(unit.label, LABEL_MAX), unit.id) for unit in list(once.values())[:most]]


def _tiers(units: Sequence[Unit], said: str) -> list[list[Unit]]:
    """List the units that fit, surest way of fitting first."""
    number = _number(said)
    words = _words(said)
    if len(words) > 1 and words[0] == "unit":
        words = words[1:]
    phrase = " ".join(words)

    def fits(test: Callable[[str], bool]) -> list[Unit]:
        return [u for u in units if test(" ".join(_words(u.title))) or test(" ".join(_words(u.id)))] if phrase else []

    def has_beginnings(name: str) -> bool:
        return all(any(word.startswith(part) for word in name.split()) for part in words)

    return [
        [unit for unit in units if unit.id == said.casefold()],
        [unit for unit in units if unit.number == number],
        fits(lambda name: name == phrase),
        sorted(fits(has_beginnings), key=lambda unit: phrase not in " ".join(_words(unit.title))),
        fits(lambda name: len(phrase) > 2 and phrase in name),
    ]


def _near(units: Sequence[Unit], said: str) -> list[tuple[float, Unit]]:
    """List every unit with the likeness of its title, a part of it or its id, 0 to 1, nearest first."""
    words = _words(said)
    phrase = " ".join(words)
    if len(phrase) < 3:
        return []
    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(phrase)

    def likeness(part: str) -> float:
        matcher.set_seq1(part)
        return 0.0 if matcher.quick_ratio() < WORTH_NAMING else matcher.ratio()

    scored = [(max(map(likeness, _parts(unit, len(words), len(phrase)))), unit) for unit in units]
    return sorted(scored, key=lambda pair: (-pair[0], pair[1].number))


def _parts(unit: Named, words: int, characters: int) -> list[str]:
    """List the unit's title, its id, and every run of so many words of the title, whole and begun."""
    title = _words(unit.title)
    runs = [" ".join(title[start : start + words]) for start in range(len(title) - words + 1)]
    return [" ".join(title), " ".join(_words(unit.id)), *runs, *(run[:characters] for run in runs)]


def _words(text: str) -> list[str]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return re.findall(r"[^\W_]+", plain)


def _number(said: str) -> int | None:
    match = _NUMBER.fullmatch(said)
    return int(match[1]) if match else None


def _name(unit: Named) -> str:
    return f"unit {unit.number} ({markup.escape(unit.title, 60)})"


def _joined(names: Sequence[str], last: str) -> str:
    return f" {last} ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
