"""Questions about the group itself or the bot, which no note answers: recognised by their words, pure.

How people ask about their group and the bot: one table of patterns. Pure.

A row that is "whole" is all of a line in everyday words, without those that change nothing in it: a word of a subject,
as in "what rank should a LoRA have", leaves it to the notes. A "part" is looked for in the line as it was typed, after
those, and the first row that fits is what is asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

from bot.commands.registry import Registry
from bot.understanding import handbook

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

Way = Literal["whole", "part"]


class Asks(NamedTuple):
    """What some patterns ask for."""

    subject: Subject
    way: Way
    patterns: tuple[str, ...]


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

MEETING = r"(?:live )?(?:meetings?|calls?|live hours?|sessions?|meet[- ]?ups?|hangouts?)"

ON_BOARD = r"(?: (?:on|of|in|at)(?: (?:the|our) (?:leader ?board|board|ranking|group))?)?"

WHO = r"(?:i|we|you|one)"

WEEK = r"(?:week|unit)"

DAY = rf"(?:today|tonight|tomorrow|(?:this|the|our|the current) {WEEK})"

THEN = rf"(?: (?:(?:for|in|of|due|on) )?{DAY})?"

LAST = rf"(?:the )?last (?:{WEEK}|time)"

PLACE = r"(?:rank|place|position|spot)"

DUTY = r"(?:have to|need to|got to|has to|must|should|am supposed to|are supposed to)"

QUESTIONS = (
    Asks(
        "lapse",
        "whole",
        (
            rf"what(?: happens)? (?:if|when) {WHO} (?:miss|skip)(?:ed)? (?:a|one|this|the) (?:week|unit|deadline)",
            rf"how (?:do|can) {WHO} (?:keep|hold|save|not lose|lose) (?:my|a|the|our) streak",
        ),
    ),
    Asks(
        "must",
        "whole",
        (
            rf"(?:do|must|should|can|may|could) {WHO} (?:{DUTY} |also )?(?:finish|do|read|complete|watch|skip|submit)"
            rf"(?: (?:the|my|this|that|all|of|a|whole))* (?:{EXERCISE}|quiz|readings?|everything|it all"
            rf"|all of it|videos?|papers?)"
            rf"(?: (?:to|before {WHO}|so {WHO} can) check in| first)?{THEN}",
            rf"is (?:the|this|a|my) (?:{EXERCISE}|quiz|reading) (?:mandatory|optional|required|needed|obligatory"
            rf"|compulsory)",
            r"what (?:counts as|is|counts for) (?:a )?check in|what does (?:a |the )?check in (?:count|mean)",
            r"how (?:do|does) (?:a |the )?check ins? work",
        ),
    ),
    Asks(
        "late",
        "whole",
        (
            rf"(?:how late|until when|how long) can {WHO} (?:still )?(?:check in|hand in)",
            rf"(?:can|may|could) {WHO} (?:still )?check in (?:late|later|tomorrow|after (?:the|it) deadline"
            rf"|for {LAST})",
            rf"(?:can|may|could) {WHO} still (?:check in|catch up|do|finish|hand in)(?: (?:for )?(?:{LAST}"
            rf"|{DAY}|it))?",
            rf"what(?: happens)? (?:if|when) {WHO} (?:am|are|check in) (?:too )?late"
            r"|is (?:being )?late(?: (?:fine|bad|allowed))?",
            rf"is it (?:(?:fine|bad|possible|allowed) )?(?:to|if {WHO}) (?:am|are|be|check in) late",
            rf"(?:is it|am i|when is it) too late(?: to check in| for {DAY})?",
            rf"(?:can|could|may|how (?:do|can|should)|do) {WHO} (?:have to )?catch up"
            rf"(?: (?:on|with))?(?: (?:it|{LAST}|a {WEEK}|on it|later|late))?",
        ),
    ),
    Asks(
        "mine",
        "whole",
        (
            r"am i (?:on track|behind|late|ahead|doing (?:ok|well|good|fine|right)|in time|on time)",
            rf"(?:did|have) (?:i|we) check in(?: (?:for|to))?(?: (?:{DAY}|{LAST}))?",
            r"how (?:far|late|far behind) am i|how (?:am|is it) i? ?doing|where (?:do i stand|am i)",
            r"(?:did|has|have) my check in (?:count|work|go through|counted|worked|gone through|arrive|arrived)",
            rf"(?:what|which) (?:{WEEK}s? )?(?:did|have) i (?:miss|missed)(?: so far)?|(?:did"
            rf"|have) i miss(?:ed)? anything",
            rf"how many {WEEK}s (?:did|have) i (?:miss|missed|keep|kept|do|done)(?: so far)?",
        ),
    ),
    Asks(
        "board",
        "whole",
        (
            rf"(?:what|which) (?:is )?my {PLACE}{ON_BOARD}|(?:what|which) {PLACE} (?:am"
            rf"|do) i(?: have)?{ON_BOARD}",
            r"where am i (?:on|in) the (?:leader ?board|board|ranking)",
        ),
    ),
    Asks(
        "hours",
        "whole",
        (
            rf"(?=.*\b(?:{WEEK}|today|tomorrow)\b|how many hours.* this$)(?!.*\b(?:do|have) {WHO}(?: have"
            rf"| got)?(?! to)(?: left)?"
            rf"(?: (?:for|in))?(?: this {WEEK})?$)how (?:many hours|much time|much work|long)"
            rf"(?: (?:of|work|is|are|it|per|a|each|every|for|do|does|{WHO}|need|take|takes|should|to|plan"
            rf"|spend|have|this|the|that"
            rf"|{WEEK}|day|today|tomorrow|will|must))+",
            rf"how much (?:should|must|do) {WHO}(?: have to| need to)?"
            rf" (?:study|work|do) (?:per|a|each|every|{DAY})(?: {WEEK})?",
        ),
    ),
    Asks(
        "exercise",
        "whole",
        (
            rf"(?:what is|show me|give me|where is)(?: (?:the|my|our|{DAY}))+ {EXERCISE}{THEN}",
            rf"(?:is there|do we have|do i have|any|have we)(?: (?:an?|any))? {EXERCISE}{THEN}",
            rf"(?:(?:what is|my|the) )?(?:the )?homework{THEN}",
            rf"what (?:do (?:i|we) (?:have|need) to|must (?:i|we)|is there to) do{THEN}",
            rf"what should (?:i|we) (?:do|work on|finish) (?:(?:for|in) )?{DAY}",
        ),
    ),
    Asks(
        "resources",
        "whole",
        (
            r"(?:what|which)(?: (?:chapters?|pages?|papers?|parts?|sections?|notes?))?"
            rf"(?: (?:to|should|do|must|can|are|am|{WHO}|have|need|supposed|next))* (?:read|watch|reading"
            rf"|watching)(?: next)?{THEN}",
            rf"(?:what|which) (?:chapters?|pages?|papers?) (?:is it |are (?:they|we on|it) )?(?:for )?{DAY}",
        ),
    ),
    Asks(
        "meeting",
        "whole",
        (
            rf"(?:when is |is there |do we have |any |are there |what about )?(?:(?:the|our|an?|any) )?"
            rf"(?:next {MEETING}"
            rf"|(?<=the ){MEETING}|(?<=our ){MEETING}|(?<=any ){MEETING}s?|(?<=there a ){MEETING}"
            rf"|(?<=have a ){MEETING})"
            rf"(?: (?:this|next) week)?{THEN}",
            rf"(?:at )?what time is (?:the|our) (?:next )?{MEETING}{THEN}",
            rf"(?:do|when do|where do|will) we meet(?: up| live| next)?(?: next week)?{THEN}",
        ),
    ),
    Asks(
        "quiz",
        "whole",
        (
            rf"(?:is there|do we have|have we|do i have)(?: (?:an?|any|another))? quiz{THEN}|any quiz{THEN}",
            rf"(?:when|where|what) is (?:the|our|my) (?:next )?quiz{THEN}",
        ),
    ),
    Asks(
        "last",
        "whole",
        (
            rf"what did (?:i|we|you) (?:do|learn|cover|read|have|talk about) (?:(?:in|for) )?{LAST}",
            rf"(?:(?:what|which) (?:\w+ )?was )?{LAST}(?: about)?",
        ),
    ),
    Asks(
        "capstone",
        "whole",
        (
            r"(?:what|when|where) is (?:the|our|my) (?:capstone|final project|project)(?: (?:about|due))?",
            r"(?:is there|do we have|have we) an? (?:capstone|final project)|(?:the )?capstone",
        ),
    ),
    Asks(
        "deadline",
        "whole",
        (
            rf"when (?:does|do|will|is) (?:this|the|our|my) {WEEK} (?:end|close|finish|stop|over)",
            rf"how many (?:more )?days(?: (?:are|do {WHO} have|have {WHO} got))?(?: (?:left|more|to go))?{THEN}",
            rf"(?:is|when is) (?:it|this) due{THEN}|is (?:it|this) due",
        ),
    ),
    Asks(
        "now",
        "whole",
        (
            rf"what is (?:on )?(?:this|the current) {WEEK}(?: about)?|what is {DAY} about",
            rf"what is (?:on |up )?(?:today|{DAY})(?: (?:topic|unit|subject))?|what is the topic (?:of )?{DAY}",
            rf"(?:what|which) (?:week|unit) (?:is|are) (?:it|this|we)(?: (?:in|on|at))?(?: today)?|this {WEEK}",
            rf"what (?:do|are|will|have) (?:i|we) (?:do|doing|learn|learning|cover|covering|study) {DAY}",
        ),
    ),
    Asks(
        "next",
        "whole",
        (
            rf"next {WEEK}|what (?:do|will|are) (?:i|we) (?:do|doing|learn|cover) next(?: {WEEK})?",
            rf"what (?:comes|is|follows) after this(?: {WEEK})?",
        ),
    ),
    Asks(
        "exercise",
        "part",
        (
            rf"{LEAD}{WANTED}{OUR} {EXERCISE}{OF_UNIT}?{END}",
            rf"{LEAD}{WANTED} {EXERCISE}{OF_UNIT}{END}",
            rf"{LEAD}(?:{WANTED} )?(?:unit|week) #?(?P<unit>\d{{1,3}})(?:'?s)? {EXERCISE}{END}",
            rf"{LEAD}what {EXERCISE} (?:do|have) (?:i|we)(?: have| do| got)*{OF_UNIT}?{END}",
            rf"{LEAD}what(?: exactly)? do (?:i|we) (?:have|need) to do (?:for|in){OUR} {EXERCISE}{OF_UNIT}?{END}",
            rf"{LEAD}(?:what is|what's|whats){OUR} {EXERCISE} about{END}",
        ),
    ),
    Asks(
        "resources",
        "part",
        (
            rf"{LEAD}{WANTED}{OUR} {READING}{OF_UNIT}?{END}",
            rf"{LEAD}{WANTED}(?: the| our)? (?:{READING}|{TO_READ}){OF_UNIT}{END}",
            rf"{LEAD}what (?:do|should|must|can) (?:i|we)(?: (?:have|need) to)? (?:read|watch)(?: for)?{OF_UNIT}{END}",
        ),
    ),
    Asks(
        "hours",
        "part",
        (rf"{LEAD}how (?:long|much time|many hours)(?! do (?:i|we) have\b(?! to\b)){OF_WORK}{TAKES}{END}",),
    ),
    Asks(
        "worth",
        "part",
        (
            r"\bpoints\b.{0,30}\b(?:late|check[ -]?ins?|checking in)\b",
            r"\blate check[ -]?ins?\b.{0,30}\b(?:worth|points|count)\b",
            rf"{LEAD}how (?:are|is|do|does) (?:(?:the|my|our) )?points?(?: get)?"
            rf" (?:counted|calculated|computed|given|awarded|earned|work|made){END}",
            rf"{LEAD}how (?:do|can) (?:i|we|you|one) (?:get|earn|win|make|collect) (?:more |the |some )?points{END}",
            rf"{LEAD}what are (?:the )?points(?: for| worth)?{END}",
            rf"{LEAD}how many points (?:is|are|does|do|for)\b.{{0,20}}\b(?:unit|week|quiz|day)\b.{{0,20}}$",
        ),
    ),
    Asks(
        "lapse",
        "part",
        (
            rf"\b(?:lose|keep|breaks?|ends?|resets?|saves?|holds?|happens? (?:to|with)) {STREAK}\b",
            rf"\b{STREAK}\b.{{0,40}}\b(?:if|when|while|lost|gone|broken|safe)\b",
            rf"\b(?:if|when) (?:i|we|you)\b.{{0,40}}\b{STREAK}\b",
            rf"{LEAD}how (?:is|are|does|do) (?:{STREAK}|{OF_GAME})(?: get)?"
            rf" (?:computed|calculated|counted|work|made|earned){END}",
            rf"{LEAD}(?:what(?: is| are|'?s)|explain) {OF_GAME}(?: for)?{END}",
            rf"{LEAD}how (?:do|can) (?:i|we|you|one) (?:get|earn|win|start|build) (?:{STREAK}|{OF_GAME}){END}",
        ),
    ),
    Asks(
        "count",
        "part",
        (
            rf"{LEAD}how many(?: (?:people|members|others|of us|have|has|did))* check(?:ed)?[ -]?in{OF_UNIT}?{END}",
            rf"{LEAD}how many check[ -]?ins(?: (?:do|did|have|has|had|are|were|we|there|in|got))*{OF_UNIT}?{END}",
        ),
    ),
    Asks(
        "meeting",
        "part",
        (
            rf"{LEAD}(?:(?:is|are|will) there (?:be )?|do we have |have we )?(?:got )?(?:an?|any|another) {MEETING}"
            rf"(?: (?:planned|scheduled|coming|soon|tomorrow|this|next|week|tonight))*{END}",
            rf"{LEAD}when(?:'?s| is| are| do we have) (?:the|our|your) (?:next )?{MEETING}(?: this week)?{END}",
            rf"{LEAD}(?:when|where) do we (?:meet|talk)(?: (?:live|next|this|week|up|online))*{END}",
        ),
    ),
    Asks(
        "checked in",
        "part",
        (
            r"\bwho\b.{0,20}\bcheck(?:ed)?[ -]?in\b",
            rf"^who(?: is|'?s| are) (?:still )?(?:missing|behind|late){END}",
        ),
    ),
    Asks(
        "unit",
        "part",
        (
            r"\b(?:when|due|deadline|starts?|begins?|opens?|posted)\b.{0,40}\b(?:unit|week) #?(?P<unit>\d{1,3})\b",
            r"\b(?:unit|week) #?(?P<unit>\d{1,3})\b.{0,25}\b(?:when|due|deadline|starts?|begins?|opens?|about)\b",
        ),
    ),
    Asks(
        "deadline",
        "part",
        (
            rf"\b(?:when|what|whats|wh?ens?)\b.{{0,30}}\b(?:deadline\b{OF_OURS}|due\b(?! to\b){OF_OURS})",
            r"\bhow (?:long do (?:i|we) have|much time (?:do (?:i|we) have|is left))\b(?! to\b)",
            rf"^(?:the )?(?:next )?deadline{END}",
        ),
    ),
    Asks(
        "mine",
        "part",
        (
            rf"^.{{0,25}}\bmy(?: (?:own|current|total|last))* (?:streaks?|points|progress|freezes?|check-?ins?){END}",
            rf"^(?:what(?:'s| is) )?my score{END}|\bhow am i doing\b|\bhow many points (?:do|have) i\b",
            rf"\b(?:how many|have i got|do i have)\b.{{0,30}}\b(?:points|freezes)\b{END}",
        ),
    ),
    Asks(
        "board",
        "part",
        (
            rf"\b(?:leader ?board|ranking)(?: of (?:the|our|this) group)?{END}",
            rf"\bwho(?: is|'?s) (?:first|leading|winning|ahead|on top|in the lead)"
            rf"(?: the (?:leader ?board|board|ranking))?{ON_BOARD}{END}",
            rf"^who (?:leads|wins)(?: the (?:group|leader ?board|board|ranking))?{END}",
        ),
    ),
    Asks(
        "people",
        "part",
        (
            rf"^how many (?:people|members|learners|of us)(?: are| do we have)?(?: there| we)?{WITHIN}{END}",
            rf"^how (?:big|large) is {GROUP}{END}",
        ),
    ),
    Asks(
        "moderators",
        "part",
        (
            rf"^who(?: is|'?s| are) (?:the|our|my|a) (?:moderators?|mods?|admins?|organi[sz]ers?|leads?){WITHIN}{END}",
            rf"^who (?:moderates|runs|leads|organi[sz]es|manages) {GROUP}{END}",
        ),
    ),
    Asks(
        "roadmap",
        "part",
        (rf"^(?:what|which) (?:roadmap|course) (?:are we (?:on|following|doing|walking)|is (?:this|ours)){END}",),
    ),
    Asks("now", "part", (rf"^(?:is|are) (?:{GROUP}|we) (?:still )?(?:paused|on (?:a )?(?:break|pause)|pausing){END}",)),
    Asks(
        "next",
        "part",
        (
            r"\b(?:next|coming) (?:unit|topic|post)\b|^what\b.{0,25}\bnext week\b",
            r"\bwhen\b.{0,20}\bnext\b.{0,15}\b(?:unit|topic|post)\b",
            rf"^what(?: is|'?s| comes)? (?:next|coming(?: up)?){END}|^what comes after (?:this|this unit){END}",
        ),
    ),
    Asks(
        "end",
        "part",
        (
            rf"^when (?:do|does|will|is|are) (?:we|it|{GROUP}|all this) (?:end|finish(?:ed)?|over|done){END}",
            rf"^when is the (?:last|final) (?:unit|week|post){END}|^how long does {GROUP} (?:take|last|run|go on){END}",
            rf"^how many (?:more )?(?:weeks|units) (?:are |do we have )?(?:left|to go|remain(?:ing)?){END}",
        ),
    ),
    Asks(
        "now",
        "part",
        (
            rf"^(?:what|which) (?:week|unit) (?:are we|is (?:it|this))(?: (?:in|on|at))?{END}",
            rf"^when (?:did|do|does|will) (?:we|{GROUP}) (?:start|begin){END}",
            rf"^is there (?:an? )?(?:unit|post|break|pause) (?:this|next) week{END}",
            r"\b(?:this|current|running) unit\b|^(?:what\b.{0,25}\b)?this week\b\W*$",
            r"\b(?:this week's|current) (?:topic|unit)\b|\bwhere (?:are we|is the group)\b",
            r"\bwhich (?:unit|week|topic)\b.{0,20}\b(?:are we|is it|now)\b",
            r"\bwhat are we (?:doing|learning|working on)\b",
        ),
    ),
)


LONGEST = 120
"""Characters; a longer question asks for more than the group's record."""

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+")

_WRITTEN = {
    "whats": "what is", "wats": "what is", "whens": "when is", "wheres": "where is", "whos": "who is",
    "what's": "what is", "when's": "when is", "where's": "where is", "who's": "who is", "how's": "how is",
    "i'm": "i am", "im": "i am", "i've": "i have", "we're": "we are", "we've": "we have", "today's": "today",
    "todays": "today", "week's": "week", "unit's": "unit", "hw": "homework", "checkin": "check in", "checked": "check",
    "checking": "check", "til": "until", "till": "until",
}  # a table of data # fmt: skip

_AROUND = frozenset({
    "please", "pls", "plz", "btw", "exactly", "actually", "just", "also", "so", "hey", "hi", "hello", "ok", "okay",
    "um", "and", "but", "then", "again", "anyway", "really", "now", "rn", "yet", "already", "here", "guys", "sorry",
    "wait", "quick", "question",
})  # a table of data # fmt: skip
"""Words that change nothing in such a line."""

_WHOLE, _PART = (
    [(row.subject, re.compile(f"(?:{pattern})")) for row in QUESTIONS if row.way == way for pattern in row.patterns]
    for way in ("whole", "part")
)


@dataclass(frozen=True, slots=True)
class GroupQuestion:
    """What a question asks about the group.

    Args:
        unit: the number of the unit that is named, from 1.
        command: the command whose help answers it.
    """

    subject: Subject
    unit: int | None = None
    command: str | None = None


def about(registry: Registry, question: str) -> GroupQuestion | None:
    """Return what a question asks about the group or about the bot, or None if it is one for the notes."""
    text = " ".join(question.lower().replace("’", "'").split())
    if len(text) > LONGEST:
        return None
    line = _normalise_line(text)
    if (whole := next((subject for subject, pattern in _WHOLE if pattern.fullmatch(line)), None)) is not None:
        return GroupQuestion(whole)
    if (page := handbook.asked_about(registry, text)) is not None:
        return GroupQuestion("command", command=page.args.get("command", page.name))
    for subject, pattern in _PART:
        if match := pattern.search(text):
            number = match.groupdict().get("unit")
            return GroupQuestion(subject, int(number) if number else None)
    return None


def _normalise_line(text: str) -> str:
    """Return a line in small letters as a whole row has it: its words written out, without those around them."""
    words = " ".join(_WRITTEN.get(word, word) for word in _WORD.findall(text)).split()
    return " ".join(word for word in words if word not in _AROUND)
