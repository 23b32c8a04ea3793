"""What asks by a request or by saying what is not known: `walk me through X`, `no clue what X is`. Pure.

Such a line is a frame around a subject. Few frames say by themselves that an explanation is wanted; in most of them
anything may stand, as in `I can't figure out my week`: who reads a plea looks whether the notes know its subject.

Frames of what asks by a request or by what is not known, and the words of asking in whatever order.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.understanding.speech.around import stripped
from bot.understanding.speech.asking import is_about_people, tells_of_doing

SPELT = {
    "abt": "about", "bout": "about", "btwn": "between", "can't": "can not", "cannot": "can not", "cant": "can not",
    "diff": "difference", "didnt": "did not", "dont": "do not", "dunno": "not know", "eg": "for example",
    "ex": "example", "gimme": "give me", "havent": "have not", "hbt": "what about", "i'd": "i would", "i'm": "i am",
    "i've": "i have", "id": "i would", "idk": "not know", "im": "i am", "isnt": "is not", "ive": "i have",
    "lmk": "let me know", "n": "and", "never": "not", "pls": "please", "plz": "please", "thru": "through", "u": "you",
    "w": "with", "wanna": "want to", "wbt": "what about",
}  # a table of data # fmt: skip

"""Spellings of a chat, and more than one way to say no."""

SPELLING = re.compile(r"(?<![\w'.+/-])(?:" + "|".join(SPELT) + r")(?![\w'+/-])", re.IGNORECASE)

NO = re.compile(r"n't\b", re.IGNORECASE)

HEDGE = re.compile(
    r"\b(?:still|really|quite|totally|completely|entirely|fully|honestly|kinda|kind of|actually|just|also|a bit"
    r"|a little"
    r"|so(?= (?:lost|confused|unsure|stuck)\b)|at all)\s+(?!of\b|more\b)",
    re.IGNORECASE,
)

MANNERS = re.compile(
    r"^\W*(?:(?:so|and|but|then|ok|okay|well|um|hm+|hey|hi|please|sorry|tbh|guys|i guess"
    r"|(?:can|could|would|will) you(?: please)?)\b\W*)+",
    re.IGNORECASE,
)

OF_ONESELF = re.compile(r"^(?:(?:i|it|that|this|is|am|have|would|do|did|can|could|been)\s+)+", re.IGNORECASE)

"""Stands before what somebody does not know or wants."""

_WH = r"(?:wh?at|how|why|when|where|which)\b"

_KNOW = r"(?:understand|understood|know|grasp|grasped|learn|hear|see|figure out|get|got|follow|tell|remember)"

_KNOWING = r"(?:understanding|knowing|grasping|learning|seeing|figuring out|getting|following|telling|remembering)"

_NAME_OF_KIND = (
    r"(?:examples?|summar(?:y|ies)|overviews?|outlines?|definitions?|explanations?|intuitions?|recaps?|refreshers?"
    r"|run ?downs?|analog(?:y|ies)|formula[se]?|equations?|proofs?|derivations?|intro(?:duction)?s?|steps?"
    r"|lists?|basics"
    r"|gist|breakdown|primer|pros and cons|differences?|comparisons?|use cases?)"
)

"""What is asked of a subject and has a name of its own."""

_KIND = (
    r"(?:(?:an?|the|one|some|any|another|more|a few|\d+|two|three)\s+)?"
    r"(?:(?:short|quick|brief|simple|good|worked|concrete|small|real|basic|plain|clear|rough|nice)\s+)*"
    rf"(?P<kind>{_NAME_OF_KIND})\s+(?:of|for|on|about|to|with|behind|between)\s+"
)

_REQUESTS = (
    r"(?:walk|talk|take|run|guide|lead) me through",
    r"(?:teach|educate|school) me(?: about)?",
    r"(?:help|make) me (?:to )?" + _KNOW + r"(?: about)?",
    r"remind (?:me|us)(?: again)? (?=(?:what|how|why)\b)",
    r"(?:summari[sz]e|clarify|demystify|elaborate on|expand on|eli5)",
)

"""Frames in which only an explanation can be meant."""

_ASKED = (
    rf"(?:tell|show|teach|remind|let) me (?:know )?(?=(?:{_WH}|(?:the )?differences?\b))",
    r"(?:tell|brief) me (?:(?:more|something) )?(?:about|on|of)|say (?:more|something|a few words) (?:about|on)",
    r"refresh my memory (?:on|of|about)|introduce me to|convince me(?: that| of)?",
    r"(?:outline|illustrate|recap|derive|contrast|visuali[sz]e|break down|go over|go through|run through)",
    r"(?:list|name|enumerate)|(?:recommend|suggest|propose)(?: an?| some| good| the best)?(?! the\b)",
    rf"(?:give|show|send) me(?=.* {_NAME_OF_KIND}\W*$)|(?P<about>(?:what|how) about)",
)

"""Requests that people make of each other as well."""

_UNKNOWN = (
    rf"not (?:sure|certain) (?:(?:that |if |whether )?i {_KNOW}|about|of|on|(?={_WH}))",
    rf"(?:unsure|uncertain|unclear|hazy|rusty|confused|lost|stuck|puzzled|struggling|curious|interested|trouble"
    rf"|having trouble|hard time|having a hard time) (?:(?:about|by|on|with|at|over|in|as to)(?: {_KNOWING})?"
    rf"|{_KNOWING}|(?={_WH}))",
    rf"(?:wonder|wondering) (?:about|(?={_WH}))",
    r"not (?:figure|work) out|not make sense of|not (?:wrap|get) my head (?:a?round)",
    rf"not (?:see|get|know) the (?:point|use|idea|purpose|difference) (?:of|between)|not {_KNOW}(?: about)?",
    rf"(?:no|not an?|zero|not have an?y?) (?:clue|idea) (?:about|of|(?={_WH}))",
    r"(?:keep |always )(?:mixing up|mix up|confusing|confuse|forgetting|forget)",
    rf"(?:forgot|forgotten|forget) (?={_WH})",
    rf"(?:not|less than) clear (?:to me )?(?:about |on )?(?={_WH})",
    rf"(?:want|like|love|need|trying|try|hope) to {_KNOW}(?: (?:more|something))?(?: about)?",
    r"(?:(?:got|an?|another|quick) )*questions? (?:about|on|regarding|re)",
    r"any (?:tips?|advice|pointers?) (?:for|on|about)",
)

"""Says what is not known, or that it is to be."""

_KINDS = (
    r"(?:(?:give|show|send|find|write) me|(?:i )?(?:would )?(?:need|want|like|love|use)|looking for|do you have|got|any"
    r"|(?:would )?(?:help|be (?:nice|good|great)))(?: to (?:see|have|get|hear))?"
)

_SUBJECT = r"\s*(?P<subject>\S.*)$"

OF_A_KIND = re.compile(rf"^{_KINDS} {_KIND}{_SUBJECT}", re.IGNORECASE | re.DOTALL)

IS_REQUEST, IS_ASKED, IS_UNKNOWN = (
    re.compile(rf"^(?:{'|'.join(frames)})(?<=[\s\w])\b{_SUBJECT}", re.IGNORECASE | re.DOTALL)
    for frames in (_REQUESTS, _ASKED, _UNKNOWN)
)

CUES = re.compile(
    r"\b(?:explain(?:ing)?|explanations?|clarif(?:y|ication)|clarity|summar(?:y|ies|i[sz]e)|overviews?|outline|examples?"
    r"|intro(?:duction)?s?|recap|refresher|definitions?|define|intuition|analogy|formula|steps|reasons|differences?|compare"
    r"|comparison|contrast|help|tips?|advice|pointers?|understand(?:ing)?|grasp(?:ing)?|confus(?:e[ds]?|ing)|unclear|fuzzy"
    r"|foggy|hazy|rusty|shaky|unsure|uncertain|doubts?|lost|stuck|struggl(?:e|ing)|trouble|(?:hard|tough) time"
    r"|wonder(?:ing)?|curious|clue|idea|forg[eo]t|remember|head a?round|(?:figure|work) out|learn|elaborate|illustrate"
    r"|break down|sum up|nutshell|(?:into|more) detail|more about|talk about|question about|thoughts on"
    r"|mix(?:ed|ing)? up|hints?|background|reminder|mystery|not heard of"
    r"|resources? (?:on|for|about)|short version|feel for|(?:telling|tell) (?=.* apart)|sense of|eli5|tl;?dr"
    r"|not (?:sure|clear|get|getting|got|see|know|follow|following|tell)"
    r"|the (?:point|deal|role|purpose|use) (?:of|behind|with))\b",
    re.IGNORECASE,
)

"""Words of asking and of not knowing, in whatever order."""

CUES_FIRST = re.compile(r"^(?:give|show|tell|list|name|enumerate|point|teach|describe)\b", re.IGNORECASE)

TELLS = re.compile(
    r"^(?:(?:i|we) )?(?:have |had )?(?:been )?(?:will|going to|gonna|am (?:sure|clear|glad|done|going)|sure"
    r"|clear|glad|here|heres"
    r"|this|that|my (?!understanding|question)|did|done|had|was|were|watched|passed|read|reading|trained"
    r"|thanks?|thx|plan|know"
    r"|love|like|hate|enjoy(?:ed)?|recommend|can show|let us)\b"
    r"|\b(?:great|awesome|nice|fun|lol|haha|helpful|enjoyed|loved|works now|clear now|is clear|finally)\b",
    re.IGNORECASE,
)

"""Tells something, whatever words of asking stand in it."""

TAKEN_BACK = re.compile(
    r"\b(?:but|and|now)\b.*\b(?:works?|worked|clear|solved|fixed|fine|understand|get it|got it|know)\b|\banymore\b",
    re.IGNORECASE | re.DOTALL,
)

"""What was not known is by now."""

BEHIND = re.compile(
    r"[\s,]+(?:for me|to me|real quick|quickly|briefly|in short|again|please|thanks|thx|then|apart)?[\s.!]*$",
    re.IGNORECASE,
)

ASKS = re.compile(rf"^{_WH}", re.IGNORECASE)

IS = re.compile(r"^what (?P<what>.+) (?P<verb>is|are|does|do|means?)$", re.IGNORECASE)

NOBODY_KNOWS = re.compile(r"\b(?:if|whether|when) (?:i|we|you|he|she|they)\b", re.IGNORECASE)

TO_DO = re.compile(r"^to\b", re.IGNORECASE)

OWN = re.compile(r"\bmy \w+\W*$", re.IGNORECASE)

"""Ends with what is somebody's own: `figure out my schedule`."""

OF_WHO_ASKS = re.compile(
    r"\b(?:should|do|can|could|must|would) i\b|\bi (?:should|need|must|can|use|pick|choose)\b|^\s*i\b|\bme\b"
    r"|\b(?:tells?|gives?|shows?|lets?|buys?|gets?|helps?|makes?|costs?|saves?) (?P<to>you|us)\b"
    r"|(?<=\b(?:why|how) )(?:we|you)\b(?! (?:\w+ed|are|were|had|have|did|met|meet|said|chose|will|got|found)\b)",
    re.IGNORECASE,
)

"""In `how I should pick a rank` nothing is told of oneself, in `what it tells you` and `why we scale it` of nobody."""

OF_TWO = re.compile(r"\b(?:apart\W*$|(?:mix(?:ing)? up|confus(?:e|ing))\b.* and\b)", re.IGNORECASE)

NAMED = re.compile(r"formula|equation|proof|derivation|step|difference|comparison|pros|use case|example", re.IGNORECASE)

"""Kinds that a search looks for beside the subject."""


LONGEST = 240

"""Characters of a line that is looked at: a longer one tells a story."""


@dataclass(frozen=True, slots=True)
class ImplicitQuestion:
    """A line that asks so.

    Args:
        subject: what it is about.
        question: the same as a plain question.
        is_request: an explanation is wanted whatever the subject.
    """

    subject: str
    question: str
    is_request: bool = False


def pleads(text: str, is_known: Callable[[str], bool]) -> bool:
    """Whether a line asks so for what notes may hold.

    Args:
        is_known: whether the notes know a subject.
    """
    line = plain(text) if len(text) <= LONGEST else ""
    asked = plea(text)
    if asked is None and (_tells(line) or not (CUES.search(line) or CUES_FIRST.match(line))):
        return False
    subject = CUES_FIRST.sub(" ", CUES.sub(" ", line)) if asked is None else asked.subject
    if NOBODY_KNOWS.search(subject):
        return False
    if not ASKS.match(subject) and (TO_DO.match(subject) or OWN.search(subject)):
        return False
    subject = OF_WHO_ASKS.sub(" ", subject)
    return not is_about_people(subject) and (is_known(subject) or (asked is not None and asked.is_request))


def _tells(line: str) -> bool:
    match = TELLS.search(line) or TAKEN_BACK.search(line)
    return match is not None or tells_of_doing(OF_ONESELF.sub("", line))


def plea(text: str) -> ImplicitQuestion | None:
    """Read a line as a plea; None if it is none."""
    line = plain(text) if len(text) <= LONGEST else ""
    if not line or TAKEN_BACK.search(line):
        return None
    of_oneself = OF_ONESELF.sub("", line)
    for wording in (line, of_oneself):
        if match := OF_A_KIND.match(wording):
            subject = BEHIND.sub("", match["subject"])
            kind = match["kind"] if NAMED.search(match["kind"]) else ""
            return ImplicitQuestion(subject, f"{kind} of {subject}" if kind else f"explain {subject}")
    if match := IS_REQUEST.match(line):
        return _read(match, line, is_request=True)
    match = IS_ASKED.match(line) or IS_UNKNOWN.match(of_oneself)
    return None if match is None else _read(match, line)


def plain(text: str) -> str:
    """Return a line with a chat's spellings written out, and without what only surrounds it."""
    line = NO.sub(" not", SPELLING.sub(lambda match: SPELT[match[0].lower()], stripped(text)))
    return " ".join(MANNERS.sub("", HEDGE.sub("", line)).split())


def _read(match: re.Match[str], line: str, *, is_request: bool = False) -> ImplicitQuestion | None:
    subject = BEHIND.sub("", match["subject"])
    if not subject:
        return None
    if match.groupdict().get("about"):
        return ImplicitQuestion(subject, f"what about {subject}")
    if OF_TWO.search(line):
        return ImplicitQuestion(subject, f"difference between {subject}", is_request)
    if subject.lower().startswith(("difference", "the difference")):
        return ImplicitQuestion(subject, subject, is_request)
    if not ASKS.match(subject):
        return ImplicitQuestion(subject, f"explain {subject}", is_request)
    asked = IS.match(subject)
    if asked is None:
        return ImplicitQuestion(subject, subject, is_request)
    verb = asked["verb"].lower()
    question = (
        f"what {verb} {asked['what']}" if verb in {"is", "are"} else f"what does {asked['what']} {verb.rstrip('es')}"
    )
    return ImplicitQuestion(subject, question, is_request)
