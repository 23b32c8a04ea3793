"""Recognise replies to an answer: a follow-up, a wish for another form, confusion, or an objection. Pure."""

from __future__ import annotations

import re

from bot.understanding import words
from bot.understanding.free_text.courtesy import courtesy
from bot.understanding.free_text.questions import is_topic, plain
from bot.understanding.phrases import LEAD, TAIL, lead, words_in

GOES_ON = re.compile(
    rf"{lead(words.INTERJECTIONS, words.THANKS_IN_ENGLISH, {'so', 'well', 'right'})}(?:"
    r"(?:and|or|but|also|then)\W+(?:then\W+)?(?:wh?at|how|why|when|where|which|who|for|in|at|on|with|without|of|if"
    r"|during|after|before|is|are|does|do|can|should)\b.*"
    r"|(?:wh?at|how) about\b.*|wh?at if\b.*|same for\b.*|even (?:if|when|for|with)\b.*"
    r"|(?:why|how so|how come|since when|like what|such as|meaning|elaborate|go on|more|simpler|shorter)"
    r"|(?:say |tell me )?more about (?:it|that|this)"
    r"|in (?:more|other|plain|simple|simpler|short|fewer)\b.*|(?:once )?(?:more|again) (?:please|simpler|shorter)"
    rf"){TAIL}",
    re.IGNORECASE,
)

_VERY = r"(?:(?:very|quite|pretty|so|really|absolutely|completely|totally|still|100 ?%) )?"

_INSISTS = (
    rf"(?:(?:but )?i(?:'?m| am) {_VERY}(?:sure|certain|positive|convinced)(?: that)?"
    rf"|i (?:insist|disagree|doubt (?:it|that)|still (?:think|believe|say)(?: that)?)"
    rf"|(?:but )?are you {_VERY}sure|(?:but )?you(?:'?re| are) {_VERY}(?:wrong|mistaken|incorrect))"
)

_IS_WRONG = (
    rf"(?:(?:that|this|it|your answer|the answer)(?:'?s| is) {_VERY}"
    r"(?:wrong|false|incorrect|not (?:true|right|correct|so))"
    r"|the notes are wrong|not true|wrong|incorrect)"
)

DISPUTES = re.compile(
    rf"^\W*(?:no(?:pe)?|but"
    r"|(?:wait|hm+|actually)(?!\W+(?:(?:but|so|then) )?(?:wh?at|how|why|when|where|who|which)\b)"
    rf"|really|i thought|that'?s not|isn'?t|{_INSISTS}|{_IS_WRONG})\b",
    re.IGNORECASE,
)

SAYS_NO = re.compile(
    rf"\b(?:{_INSISTS}|{_IS_WRONG}|(?:it|that) (?:isn'?t|doesn'?t|is not|does not)|no\W{{1,3}}(?:it|that) (?:is|does)"
    r"|i(?:'?m| am) right)\b",
    re.IGNORECASE,
)

TO_WHO_ANSWERED = re.compile(rf"\b{_INSISTS}\b", re.IGNORECASE)

"""Phrases that speak to the author of an answer."""

NO = re.compile(
    r"^\W*(?:no(?:pe)?|wrong)\b\W*[,.:;!–—-]\s*(?:(?:i (?:think|believe|guess)|i'?d say)(?: that)? )?"
    r"(?:(?:it|that|this|they)(?:'?s|'?re| is| are) )?(?P<instead>.*)$",
    re.IGNORECASE,
)

PUZZLED = re.compile(
    rf"{LEAD}(?:huh|eh|wh?at"
    r"|(?P<gap>i (?:still |really |just )?(?:do not|don'?t|can'?t|didn'?t) (?:get|understand|follow)"
    r"(?: (?:it|that|this))?)"
    r"|(?:i'?m|im|i am) (?:still |totally |so )?(?:lost|confused))\W*$",
    re.IGNORECASE,
)

_IT = r"(?:it|that|this|them|these|those)"

_ME = r"(?:give|show|send|get|tell) me"

_WISH = (
    rf"(?:{_ME}|do you have|have you got|got|have|(?:can|could|may) (?:i|we) (?:have|get|see)|(?:give|show)"
    rf"|is there|there is"
    r"|i (?:want|need|would like|could use)(?: to see)?|any|with|how about|what (?:is|are|would be)|whats)"
)

_EXAMPLE = (
    r"(?:(?:an?|one|one more|some|any|another|the) )?"
    r"(?:(?:worked|working|simple|small|short|concrete|real|real[- ]life|everyday|practical|numerical|quick"
    r"|good|more) )*"
    r"(?:examples?|e\.g|instance)"
)

_FOR_WHAT = (
    rf"(?: (?:of|for|to understand|about) {_IT}|(?: (?:with|in) numbers)| (?:would|will|could) (?:help|be \w+))*"
)

_PLAIN = r"(?:plain|simple|simpler|other|easier|fewer|short)(?:er)? (?:words|terms|english|language|sentences)"

_AGAIN = r"(?: (?:again|more|further|to me|for me|once more|in detail))*"

_MANNERS = (
    ("why?", r"how come"),
    ("when?", r"since when"),
    (
        "an example?",
        rf"(?:{_WISH} )?{_EXAMPLE}{_FOR_WHAT}|for (?:example|instance)|(?:show|give) me(?: (?:one"
        rf"|another one|how))?",
    ),
    (
        "more?",
        r"elaborate|go on|continue|(?:in )?(?:more|further|some more) (?:details?|info)|in detail|anything else"
        rf"|(?:{_ME}|say|explain|tell)(?: me)? (?:(?:some |a bit |a little )?more|further)(?: details?| info)?",
    ),
    (
        "explain",
        rf"(?:explain(?: {_IT})? )?in (?:{_PLAIN}|short|brief|(?:one|a|two|few) (?:words?|sentences?))"
        r"|simpler|shorter|easier|simplify|eli5|tl;?dr|the short version"
        rf"|(?:{_WISH} )?(?:a |the )?(?:short |quick )?(?:summary|recap|explanation)"
        rf"|(?:make|put) {_IT} (?:simpler|shorter|plainer|differently)|(?:{_IT} )?(?:is )?(?:not clear"
        rf"|unclear|confusing)"
        rf"|{_IT} confuses me|wdym|what does {_IT} mean",
    ),
    (
        "",
        rf"(?:walk me through|help me understand|explain|summarise|elaborate on|clarify|break down"
        rf"|not sure i get) {_IT}{_AGAIN}"
        rf"|break {_IT} down{_AGAIN}|(?:list|name|compare) {_IT}|(?:list|name) (?:two|three|four|five|some|a few|\d+)"
        r"|what else|in (?:what|which) way|how (?:so|exactly)|(?:the |any )?(?:pros and cons|downsides?"
        r"|drawbacks?|limits|limitations"
        r"|advantages|disadvantages|trade-?offs?|alternatives|pitfalls|use cases)",
    ),
)

"""Follow-up questions without a search term, each with its plain form; "" keeps the line's own words."""

FRAMES = tuple(
    (meant, re.compile(rf"^(?:{said})(?: (?:please|then|though|too))*\W*$", re.IGNORECASE)) for meant, said in _MANNERS
)


MOST_WORDS = 15

"""The most words of a follow-up."""

CLAIM_WORDS = 4

"""Words from which on a line that begins with `no` claims something rather than declines."""

LONGEST = 80

"""Characters of a line that asks for the same in another manner."""


def goes_on(text: str) -> bool:
    """Whether a line asks further of what was said before it, in words that tie it to that: `and at test time`."""
    spoken = words_in(text)
    is_short = 0 < len(spoken) <= MOST_WORDS
    return is_short and words.ABOUT_ONESELF.isdisjoint(spoken) and GOES_ON.match(text) is not None


def manner(text: str) -> str | None:
    """Return what a line that only makes sense after an answer asks: `an example?` of `got an example pls`.

    "" where it says that best itself; None where it is no such line.
    """
    line = plain(text).rstrip(" ?!.") if len(text) <= LONGEST else ""
    return next((meant for meant, frame in FRAMES if frame.match(line)), None) if line else None


def is_puzzled(text: str) -> bool:
    """Whether a line that is said to an answer asks for it in plainer words: `I don't get it`, `huh?`."""
    return PUZZLED.match(text) is not None


def misses_something(text: str) -> bool:
    """Whether a line says that the answer wasn't understood: `I don't get it`, but not `I'm lost`."""
    match = PUZZLED.match(text)
    return match is not None and match["gap"] is not None


def disputes(text: str) -> bool:
    """Whether a line says against an answer what its writer takes for true: `no, it is only used at test time`."""
    if disputes_only(text):
        return True
    spoken = words_in(text)
    about = {*words_in(TO_WHO_ANSWERED.sub(" ", text))} - ({"i"} if "thought" in spoken else set())
    is_claim = len(spoken) >= CLAIM_WORDS and (words.ABOUT_ONESELF | words.YOU).isdisjoint(about)
    return is_claim and DISPUTES.match(text) is not None and courtesy(text) is None


def disputes_only(text: str) -> bool:
    """Whether a line says no more than that an answer is wrong: `you are wrong`."""
    rest, denials = SAYS_NO.subn(" ", text)
    return denials > 0 and words.ROUND_NO.issuperset(words_in(rest))


def objects(text: str) -> bool:
    """Whether a line that is said to an answer says against it: it disputes it, or corrects it in few words."""
    return disputes(text) or _corrects(text)


def _corrects(text: str) -> bool:
    """Whether a line says no and names what it is instead: `no, the mean`."""
    match = NO.match(text)
    instead = match["instead"] if match is not None else ""
    wants_something = words.DECLINES.isdisjoint(words_in(instead))
    return is_topic(instead) and wants_something and courtesy(instead) in (None, "there")
