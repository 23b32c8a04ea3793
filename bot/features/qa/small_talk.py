"""Lines that ask nothing a note could answer: small talk, keys tried out, questions about whoever answers. Pure."""

from __future__ import annotations

import re

from bot.core import speech
from bot.features.qa.index.words import content, words

_ROWS = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_TRIES = frozenset(
    words("""
    a an another bar baz bla blah bot check foo hello hey hi ignore ipsum is just lorem mic more my one only out please
    sorry still test tested testing tests the this try trying world
    """)
)
"""Words of a line that is only there to see what happens; a question about one of them has others beside it."""

_LEAD = r"^\W*(?:(?:hi|hey|hello|yo|ok|okay|so|and|but|well|please|pls|sorry|thanks|bot|trailmate|there)\b\W*)*"
_END = r"\W*(?:(?:bot|trailmate|please|pls|today|now|really|then|here|there|again|btw|exactly|actually|lol)\b\W*)*$"
_YOU = r"(?:you|u|ya|this bot|the bot|trailmate)"
_YOURSELF = (
    rf"(?:who|what|how|where|how \w+|what kind of \w+)(?:'?re| are| r|'?s| is) {_YOU}"
    r"(?: (?:doing|from|made (?:of|for)|for|called|going|feeling|based on|running on|up to|thinking))?",
    r"what(?:'?s| is| are) your (?:\w+ )?\w+",
    rf"(?:are|r|is) {_YOU} (?:(?:a|an|the|really|even|just|still|actually|real|human|living)\b ?)*"
    r"(?:bot|robot|human|person|machine|computer|ai|agent|llm|model|chat ?gpt|gpt[\w.-]*|claude|gemini|real|alive|there"
    r"|here|ok|okay|working|awake|online|up|down|on|sentient|conscious|smart|stupid|dumb|free|busy|married|happy|sad"
    r"|single|broken|listening|ready)?(?: or (?:an? )?(?:not|bot|robot|human|person|machine|real \w+))?",
    rf"who (?:made|built|created|wrote|programmed|trained|runs|owns|invented|developed) {_YOU}",
    rf"(?:what|which) (?:\w+ )?(?:model|llm|ai|version|language|engine) (?:are {_YOU}|do you use|powers {_YOU})"
    r"(?: (?:using|based on|running(?: on)?|written in))?",
    rf"(?:do|does|can|did|will|would|could) (?:it|{_YOU}) (?:(?:even|really|also|ever|still) )?"
    r"(?:work|sleep|dream|eat|lie|talk|dance|sing|think|feel|exist|help(?: me| us)?"
    r"|(?:hear|see|know|remember|understand|love|like|hate|speak) \w+|have (?:an? |any )?(?:name|feelings|friends?)"
    r"|tell (?:me |us )?an? joke)",
    r"tell (?:me|us) (?:an? joke|something(?: funny)?|about yourself)|introduce yourself|how do you do",
    rf"i (?:love|like|hate|miss) {_YOU}|(?:good|bad|nice|stupid|dumb|silly|cool|best|great|smart) (?:bot|job|work|one)",
    r"is (?:this|that|the)(?: (?:thing|bot|channel))? (?:on|working|alive|broken|down|up|ok|an? (?:bot|ai))",
    r"(?:is )?(?:anyone|anybody|somebody|someone)(?: (?:there|here|home|around|else))?",
)
_OF_ITSELF = re.compile(f"{_LEAD}(?:{'|'.join(_YOURSELF)}){_END}", re.IGNORECASE)


def is_small_talk(said: str) -> bool:
    """Whether a line asks for nothing that could be written into a note."""
    if not content(said) or speech.chatter(said) is not None:
        return True
    is_try = all(word in _TRIES or word in _ROWS[0] or _is_mashed(word) for word in words(said))
    return is_try or _OF_ITSELF.match(" ".join(said.replace("’", "'").split())) is not None


def _is_mashed(word: str) -> bool:
    """Whether a word is keys pressed one beside the other, or the same few again and again."""
    if _are_neighbours(word):
        return True
    sizes = range(1, min(5, len(word) // 2) + 1)
    again = {size: word[:size] for size in sizes if (word[:size] * len(word))[: len(word)] == word}
    return any(len(word) >= 3 * size or _are_neighbours(part, 2) for size, part in again.items())


def _are_neighbours(keys: str, fewest: int = 3) -> bool:
    return len(keys) >= fewest and any(keys in row or (len(keys) > fewest and keys in row[::-1]) for row in _ROWS)
