"""Questions about the group itself or the bot, which no note answers: recognised by their words, pure.

A row of WHOLE is all of a line in everyday words: a word of a subject, as in "what rank should a LoRA have", leaves it
to the notes. The first row that fits is what is asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from bot.commands.registry import Registry
from bot.understanding import help_questions, words
from bot.understanding.phrases import LEAD, TAIL

Subject = Literal[
    "deadline", "now", "next", "end", "unit", "mine", "board", "checked in", "people", "moderators", "roadmap",
    "command", "exercise", "resources", "hours", "quiz", "capstone", "last", "late", "must", "lapse", "worth",
    "count", "meeting"
]  # a table of data # fmt: skip

OF_OURS = r"(?! (?:of|for|to|at|in) (?!(?:the|this|our|that|my|next|current)\b|unit|week|today|it))"
"""What follows a deadline that is the group's: not "of ACL"."""

GROUP = r"(?:the|this|our) (?:course|cohort|group|season|round|roadmap|program(?:me)?)"

WITHIN = rf"(?: (?:here|in here|(?:in|of|for) {GROUP}))?"

OUR = r"(?: (?:the|this|our|my|me|us|again|current|running))+"

OF_UNIT = (
    r"(?: (?:(?:for|of|in|from|on) )?(?:(?:unit|week) #?(?P<unit>\d{1,3})|(?:the |this |our |my )?"
    r"(?:current |running )?(?:unit|week)))"
)
"""The running unit or another by its number: "for this week", "of unit 6"."""

WANTED = (
    r"(?:what(?:'?s| is| was| are| were)|which(?: is| are)"
    r"|where(?: is| are| (?:do|can|could) (?:i|we) (?:find|get))"
    r"|(?:give|show|tell|send|remind)(?: (?:me|us)(?: of)?)?|"
    r"(?:can|could|will|would) you (?:please )?(?:show|give|tell|send|post|remind)(?: (?:me|us)(?: of)?)?)"
)

EXERCISE = r"(?:exercises?|tasks?|homework|assignments?)"

READING = r"(?:resources?|readings?|reading list|materials?)"

TO_READ = r"(?:links?|papers?|videos?|books?)"

TAKES = (
    r"(?: (?:do|does|will|would|should|must|can|is|are|i|we|you|it|one|have|need|take|plan|"
    r"last|to|for|on|with|in|a|finish|the|this|our|my|current|running|week(?:'?s)?"
    r"|unit|exercise|reading|readings|homework|assignment|task|resources|(?<=unit )#?(?P<unit>\d{1,3})))+"
)
"""All that may stand in a question on how long the work of a unit takes."""

OF_WORK = r"(?=.*\b(?:unit|week|weeks|week's|homework|(?:the|this|our) (?:exercise|readings?|assignment))\b)"

STREAK = r"(?:my|the|a|our|your) streaks?"

OF_GAME = r"(?:(?:a|the|our|these) )?(?:streaks?|freezes?)(?: here)?"

MEETING = r"(?:live )?(?:meetings?|calls?|live hours?|sessions?)"

ON_BOARD = r"(?: (?:on|of|in|at)(?: (?:the|our) (?:leader ?board|board|ranking|group))?)?"

WHO = r"(?:i|we|you|one)"

WEEK = r"(?:week|unit)"

DAY = rf"(?:today|tonight|tomorrow|(?:this|the|our|the current) {WEEK})"

THEN = rf"(?: (?:(?:for|in|of|due|on) )?{DAY})?"

LAST = rf"(?:the )?last (?:{WEEK}|time)"

PLACE = r"(?:rank|place|position|spot)"

DUTY = r"(?:have to|need to|got to|has to|must|should|am supposed to|are supposed to)"

WHOLE: tuple[tuple[Subject, str], ...] = (
    ("lapse", rf"what(?: happens)? (?:if|when) {WHO} miss(?:ed)? (?:a|one|this|the) (?:week|unit|deadline)"),
    ("lapse", rf"how (?:do|can) {WHO} (?:keep|not lose|lose) (?:my|a|the|our) streak"),
    (
        "must",
        rf"(?:do|must|should|can|may|could) {WHO} (?:{DUTY} )?(?:finish|do|read|skip)"
        rf"(?: (?:the|my|this|that|of|a))* (?:{EXERCISE}|quiz|readings?|everything|"
        rf"videos?|papers?)"
        rf"(?: (?:to|so {WHO} can) check in| first)?{THEN}",
    ),
    (
        "must",
        rf"is (?:the|this|a|my) (?:{EXERCISE}|quiz|reading) (?:mandatory|optional"
        rf")",
    ),
    ("must", r"what (?:counts as|is) (?:a )?check in"),
    ("late", rf"(?:how late|until when|how long) can {WHO} (?:still )?check in"),
    (
        "late",
        rf"(?:can|may|could) {WHO} (?:still )?check in (?:late|later|tomorrow|"
        rf"for {LAST})",
    ),
    (
        "late",
        rf"(?:can|may|could) {WHO} still (?:check in|do|finish)(?: (?:for )?(?:{LAST}"
        rf"|{DAY}|it))?",
    ),
    (
        "late",
        rf"what(?: happens)? (?:if|when) {WHO} (?:am|are|check in) late"
        r"",
    ),
    ("late", rf"is it (?:to|if {WHO}) (?:am|are|be|check in) late"),
    ("late", rf"(?:is it|am i|when is it) too late(?: to check in| for {DAY})?"),
    (
        "late",
        rf"(?:can|could|may|how (?:do|can|should)|do) {WHO} (?:have to )?catch up"
        rf"(?: (?:on|with))?(?: (?:it|{LAST}|a {WEEK}|on it|later|late))?",
    ),
    ("mine", r"am i (?:on track|behind|late|ahead|in time|on time)"),
    ("mine", rf"(?:did|have) (?:i|we) check in(?: (?:for|to))?(?: (?:{DAY}|{LAST}))?"),
    ("mine", r"how (?:far|late|far behind) am i|how (?:am|is it) i? ?doing|where (?:do i stand|am i)"),
    ("mine", r"(?:did|has|have) my check in (?:count|work|counted)"),
    (
        "mine",
        rf"(?:what|which) (?:{WEEK}s? )?(?:did|have) i (?:miss|missed)(?: so far)?|(?:did"
        rf"|have) i miss(?:ed)? anything",
    ),
    (
        "board",
        rf"(?:what|which) (?:is )?my {PLACE}{ON_BOARD}|(?:what|which) {PLACE} (?:am"
        rf"|do) i(?: have)?{ON_BOARD}",
    ),
    (
        "hours",
        rf"(?=.*\b(?:{WEEK}|today|tomorrow)\b|how many hours.* this$)(?!.*\b(?:do|have) {WHO}(?: have"
        rf"| got)?(?! to)(?: left)?"
        rf"(?: (?:for|in))?(?: this {WEEK})?$)how (?:many hours|much time|much work|long)"
        rf"(?: (?:of|work|is|are|it|per|a|for|do|does|{WHO}|need|take|should|to|"
        rf"have|this|the|that"
        rf"|{WEEK}|day|today|tomorrow|will|must))+",
    ),
    (
        "hours",
        rf"how much (?:should|must|do) {WHO}(?: have to| need to)?"
        rf" (?:study|work|do) (?:per|a|{DAY})(?: {WEEK})?",
    ),
    ("exercise", rf"(?:what is|show me|give me|where is)(?: (?:the|my|our|{DAY}))+ {EXERCISE}{THEN}"),
    ("exercise", rf"(?:is there|do we have|do i have|any|have we)(?: (?:an?|any))? {EXERCISE}{THEN}"),
    ("exercise", rf"(?:(?:what is|my|the) )?(?:the )?homework{THEN}"),
    ("exercise", rf"what (?:do (?:i|we) (?:have|need) to|must (?:i|we)|is there to) do{THEN}"),
    ("exercise", rf"what should (?:i|we) (?:do|work on|finish) (?:(?:for|in) )?{DAY}"),
    (
        "resources",
        r"(?:what|which)(?: (?:chapters?|papers?))?"
        rf"(?: (?:to|should|do|must|can|are|am|{WHO}|have|need|next))* (?:read|watch|reading"
        rf")(?: next)?{THEN}",
    ),
    ("resources", rf"(?:what|which) (?:chapters?|papers?) (?:is it |are (?:they|we on|it) )?(?:for )?{DAY}"),
    (
        "meeting",
        rf"(?:when is |is there |do we have |any |are there )?(?:(?:the|our|an?|any) )?"
        rf"(?:next {MEETING}"
        rf"|(?<=the ){MEETING}|(?<=our ){MEETING}|(?<=any ){MEETING}s?|(?<=there a ){MEETING}"
        rf"|(?<=have a ){MEETING})"
        rf"(?: (?:this|next) week)?{THEN}",
    ),
    ("meeting", rf"(?:at )?what time is (?:the|our) (?:next )?{MEETING}{THEN}"),
    ("meeting", rf"(?:do|when do|where do|will) we meet(?: live| next)?(?: next week)?{THEN}"),
    ("quiz", rf"(?:is there|do we have|have we|do i have)(?: (?:an?|any|another))? quiz{THEN}|any quiz{THEN}"),
    ("quiz", rf"(?:when|where|what) is (?:the|our|my) (?:next )?quiz{THEN}"),
    ("last", rf"what did (?:i|we|you) (?:do|have) (?:(?:in|for) )?{LAST}"),
    ("last", rf"(?:(?:what|which) (?:\w+ )?was )?{LAST}(?: about)?"),
    ("capstone", r"(?:what|when|where) is (?:the|our|my) (?:capstone|final project|project)(?: (?:about|due))?"),
    ("capstone", r"(?:is there|do we have|have we) an? (?:capstone|final project)|(?:the )?capstone"),
    ("deadline", rf"when (?:does|do|will|is) (?:this|the|our|my) {WEEK} (?:end|close|finish|over)"),
    ("deadline", rf"how many days(?: (?:are|do {WHO} have))?(?: (?:left|to go))?{THEN}"),
    ("deadline", rf"(?:is|when is) (?:it|this) due{THEN}|is (?:it|this) due"),
    ("now", rf"what is (?:on )?(?:this|the current) {WEEK}(?: about)?"),
    ("now", rf"what is (?:on )?(?:today|{DAY})(?: (?:topic|unit))?|what is the topic (?:of )?{DAY}"),
    ("now", rf"(?:what|which) (?:week|unit) (?:is|are) (?:it|this|we)(?: (?:in|on|at))?(?: today)?|this {WEEK}"),
    ("now", rf"what (?:do|are|will|have) (?:i|we) (?:do|doing) {DAY}"),
    ("next", rf"next {WEEK}|what (?:do|will|are) (?:i|we) do next(?: {WEEK})?"),
    ("next", rf"what (?:comes|is) after this(?: {WEEK})?"),
)
"""All of a line in everyday words, without those that change nothing in it."""
PART: tuple[tuple[Subject, str], ...] = (
    ("exercise", rf"{LEAD}{WANTED}{OUR} {EXERCISE}{OF_UNIT}?{TAIL}"),
    ("exercise", rf"{LEAD}(?:{WANTED} )?(?:unit|week) #?(?P<unit>\d{{1,3}}) {EXERCISE}{TAIL}"),
    (
        "exercise",
        rf"{LEAD}what do (?:i|we) (?:have|need) to do (?:for|in){OUR} {EXERCISE}{OF_UNIT}?{TAIL}",
    ),
    ("exercise", rf"{LEAD}(?:what is|what's|whats){OUR} {EXERCISE} about{TAIL}"),
    ("resources", rf"{LEAD}{WANTED}{OUR} {READING}{OF_UNIT}?{TAIL}"),
    ("resources", rf"{LEAD}{WANTED}(?: the| our)? (?:{READING}|{TO_READ}){OF_UNIT}{TAIL}"),
    ("hours", rf"{LEAD}how (?:long|much time)(?! do (?:i|we) have\b(?! to\b)){OF_WORK}{TAKES}{TAIL}"),
    ("worth", r"\bpoints\b.{0,30}\blate\b"),
    (
        "worth",
        rf"{LEAD}how (?:are|is|do|does) (?:(?:the|my|our) )?points?(?: get)?"
        rf" (?:counted|calculated|computed|work|made){TAIL}",
    ),
    (
        "worth",
        rf"{LEAD}how (?:do|can) (?:i|we|you|one) (?:get|earn|win) (?:more |the |some )?points{TAIL}",
    ),
    ("worth", rf"{LEAD}what are (?:the )?points(?: for| worth)?{TAIL}"),
    ("lapse", rf"\b(?:lose|keep|ends?) {STREAK}\b"),
    ("lapse", rf"\b{STREAK}\b.{{0,40}}\b(?:if|when|while|gone)\b"),
    (
        "lapse",
        rf"{LEAD}how (?:is|are|does|do) (?:{STREAK}|{OF_GAME})(?: get)?"
        rf" (?:computed|calculated|counted|work|made){TAIL}",
    ),
    ("lapse", rf"{LEAD}(?:what(?: is| are|'?s)) {OF_GAME}(?: for)?{TAIL}"),
    ("count", rf"{LEAD}how many(?: (?:people|members|of us|have|has|did))* check(?:ed)?[ -]?in{OF_UNIT}?{TAIL}"),
    ("count", rf"{LEAD}how many check[ -]?ins(?: (?:do|did|have|has|had|are|were|we|there|in))*{OF_UNIT}?{TAIL}"),
    ("checked in", r"\bwho\b.{0,20}\bcheck(?:ed)?[ -]?in\b"),
    ("checked in", rf"^who(?: is| are) (?:still )?(?:missing|behind|late){TAIL}"),
    ("unit", r"\b(?:when|due|deadline|starts?|begins?|opens?)\b.{0,40}\b(?:unit|week) #?(?P<unit>\d{1,3})\b"),
    ("unit", r"\b(?:unit|week) #?(?P<unit>\d{1,3})\b.{0,25}\b(?:when|due|deadline|starts?|begins?|opens?)\b"),
    ("deadline", rf"\b(?:when|what|whats)\b.{{0,30}}\b(?:deadline\b{OF_OURS}|due\b(?! to\b){OF_OURS})"),
    ("deadline", r"\bhow (?:long do (?:i|we) have|much time (?:do (?:i|we) have|is left))\b(?! to\b)"),
    ("deadline", rf"^(?:the )?(?:next )?deadline{TAIL}"),
    (
        "mine",
        rf"^.{{0,25}}\bmy(?: (?:current|last))* (?:streaks?|points|progress){TAIL}",
    ),
    ("mine", rf"^(?:what is )?my score{TAIL}|\bhow am i doing\b|\bhow many points (?:do|have) i\b"),
    ("board", rf"\b(?:leader ?board|ranking)(?: of (?:the|our|this) group)?{TAIL}"),
    (
        "board",
        rf"\bwho(?: is|'?s) (?:first|leading|winning|ahead|on top|in the lead)"
        rf"(?: the (?:leader ?board|board|ranking))?{ON_BOARD}{TAIL}",
    ),
    ("board", rf"^who (?:leads|wins)(?: the (?:group|leader ?board|board|ranking))?{TAIL}"),
    ("people", rf"^how many (?:people|members|learners|of us)(?: are| do we have)?(?: there| we)?{WITHIN}{TAIL}"),
    (
        "moderators",
        rf"^who(?: is| are) (?:the|our|my|a) (?:moderators?|mods?|admins?|organi[sz]ers?|leads?){WITHIN}{TAIL}",
    ),
    ("moderators", rf"^who (?:runs|leads|organi[sz]es|manages) {GROUP}{TAIL}"),
    (
        "roadmap",
        rf"^(?:what|which) (?:roadmap|course) (?:are we (?:on|following)){TAIL}",
    ),
    ("now", rf"^(?:is|are) (?:{GROUP}|we) (?:still )?(?:paused){TAIL}"),
    ("next", r"\b(?:next|coming) (?:unit|topic|post)\b"),
    ("next", rf"^what(?: is|'?s| comes)? (?:next){TAIL}"),
    ("end", rf"^when (?:do|does|will|is|are) (?:we|it|{GROUP}) (?:end|over|done){TAIL}"),
    ("end", rf"^how many (?:weeks|units) (?:are |do we have )?(?:left|to go){TAIL}"),
    ("now", rf"^when (?:did|do|does|will) (?:we|{GROUP}) (?:start|begin){TAIL}"),
    ("now", rf"^is there (?:an? )?(?:unit|post|break) (?:this|next) week{TAIL}"),
    ("now", r"\bwhat are we working on\b"),
)
"""What is looked for in a line as it was typed, if no row above fits."""


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

_AROUND = (words.LEAD | words.TAIL | {"guys", "quick", "question"}) - {"today", "too"}
"""Words that change nothing in such a line."""

_WHOLE, _PART = ([(subject, re.compile(f"(?:{pattern})")) for subject, pattern in rows] for rows in (WHOLE, PART))


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
    if (page := help_questions.asked_about(registry, text)) is not None:
        return GroupQuestion("command", command=page.args.get("command", page.name))
    for subject, pattern in _PART:
        if match := pattern.search(text):
            number = match.groupdict().get("unit")
            return GroupQuestion(subject, int(number) if number else None)
    return None


def _normalise_line(text: str) -> str:
    """Return a line in small letters as a whole row has it: its words written out, without those around them."""
    spelled = " ".join(_WRITTEN.get(word, word) for word in _WORD.findall(text)).split()
    return " ".join(word for word in spelled if word not in _AROUND)
