"""Questions about the group itself or the bot, which no note answers: recognised by their words, pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from bot.core import handbook
from bot.core.registry import Registry

Subject = Literal[
    "deadline",
    "now",
    "next",
    "end",
    "unit",
    "mine",
    "board",
    "checked in",
    "people",
    "moderators",
    "roadmap",
    "command",
]

LONGEST = 120
"""Characters; a longer question asks for more than the group's record."""

OF_OURS = r"(?! (?:of|for|to|at|in) (?!(?:the|this|our|that|my|next|current)\b|unit|week|today|it))"
"""What follows a deadline that is the group's: not "of ACL"."""

END = r"\W*(?:please|pls|yet|now|here|today|again|anyway)?\W*$"

GROUP = r"(?:the|this|our) (?:course|cohort|group|season|round|roadmap|program(?:me)?)"

WITHIN = rf"(?: (?:here|in here|(?:in|of|for) {GROUP}|(?:in|of) (?:this|the|our) channel))?"

_PATTERNS: tuple[tuple[Subject, str], ...] = (
    ("checked in", r"\bwho\b.{0,20}\bcheck(?:ed)?[ -]?in\b"),
    ("checked in", rf"^who(?: is|'?s| are) (?:still )?(?:missing|behind|late){END}"),
    ("unit", r"\b(?:when|due|deadline|starts?|begins?|opens?|posted)\b.{0,40}\b(?:unit|week) #?(?P<unit>\d{1,3})\b"),
    ("unit", r"\b(?:unit|week) #?(?P<unit>\d{1,3})\b.{0,25}\b(?:when|due|deadline|starts?|begins?|opens?|about)\b"),
    ("deadline", rf"\b(?:when|what|wh?ens?)\b.{{0,30}}\b(?:deadline\b{OF_OURS}|due\b(?! to\b){OF_OURS})"),
    ("deadline", r"\bhow (?:long do (?:i|we) have|much time (?:do (?:i|we) have|is left))\b(?! to\b)"),
    ("deadline", rf"^(?:the )?(?:next )?deadline{END}"),
    (
        "mine",
        rf"^.{{0,25}}\bmy(?: (?:own|current|total|last))* (?:streaks?|points|progress|freezes?|check-?ins?){END}",
    ),
    ("mine", rf"^(?:what(?:'s| is) )?my score{END}|\bhow am i doing\b|\bhow many points (?:do|have) i\b"),
    ("mine", rf"\b(?:how many|have i got|do i have)\b.{{0,30}}\b(?:points|freezes)\b{END}"),
    ("board", rf"\b(?:leader ?board|ranking)(?: of (?:the|our|this) group)?{END}"),
    ("board", rf"\bwho(?: is|'?s) (?:first|leading|winning|ahead|on top){END}"),
    ("board", rf"^who (?:leads|wins)(?: the (?:group|board))?{END}"),
    (
        "people",
        rf"^how many (?:people|members|learners|of us)(?: are| do we have)?(?: there| we)?{WITHIN}{END}",
    ),
    ("people", rf"^how (?:big|large) is {GROUP}{END}"),
    (
        "moderators",
        rf"^who(?: is|'?s| are) (?:the|our|my|a) (?:moderators?|mods?|admins?|organi[sz]ers?|leads?){WITHIN}{END}",
    ),
    ("moderators", rf"^who (?:moderates|runs|leads|organi[sz]es|manages) {GROUP}{END}"),
    (
        "roadmap",
        rf"^(?:what|which) (?:roadmap|course) (?:are we (?:on|following|doing|walking)|is (?:this|ours)){END}",
    ),
    ("now", rf"^(?:is|are) (?:{GROUP}|we) (?:still )?(?:paused|on (?:a )?(?:break|pause)|pausing){END}"),
    ("next", r"\b(?:next|coming) (?:unit|topic|post)\b|^what\b.{0,25}\bnext week\b"),
    ("next", r"\bwhen\b.{0,20}\bnext\b.{0,15}\b(?:unit|topic|post)\b"),
    ("next", rf"^what(?: is|'?s| comes)? (?:next|coming(?: up)?){END}|^what comes after (?:this|this unit){END}"),
    ("end", rf"^when (?:do|does|will|is|are) (?:we|it|{GROUP}|all this) (?:end|finish(?:ed)?|over|done){END}"),
    (
        "end",
        rf"^when is the (?:last|final) (?:unit|week|post){END}|^how long does {GROUP} (?:take|last|run|go on){END}",
    ),
    ("end", rf"^how many (?:more )?(?:weeks|units) (?:are |do we have )?(?:left|to go|remain(?:ing)?){END}"),
    ("now", rf"^(?:what|which) (?:week|unit) (?:are we|is (?:it|this))(?: (?:in|on|at))?{END}"),
    ("now", rf"^when (?:did|do|does|will) (?:we|{GROUP}) (?:start|begin){END}"),
    ("now", rf"^is there (?:an? )?(?:unit|post|break|pause) (?:this|next) week{END}"),
    ("now", r"\b(?:this|current|running) unit\b|^(?:what\b.{0,25}\b)?this week\b\W*$"),
    ("now", r"\b(?:this week's|current) (?:topic|unit)\b|\bwhere (?:are we|is the group)\b"),
    ("now", r"\bwhich (?:unit|week|topic)\b.{0,20}\b(?:are we|is it|now)\b"),
    ("now", r"\bwhat are we (?:doing|learning|working on)\b"),
)


@dataclass(frozen=True, slots=True)
class About:
    """What a question asks about the group.

    Args:
        unit: the number of the unit that is named, from 1.
        command: the command whose help answers it.
    """

    subject: Subject
    unit: int | None = None
    command: str | None = None


def about(registry: Registry, question: str) -> About | None:
    """Return what a question asks about the group or about the bot, or None if it is one for the notes."""
    said = " ".join(question.lower().replace("’", "'").split())
    if len(said) > LONGEST:
        return None
    if (page := handbook.asked_about(registry, said)) is not None:
        return About("command", command=page.args.get("command", page.name))
    for subject, pattern in _PATTERNS:
        if found := re.search(pattern, said):
            return About(subject, int(found["unit"]) if subject == "unit" else None)
    return None
