"""What a sentence may not do whatever else bears it out: add a number or a link, or lose a limit of what it repeats."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from bot.answers.index.numbers import numbers, rounded, values
from bot.answers.index.words import STOP_WORDS, overlap, stem, stems, words

NEGATIONS = frozenset(
    words(
        "not no never cannot cant dont doesnt didnt isnt arent wasnt werent wont hasnt havent shouldnt neither nor"
        " nothing none nobody nowhere unable without hardly barely fails fail"
    )
)
FOREIGN = re.compile(
    r"https?://\S+|www\.\S+|\b[\w.-]+@[\w-]+\.\w+|<[^<>\s][^<>]*>|@(?:everyone|here|channel)\b|!?\[[^\]]*\]\([^)]*\)",
    re.IGNORECASE,
)
"""Links, addresses, tags and mentions: allowed only where the evidence itself has them."""

CLAUSE = re.compile(
    r"[,;:(]?\s*\b(?=(?:unless|except|only|but|although|though|(?<!as )if|as long as|provided|until|while|whereas|when"
    r"|where|because|so|which|since)\b)|[;:,()]\s",
    re.IGNORECASE,
)
HEDGES = frozenset(
    words("usually often mostly roughly may might sometimes rarely almost nearly typically generally partly seldom")
    + words("likely tends tend could approximately around average occasionally")
)
"""Words that make a statement smaller."""

SETTING = re.compile(r"^(?:In|With|For|At|On|Under|Without|During|Among|Within)\b[^,:;]{3,70},")
"""The circumstances that a sentence begins with."""

HALF = 0.5
"""Share of a clause's words from which on a sentence speaks of the same."""

MOSTLY = 0.7
"""Share of a statement's words from which on a sentence repeats it, and has to repeat its limits."""

KEPT = 0.34
"""Share of a limit's own words that a sentence must keep."""

FEW = 2
"""Words that make a clause say something."""

BINDING = re.compile(
    r"^\W*(?:unless|except|only|but|although|though|if|as long as|provided|until|when|where|while)\b",
    re.IGNORECASE,
)


def adds_number(sentence: str, evidence: str, allowed: Collection[float] = ()) -> bool:
    """Say whether a sentence has a number that neither its evidence nor a sum has."""
    held = numbers(evidence) | set(allowed)
    return any(not _is_held(value, written, held) for value, written in values(sentence).items())


def _is_held(value: float, written: str, held: Collection[float]) -> bool:
    return value in held or ("%" in written and rounded(value * 100) in held and value < 1)


def links_elsewhere(sentence: str, evidence: str) -> bool:
    """Say whether a sentence has a link, an address, a tag or a mention that its evidence does not have."""
    return any(foreign not in evidence for foreign in FOREIGN.findall(sentence))


def loses_limit(sentence: str, evidence: Sequence[str]) -> bool:
    """Say whether a sentence states without its limit what its evidence limits: a condition, an exception, a hedge."""
    own, hedges = stems(sentence), len(HEDGES & set(words(sentence)))
    for text in evidence:
        if text.startswith("|"):
            continue
        setting = SETTING.match(text)
        rest = text[setting.end() :] if setting else text
        clauses = [part for part in CLAUSE.split(rest) if part and part.strip()]
        same = [clause for clause in clauses if overlap(stems(clause), own) >= HALF]
        if hedges < sum(len(HEDGES & set(words(clause))) for clause in same if _hedged(clause) & own):
            return True
        limits = [clause for clause in clauses if BINDING.match(clause)]
        main = stems(" ".join(clause for clause in clauses if clause not in limits))
        limits += [setting[0]] if setting else []
        if len(main) >= FEW and overlap(main, own) >= MOSTLY and any(_is_lost(limit, main, own) for limit in limits):
            return True
    return False


def _hedged(clause: str) -> frozenset[str]:
    """Return the stems of the words that follow hedges."""
    every = words(clause)
    return frozenset(
        next((stem(word) for word in every[place + 1 :] if word not in STOP_WORDS), "")
        for place, word in enumerate(every)
        if word in HEDGES
    )


def _is_lost(limit: str, main: frozenset[str], own: frozenset[str]) -> bool:
    left = stems(limit) - main
    return bool(left) and overlap(left, own) < KEPT
