"""What kind of answer a question wants, and which sentences look like one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from bot.answers.index.words import content, stem

Kind = Literal["what", "why", "how", "compare", "other"]

SIDES = (
    re.compile(r"\bdiff\w*\s+(?:between\s+|of\s+)?(?P<a>.+?)\s+(?:and|vs\.?|or|from|to)\s+(?P<b>.+)", re.IGNORECASE),
    re.compile(r"\bcompar\w+\s+(?P<a>.+?)\s+(?:and|with|to|against)\s+(?P<b>.+)", re.IGNORECASE),
    re.compile(r"\bhow (?:is|are|do|does)\s+(?P<a>.+?)\s+diff\w+\s+(?:from|to|than)\s+(?P<b>.+)", re.IGNORECASE),
    re.compile(r"(?P<a>.+?)\s+(?:vs\.?|versus|instead of|rather than|or|over)\s+(?P<b>.+)", re.IGNORECASE),
)
SIDE_WORDS = 2
"""Words of a side that name it: the last of the first side, the first of the second."""

WHY = re.compile(r"\b(?:why|how come|reason|whats the point|what's the point)\b", re.IGNORECASE)
WHAT = re.compile(
    r"^\W*(?:(?:so|and|please|can you|could you)\s+)*"
    r"(?:(?:wh?at|who)(?:\s+(?:exactly|the heck))?(?:'?s|’s|\s+(?:is|are|r|was|do|does))|define|explain|describe)\b",
    re.IGNORECASE,
)
HOW = re.compile(r"^\W*(?:(?:so|and|please)\s+)*how\b|\bsteps?\b|\bway to\b", re.IGNORECASE)

SOUNDS: dict[Kind, re.Pattern[str]] = {
    "what": re.compile(
        r"^(?:(?:an?|the|each|every)\s+)?(?:[\w`'()@.-]+\s+){1,5}?"
        r"(?:is|are|means?|refers? to|stands? for|holds?|wraps?|describes?|returns?|lets?|stores?|bundles?|writes?)\b",
        re.IGNORECASE,
    ),
    "why": re.compile(
        r"\b(?:because|since|so that|so|therefore|reason|causes?|leads? to|otherwise|rather than|instead of"
        r"|which is why|in exchange|means that)\b",
        re.IGNORECASE,
    ),
    "how": re.compile(
        r"^(?:[`\"'(]*)?(?:use|call|write|pass|create|set|wrap|convert|build|make|take|give|keep|put|prefer|combine|add"
        r"|return|define|choose|pick|move|guard|limit|split|group|start|first|then|next|to)\b|\bby \w+ing\b",
        re.IGNORECASE,
    ),
    "compare": re.compile(
        r"\b(?:than|while|whereas|but|instead|unlike|both|only|neither|rather|however)\b", re.IGNORECASE
    ),
}


@dataclass(frozen=True, slots=True)
class AnswerWish:
    """What a question asks for.

    Args:
        sides: stems of the two things to compare, without those that both share; empty for other kinds.
    """

    kind: Kind
    sides: tuple[frozenset[str], ...] = ()

    def sounds(self, sentence: str) -> bool:
        """Say whether a sentence has the sound of the answer that is wanted."""
        pattern = SOUNDS.get(self.kind)
        return pattern is not None and pattern.search(sentence) is not None


def wish(question: str) -> AnswerWish:
    """Read the kind of a question."""
    sides = _sides(question)
    if sides:
        return AnswerWish("compare", sides)
    if WHY.search(question):
        return AnswerWish("why")
    if WHAT.search(question):
        return AnswerWish("what")
    return AnswerWish("how") if HOW.search(question) else AnswerWish("other")


def _sides(question: str) -> tuple[frozenset[str], ...]:
    """Find two things that are compared."""
    for pattern in SIDES:
        match = pattern.search(question)
        if not match:
            continue
        first = {stem(word) for word in content(match["a"])[-SIDE_WORDS:]}
        second = {stem(word) for word in content(match["b"])[:SIDE_WORDS]}
        if first - second and second - first:
            return frozenset(first - second), frozenset(second - first)
    return ()
