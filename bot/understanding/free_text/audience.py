"""Who a line is for: the bot, everybody in the channel, or one person."""

from __future__ import annotations

import re

from bot.understanding import words
from bot.understanding.phrases import LEAD, any_of, lead, words_in

_PERSON = r"(?:<@!?\w{1,40}(?:\|[^>]{0,80})?>|<!(?:channel|here|everyone)[^>]{0,40}>|(?<![\w.])@\w[\w.-]*)"
_YOU = r"(?:you|u|ya|y'?all)\b"
_MENTION = re.compile(_PERSON, re.IGNORECASE)
_ADDRESS = re.compile(lead(words.LEAD - words.THANKS_IN_ENGLISH - {"thank you"}) + _PERSON, re.IGNORECASE)
"""A line that begins with a mention of somebody is to them; thanks may go to them and the rest to the bot."""
_TO_BOT = re.compile(
    rf"\b(?:can|could|would|will) (?:you|u) (?:please |also |maybe )*"
    rf"(?:{any_of(words.EXPLAIN, words.SUMMARISE - {'recap'}, words.GO_THROUGH)}"
    r"|elaborate|expand|give|show|tell|say|repeat|list)\b"
    r"|\b(?:do|have) (?:you|u) (?:have |got )?(?:an?|any|some|another|one) (?:\w+ )?examples?\b",
    re.IGNORECASE,
)
"""Questions to a `you` that should explain something."""
_PERSONAL_YOU = re.compile(
    rf"\b(?:(?:did|have|had|were) {_YOU}(?! (?:mean|got|have)\b)"
    rf"|(?:are|r) {_YOU}(?! (?:supposed|allowed|required|meant|sure|able|expected|forced|better|a|an|the)\b)"
    rf"|(?:do|would) {_YOU} (?:guys |also |already )?(?:want|wanna|like|mind|fancy|feel|agree|plan|happen)\b"
    rf"|(?:you|u) (?:all|both|two|three|guys|lot|folks)\b|y'?all\b"
    r"|(?:is|are|was|were|(?:what|how)'?s) your\b"
    rf"|(?:can|could|will|would) {_YOU} (?:please |also |maybe |possibly )*(?:share|send|lend|forward|upload|post|bring"
    r"|borrow|review|check|look|join|come|meet|call|ping|dm|message|swap|cover|host|present|help|show|give|pass)\b"
    r"(?! (?:me|us) (?:to )?(?:understand|learn|remember|grasp|see|get|with understanding|how|why|what|an? example))"
    r"(?=.*\b(?:me|us|my|our|your|ur|this|it|that|the|with|there|over)\b))",
    re.IGNORECASE,
)
"""Asks what one person did, has or wants: `how do you compute recall` asks it of nobody."""
_VOCATIVE = re.compile(
    r"^\W*(?:(?:[Hh]ey|[Hh]i|[Hh]ello|[Yy]o|[Tt]hanks|[Ss]orry)\W+)?(?P<name>[A-Z][a-z'-]+)(?: ?,|)\s+"
    rf"(?:can|could|will|would|do) {_YOU}"
)
"""Begins with what may be a name, and asks something of them."""
_ANYBODY = r"(?:(?:any|some|every) ?(?:one|body))\b"
_TO_ALL = re.compile(
    rf"{LEAD}(?:(?:(?:does|do|is|are|has|have|did|can|could|will|would|was|were) )?(?:there )?{_ANYBODY}"
    r"|(?:who(?: else|'?s| is)? (?:wants?|has|have|is|finds?|thinks?|got|up|in|coming|free|going|doing|did)"
    r"|is it (?:just|only) me)\b)",
    re.IGNORECASE,
)
"""Asks everybody in the channel."""
_TO_ALL_ABOUT = re.compile(
    rf"{_ANYBODY}(?: (?:here|else|please|pls|able|to|help|me|us))*"
    rf" (?:(?:know|explain|understand|remember)s?|tell|idea|clarify|summari[sz]e|{any_of(words.EXPLAIN)})\b",
    re.IGNORECASE,
)
"""Asks everybody in the channel for an explanation. The notes can give it too."""
_MARK = re.compile(r"\?(?=$|[\s?!.)\"'])")
_LAUGHS = re.compile(
    r"(?:\b(?:lol|lmao|rofl|(?:ba)?ha(?:ha)+h?|he(?:he)+|xd|jk)\b|[\U0001F600-\U0001F606\U0001F61B-\U0001F61D\U0001F923])"
    r"[\s.!)]*$",
    re.IGNORECASE,
)
_ANSWERS_ITSELF = re.compile(
    r"^\W*(?:be?cause|cause|cuz|coz|to \w+|so (?:it|they|he|she|that)|none|nothing|nobody|neither|depends"
    r"|(?:just |only )?one)\b",
    re.IGNORECASE,
)
"""Begins what answers a question, behind its mark."""
_RIDDLE = re.compile(
    rf"{LEAD}(?:what do (?:you|u) call an?\b|how many .{{1,60}} does it take to\b"
    r"|what did (?:the|an?|one) .{1,40}\bsay to\b|why did the .{1,40}\bcross the\b|knock,? knock\b)",
    re.IGNORECASE,
)
"""Begins a joke of two parts."""


def is_to_bot(text: str) -> bool:
    """Whether `you` in a line is one that explains: `can you give an example?`."""
    return _TO_BOT.search(text) is not None


def is_to_anybody(text: str) -> bool:
    """Whether a line asks anybody who knows: `does anybody have the link?`."""
    return not words.ANYBODY.isdisjoint(words_in(text))


def is_to_people(text: str) -> bool:
    """Whether a line speaks to a person: a question to `you` isn't about the notes."""
    return not words.YOU.isdisjoint(words_in(text))


def is_to_members(text: str) -> bool:
    """Whether a line that names the bot is still said to others: `@jonas can you share it?`, `anyone up for a call?`.

    It is judged for a line in public; a joke that answers itself is said to others too.
    """
    if _ADDRESS.match(text):
        return True
    if _MENTION.search(text) and is_to_people(text):
        return True
    if _TO_ALL.match(text):
        return _TO_ALL_ABOUT.search(text) is None
    if _answers_itself(text):
        return True
    if is_to_bot(text):
        return False
    name = _VOCATIVE.match(text)
    return (name is not None and name["name"] not in words.NO_NAMES) or _PERSONAL_YOU.search(text) is not None


def _answers_itself(text: str) -> bool:
    """Whether words behind the last question mark answer it, as a joke does."""
    *_, rest = _MARK.split(text)
    behind = words_in(_LAUGHS.sub("", rest))
    if rest == text or not behind or not words.ABOUT_ONESELF.isdisjoint(behind):
        return False
    return any((_LAUGHS.search(rest), _ANSWERS_ITSELF.match(rest), _RIDDLE.match(text)))
