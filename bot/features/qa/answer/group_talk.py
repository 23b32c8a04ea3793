"""Lines of everyday words alone on a group's weeks, its work and its rules, and on where one stands. Pure.

Each is matched whole, so a word of a subject, as in "what rank should a LoRA have", leaves it to the notes.
"""

from __future__ import annotations

import re
from typing import Literal

Talk = Literal[
    "lapse", "must", "late", "mine", "board", "hours", "exercise", "resources", "meeting", "quiz", "last", "capstone",
    "deadline", "now", "next",
]  # fmt: skip

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+")
_WRITTEN = {
    "whats": "what is", "wats": "what is", "whens": "when is", "wheres": "where is", "whos": "who is",
    "what's": "what is", "when's": "when is", "where's": "where is", "who's": "who is", "how's": "how is",
    "i'm": "i am", "im": "i am", "i've": "i have", "we're": "we are", "we've": "we have", "today's": "today",
    "todays": "today", "week's": "week", "unit's": "unit", "hw": "homework", "checkin": "check in", "checked": "check",
    "checking": "check", "til": "until", "till": "until",
}  # fmt: skip
_AROUND = frozenset({
    "please", "pls", "plz", "btw", "exactly", "actually", "just", "also", "so", "hey", "hi", "hello", "ok", "okay",
    "um", "and", "but", "then", "again", "anyway", "really", "now", "rn", "yet", "already", "here", "guys", "sorry",
    "wait", "quick", "question",
})  # fmt: skip
"""Words that change nothing in such a line."""

_I = r"(?:i|we|you|one)"
_WEEK = r"(?:week|unit)"
_DAY = rf"(?:today|tonight|tomorrow|(?:this|the|our|the current) {_WEEK})"
_THEN = rf"(?: (?:(?:for|in|of|due|on) )?{_DAY})?"
_WORK = r"(?:exercise|homework|task|assignment)"
_LAST = rf"(?:the )?last (?:{_WEEK}|time)"
_MEETING = r"(?:session|call|meeting|live hour|meet ?up)"
_PLACE = r"(?:rank|place|position|spot)"
_ON_BOARD = r"(?: (?:in|on|at)(?: (?:the|our) (?:leader ?board|board|group|ranking))?)?"
_DUTY = r"(?:have to|need to|got to|has to|must|should|am supposed to|are supposed to)"

_LINES: tuple[tuple[Talk, str], ...] = (
    ("lapse", rf"what(?: happens)? (?:if|when) {_I} (?:miss|skip)(?:ed)? (?:a|one|this|the) (?:week|unit|deadline)"),
    ("lapse", rf"how (?:do|can) {_I} (?:keep|hold|save|not lose|lose) (?:my|a|the|our) streak"),
    (
        "must",
        rf"(?:do|must|should|can|may|could) {_I} (?:{_DUTY} |also )?(?:finish|do|read|complete|watch|skip|submit)"
        rf"(?: (?:the|my|this|that|all|of|a|whole))* (?:{_WORK}|quiz|readings?|everything|it all"
        rf"|all of it|videos?|papers?)"
        rf"(?: (?:to|before {_I}|so {_I} can) check in| first)?{_THEN}",
    ),
    (
        "must",
        rf"is (?:the|this|a|my) (?:{_WORK}|quiz|reading) (?:mandatory|optional|required|needed|obligatory"
        rf"|compulsory)",
    ),
    ("must", r"what (?:counts as|is|counts for) (?:a )?check in|what does (?:a |the )?check in (?:count|mean)"),
    ("must", r"how (?:do|does) (?:a |the )?check ins? work"),
    ("late", rf"(?:how late|until when|how long) can {_I} (?:still )?(?:check in|hand in)"),
    (
        "late",
        rf"(?:can|may|could) {_I} (?:still )?check in (?:late|later|tomorrow|after (?:the|it) deadline"
        rf"|for {_LAST})",
    ),
    (
        "late",
        rf"(?:can|may|could) {_I} still (?:check in|catch up|do|finish|hand in)(?: (?:for )?(?:{_LAST}"
        rf"|{_DAY}|it))?",
    ),
    (
        "late",
        rf"what(?: happens)? (?:if|when) {_I} (?:am|are|check in) (?:too )?late"
        r"|is (?:being )?late(?: (?:fine|bad|allowed))?",
    ),
    ("late", rf"is it (?:(?:fine|bad|possible|allowed) )?(?:to|if {_I}) (?:am|are|be|check in) late"),
    ("late", rf"(?:is it|am i|when is it) too late(?: to check in| for {_DAY})?"),
    (
        "late",
        rf"(?:can|could|may|how (?:do|can|should)|do) {_I} (?:have to )?catch up"
        rf"(?: (?:on|with))?(?: (?:it|{_LAST}|a {_WEEK}|on it|later|late))?",
    ),
    ("mine", r"am i (?:on track|behind|late|ahead|doing (?:ok|well|good|fine|right)|in time|on time)"),
    ("mine", rf"(?:did|have) (?:i|we) check in(?: (?:for|to))?(?: (?:{_DAY}|{_LAST}))?"),
    ("mine", r"how (?:far|late|far behind) am i|how (?:am|is it) i? ?doing|where (?:do i stand|am i)"),
    ("mine", r"(?:did|has|have) my check in (?:count|work|go through|counted|worked|gone through|arrive|arrived)"),
    (
        "mine",
        rf"(?:what|which) (?:{_WEEK}s? )?(?:did|have) i (?:miss|missed)(?: so far)?|(?:did"
        rf"|have) i miss(?:ed)? anything",
    ),
    ("mine", rf"how many {_WEEK}s (?:did|have) i (?:miss|missed|keep|kept|do|done)(?: so far)?"),
    (
        "board",
        rf"(?:what|which) (?:is )?my {_PLACE}{_ON_BOARD}|(?:what|which) {_PLACE} (?:am"
        rf"|do) i(?: have)?{_ON_BOARD}",
    ),
    ("board", r"where am i (?:on|in) the (?:leader ?board|board|ranking)"),
    (
        "hours",
        rf"(?=.*\b(?:{_WEEK}|today|tomorrow)\b|how many hours.* this$)(?!.*\b(?:do|have) {_I}(?: have"
        rf"| got)?(?! to)(?: left)?"
        rf"(?: (?:for|in))?(?: this {_WEEK})?$)how (?:many hours|much time|much work|long)"
        rf"(?: (?:of|work|is|are|it|per|a|each|every|for|do|does|{_I}|need|take|takes|should|to|plan"
        rf"|spend|have|this|the|that"
        rf"|{_WEEK}|day|today|tomorrow|will|must))+",
    ),
    (
        "hours",
        rf"how much (?:should|must|do) {_I}(?: have to| need to)?"
        rf" (?:study|work|do) (?:per|a|each|every|{_DAY})(?: {_WEEK})?",
    ),
    ("exercise", rf"(?:what is|show me|give me|where is)(?: (?:the|my|our|{_DAY}))+ {_WORK}{_THEN}"),
    ("exercise", rf"(?:is there|do we have|do i have|any|have we)(?: (?:an?|any))? {_WORK}{_THEN}"),
    ("exercise", rf"(?:(?:what is|my|the) )?(?:the )?homework{_THEN}"),
    ("exercise", rf"what (?:do (?:i|we) (?:have|need) to|must (?:i|we)|is there to) do{_THEN}"),
    ("exercise", rf"what should (?:i|we) (?:do|work on|finish) (?:(?:for|in) )?{_DAY}"),
    (
        "resources",
        r"(?:what|which)(?: (?:chapters?|pages?|papers?|parts?|sections?|notes?))?"
        rf"(?: (?:to|should|do|must|can|are|am|{_I}|have|need|supposed|next))* (?:read|watch|reading"
        rf"|watching)(?: next)?{_THEN}",
    ),
    ("resources", rf"(?:what|which) (?:chapters?|pages?|papers?) (?:is it |are (?:they|we on|it) )?(?:for )?{_DAY}"),
    (
        "meeting",
        rf"(?:when is |is there |do we have |any |are there |what about )?(?:(?:the|our|an?|any) )?(?:next {_MEETING}"
        rf"|(?<=the ){_MEETING}|(?<=our ){_MEETING}|(?<=any ){_MEETING}s?|(?<=there a ){_MEETING}"
        rf"|(?<=have a ){_MEETING})"
        rf"(?: (?:this|next) week)?{_THEN}",
    ),
    ("meeting", rf"(?:at )?what time is (?:the|our) (?:next )?{_MEETING}{_THEN}"),
    ("meeting", rf"(?:do|when do|where do|will) we meet(?: up| live| next)?(?: next week)?{_THEN}"),
    ("quiz", rf"(?:is there|do we have|have we|do i have)(?: (?:an?|any|another))? quiz{_THEN}|any quiz{_THEN}"),
    ("quiz", rf"(?:when|where|what) is (?:the|our|my) (?:next )?quiz{_THEN}"),
    ("last", rf"what did (?:i|we|you) (?:do|learn|cover|read|have|talk about) (?:(?:in|for) )?{_LAST}"),
    ("last", rf"(?:(?:what|which) (?:\w+ )?was )?{_LAST}(?: about)?"),
    ("capstone", r"(?:what|when|where) is (?:the|our|my) (?:capstone|final project|project)(?: (?:about|due))?"),
    ("capstone", r"(?:is there|do we have|have we) an? (?:capstone|final project)|(?:the )?capstone"),
    ("deadline", rf"when (?:does|do|will|is) (?:this|the|our|my) {_WEEK} (?:end|close|finish|stop|over)"),
    ("deadline", rf"how many (?:more )?days(?: (?:are|do {_I} have|have {_I} got))?(?: (?:left|more|to go))?{_THEN}"),
    ("deadline", rf"(?:is|when is) (?:it|this) due{_THEN}|is (?:it|this) due"),
    ("now", rf"what is (?:on )?(?:this|the current) {_WEEK}(?: about)?|what is {_DAY} about"),
    ("now", rf"what is (?:on |up )?(?:today|{_DAY})(?: (?:topic|unit|subject))?|what is the topic (?:of )?{_DAY}"),
    ("now", rf"(?:what|which) (?:week|unit) (?:is|are) (?:it|this|we)(?: (?:in|on|at))?(?: today)?|this {_WEEK}"),
    ("now", rf"what (?:do|are|will|have) (?:i|we) (?:do|doing|learn|learning|cover|covering|study) {_DAY}"),
    ("next", rf"next {_WEEK}|what (?:do|will|are) (?:i|we) (?:do|doing|learn|cover) next(?: {_WEEK})?"),
    ("next", rf"what (?:comes|is|follows) after this(?: {_WEEK})?"),
)
_READ = tuple((subject, re.compile(rf"(?:{pattern})")) for subject, pattern in _LINES)


def talked_of(said: str) -> Talk | None:
    """Return what a line in small letters asks of the group, if it asks of nothing else."""
    words = " ".join(_WRITTEN.get(word, word) for word in _WORD.findall(said)).split()
    line = " ".join(word for word in words if word not in _AROUND)
    return next((subject for subject, pattern in _READ if pattern.fullmatch(line)), None)
