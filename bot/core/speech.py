"""How free text sounds: like a question, like talk to people, like a topic. Pure."""

from __future__ import annotations

import re

from bot.core import openers
from bot.core.courtesy import courtesy

TOPIC_WORDS = 6
"""Words of a bare topic, such as `attention heads`; longer text says something."""

_LEAD = (
    r"^\W*(?:(?:so|and|but|then|wait|ok|okay|well|um|hm+|hey|hi|hello|please|pls|also|sorry|sry|thanks|guys|all|everyone|there"
    r"|quick question|a question|question|i wonder|i was wondering|any idea|anyone knows?|somebody knows?)\b\W*)*"
)
_ASKS = re.compile(
    _LEAD + r"(?:wh?at|wot|wut|why|how|when|which|who|whom|whose|where|can|could|does|do|is|are|should"
    r"|(?:am|did|have)(?= (?:i|we|my|anyone|anybody)\b)|(?:wh?at|wot|how|why|when|where|who|which)'?(?:s|re|d)"
    r"|y(?= (?:is|are|do|does|did|can|would|should|not|use)\b)|since when"
    r"|(?:do )?(?:you|u) know (?:wh?at|how|why)(?! (?:i|we|he|she|they|it|that)\b)(?= \w)"
    r"|explain|define|describe|compare|eli5|difference between|differences between|the difference between"
    r"|meaning of|tell (?:me|us) (?:more )?a?bout|help (?:me|us) understand)\b(?!')",
    re.IGNORECASE,
)
_TELLS = re.compile(
    _LEAD
    + r"(?:wh?at|why|how|when|where|which|who) (?:i|we|i'm|i've|we're|my|our)\b|"
    + _LEAD
    + r"wh?at an? \w+\W*(?:$|[,;.])"
    r"|" + _LEAD + r"(?:can|could|should|do|is|are) (?:be|do|have|not|make|out|off|sick|ill|back|late|away|it)\b"
    r"|" + _LEAD + r"(?:can|could) (?:show|help|send|bring|give|tell|teach|explain to) (?:you|u|him|her|them)\b"
    r"|" + _LEAD + r"(?:who cares|how (?:nice|cool|lovely|funny|sad|great)|what the)\b",
    re.IGNORECASE,
)
_VERSUS = re.compile(r"\S\s+(?:vs\.?|versus)\s+\S", re.IGNORECASE)
_MARK = re.compile(r"\?(?=$|[\s?!.)\"'])")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_ABOUT_ONESELF = {"i", "i'm", "im", "i've", "ive", "i'll", "me", "my", "mine", "we", "we're", "we've", "us", "our"}

_YOU = {"you", "your", "yours", "you're", "u", "ur", "ya", "y'all"}

_IN_SENTENCES = {
    "is", "was", "were", "are", "am", "isn't", "wasn't", "will", "won't", "would", "has", "have", "had", "did",
    "didn't", "does", "doesn't", "don't", "can't", "cannot", "couldn't", "go", "going", "gone", "went", "got", "let",
    "let's", "it's", "that's", "sorry", "please", "maybe", "today", "tomorrow", "tonight", "yesterday", "later",
    "soon", "lol",
}  # fmt: skip
"""Words that a sentence of chat has and the name of a thing has not."""

_ANYBODY = {"anyone", "anybody", "someone", "somebody", "everyone", "everybody", "guys", "folks", "team", "y'all"}


def is_question(said: str) -> bool:
    """Whether a line asks something: by its mark, or by how it begins where more than one word follows."""
    if _MARK.search(said):
        return True
    if len(_WORD.findall(said)) < 2 or said.rstrip().endswith("!"):
        return False
    return bool(_VERSUS.search(said) or (_ASKS.match(said) and not _TELLS.match(said)))


_ASKS_LATER = re.compile(
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

_PLEADS = re.compile(
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
_CHATTED = re.compile(
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
_AND = re.compile(r"^\W*(?:and|also) (?P<more>(?!then\b|so\b|now\b).+?)\W*$", re.IGNORECASE)
_MORE_WORDS = 3
_AT_HOME = {"boss", "wife", "husband", "girlfriend", "boyfriend", "partner", "mom", "dad", "sister", "brother",
            "team", "boys", "girls"}  # fmt: skip
_TELLS_OF_DOING = re.compile(
    r"^\W*(?:finally|just|still|solved|skipped|completed|started|tried|made|went|took|got|feel(?:ing)?|gave|told|wrote"
    r"|showed|taught|walked|talked|learn(?:ed|t)|summari[sz]ed|explained|struggled|broke|forgot|been|wanna|gonna"
    r"|need an?|id like|say (?:hi|hello)|trouble|lost(?! in)|(?:gimme|give me) an? (?:min|sec|minute|second|moment))\b"
    r"|^\W*(?:my )?plan:",
    re.IGNORECASE,
)

_WANTS_HINT = re.compile(
    _LEAD
    + r"(?:(?:give|show|send|tell) me|i (?:need|want|would like)) (?:a|an|another|some|one)(?: (?:little|small|more))?"
    r" (?:hint|clue)s?\b",
    re.IGNORECASE,
)

_TELLS_OF_WORK = re.compile(
    r"^\W*(?:i )?(?:just )?(?:read|did|done|finished|watched|studied|learn(?:ed|t)|worked|wrote|spent|log|today"
    r"|yesterday|was|were|am(?! (?:\w+ )?(?:stuck|confused)\b)|talked|discussed|asked|said|told"
    r"|(?:my |the )?(?:plan|goal|task|notes?|homework|reading|title|link|chapter|part|unit|section|paper))\b",
    re.IGNORECASE,
)
_AMONG_PEOPLE = {
    "we", "we're", "we've", "we'll", "us", "our", "ours", "he", "she", "him", "her", "his", "they", "everyone",
    "anyone", "me", "myself", "sick", "ill", "surgery", "hospital", "doctor", "health", "depression", "anxiety",
    "tired", "sad", "holiday", "vacation", "family", "kids", "job", "money", "late", "quit", "leave", "leaving",
    "meet", "meeting", "call", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "weekend", "week", "today", "tonight", "tomorrow", "yesterday", "deadline", "group", "exam",
}  # fmt: skip
"""Words of what people tell each other of themselves: a line that has one asks only as `is_question` has it."""

_NAMES_NOTHING = {
    "it", "this", "that", "these", "those", "them", "is", "are", "means", "does", "a", "an", "the", "something",
    "anything", "everything", "happened", "happens", "happening", "to", "do", "going", "on", "go", "say",
}  # fmt: skip


def asks_after_all(said: str) -> bool:
    """Whether a line that does not begin as a question asks: `my loss is nan, what do i do`, `I don't get what X is`.

    It is judged for a line that is put to the bot; among people much of this is talk.
    """
    words = {word.lower() for word in _WORD.findall(said)}
    if _WANTS_HINT.match(said):
        return True
    asked = openers.asked(said)
    if asked != said and is_question(asked):
        return True
    if (returning := openers.RETURNS.match(asked)) is not None:
        return is_question(returning["asked"])
    if said.rstrip().endswith("!") or (_AMONG_PEOPLE | _YOU) & words or _TELLS_OF_WORK.match(asked):
        return False
    if found := _ASKS_LATER.search(said):
        return not _TELLS.match(said[found.start() :])
    return _pleads(asked) or _chats(asked) or (openers.ON.match(asked) is not None and is_topic(asked))


def _chats(said: str) -> bool:
    """Whether a line without a mark asks as one does in a chat: `lora rank 8 or 64`, `in pandas 3 what changed`."""
    words = {word.lower() for word in _WORD.findall(said)}
    if (_ABOUT_ONESELF - {"my"} | _AT_HOME) & words or _TELLS_OF_DOING.match(said):
        return False
    if found := _AND.match(said):
        more = found["more"]
        return len(more.split()) <= _MORE_WORDS and is_topic(more) and courtesy(more) is None
    return _CHATTED.match(said) is not None and not _TELLS.match(said)


def _pleads(said: str) -> bool:
    """Whether a line says what is not understood: `I don't get what X is`."""
    pleads = _PLEADS.match(said)
    if pleads is None:
        return False
    about = pleads[pleads.lastgroup or 0]
    named = {word.lower() for word in _WORD.findall(about)} - _NAMES_NOTHING
    is_clear = not (_ABOUT_ONESELF - {"my"}) & named if pleads.lastgroup == "clause" else is_topic(about)
    return bool(named) and is_clear


_GOES_ON = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|so|hm+|well|right|thanks)\W+)*(?:"
    r"(?:and|or|but|also|then)\W+(?:then\W+)?(?:wh?at|how|why|when|where|which|who|for|in|at|on|with|without|of|if"
    r"|during|after|before|is|are|does|do|can|should)\b.*"
    r"|(?:wh?at|how) about\b.*|wh?at if\b.*|same for\b.*|even (?:if|when|for|with)\b.*"
    r"|(?:why|how so|how come|since when|like what|such as|meaning|elaborate|go on|more|simpler|shorter)"
    r"|(?:say |tell me )?more about (?:it|that|this)"
    r"|in (?:more|other|plain|simple|simpler|short|fewer)\b.*|(?:once )?(?:more|again) (?:please|simpler|shorter)"
    r")\W*(?:(?:please|pls|then|too|though|exactly)\W*)*$",
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
_DISPUTES = re.compile(
    rf"^\W*(?:no(?:pe)?|but"
    r"|(?:wait|hm+|actually)(?!\W+(?:(?:but|so|then) )?(?:wh?at|how|why|when|where|who|which)\b)"
    rf"|really|i thought|that'?s not|isn'?t|{_INSISTS}|{_IS_WRONG})\b",
    re.IGNORECASE,
)
_SAYS_NO = re.compile(
    rf"\b(?:{_INSISTS}|{_IS_WRONG}|(?:it|that) (?:isn'?t|doesn'?t|is not|does not)|no\W{{1,3}}(?:it|that) (?:is|does)"
    r"|i(?:'?m| am) right)\b",
    re.IGNORECASE,
)
_ROUND_NO = {"no", "nope", "but", "and", "wait", "hm", "really", "actually", "well", "sorry", "again", "there", "here",
             "about", "it", "that", "this", "bot", "right", "true", "so", "correct"}  # fmt: skip
_TO_WHO_ANSWERED = re.compile(rf"\b{_INSISTS}\b", re.IGNORECASE)
"""What is said to whoever has answered, and not of oneself or of other people."""

_PLEA = re.compile(
    r"\b(?:can|could|would|will) (?:you|u) (?:please |also |maybe )*(?:explain|elaborate|give|show|tell|say|compare"
    r"|summari[sz]e"
    r"|rephrase|repeat|list|expand|clarify|define|describe|outline|illustrate"
    r"|simplify|walk (?:me|us) through|break down|go (?:over|through))\b"
    r"|\b(?:do|have) (?:you|u) (?:have |got )?(?:an?|any|some|another|one) (?:\w+ )?examples?\b",
    re.IGNORECASE,
)
_NO = re.compile(
    r"^\W*(?:no(?:pe)?|wrong)\b\W*[,.:;!–—-]\s*(?:(?:i (?:think|believe|guess)|i'?d say)(?: that)? )?"
    r"(?:(?:it|that|this|they)(?:'?s|'?re| is| are) )?(?P<instead>.*)$",
    re.IGNORECASE,
)
_DECLINES = {"no", "not", "now", "wait", "stop", "nothing", "never", "mind", "cancel", "need", "worries", "problem",
             "way", "idea", "good", "fine", "ok", "okay", "enough", "all", "everything", "thanks"}  # fmt: skip
"""Words of a line that wants nothing, where others put something in the place of what was answered."""
_CLAIM_WORDS = 4
"""Words from which on a line that begins with `no` claims something rather than declines."""
_FOLLOW_UP_WORDS = 15


def goes_on(said: str) -> bool:
    """Whether a line asks further of what was said before it: `and at test time`, `why`, `an example please`."""
    words = [word.lower() for word in _WORD.findall(said)]
    return 0 < len(words) <= _FOLLOW_UP_WORDS and not _ABOUT_ONESELF & set(words) and _GOES_ON.match(said) is not None


_PUZZLED = re.compile(
    r"^\W*(?:(?:sorry|ok(?:ay)?|hm+|but|and)\W+)*(?:huh|eh|wh?at"
    r"|(?P<gap>i (?:still |really |just )?(?:do not|don'?t|can'?t|didn'?t) (?:get|understand|follow)"
    r"(?: (?:it|that|this))?)"
    r"|(?:i'?m|im|i am) (?:still |totally |so )?(?:lost|confused))\W*$",
    re.IGNORECASE,
)


def is_puzzled(said: str) -> bool:
    """Whether a line that is said to an answer asks for it in plainer words: `I don't get it`, `huh?`."""
    return _PUZZLED.match(said) is not None


def misses_something(said: str) -> bool:
    """Whether a line says that what stands before it is not understood: `I don't get it`, and not `I'm lost`."""
    found = _PUZZLED.match(said)
    return found is not None and found["gap"] is not None


def disputes(said: str) -> bool:
    """Whether a line says against an answer what its writer takes for true: `no, it is only used at test time`."""
    if disputes_only(said):
        return True
    words = [word.lower() for word in _WORD.findall(said)]
    about = {word.lower() for word in _WORD.findall(_TO_WHO_ANSWERED.sub(" ", said))}
    about -= {"i"} if "thought" in words else set()
    is_claim = len(words) >= _CLAIM_WORDS and not (_ABOUT_ONESELF | _YOU) & about
    return is_claim and _DISPUTES.match(said) is not None and courtesy(said) is None


def objects(said: str) -> bool:
    """Whether a line that is said to an answer says against it: it disputes it, or corrects it in few words."""
    return disputes(said) or _corrects(said)


def _corrects(said: str) -> bool:
    """Whether a line says no and names what it is instead: `no, the mean`."""
    found = _NO.match(said)
    instead = found["instead"] if found is not None else ""
    words = {word.lower() for word in _WORD.findall(instead)}
    return is_topic(instead) and not _DECLINES & words and courtesy(instead) in (None, "there")


def disputes_only(said: str) -> bool:
    """Whether a line says no more than that an answer is wrong: `you are wrong`."""
    rest, found = _SAYS_NO.subn(" ", said)
    return found > 0 and _ROUND_NO.issuperset(word.lower() for word in _WORD.findall(rest))


def is_to_bot(said: str) -> bool:
    """Whether `you` in a line is one that explains: `can you give an example?`."""
    return _PLEA.search(said) is not None


def is_to_anybody(said: str) -> bool:
    """Whether a line is put to whoever of those present knows: `does anybody have the link?`."""
    return bool(_ANYBODY & {word.lower() for word in _WORD.findall(said)})


def is_to_people(said: str) -> bool:
    """Whether a line speaks to somebody: what is asked of `you` is not one for the notes."""
    return bool(_YOU & {word.lower() for word in _WORD.findall(said)})


def tells_of_doing(said: str) -> bool:
    """Whether a line begins as one does that tells what somebody did or is about to do."""
    return _TELLS_OF_DOING.match(said) is not None


def is_about_people(said: str) -> bool:
    """Whether words are of people and their days, or of whoever says them."""
    return bool((_AMONG_PEOPLE | _YOU | (_ABOUT_ONESELF - {"my"})) & {word.lower() for word in _WORD.findall(said)})


def is_topic(said: str) -> bool:
    """Whether a line is a few words about a thing, and nothing about whoever says it."""
    words = [word.lower() for word in _WORD.findall(said)]
    return 0 < len(words) <= TOPIC_WORDS and not (_ABOUT_ONESELF | _YOU | _IN_SENTENCES) & set(words)
