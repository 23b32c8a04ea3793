"""Lines that ask nothing a note could answer: manners, keys tried out, questions about whoever answers. Pure."""

from __future__ import annotations

import re

from bot.core.speech.around import bare
from bot.core.speech.tables import courtesy as table
from bot.core.speech.tables import languages
from bot.core.speech.tables.courtesy import Courtesy
from bot.core.speech.words import WORD

LONGEST = 200
"""Characters; a longer line says something."""
MOST_WORDS = 8
"""Words of a line of manners alone."""
THANKS_WORDS = 15
"""Words of a line that says for what it thanks."""


def courtesy(said: str) -> Courtesy | None:
    """Return what a line means by way of manners; None if it says anything else."""
    if len(said) > LONGEST:
        return None
    if table.QUERY.match(said):
        return "lost"
    if languages.GREETING.match(said):
        return "hello"
    if languages.PLEA.match(said.replace("’", "'")):
        return "foreign"
    if found := next((kind for kind, line in table.READ if line.match(said)), None):
        return found
    plain = table.LAUGHS.sub(" lol ", table.AGREES.sub(" ok ", table.EMOJI.sub(" ", said)))
    words = [_short(word) for word in WORD.findall(plain)]
    if not words:
        return next((kind for kind, sign in table.SIGNS if re.search(sign, said, re.IGNORECASE)), "noted")
    if said.strip(" !?.,").casefold() in table.HELLO:
        return "hello"
    is_thanking = not table.THANKS.isdisjoint({*words[:1], *words[-2:]}) and len(words) <= THANKS_WORDS
    if is_thanking and not _asks_more(said):
        return "thanks"
    is_short = len(words) <= MOST_WORDS and all(word in table.KNOWN or word.isdigit() for word in words)
    if is_short and (meant := next((kind for kind, heads in table.HEADS if heads & set(words)), None)):
        return meant
    return "there" if all(word in table.TRIES or word in table.ROWS[0] or _is_mashed(word) for word in words) else None


def _asks_more(said: str) -> bool:
    """Whether a line of thanks says more than that: against something, or a clause of it asks."""
    rest = bare(said)
    return table.SAYS_MORE.search(rest) is not None or any(
        table.ASKS.match(clause) for clause in table.CLAUSE.split(rest)
    )


def thanked(said: str) -> tuple[str, str] | None:
    """Return whom a line of thanks may name, with what follows the name, and what for; None where it names nobody."""
    found = table.THANKED.fullmatch(said[:LONGEST])
    if found is None:
        return None
    return found["who"], (found["what"] or "").strip(" .!")


def is_filler(said: str) -> bool:
    """Whether a line begins with a word that says nothing beside manners: `a lot`, `that helped`; or with none."""
    first = WORD.match(said.strip())
    return first is None or first[0].casefold() in table.KNOWN


def _short(word: str) -> str:
    """Return a word in small letters, and none that somebody held: `heyyy`."""
    return re.sub(r"([^\W\d])\1{2,}", r"\1", word.casefold())


def _is_mashed(word: str) -> bool:
    """Whether a word is keys pressed one beside the other, or the same few again and again."""
    if _are_neighbours(word):
        return True
    sizes = range(1, min(5, len(word) // 2) + 1)
    again = {size: word[:size] for size in sizes if (word[:size] * len(word))[: len(word)] == word}
    return any(len(word) >= 3 * size or _are_neighbours(part, 2) for size, part in again.items())


def _are_neighbours(keys: str, fewest: int = 3) -> bool:
    return len(keys) >= fewest and any(keys in row or (len(keys) > fewest and keys in row[::-1]) for row in table.ROWS)
