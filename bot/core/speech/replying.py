"""What a line says to an answer: it goes on with it, does not follow it, or objects to it. Pure."""

from __future__ import annotations

from bot.core.speech.asking import is_topic
from bot.core.speech.courtesy import courtesy
from bot.core.speech.pleading import plain
from bot.core.speech.tables import people
from bot.core.speech.tables import replying as table
from bot.core.speech.words import words_in

MOST_WORDS = 15
"""Words of a line that goes on with what was said before it."""
CLAIM_WORDS = 4
"""Words from which on a line that begins with `no` claims something rather than declines."""
LONGEST = 80
"""Characters of a line that asks for the same in another manner."""


def goes_on(said: str) -> bool:
    """Whether a line asks further of what was said before it, in words that tie it to that: `and at test time`."""
    words = words_in(said)
    is_short = 0 < len(words) <= MOST_WORDS
    return is_short and people.ABOUT_ONESELF.isdisjoint(words) and table.GOES_ON.match(said) is not None


def manner(said: str) -> str | None:
    """Return what a line that only makes sense after an answer asks: `an example?` of `got an example pls`.

    "" where it says that best itself; None where it is no such line.
    """
    line = plain(said).rstrip(" ?!.") if len(said) <= LONGEST else ""
    return next((meant for meant, frame in table.FRAMES if frame.match(line)), None) if line else None


def is_puzzled(said: str) -> bool:
    """Whether a line that is said to an answer asks for it in plainer words: `I don't get it`, `huh?`."""
    return table.PUZZLED.match(said) is not None


def misses_something(said: str) -> bool:
    """Whether a line says that what stands before it is not understood: `I don't get it`, and not `I'm lost`."""
    found = table.PUZZLED.match(said)
    return found is not None and found["gap"] is not None


def disputes(said: str) -> bool:
    """Whether a line says against an answer what its writer takes for true: `no, it is only used at test time`."""
    if disputes_only(said):
        return True
    words = words_in(said)
    about = {*words_in(table.TO_WHO_ANSWERED.sub(" ", said))} - ({"i"} if "thought" in words else set())
    is_claim = len(words) >= CLAIM_WORDS and (people.ABOUT_ONESELF | people.YOU).isdisjoint(about)
    return is_claim and table.DISPUTES.match(said) is not None and courtesy(said) is None


def disputes_only(said: str) -> bool:
    """Whether a line says no more than that an answer is wrong: `you are wrong`."""
    rest, found = table.SAYS_NO.subn(" ", said)
    return found > 0 and table.ROUND_NO.issuperset(words_in(rest))


def objects(said: str) -> bool:
    """Whether a line that is said to an answer says against it: it disputes it, or corrects it in few words."""
    return disputes(said) or _corrects(said)


def _corrects(said: str) -> bool:
    """Whether a line says no and names what it is instead: `no, the mean`."""
    found = table.NO.match(said)
    instead = found["instead"] if found is not None else ""
    wants_something = people.DECLINES.isdisjoint(words_in(instead))
    return is_topic(instead) and wants_something and courtesy(instead) in (None, "there")
