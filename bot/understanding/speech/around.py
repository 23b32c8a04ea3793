"""Split a line into words, and strip what people say around a question: `hey quick one,` before it, `thx` after it."""

from __future__ import annotations

import re

WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")


def words_in(text: str) -> list[str]:
    """Return the words of a line in small letters, as they stand."""
    return [word.lower() for word in WORD.findall(text)]


_THANKS = (
    r"(?:thanks|thank (?:you|u)|thankyou|thanx|thx|thnx|tnx|ty|tysm|cheers)"
    r"(?: (?:a lot|a bunch|so much|very much|again|mate|all|in advance))*"
)

_GREETING = (
    r"(?:hi|hiya|hey+|heya|hello|yo|good (?:morning|evening|afternoon))"
    r"(?: (?:there|all|everyone|everybody|guys|folks|team|trailmate|bot))?"
)

_ASKING = r"(?:wh?at|wot|how|why|when|where|who|which|is|are|does|do|can)(?:'?s|'?re)?\b"

_HEARD = (
    r"(?:ok(?:ay)?|alright|sorry|sry|srry|soz|please|pls|plz|lol|ha(?:ha)+|hm+|a+h|oh"
    rf"|(?:wait|idk|dunno)(?=\W+(?:but |so |then )?{_ASKING}))"
)

_MODESTY = (
    r"(?:an? )?(?:(?:very|probably|maybe|another) )?(?:noob|newbie|dumb|stupid|silly|basic|simple)"
    r" (?:q|question)(?: but)?"
)

_YOU_KNOW = (
    r"(?:do )?(?:you|u|ya) know (?=(?:wh?at|how|why) (?!(?:i|we|he|she|they|it|that)\b)(?:[\w.+-]{1,30} ){1,5}"
    r"(?:is|are|does|means?|works?)\b)"
)

_PRAISE = (
    r"(?:k|cool|great|nice|awesome|perfect|good|sweet|sure|neat|interesting|amazing|yeah|yep|right|huh"
    r"|got it|gotcha|i see|(?:(?:that|it|this) )?(?:all )?makes (?:\w+ )?sense|understood)"
)

"""Words that a thing may be named by as well, as in `k means` and `right join`: they end at a mark, or before `and`."""

BEFORE = re.compile(
    rf"^\W*(?:{_YOU_KNOW}|(?:{_THANKS}(?!\s+(?:to|for)\b)|{_GREETING}|{_HEARD}|{_MODESTY})(?:\s*[,.;:!…]+\s*|\s+[–—-]+\s+|\s+)"
    rf"|{_PRAISE}(?:\s*[,.;:!?…]+\s*|\s+[–—-]+\s+|\s+(?=(?:and|so|but|now|then|thanks|thx)\b)))+(?=\w)",
    re.IGNORECASE,
)

AFTER = re.compile(
    rf"(?<=[\w?!.,)])[\s,.;!–—-]{{1,8}}(?:{_THANKS}|pls|plz|tho)[\s.!]{{0,8}}(?P<mark>\??)\s{{0,8}}$", re.IGNORECASE
)

"""Its runs are bounded: it is looked for at every place of a line, and a line may be forty thousand commas."""

ON = re.compile(
    r"^\W*(?:tl;?dr|(?:an? )?(?:quick|short|small) (?:q|question))\W+(?:re|on|of|for|about|regarding)\b[\s:]*(?=\w)",
    re.IGNORECASE,
)

"""Asks for a few words on what it then names."""

ANEW = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|thanks|thank you|thx|so|and|now|but|hm+|alright|well|sorry)\W+)*(?:"
    r"(?:by the way|btw)\b[\s,:;.–—-]*"
    r"|(?:an?other|(?:an? |one )?(?:quick|more|new|last|next)) one\s*(?:[:;,–—-]+\s*|$)"
    r"|(?:(?:a )?quick|one (?:more|last)) (?:q|question|thing)\s*[:;,.–—-]+\s*"
    r"|(?:(?:on )?an?(?:other)? |on |one )?(?:(?:completely|totally|entirely|quite|very|slightly) )?(?:"
    r"(?:different|new|unrelated|another|next|other|separate) (?:topic|question|q|subject|thing|note)"
    r"|something (?:else|different|new|unrelated)|unrelated|chang(?:e|ing) (?:of |the )?(?:topic|subject))"
    r"(?: (?:now|then|though|entirely|altogether))?(?:\s*[:,;.!–—-]+\s*|\s+but\s+))(?=\w)",
    re.IGNORECASE,
)

"""Says that a new subject follows."""

RETURNS = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|thanks|so|and|now|but|then|hm+|well)\W+)*(?:"
    r"(?:(?:to )?(?:go(?:ing)?|com(?:e|ing)|get(?:ting)?|return(?:ing)?|switch(?:ing)?)\s+)?back (?:again )?to"
    r"|returning to|as for|(?:about|on|regarding|concerning)(?=[^:,]+ again\b))\s+"
    r"(?:(?:the|a|an|our|your)\s+)?(?P<subject>(?!.{0,30}\b(?:question|topic|subject|point|answer|start|beginning)\b)"
    r"[^:,;.!?–—]{2,60}?)(?:\s+again)?\s*(?:[:,;.–—]|\s-\s)\s*(?P<asked>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)

"""Names what was spoken of some time before, and asks of it: "back to the cache: when is it stale"."""

PLAINLY = re.compile(
    r"^(?:eli ?5|explain(?: (?:it|this))?(?: to me)? like (?:i'?m|i am) (?:a )?(?:5|five)(?: years? old)?)"
    r"\s*[:,–—-]?\s+(?:what )?(?=\w)",
    re.IGNORECASE,
)

"""Asks for plain words before it names its subject; each answer is to be in plain words."""


def bare(text: str) -> str:
    """Return a line without the manners around it; as it is where it has nothing else."""
    return AFTER.sub(r"\g<mark>", BEFORE.sub("", text, count=1), count=1)


def announced(text: str) -> str:
    """Return a line without the words that say that a new subject follows."""
    return ANEW.sub("", text, count=1)


def stripped(text: str) -> str:
    """Return a line without the manners around it and the words that say that a question follows."""
    return announced(bare(text))


def briefly(text: str) -> str:
    """Return a line with one word for all that asks for plain or few words on what it names."""
    return ON.sub("explain ", PLAINLY.sub("explain ", text), count=1)


def returns(text: str) -> tuple[str, str] | None:
    """Return what was spoken of some time before that a line comes back to, and what it asks of it; None if nothing."""
    match = RETURNS.match(text)
    return None if match is None else (match["subject"], match["asked"])
