"""What notes name only to deny it: a belief, a mistake, somebody's words. It bears out nothing that says it as true."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from bot.answers.index.words import words
from bot.answers.model.claims import NEGATIONS
from bot.answers.model.evidence import in_common, tokens

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
    own, said = tokens(sentence), set(words(sentence))
    if not own or said & _DENIES or '"' in sentence or "“" in sentence:
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
        for found in pattern.finditer(text):
            group = "held" if "held" in pattern.groupindex and found["held"] else "said"
            start, end = found.span(group)
            yield text[start:end], f"{text[:start]} {text[end:]}"
