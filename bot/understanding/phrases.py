"""Build patterns from the lists of `words`, and strip what people say around a question."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.understanding import words

WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")


def words_in(text: str) -> list[str]:
    """Return the words of a line in small letters, as they stand."""
    return [word.lower() for word in WORD.findall(text)]


def any_of(*lists: Iterable[str]) -> str:
    """Return a group that matches an entry of some lists, a longer one before a shorter one."""
    return f"(?:{'|'.join(sorted({entry for entries in lists for entry in entries}, key=lambda e: (-len(e), e)))})"


def lead(*lists: Iterable[str]) -> str:
    """Return what matches the beginning of a line up to the first word that no list has."""
    return rf"^\W*(?:{any_of(*lists)}\b\W*)*"


LEAD = lead(words.LEAD)
ASKING_LEAD = lead(words.LEAD, words.PRESENT, words.WONDERING)
TAIL = rf"\W*(?:{any_of(words.TAIL)}\b\W*)*$"
WH = any_of(words.WH)

_THANKS = (
    rf"{any_of(words.THANKS_IN_ENGLISH)}(?: (?:you|u))?"
    r"(?: (?:a lot|a bunch|so much|very much|again|mate|all|in advance))*"
)
_GREETING = rf"(?:{any_of(words.GREETINGS)}|good (?:morning|evening|afternoon))(?: {any_of(words.PRESENT, words.BOT)})?"
_HEARD = (
    rf"(?:{any_of(words.INTERJECTIONS)}"
    rf"|(?:wait|idk|dunno)(?=\W+(?:but |so |then )?(?:{WH}|is|are|does|do|can)(?:'?s|'?re)?\b))"
)
_MODESTY = (
    r"(?:an? )?(?:(?:very|maybe|another) )?(?:noob|newbie|dumb|stupid|silly|basic|simple) (?:q|question)(?: but)?"
)
_YOU_KNOW = (
    r"(?:do )?(?:you|u|ya) know (?=(?:wh?at|how|why) (?!(?:i|we|he|she|they|it|that)\b)(?:[\w.+-]{1,30} ){1,5}"
    r"(?:is|are|does|means?|works?)\b)"
)
_PRAISE = (
    rf"(?:{any_of(words.PRAISE)}|right|huh|got it|gotcha|i see|(?:(?:that|it|this) )?(?:all )?makes (?:\w+ )?sense)"
)
_BEFORE = re.compile(
    rf"^\W*(?:{_YOU_KNOW}|(?:{_THANKS}(?!\s+(?:to|for)\b)|{_GREETING}|{_HEARD}|{_MODESTY})"
    r"(?:\s*[,.;:!…]+\s*|\s+[–—-]+\s+|\s+)"
    rf"|{_PRAISE}(?:\s*[,.;:!?…]+\s*|\s+[–—-]+\s+|\s+(?=(?:and|so|but|now|then|thanks|thx)\b)))+(?=\w)",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"(?<=[\w?!.,)])[\s,.;!–—-]{{1,8}}(?:{_THANKS}|pls|plz|tho)[\s.!]{{0,8}}(?P<mark>\??)\s{{0,8}}$", re.IGNORECASE
)
"""Its runs are bounded: it is looked for at every place of a line, and a line may be forty thousand commas."""
BRIEFLY = re.compile(
    r"^\W*(?:tl;?dr|(?:an? )?(?:quick|short|small) (?:q|question))\W+(?:re|on|of|for|about|regarding)\b[\s:]*(?=\w)",
    re.IGNORECASE,
)
"""Asks for a few words on what it then names."""
_PLAINLY = re.compile(
    r"^(?:eli ?5|explain(?: (?:it|this))?(?: to me)? like (?:i'?m|i am) (?:a )?(?:5|five)(?: years? old)?)"
    r"\s*[:,–—-]?\s+(?:what )?(?=\w)",
    re.IGNORECASE,
)
"""Asks for plain words before it names its subject; each answer is to be in plain words."""
_ANEW = re.compile(
    rf"{LEAD}(?:btw|by the way)\b[\s,:;.–—-]*(?=\w)"
    rf"|{LEAD}(?:an?other|(?:an? |one )?(?:quick|more|last|next)) (?:one|q|question|thing)\s*(?:[:;,.–—-]+\s*(?=\w)|$)"
    rf"|{LEAD}(?:on )?(?:an?(?:other)? |on |one )?(?:(?:completely|totally|entirely|quite|very|slightly) )?"
    r"(?:(?:different|new|unrelated|another|next|other|separate) (?:topic|question|q|subject|thing|note)"
    r"|something (?:else|different|new|unrelated)|unrelated|chang(?:e|ing) (?:of |the )?(?:topic|subject))"
    r"(?: (?:now|then|though|entirely|altogether))?(?:\s*[:,;.!–—-]+\s*|\s+but\s+)(?=\w)",
    re.IGNORECASE,
)
"""Says that a new subject follows."""
RETURNS = re.compile(
    rf"{LEAD}(?:(?:(?:to )?(?:go(?:ing)?|com(?:e|ing)|get(?:ting)?|return(?:ing)?|switch(?:ing)?) )?back (?:again )?to"
    r"|returning to|as for|(?:about|on|regarding|concerning)(?=[^:,]+ again\b))\s+"
    r"(?:(?:the|a|an|our|your)\s+)?(?P<subject>(?!.{0,30}\b(?:question|topic|subject|point|answer|start|beginning)\b)"
    r"[^:,;.!?–—]{2,60}?)(?:\s+again)?\s*(?:[:,;.–—]|\s-\s)\s*(?P<asked>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
"""Names what was spoken of some time before, and asks of it: "back to the cache: when is it stale"."""


def bare(text: str) -> str:
    """Return a line without the manners around it; as it is where it has nothing else."""
    return _AFTER.sub(r"\g<mark>", _BEFORE.sub("", text, count=1), count=1)


def announced(text: str) -> str:
    """Return a line without the words that say that a new subject follows."""
    return _ANEW.sub("", text, count=1)


def stripped(text: str) -> str:
    """Return a line without the manners around it and the words that say that a question follows."""
    return announced(bare(text))


def briefly(text: str) -> str:
    """Return a line with one word for all that asks for plain or few words on what it names."""
    return BRIEFLY.sub("explain ", _PLAINLY.sub("explain ", text), count=1)


def returns(text: str) -> tuple[str, str] | None:
    """Return the earlier subject that a line returns to, and the question about it; None if it names none."""
    match = RETURNS.match(text)
    return None if match is None else (match["subject"], match["asked"])
