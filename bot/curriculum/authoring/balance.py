"""Check quiz items for cues: the right choice by its length or position, and duplicate questions."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from bot.curriculum.bank import AnswerChoice, BankItem, OneOf, SomeOf

MARGIN = 0.05
"""Greatest deviation of a share from chance, in either direction: a rarely right position is a cue too."""
ALIKE = 0.45
"""Share of common words from which two items count as twins (measured: 11 pairs in 550 items, eight true)."""
COMMON = 20
"""Words in more items than this are ignored when comparing items."""

_NUMBER = re.compile(r"(?:about |roughly |around )?[-−]?[$€£]?(\d[\d,_]*(?:\.\d+)?(?:e[-+]?\d+)?)\s*(\D{0,30})", re.I)
_WORD = re.compile(r"[a-z_]{2,}")


@dataclass(frozen=True)
class BalanceCount:
    """The number of items with a property, and the number expected by chance."""

    hits: float
    chance: float
    of: int

    @property
    def is_fair(self) -> bool:
        """Whether the count is near chance; a difference of one item always is."""
        return abs(self.hits - self.chance) <= max(1.0, MARGIN * self.of)

    def __str__(self) -> str:
        """Return `48 % of 151 (chance 25 %)`."""
        of = self.of or 1
        return f"{100 * self.hits / of:.0f} % of {self.of} (chance {100 * self.chance / of:.0f} %)"


def longest(items: Iterable[BankItem]) -> BalanceCount:
    """Count the recall items in prose whose right choice is the longest; a tie counts as a fraction."""
    hits = chance = 0.0
    prose = [form.choices for form in _list_choices(items, "recall") if not any(map(_parse_number, form.choices))]
    for choices in prose:
        most = max(len(choice.text) for choice in choices)
        first = [choice for choice in choices if len(choice.text) == most]
        hits += sum(choice.is_right for choice in first) / len(first)
        chance += 1 / len(choices)
    return BalanceCount(hits, chance, len(prose))


def middle(items: Iterable[BankItem]) -> BalanceCount:
    """Count the numeric items, in one unit, whose right choice is neither the least nor the greatest."""
    hits = chance = 0.0
    of = 0
    for form in _list_choices(items):
        numbers = {number: choice for choice in form.choices if (number := _parse_number(choice))}
        if len(numbers) == len(form.choices) and len({unit for _, unit in numbers}) == 1:
            between = sorted(numbers)[1:-1]
            hits += any(numbers[number].is_right for number in between)
            chance += len(between) / len(numbers)
            of += 1
    return BalanceCount(hits, chance, of)


def twins(items: Sequence[BankItem]) -> list[tuple[str, str]]:
    """Return pairs of item ids with most of their words in common, most similar first.

    Words are weighted by rarity; numbers don't count, because twins often differ only in them.
    """
    words = {item.id: set(_WORD.findall(_join_text(item).lower())) for item in items}
    holders: dict[str, list[str]] = defaultdict(list)
    for ident, item_words in words.items():
        for word in item_words:
            holders[word].append(ident)
    weight = {word: math.log(1 + len(words) / len(having)) for word, having in holders.items()}
    pairs = Counter(pair for having in holders.values() if len(having) <= COMMON for pair in combinations(having, 2))
    likeness = {
        (first, other): sum(weight[word] for word in words[first] & words[other])
        / sum(weight[word] for word in words[first] | words[other])
        for first, other in pairs
    }
    return sorted((pair for pair, alike in likeness.items() if alike >= ALIKE), key=lambda pair: -likeness[pair])


def _list_choices(items: Iterable[BankItem], *kinds: str) -> Iterator[OneOf]:
    """Yield the forms of items with one right choice, of the given kinds or all."""
    return (item.form for item in items if isinstance(item.form, OneOf) and item.kind in (kinds or (item.kind,)))


def _join_text(item: BankItem) -> str:
    """Return the text of an item's question and its answers."""
    choices = item.form.choices if isinstance(item.form, OneOf | SomeOf) else ()
    return " ".join([item.prompt, *(choice.text for choice in choices if choice.is_right)])


def _parse_number(choice: AnswerChoice) -> tuple[float, str] | None:
    """Return the value and the unit of a numeric choice."""
    text = choice.text.strip().strip("`")
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    value = float(match[1].replace(",", "").replace("_", ""))
    sign = -1 if re.match(r"(?:\w+ )?[-−]", text) else 1
    return sign * value, match[2].strip().rstrip("s").casefold()
