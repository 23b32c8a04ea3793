"""Whether a question asks for what always holds, and which sentences say where something does not. Pure.

A passage says what is so, and in one of its sentences under which condition. To "do two replicas always give four
nines" an answer without that sentence is a yes.
"""

from __future__ import annotations

import re

ALWAYS = re.compile(
    r"(?:^|[.,;:!?]\s+|\b(?:so|and|but|or|then|ok|okay|hm+|well|if)\s+)"
    r"(?:do|does|did|is|are|was|were|can|could|will|would|should|must|has|have)(?:n['’]?t)?\b"
    r"(?!\s+there (?:an?|any)\b)[^?.!]*?"
    r"\b(?:always|never|ever|every|any|all|guarantee[sd]?|surely|certain(?:ly)?|for sure|enough|completely|entirely"
    r"|fully|perfect(?:ly)?|no matter|necessarily|100 ?%)(?!\w)",
    re.IGNORECASE,
)
"""Asks yes or no of all cases, or for one exception: "can a cache ever be wrong"."""

LIMIT = re.compile(
    r"\btempting\b|\bonly (?:if|when|where|while|until|as long as)\b|\b(?:holds?|works?|helps?|counts?) only\b"
    r"|\bunless\b|\b(?:as|so) long as\b|\bprovided that\b|\bdepends?\b|\bdiminish\w*\b"
    r"|\b(?:do|does|is|are|was|can|may|might|will|would|has|have) not\b|\bnot (?:always|all|every|only)\b"
    r"|\bcannot\b|\w+n['’]t\b|\bneither\b|\bno (?:guarantee|proof|promise)\b|\b(?:hardly|seldom|rarely)\b"
    r"|\b(?:can|may|might|could) (?:also|still|even|hurt|fail|miss|differ)\b"
    r"|\b(?:fails?|worse|hurts?|nonsense|misses|useless|behind)\b",
    re.IGNORECASE,
)
"""Says where something ends: a condition, a denial, a harm."""

PURPOSE = re.compile(r"\b(?:so that|in order|that (?:cannot|(?:do|does|is|are) not))\b[^,;:.]*", re.IGNORECASE)
"""Denies nothing of what its sentence says: "so that it does not forget", "the half that cannot hold it"."""

SHARE = 0.7
"""Of the score of the best sentence: what is further off limits something else."""


def asks_always(question: str) -> bool:
    """Say whether a question asks yes or no of all cases: "is X always Y", "can X ever Y"."""
    return ALWAYS.search(" ".join(question.split())) is not None


def limits(sentence: str) -> bool:
    """Say whether a sentence says where something does not hold."""
    return LIMIT.search(PURPOSE.sub("", sentence)) is not None
