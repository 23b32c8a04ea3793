"""Questions that do not begin as such: what asks stands within the line, or it only names things. Pure."""

from __future__ import annotations

import re

_ONE = r"(?:you|u|i|we|one|it|they|the|an?)"
_INSIDE = re.compile(
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

_LEADS = re.compile(
    r"^\W*(?:(?:so|and|but|ok|okay|hey|hi|well|um|hm+|pls|please|wait)\b\W*)*(?:"
    r"is it (?:ever |even |really |still |always |a )?(?:ok|okay|bad|good|better|worse|normal|possible|worth|true|fine"
    r"|necessary|safe|enough|wrong|cheating|faster|slower|cheaper|smart|needed|allowed|best|right|common|wise|leakage)\b"
    r"|(?:is|are) there (?:a|an|any|some|ways?|rules?)\b|(?:can|should|could) i (?:just |still |even |also )?\w+"
    r"|any (?:rule of thumb|difference between|reason (?:why|not|to)|way to|tips? (?:on|for)|idea (?:why|how)))",
    re.IGNORECASE,
)
"""How a line begins that asks what may be done or is there."""

_TELLS = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|so|and|well|yeah|yes|no|lol|haha|hey)\b\W*)*(?:i(?:'?(?:m|ve|ll|d))?|we(?:'?(?:re|ve|ll))?|he|she"
    r"|they|tell|ask|show|let'?s?|see|saw|guess|depends|remember|that(?:'?s)?|this|it(?:'?s)?|thanks|thank|thx|good"
    r"|great|nice|cool|my (?:boss|wife|husband|mom|dad|cat|dog|friend|kid|kids|plan|week|day)|our|just|love|hate"
    r"|sorry|not|never"
    r"|no (?:idea|clue)|finally|today|yesterday|tomorrow|tonight|will|gonna|need to|have to|going|off|done|read|did"
    r"|finished|told|gave|taught|wrote|showed|summari[sz]ed|explained|remind|please|pls)\b",
    re.IGNORECASE,
)
"""How a line begins that tells something, whatever words follow."""

_REPORTS = re.compile(
    r"\b(?:kn[eo]ws?|decide[sd]?|show(?:s|ed)?|sees?|saw|wonders?|means?|meant|remembers?|learn(?:s|ed|t)?|told|said)"
    r" (?:how|wh?at|why|which)\b",
    re.IGNORECASE,
)
"""What somebody knows or tells is no question."""

_PEOPLE = frozenset({
    "we", "we're", "us", "our", "he", "she", "him", "her", "his", "everyone", "anyone", "somebody", "someone", "me",
    "myself", "sick", "ill", "holiday", "vacation", "family", "kids", "lunch", "dinner", "coffee", "party", "tonight",
    "tomorrow", "yesterday", "today", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "weekend", "meeting", "exam", "guys", "folks", "join", "late", "leave", "group", "deadline",
})  # fmt: skip
"""Words of what people tell each other."""

_POINTING = frozenset({"it", "this", "that", "they", "them", "these", "those"})
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
FEW, MANY = 3, 20
"""Words from which on a line may ask so, and up to which one only names things."""


def asks_within(said: str, terms: int, *, is_known: bool) -> bool:
    """Whether a line that is put to the bot asks though it neither begins nor ends so: `recall@5 how to compute`.

    Args:
        terms: of the notes that it names.
        is_known: whether the notes may well know what it is about; else it asks of what was spoken of, or of no notes.
    """
    words = {word.lower() for word in _WORD.findall(said)}
    if len(words) < FEW or said.rstrip().endswith("!") or not (is_known or _POINTING & words):
        return False
    if _LEADS.match(said):
        return not _PEOPLE & words or terms > 1
    if _TELLS.match(said) or _REPORTS.search(said) or _PEOPLE & words:
        return False
    return _INSIDE.search(said) is not None or (terms > 1 and len(words) <= MANY)
