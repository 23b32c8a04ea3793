"""Whether the notes bear a sentence out: told by how it runs along them, and by nothing else.

A logistic regression on the signs below, fitted by `python -m benchmarks.bearing --fit`, which writes `bearing.json`
(weights, threshold, what they were fitted on and what they showed). `docs/evaluation.md` has the table.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.answers.index.words import stems
from bot.answers.model.alignment import Match, along
from bot.answers.model.denials import repeats_denied
from bot.answers.model.evidence import in_common, tokens
from bot.answers.model.places import NotePlace

NUMBERS = Path(__file__).with_name("bearing.json")

MOST = 1 / 3
"""Share of a sentence's words that may be met nowhere, whatever its odds."""

_COUNTED = {
    "number": "a number that does not stand there",
    "turn": "a 'not', 'only', 'all' or 'must' that does not",
    "link": "an 'if', 'because', 'so' or 'by' that does not",
    "opposite": "the opposite of a word that does",
    "empty": "a word that says next to nothing and does not",
    "named": "a word that only the passage's name has",
    "known": "a word that only other sentences of the passages have",
    "new": "a word that none has",
    "unit": "what is counted, which does not stand behind the number",
    "instead": "a word in the place of another",
    "headless": "a statement entered without what it is about",
    "lost not": "a 'not' that was left out",
    "start": "a beginning that is none of the notes'",
    "midst": "a clause entered in its midst",
    "skip": "a clause left out",
    "near": "two neighbouring words the other way around",
    "back": "a step back",
    "cross": "a step into another statement",
    "carried": "a part that goes on with the subject of another",
}
SIGNS = {
    **{name: f"whether there is {what}" for name, what in _COUNTED.items()},
    "denied": "whether the notes say it only to deny it",
    "unmet": "share of its words that are not met where it stands",
    "all empty": "share of those that say next to nothing",
    "verbatim": "share of its words that are met by themselves",
    "in order": "share of its words that stand in this order there",
    "held": "share of its words, but for common ones, that stand there at all",
    "length": "logarithm of the number of its words",
    "clean": "whether it is all met in order and not denied",
}
"""Each number by its name, and what it is; all from 0 to 1 but for the length."""

_UNMET = ("number", "turn", "link", "opposite", "named", "known", "new")
_SPOILT = (*_UNMET, "empty", "cross", "back", "headless", "lost not")


@dataclass(frozen=True, slots=True)
class Bearing:
    """A sentence along the passages that were shown."""

    matches: tuple[Match, ...]
    signs: Mapping[str, float]

    @property
    def odds(self) -> float:
        """Return the log odds that the sentence is true to the notes."""
        return model().odds(self.signs)

    @property
    def is_enough(self) -> bool:
        """Say whether the sentence may be shown as it is: what repeats the notes in order may, whatever its odds."""
        return not barred(self.signs) and (bool(self.signs["clean"]) or self.odds >= model().limit)


def barred(signs: Mapping[str, float]) -> bool:
    """Say whether a sentence is never shown as it is: it may turn around, shuffle or add to what they say."""
    turns = any(signs[name] for name in ("turn", "opposite", "number", "lost not", "denied"))
    is_shuffled = signs["near"] > 0 and signs["verbatim"] == 1
    return turns or is_shuffled or signs["unmet"] + signs["all empty"] > MOST


@dataclass(frozen=True, slots=True)
class BearingModel:
    """A logistic regression on standardised signs.

    Args:
        terms: by sign, its mean, its standard deviation and its weight.
        limit: the log odds from which on a sentence is shown as it is.
    """

    terms: Mapping[str, tuple[float, float, float]]
    bias: float
    limit: float

    def odds(self, signs: Mapping[str, float]) -> float:
        """Return the log odds that a sentence with these signs is true to the notes."""
        return self.bias + sum((signs[name] - mean) / sd * weight for name, (mean, sd, weight) in self.terms.items())


@cache
def model() -> BearingModel:
    """Return the model that comes with the package."""
    kept = json.loads(NUMBERS.read_text(encoding="utf-8"))
    terms = {name: (float(mean), float(sd), float(weight)) for name, (mean, sd, weight) in kept["signs"].items()}
    if terms.keys() != SIGNS.keys():
        raise ValueError(f"{NUMBERS.name} is of other signs: fit anew.")
    return BearingModel(terms, kept["bias"], kept["limit"])


def bearing(sentence: str, places: Sequence[NotePlace], allowed: Collection[float] = ()) -> Bearing | None:
    """Lay a sentence along the shown passages; None where it says nothing.

    Args:
        allowed: numbers that need not stand there.
    """
    matches = along(sentence, places, allowed)
    if not matches:
        return None
    counts: Counter[str] = sum((match.counts for match in matches), Counter())
    said, there = max(1, counts["said"]), " ".join(match.place.text for match in matches)
    own, wanted = tokens(sentence), stems(sentence)
    is_denied = repeats_denied(sentence, [place.text for place in places])
    signs = {
        **{name: float(counts[name] > 0) for name in _COUNTED},
        "denied": float(is_denied),
        "unmet": sum(counts[name] for name in _UNMET) / said,
        "all empty": counts["empty"] / said,
        "verbatim": counts["verbatim"] / said,
        "in order": in_common(own, tokens(there)) / max(1, len(own)),
        "held": len(wanted & stems(there)) / max(1, len(wanted)),
        "length": math.log(1 + said),
        "clean": float(not is_denied and not any(counts[name] for name in _SPOILT)),
    }
    return Bearing(tuple(matches), signs)
