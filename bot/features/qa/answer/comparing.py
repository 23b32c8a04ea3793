"""What a sentence compares, measures or restricts otherwise than its evidence: clauses crossed, units, settings."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from bot.features.qa.answer.evidence import Ground
from bot.features.qa.answer.opposites import OPPOSITES, RIVALS
from bot.features.qa.index.words import STOP_WORDS, stem, stems, words

_CLAUSES = re.compile(r"[,;:.]\s|\b(?:and|but|while|whereas)\b", re.IGNORECASE)
_MORE = r"(?:better|worse|more|less|fewer|larger|smaller|bigger|higher|lower|longer|shorter|faster|slower|deeper)"
_EXTREME = re.compile(
    rf"\bas (?:\w+ )?\w+ as (?:possible|you can|it can)|\bthe {_MORE}\b[^.;]{{0,40}}, the {_MORE}\b|\bno limit\b",
    re.IGNORECASE,
)
_SETTING = re.compile(
    r"\b(?:for|in|on|of|with|at|by|during|under|among) ((?:an? |the )?)((?:[\w-]+ ){0,2}[\w-]+)"
    r"(?=[,.;:]|$| (?:is|are|has|have|needs?)\b)",
    re.IGNORECASE,
)
"""A few words that say where or for what something holds, at the end of a clause or of its subject."""

_PASSING = frozenset(words("first only alone instead too well again once together already however then both later now"))


def compares_unsaid(sentence: str, ground: Ground) -> bool:
    """Say whether a sentence compares, or goes to an extreme, by a word that its evidence does not have."""
    if _EXTREME.search(sentence) and not _EXTREME.search(ground.text):
        return True
    if "than" not in words(sentence):
        return False
    return bool(stems(sentence) - ground.stems)


def crosses(sentence: str, ground: Ground) -> bool:
    """Say whether a sentence tells of a thing what its evidence tells of the opposite one, and the other way round."""
    ours, theirs = list(_clauses(sentence)), [one for unit in ground.units for one in _clauses(unit.text)]
    return any(_is_crossed(ours, theirs, one, other) for one, other in OPPOSITES)


def _is_crossed(
    ours: list[frozenset[str]], theirs: list[frozenset[str]], one: frozenset[str], other: frozenset[str]
) -> bool:
    of_one, of_other = _of(ours, one, other), _of(ours, other, one)
    by_one, by_other = _of(theirs, one, other), _of(theirs, other, one)
    if not (of_one and of_other and by_one and by_other):
        return False
    only_one, only_other = by_one - by_other, by_other - by_one
    straight = len(of_one & only_one) + len(of_other & only_other)
    across = len(of_one & only_other) + len(of_other & only_one)
    return across > straight and across > 1


def _of(clauses: list[frozenset[str]], one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    """Return the stems of what is said of one thing and not of its opposite."""
    said = frozenset[str]().union(*(clause for clause in clauses if clause & one and not clause & other))
    return frozenset(stem(word) for word in said - one - other - STOP_WORDS)


def _clauses(text: str) -> Iterator[frozenset[str]]:
    return (frozenset(words(part)) for part in _CLAUSES.split(text))


def is_rival(sentence: str, ground: Ground) -> bool:
    """Say whether a sentence counts in another unit than its evidence."""
    ours = set(words(sentence))
    best = ground.windows[0]
    theirs = set(words(" ".join((*(unit.text for unit in best.units), ground.names))))
    for family in RIVALS:
        held = {stem(word) for word in theirs & family}
        told = {stem(word) for word in ours & family}
        if told - held and held - told:
            return True
    return False


def adds_setting(sentence: str, said: Collection[str]) -> bool:
    """Say whether a sentence restricts itself to something of which neither passages nor question speak.

    Args:
        said: stems of all that was shown and asked.
    """
    for article, setting in _SETTING.findall(sentence):
        named = [word for word in words(setting) if word not in STOP_WORDS | _PASSING and not word.isdigit()]
        # with an article it is one thing, which a rewording may describe; without, a kind of things
        if any(stem(word) not in said for word in (named[-1:] if article else named)):
            return True
    return False
