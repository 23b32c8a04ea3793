"""Find words in the other spelling, for a course in British or American English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

Dialect = Literal["british", "american"]

_WORDS = {
    "analyse": "analyze", "analysed": "analyzed", "analyses": "analyzes", "analysing": "analyzing",
    "centre": "center", "centred": "centered", "centres": "centers", "centring": "centering", "defence": "defense",
    "fulfil": "fulfill", "grey": "gray", "licence": "license", "licences": "licenses", "maths": "math",
    "programme": "program", "programmes": "programs", "sceptical": "skeptical",
}  # a table of data # fmt: skip
"""British words and their American forms."""

_ONE_WAY = frozenset({"analyses", "license", "licenses", "program", "programs"})
"""Words that are valid in both spellings with different meanings, such as a noun and a verb."""

_STEMS = {
    "artefact": "artifact", "behaviour": "behavior", "catalogu": "catalog", "colour": "color", "favour": "favor",
    "honour": "honor", "labour": "labor", "neighbour": "neighbor", "rumour": "rumor",
}  # a table of data # fmt: skip
"""Word stems that any ending may follow."""

_DOUBLED = "cancel fuel label model signal total travel tunnel"
"""Stems whose last letter British spelling doubles before a vowel."""

_IZED = """
author capital categor character crystall custom digit emphas equal factor final formal general harmon initial item
lemmat linear local marginal material maxim memor minim modern modular neutral normal optim organ parallel parameter
penal personal polar prior quant random real recogn regular serial special stabil standard summar symbol synchron token
util vector visual
"""
"""Stems that -ise or -ize may follow."""

_ENDING = "(?:ed|ing|ings|er|ers|able|ation|ations)"
_DOUBLING = re.compile(rf"(?:{'|'.join(_DOUBLED.split())})(l?){_ENDING}")
_IZE = re.compile(rf".*(?:{'|'.join(_IZED.split())})i([sz])(?:e|es|{_ENDING})")
_WORD = re.compile(r"[^\W\d_]+")
_LEFT_OUT = re.compile(r"`+[^`]*`+|\]\([^)]*\)|https?://\S+|\S*(?:[_=/@<>{}]|\w\.\w|\w\()\S*")
"""Code, links, and text that looks like either."""


def other_spellings(text: str, dialect: Dialect) -> Iterator[str]:
    """Yield the words of a prose text that are in the other spelling.

    Code, links and names are exempt; a capitalised word inside a sentence counts as a name.
    """
    plain = _LEFT_OUT.sub(lambda match: " " * len(match[0]), text)
    for match in _WORD.finditer(plain):
        word = match[0]
        if _dialect_of(word.lower()) not in (None, dialect) and not _is_name(word, plain[: match.start()]):
            yield word


def _is_name(word: str, before: str) -> bool:
    return word[0].isupper() and before.rstrip(" ")[-1:] not in ("", ".", "!", "?", ":", "\n")


@lru_cache(maxsize=2**14)
def _dialect_of(word: str) -> Dialect | None:
    """Return the dialect of a word; None if both share it."""
    if word in _ONE_WAY:
        return None
    if word in _WORDS:
        return "british"
    if word in _WORDS.values():
        return "american"
    for british, american in _STEMS.items():
        if word.startswith(british):
            return "british"
        if word.startswith(american) and not word.startswith("laborator"):
            return "american"
    if doubling := _DOUBLING.fullmatch(word):
        return "british" if doubling[1] else "american"
    if ize := _IZE.fullmatch(word):
        return "british" if ize[1] == "s" else "american"
    return None
