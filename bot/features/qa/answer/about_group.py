"""Questions about the group itself, which no note answers: recognised by their words, pure."""

from __future__ import annotations

import re
from typing import Literal

Subject = Literal["deadline", "now", "next", "mine", "board"]

_PATTERNS: tuple[tuple[Subject, str], ...] = (
    ("deadline", r"\b(when|what|wh?ens?)\b.{0,30}\b(deadline|due)\b|\bhow (long|much time) (do (i|we) have|is left)\b"),
    ("deadline", r"^\s*(the )?(next )?deadline\s*\??$"),
    ("mine", r"\b(my|our own)\b.{0,20}\b(streak|points?|progress|freezes?|check-?ins?|score)\b"),
    ("mine", r"\b(how many|have i got|do i have)\b.{0,30}\b(points|freezes)\b|\bhow am i doing\b"),
    ("board", r"\b(leader ?board|ranking|who is (first|leading|winning)|who'?s (first|leading|winning))\b"),
    ("next", r"\b(next|coming) (unit|week|topic|post)\b|\bwhen\b.{0,20}\bnext\b.{0,15}\b(unit|topic|post)\b"),
    (
        "now",
        r"\b(this|current|running) (unit|week|topic)('s)?\b|\bwhich (unit|week|topic)\b.{0,20}\b(are we|is it|now)\b",
    ),
    ("now", r"\bwhere (are we|is the group)\b|\bwhat are we (doing|learning|working on)\b"),
)


def subject(question: str) -> Subject | None:
    """Return what a question asks about the group, or None if it is one for the notes."""
    said = " ".join(question.lower().split())
    if len(said) > 120:
        return None
    return next((kind for kind, pattern in _PATTERNS if re.search(pattern, said)), None)
