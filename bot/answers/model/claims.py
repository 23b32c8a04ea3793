"""Rules that reject a sentence even if the notes support it otherwise.

A sentence may not add a number or a link, lose a limit of what it repeats, or state as true what the notes only deny.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from bot.answers.index.words import STOP_WORDS, overlap, stem, stems, words
from bot.answers.model.evidence import in_common, tokens
from bot.base.arithmetic import read_numbers, read_values, round_value

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
    held = read_numbers(evidence) | set(allowed)
    return any(not _is_held(value, written, held) for value, written in read_values(sentence).items())


def _is_held(value: float, written: str, held: Collection[float]) -> bool:
    return value in held or ("%" in written and round_value(value * 100) in held and value < 1)


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


SAME = 0.75
"""Share of a sentence's words, in their order, that a denied text must have for the two to say the same."""

_WRONG = (
    r"(?:tempting|wrong|false|untrue|not (?:true|right|the case)|naive|mistake|myth|misconception|fallacy|illusion)"
)
_THINKS = r"(?:think|believe|say|assume|suppose|expect|read|take|trust|call|conclude|claim|hope|answer|judge|see|treat)"
_BELIEF = re.compile(
    rf"\b(?:it|that) (?:is|'s|would be) (?:(?:a|an|the|common|only|often) )*{_WRONG}\b[^,;:.]{{0,30}}?"
    rf"\b(?:that|to {_THINKS}(?: that| of)?)\s(?P<said>[^;:]{{3,300}}?)(?=, (?:but|yet|while)\b|[;:]|\.?$)"
    rf"|\b(?:many|some|most|people|beginners|learners)(?: people| beginners)? (?:think|believe|assume|expect)(?: that)?"
    r"\s(?P<held>[^;:]{3,300}?)(?=, (?:but|yet|while)\b|[;:]|\.?$)",
    re.IGNORECASE,
)
_MISTAKE = re.compile(
    r"^\W*(?P<said>[^.;:]{3,200}?)\W* (?:is|are) (?:(?:a|an|the|one|another|most|common|frequent|usual|typical)\s)*"
    r"(?:mistakes?|myths?|misconceptions?|fallacy|fallacies|errors?)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“](?P<said>(?:[^\s\"”]+\s+){2,30}[^\s\"”]+)[\"”]")
_DENIES = frozenset(
    words(
        "wrong false untrue mistake mistakes myth misconception fallacy illusion tempting error errors believe believed"
        " think thought seem seems may might could need"
    )
)
"""Words by which a sentence does not say as true what it repeats."""


def repeats_denied(sentence: str, texts: Sequence[str]) -> bool:
    """Say whether a sentence says as true what the shown passages say only to deny it, or in quotation marks."""
    own, terms = tokens(sentence), set(words(sentence))
    if not own or terms & _DENIES or '"' in sentence or "“" in sentence:
        return False
    for text in texts:
        for denied, rest in _denied(text):
            share = in_common(own, tokens(denied)) / len(own)
            is_of_it = share >= SAME and share > in_common(own, tokens(rest)) / len(own)
            if is_of_it and len(tokens(denied)) > 1 and _count(denied) % 2 == _count(sentence) % 2:
                return not any(_says(own, other) for other in texts if other is not text)
    return False


def _says(own: Sequence[str], text: str) -> bool:
    """Whether another place says the same, and not to deny it."""
    if any(True for _ in _denied(text)):
        return False
    return in_common(own, tokens(text)) == len(own) and len(own) > 2


def _count(text: str) -> int:
    return sum(word in NEGATIONS for word in words(text))


@lru_cache(maxsize=4096)
def _denied(text: str) -> tuple[tuple[str, str], ...]:
    """Return each text that is denied, with all else that stands there."""
    return tuple(_spans(text))


def _spans(text: str) -> Iterator[tuple[str, str]]:
    for pattern in (_BELIEF, _MISTAKE, _QUOTED):
        for match in pattern.finditer(text):
            group = "held" if "held" in pattern.groupindex and match["held"] else "said"
            start, end = match.span(group)
            yield text[start:end], f"{text[:start]} {text[end:]}"
