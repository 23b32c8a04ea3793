"""Whether a line asks: as it begins, in a clause of its own, in the order of a chat, or somewhere within. Pure.

How a line asks: as it begins, in a clause of its own, in the order of a chat, or somewhere within.
"""

from __future__ import annotations

import re

import bot.understanding.speech.people as people
from bot.understanding.speech.around import ON, RETURNS, stripped, words_in
from bot.understanding.speech.courtesy import courtesy

_LEAD = (
    r"^\W*(?:(?:so|and|but|then|wait|ok|okay|well|um|hm+|hey|hi|hello|please|pls|also|sorry|sry|thanks|guys|all|everyone|there"
    r"|quick question|a question|question|i wonder|i was wondering|any idea|anyone knows?|somebody knows?)\b\W*)*"
)

ASKS = re.compile(
    _LEAD + r"(?:wh?at|wot|wut|why|how|when|which|who|whom|whose|where|can|could|does|do|is|are|should"
    r"|(?:am|did|have)(?= (?:i|we|my|anyone|anybody)\b)|(?:wh?at|wot|how|why|when|where|who|which)'?(?:s|re|d)"
    r"|y(?= (?:is|are|do|does|did|can|would|should|not|use)\b)|since when"
    r"|(?:do )?(?:you|u) know (?:wh?at|how|why)(?! (?:i|we|he|she|they|it|that)\b)(?= \w)"
    r"|explain|define|describe|compare|eli5|difference between|differences between|the difference between"
    r"|meaning of|tell (?:me|us) (?:more )?a?bout|help (?:me|us) understand)\b(?!')",
    re.IGNORECASE,
)

TELLS = re.compile(
    _LEAD
    + r"(?:wh?at|why|how|when|where|which|who) (?:i|we|i'm|i've|we're|my|our)\b|"
    + _LEAD
    + r"wh?at an? \w+\W*(?:$|[,;.])"
    r"|" + _LEAD + r"(?:can|could|should|do|is|are) (?:be|do|have|not|make|out|off|sick|ill|back|late|away|it)\b"
    r"|" + _LEAD + r"(?:can|could) (?:show|help|send|bring|give|tell|teach|explain to) (?:you|u|him|her|them)\b"
    r"|" + _LEAD + r"(?:who cares|how (?:nice|cool|lovely|funny|sad|great)|what the)\b",
    re.IGNORECASE,
)

VERSUS = re.compile(r"\S\s+(?:vs\.?|versus)\s+\S", re.IGNORECASE)

MARK = re.compile(r"\?(?=$|[\s?!.)\"'])")

ASKS_LATER = re.compile(
    r"(?:[,;:.!]|\s[–—-])\s+(?:(?:so|and|but|now)\s+)?(?:"
    r"(?:wh?at|how|why)(?:'?s|'?re)\s+(?:a|an|the|my|\w+ing|(?!it )\w+ \w+)\b"
    r"|(?:wh?at|wot|why|how|when|where|who)\s+(?:is|are|does|do|can|could|should|would)\s+\w"
    r"|(?:which|(?:wh?at|how)(?! (?:it|that|this|he|she|they)\b))\s+(?:\w+\s+){1,2}(?:do|does|is|are|should|can)"
    r"\s+(?:i|a|an|the|my|it|there)\b"
    r"|how to\b|why (?:not )?use\b|(?:is|are)\s+there\s+\w|(?:do|can|could|should)\s+i\s+\w"
    r"|(?:does|can|could|should)\s+(?:a|an|the|my|it)\s+\w|(?:please|pls)\s+(?:explain|define|describe|compare)\s+\w"
    r")",
    re.IGNORECASE,
)

"""A clause that asks, after one that does not; in order of words that no relative clause has."""

UNDERSTANDS_NOT = re.compile(
    _LEAD + r"(?:"
    r"(?:i )?(?:(?:still|really|just) )?(?:do not|don'?t|cannot|can'?t|did not|didn'?t) (?:(?:really|quite|fully) )?(?:"
    r"(?:get|understand|see|grasp) (?:wh?at|how|why|when|the (?:difference|point|idea))\s+(?P<clause>.+)"
    r"|know wh?at (?P<topic>.+) (?:is|are|does|means?)|understand (?P<idea>.+)"
    r"|get (?!paid|up|out|there|back|any|much|enough|to|home|sleep|time|notif|remind|messages?|posts?|an?|the\b)"
    r"(?P<thing>\w+(?: \w+){0,2}))"
    r"|(?:i )?(?:need|want|could use) (?:(?:some|a bit of|a little) )?help (?:with|on|about|understanding)"
    r" (?P<matter>.+)"
    r"|(?:i'?m |i am )?(?:confused (?:about|by)|(?:(?:still|really|totally) )?stuck (?:with|on|at)) (?P<riddle>.+)"
    r")\W*$",
    re.IGNORECASE,
)

"""Says that something is not understood, which a bot is told in order to be told of it."""

_ASIDE = r"(?:(?!(?:know|knows|knew|see|saw|show|shows|wonder|wondering|guess|learned|learnt|is|was)\b)[\w.+-]+ )"

CHATTED = re.compile(
    r"^\W{0,9}(?:"
    r"(?:the )?diff(?:erence)?s?(?! (?:is|are|was|were|in|made|looks?|it|that)\b) \w"
    r"|wdym by (?!that|this|it)\w"
    rf"|{_ASIDE}{{1,4}}(?:what (?:happens|changed|is|are|does|do)|(?:why|how) (?:is|are|does|do))\b"
    r"|(?!\d)(?:[\w.+-]+ ){1,3}or (?!(?:not|so|something|whatever|less|more|two|else)\b)\w+(?: (?!or\b)[\w.+-]+){0,6}$"
    r"|(?:my|the) (?:\w+ ){1,3}(?:gives?|returns?|throws?|raises?|outputs?|prints?|produces?|yields?) \w"
    r"|(?!(?:the|that|this|it)\b)(?:[\w.+-]+ ){1,4}(?:rules|syntax|formula|definition|meaning|examples?|basics"
    r"|intuition|explained"
    r"|differences?|pros and cons)$"
    r")",
    re.IGNORECASE,
)

"""Asks in the order of words of a chat: what it is about first, two to choose from, what goes wrong, a bare subject."""

AND = re.compile(r"^\W*(?:and|also) (?P<more>(?!then\b|so\b|now\b).+?)\W*$", re.IGNORECASE)

WANTS_HINT = re.compile(
    _LEAD
    + r"(?:(?:give|show|send|tell) me|i (?:need|want|would like)) (?:a|an|another|some|one)(?: (?:little|small|more))?"
    r" (?:hint|clue)s?\b",
    re.IGNORECASE,
)

_ONE = r"(?:you|u|i|we|one|it|they|the|an?)"

INSIDE = re.compile(
    rf"(?<=[\w%+)'\"])\W+(?:how (?:do|does|did|can|could|would|should|to|come|{_ONE} (?:can|should))\b"
    r"|how (?:much|many|big|large|long|often|small|is|are)\b"
    r"|(?:can|should|could|do) (?:i|u|one) (?!be\b|do it\b|come|join|leave)\w+|(?:can|should|could|does) it \w+"
    r"|wh?at (?:now|next|then|gives|is (?:it|that|the|wrong)|does|do|to|are|if)\b"
    r"|why(?: (?:is|are|does|do|the|use)| not \w+)?\b(?! not)"
    r"|which (?:one|is|are|should|to)\b|is it (?:ok|okay|bad|good|normal|safe|better|worth|fine|true|enough)\b"
    r"|whats? the (?:diff|difference|point|idea|catch)\b|any (?:rule of thumb|downsides?|difference|advice)\b)",
    re.IGNORECASE,
)

"""Words that ask, after others."""

LEADS = re.compile(
    r"^\W*(?:(?:so|and|but|ok|okay|hey|hi|well|um|hm+|pls|please|wait)\b\W*)*(?:"
    r"is it (?:ever |even |really |still |always |a )?(?:ok|okay|bad|good|better|worse|normal|possible|worth|true|fine"
    r"|necessary|safe|enough|wrong|cheating|faster|slower|cheaper|smart|needed|allowed|best|right|common|wise|leakage)\b"
    r"|(?:is|are) there (?:a|an|any|some|ways?|rules?)\b|(?:can|should|could) i (?:just |still |even |also )?\w+"
    r"|any (?:rule of thumb|difference between|reason (?:why|not|to)|way to|tips? (?:on|for)|idea (?:why|how)))",
    re.IGNORECASE,
)

"""How a line begins that asks what may be done or is there."""

TELLS_FIRST = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|so|and|well|yeah|yes|no|lol|haha|hey)\b\W*)*(?:i(?:'?(?:m|ve|ll|d))?|we(?:'?(?:re|ve|ll))?|he|she"
    r"|they|tell|ask|show|let'?s?|see|saw|guess|depends|remember|that(?:'?s)?|this|it(?:'?s)?|thanks|thank|thx|good"
    r"|great|nice|cool|my (?:boss|wife|husband|mom|dad|cat|dog|friend|kid|kids|plan|week|day)|our|just|love|hate"
    r"|sorry|not|never"
    r"|no (?:idea|clue)|finally|today|yesterday|tomorrow|tonight|will|gonna|need to|have to|going|off|done|read|did"
    r"|finished|told|gave|taught|wrote|showed|summari[sz]ed|explained|remind|please|pls)\b",
    re.IGNORECASE,
)

"""How a line begins that tells something, whatever words follow."""

REPORTS = re.compile(
    r"\b(?:kn[eo]ws?|decide[sd]?|show(?:s|ed)?|sees?|saw|wonders?|means?|meant|remembers?|learn(?:s|ed|t)?|told|said)"
    r" (?:how|wh?at|why|which)\b",
    re.IGNORECASE,
)

"""What somebody knows or tells is no question."""

TO_BOT = re.compile(
    r"\b(?:can|could|would|will) (?:you|u) (?:please |also |maybe )*(?:explain|elaborate|give|show|tell|say|compare"
    r"|summari[sz]e"
    r"|rephrase|repeat|list|expand|clarify|define|describe|outline|illustrate"
    r"|simplify|walk (?:me|us) through|break down|go (?:over|through))\b"
    r"|\b(?:do|have) (?:you|u) (?:have |got )?(?:an?|any|some|another|one) (?:\w+ )?examples?\b",
    re.IGNORECASE,
)

"""What is asked of a `you` that explains."""


TOPIC_WORDS = 6

"""Words of a bare topic, such as `attention heads`; longer text says something."""

MORE_WORDS = 3

"""Words that `and` may add to what was asked before."""

FEW, MANY = 3, 20

"""Words from which on a line may ask in its midst, and up to which one only names things."""

_ONESELF = people.ABOUT_ONESELF - {"my"}

"""What is asked of one's own is still of a thing: `my loss`."""


def is_question(text: str) -> bool:
    """Whether a line asks something: by its mark, or by how it begins where more than one word follows."""
    if MARK.search(text):
        return True
    if len(words_in(text)) < 2 or text.rstrip().endswith("!"):
        return False
    return bool(VERSUS.search(text) or (ASKS.match(text) and not TELLS.match(text)))


def asks_after_all(text: str) -> bool:
    """Whether a line that does not begin as a question asks: `my loss is nan, what do i do`, `I don't get what X is`.

    It is judged for a line that is put to the bot; among people much of this is talk.
    """
    if WANTS_HINT.match(text):
        return True
    asked = stripped(text)
    if asked != text and is_question(asked):
        return True
    if (returning := RETURNS.match(asked)) is not None:
        return is_question(returning["asked"])
    is_of_people = not (people.AMONG_PEOPLE | people.YOU).isdisjoint(words_in(text))
    if text.rstrip().endswith("!") or is_of_people or people.TELLS_OF_WORK.match(asked):
        return False
    if match := ASKS_LATER.search(text):
        return not TELLS.match(text[match.start() :])
    return _understands_not(asked) or _chats(asked) or (ON.match(asked) is not None and is_topic(asked))


def _chats(text: str) -> bool:
    """Whether a line without a mark asks as one does in a chat: `lora rank 8 or 64`, `in pandas 3 what changed`."""
    if not (_ONESELF | people.AT_HOME).isdisjoint(words_in(text)) or tells_of_doing(text):
        return False
    if match := AND.match(text):
        more = match["more"]
        return len(more.split()) <= MORE_WORDS and is_topic(more) and courtesy(more) is None
    return CHATTED.match(text) is not None and not TELLS.match(text)


def _understands_not(text: str) -> bool:
    """Whether a line says what is not understood: `I don't get what X is`."""
    match = UNDERSTANDS_NOT.match(text)
    if match is None:
        return False
    about = match[match.lastgroup or 0]
    named = {*words_in(about)} - people.NAMES_NOTHING
    is_clear = _ONESELF.isdisjoint(named) if match.lastgroup == "clause" else is_topic(about)
    return bool(named) and is_clear


def asks_within(text: str, terms: int, *, is_known: bool) -> bool:
    """Whether a line that is put to the bot asks though it neither begins nor ends so: `recall@5 how to compute`.

    Args:
        terms: of the notes that it names.
        is_known: whether the notes may well know what it is about; else it asks of what was spoken of, or of no notes.
    """
    words = {*words_in(text)}
    if len(words) < FEW or text.rstrip().endswith("!") or not (is_known or people.POINTING & words):
        return False
    if LEADS.match(text):
        return not people.AT_LEISURE & words or terms > 1
    if TELLS_FIRST.match(text) or REPORTS.search(text) or people.AT_LEISURE & words:
        return False
    return INSIDE.search(text) is not None or (terms > 1 and len(words) <= MANY)


def is_topic(text: str) -> bool:
    """Whether a line is a few words about a thing, and nothing about whoever says it."""
    words = words_in(text)
    of_people = people.ABOUT_ONESELF | people.YOU | people.IN_SENTENCES
    return 0 < len(words) <= TOPIC_WORDS and of_people.isdisjoint(words)


def is_about_people(text: str) -> bool:
    """Whether words are of people and their days, or of whoever says them."""
    return not (people.AMONG_PEOPLE | people.YOU | _ONESELF).isdisjoint(words_in(text))


def tells_of_doing(text: str) -> bool:
    """Whether a line begins as one does that tells what somebody did or is about to do."""
    return people.TELLS_OF_DOING.match(text) is not None


def is_to_bot(text: str) -> bool:
    """Whether `you` in a line is one that explains: `can you give an example?`."""
    return TO_BOT.search(text) is not None


def is_to_anybody(text: str) -> bool:
    """Whether a line is put to whoever of those present knows: `does anybody have the link?`."""
    return not people.ANYBODY.isdisjoint(words_in(text))


def is_to_people(text: str) -> bool:
    """Whether a line speaks to somebody: what is asked of `you` is not one for the notes."""
    return not people.YOU.isdisjoint(words_in(text))


def is_to_members(text: str) -> bool:
    """Whether a line that names the bot is still said to others: `@jonas can you share it?`, `anyone up for a call?`.

    It is judged for a line in public; a joke that answers itself is said to others too.
    """
    if people.ADDRESS.match(text):
        return True
    if people.MENTION.search(text) and is_to_people(text):
        return True
    if people.TO_ALL.match(text):
        return people.TO_ALL_ABOUT.search(text) is None
    if _answers_itself(text):
        return True
    if is_to_bot(text):
        return False
    name = people.VOCATIVE.match(text)
    return (name is not None and name["name"] not in people.NO_NAMES) or people.PERSONAL_YOU.search(text) is not None


def _answers_itself(text: str) -> bool:
    """Whether words behind the last question mark answer it, as a joke does."""
    *_, rest = MARK.split(text)
    words = words_in(people.LAUGHS.sub("", rest))
    if rest == text or not words or not people.ABOUT_ONESELF.isdisjoint(words):
        return False
    return any((people.LAUGHS.search(rest), people.ANSWERS_ITSELF.match(rest), people.RIDDLE.match(text)))
