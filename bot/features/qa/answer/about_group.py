"""Questions about the group itself or the bot, which no note answers: recognised by their words, pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from bot.core import handbook
from bot.core.registry import Registry
from bot.features.qa.answer.group_talk import talked_of

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
    "exercise",
    "resources",
    "hours",
    "quiz",
    "capstone",
    "last",
    "late",
    "must",
    "lapse",
    "worth",
    "count",
    "meeting",
]

LONGEST = 120
"""Characters; a longer question asks for more than the group's record."""

OF_OURS = r"(?! (?:of|for|to|at|in) (?!(?:the|this|our|that|my|next|current)\b|unit|week|today|it))"
"""What follows a deadline that is the group's: not "of ACL"."""

END = r"\W*(?:(?:please|pls|yet|already|so far|right now|rn|now|here|today|again|anyway|btw|exactly|then)\b\W*)*$"

LEAD = r"^\W*(?:(?:hey|hi|hello|ok|okay|so|and|but|um|sorry|please|pls|also|quick question|just)\b\W*)*"

GROUP = r"(?:the|this|our) (?:course|cohort|group|season|round|roadmap|program(?:me)?)"

WITHIN = rf"(?: (?:here|in here|(?:in|of|for) {GROUP}|(?:in|of) (?:this|the|our) channel))?"

OUR = r"(?: (?:the|this|our|my|me|us|again|current|running|(?:unit|week)(?:'?s)?))+"

OF_UNIT = (
    r"(?: (?:(?:for|of|in|from|on) )?(?:(?:unit|week) #?(?P<unit>\d{1,3})|(?:the |this |our |my )?"
    r"(?:current |running )?(?:unit|week)))"
)
"""The running unit or another by its number: "for this week", "of unit 6"."""

WANTED = (
    r"(?:what(?:'?s| is| was| are| were)|which(?: is| are)"
    r"|where(?:'?s| is| are| (?:do|can|could) (?:i|we) (?:find|get|see))"
    r"|(?:give|show|tell|send|remind)(?: (?:me|us)(?: of)?)?|(?:i|we) (?:need|want)"
    r"|(?:can|could|may) (?:i|we) (?:please )?(?:see|get|have)"
    r"|(?:can|could|will|would) you (?:please )?(?:show|give|tell|send|post|remind)(?: (?:me|us)(?: of)?)?)"
)

EXERCISE = r"(?:exercises?|tasks?|homework|assignments?)"
READING = r"(?:resources?|readings?|reading list|materials?)"
TO_READ = r"(?:links?|papers?|videos?|sources?|literature|books?)"

TAKES = (
    r"(?: (?:do|does|will|would|should|must|can|is|are|i|we|you|it|one|have|need|take|takes|plan|spend|expect|budget"
    r"|set aside|last|per|to|for|on|with|in|a|read|finish|complete|the|this|our|my|each|current|running|week(?:'?s)?"
    r"|unit(?:'?s)?|exercise|reading|readings|homework|assignment|task|resources|(?<=unit )#?(?P<unit>\d{1,3})))+"
)
"""All that may stand in a question on how long the work of a unit takes."""

OF_WORK = r"(?=.*\b(?:unit|week|weeks|week's|homework|(?:the|this|our) (?:exercise|readings?|assignment))\b)"

STREAK = r"(?:my|the|a|our|your) streaks?"
OF_GAME = r"(?:(?:a|the|our|these) )?(?:streaks?|freezes?)(?: here)?"

MEETING = r"(?:live )?(?:meetings?|calls?|live hours?|sessions?|meet-?ups?|hangouts?)"

ON_BOARD = r"(?: (?:on|of|in) (?:the|our) (?:leader ?board|board|ranking|group))?"

_OF_UNIT_AND_RULES: tuple[tuple[Subject, str], ...] = (
    ("exercise", rf"{LEAD}{WANTED}{OUR} {EXERCISE}{OF_UNIT}?{END}"),
    ("exercise", rf"{LEAD}{WANTED} {EXERCISE}{OF_UNIT}{END}"),
    ("exercise", rf"{LEAD}(?:{WANTED} )?(?:unit|week) #?(?P<unit>\d{{1,3}})(?:'?s)? {EXERCISE}{END}"),
    ("exercise", rf"{LEAD}what {EXERCISE} (?:do|have) (?:i|we)(?: have| do| got)*{OF_UNIT}?{END}"),
    ("exercise", rf"{LEAD}what(?: exactly)? do (?:i|we) (?:have|need) to do (?:for|in){OUR} {EXERCISE}{OF_UNIT}?{END}"),
    ("exercise", rf"{LEAD}(?:what is|what's|whats){OUR} {EXERCISE} about{END}"),
    ("resources", rf"{LEAD}{WANTED}{OUR} {READING}{OF_UNIT}?{END}"),
    ("resources", rf"{LEAD}{WANTED}(?: the| our)? (?:{READING}|{TO_READ}){OF_UNIT}{END}"),
    (
        "resources",
        rf"{LEAD}what (?:do|should|must|can) (?:i|we)(?: (?:have|need) to)? (?:read|watch)(?: for)?{OF_UNIT}{END}",
    ),
    ("hours", rf"{LEAD}how (?:long|much time|many hours)(?! do (?:i|we) have\b(?! to\b)){OF_WORK}{TAKES}{END}"),
    ("worth", r"\bpoints\b.{0,30}\b(?:late|check[ -]?ins?|checking in)\b"),
    ("worth", r"\blate check[ -]?ins?\b.{0,30}\b(?:worth|points|count)\b"),
    (
        "worth",
        rf"{LEAD}how (?:are|is|do|does) (?:(?:the|my|our) )?points?(?: get)?"
        rf" (?:counted|calculated|computed|given|awarded|earned|work|made){END}",
    ),
    ("worth", rf"{LEAD}how (?:do|can) (?:i|we|you|one) (?:get|earn|win|make|collect) (?:more |the |some )?points{END}"),
    ("worth", rf"{LEAD}what are (?:the )?points(?: for| worth)?{END}"),
    ("worth", rf"{LEAD}how many points (?:is|are|does|do|for)\b.{{0,20}}\b(?:unit|week|quiz|day)\b.{{0,20}}$"),
    ("lapse", rf"\b(?:lose|keep|breaks?|ends?|resets?|saves?|holds?|happens? (?:to|with)) {STREAK}\b"),
    ("lapse", rf"\b{STREAK}\b.{{0,40}}\b(?:if|when|while|lost|gone|broken|safe)\b"),
    ("lapse", rf"\b(?:if|when) (?:i|we|you)\b.{{0,40}}\b{STREAK}\b"),
    (
        "lapse",
        rf"{LEAD}how (?:is|are|does|do) (?:{STREAK}|{OF_GAME})(?: get)?"
        rf" (?:computed|calculated|counted|work|made|earned){END}",
    ),
    ("lapse", rf"{LEAD}(?:what(?: is| are|'?s)|explain) {OF_GAME}(?: for)?{END}"),
    ("lapse", rf"{LEAD}how (?:do|can) (?:i|we|you|one) (?:get|earn|win|start|build) (?:{STREAK}|{OF_GAME}){END}"),
    (
        "count",
        rf"{LEAD}how many(?: (?:people|members|others|of us|have|has|did))* check(?:ed)?[ -]?in{OF_UNIT}?{END}",
    ),
    (
        "count",
        rf"{LEAD}how many check[ -]?ins(?: (?:do|did|have|has|had|are|were|we|there|in|got))*{OF_UNIT}?{END}",
    ),
    (
        "meeting",
        rf"{LEAD}(?:(?:is|are|will) there (?:be )?|do we have |have we )?(?:got )?(?:an?|any|another) {MEETING}"
        rf"(?: (?:planned|scheduled|coming|soon|tomorrow|this|next|week|tonight))*{END}",
    ),
    ("meeting", rf"{LEAD}when(?:'?s| is| are| do we have) (?:the|our|your) (?:next )?{MEETING}(?: this week)?{END}"),
    ("meeting", rf"{LEAD}(?:when|where) do we (?:meet|talk)(?: (?:live|next|this|week|up|online))*{END}"),
)
"""Questions on the running unit, on the rules, and on what the group does together; they are looked at first."""

_PATTERNS: tuple[tuple[Subject, str], ...] = (
    *_OF_UNIT_AND_RULES,
    ("checked in", r"\bwho\b.{0,20}\bcheck(?:ed)?[ -]?in\b"),
    ("checked in", rf"^who(?: is|'?s| are) (?:still )?(?:missing|behind|late){END}"),
    ("unit", r"\b(?:when|due|deadline|starts?|begins?|opens?|posted)\b.{0,40}\b(?:unit|week) #?(?P<unit>\d{1,3})\b"),
    ("unit", r"\b(?:unit|week) #?(?P<unit>\d{1,3})\b.{0,25}\b(?:when|due|deadline|starts?|begins?|opens?|about)\b"),
    ("deadline", rf"\b(?:when|what|whats|wh?ens?)\b.{{0,30}}\b(?:deadline\b{OF_OURS}|due\b(?! to\b){OF_OURS})"),
    ("deadline", r"\bhow (?:long do (?:i|we) have|much time (?:do (?:i|we) have|is left))\b(?! to\b)"),
    ("deadline", rf"^(?:the )?(?:next )?deadline{END}"),
    (
        "mine",
        rf"^.{{0,25}}\bmy(?: (?:own|current|total|last))* (?:streaks?|points|progress|freezes?|check-?ins?){END}",
    ),
    ("mine", rf"^(?:what(?:'s| is) )?my score{END}|\bhow am i doing\b|\bhow many points (?:do|have) i\b"),
    ("mine", rf"\b(?:how many|have i got|do i have)\b.{{0,30}}\b(?:points|freezes)\b{END}"),
    ("board", rf"\b(?:leader ?board|ranking)(?: of (?:the|our|this) group)?{END}"),
    ("board", rf"\bwho(?: is|'?s) (?:first|leading|winning|ahead|on top|in the lead){ON_BOARD}{END}"),
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
    if (talked := talked_of(said)) is not None:
        return About(talked)
    if (page := handbook.asked_about(registry, said)) is not None:
        return About("command", command=page.args.get("command", page.name))
    for subject, pattern in _PATTERNS:
        if found := re.search(pattern, said):
            number = found.groupdict().get("unit")
            return About(subject, int(number) if number else None)
    return None
