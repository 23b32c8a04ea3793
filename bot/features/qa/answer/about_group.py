"""Questions about the group itself, which no note answers: recognised by their words, pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Subject = Literal["deadline", "now", "next", "end", "unit", "mine", "board", "checked in", "command"]

LONGEST = 120
"""Characters; a longer question asks for more than the group's record."""

OF_OURS = r"(?! (?:of|for|to|at|in) (?!(?:the|this|our|that|my|next|current)\b|unit|week|today|it))"
"""What follows a deadline that is the group's: not "of ACL"."""

END = r"\W*(?:please|pls|yet|now|here|today|again|anyway)?\W*$"

GROUP = r"(?:the|this|our) (?:course|cohort|group|season|round|roadmap|program(?:me)?)"

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

HOW = (
    r"^(?:(?:hi|hey|hello|and|so|ok|pls|please|sorry)[ ,]+)*"
    r"(?:how|where) (?:do|can|could|should|to|must|does)(?: (?:i|we|one|you|people|someone))? ?"
)
OURS = r"(?: (?:the|this|our|your|in|a)(?: study)? ?(?:group|cohort|course|channel)?)?"

_COMMANDS: tuple[tuple[str, str], ...] = (
    (
        "checkin",
        rf"{HOW}(?:do )?(?:a |my |the )?check(?:ing)?[ -]?in"
        rf"(?: (?:for|to) (?:the |this |a )?(?:unit|week)\b.*| late| works?)?{END}",
    ),
    ("checkin", rf"^what(?: is|'?s) (?:a|the) check[ -]?in(?: for)?{END}"),
    ("leave", rf"{HOW}(?:leave|quit|get out of|unsubscribe(?: from)?){OURS}{END}"),
    ("join", rf"{HOW}join{OURS}{END}"),
    (
        "settings",
        rf"{HOW}(?:turn off|stop|switch off|mute|change|disable|get)(?: (?:the|my|your|these))?"
        rf" (?:reminders?|settings|time ?zone|goal){END}",
    ),
    ("leaderboard", rf"{HOW}(?:see|find|open) (?:the )?(?:leader ?board|ranking){END}"),
    ("roadmap", rf"{HOW}(?:see|find|open) (?:the )?(?:roadmap|whole plan|list of units){END}"),
    ("roadmap", rf"^how many units are there{END}"),
    ("help", rf"^(?:so |hey |hi |and )*what (?:can|do|else can) you do(?: for (?:me|us))?{END}|^how do you work{END}"),
    ("help", rf"^(?:what|which) commands (?:are there|do you (?:have|know)|can i use){END}|^help(?: me)?{END}"),
    ("help", rf"{HOW}use (?:you|this bot|the bot){END}"),
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


def about(question: str) -> About | None:
    """Return what a question asks about the group, or None if it is one for the notes."""
    said = " ".join(question.lower().replace("’", "'").split())
    if len(said) > LONGEST:
        return None
    for command, pattern in _COMMANDS:
        if re.search(pattern, said):
            return About("command", command=command)
    for subject, pattern in _PATTERNS:
        if found := re.search(pattern, said):
            return About(subject, int(found["unit"]) if subject == "unit" else None)
    return None
