"""A line without what people say around what they ask: `hey quick one,` before it, `thx` after it."""

from __future__ import annotations

from bot.core.speech.tables.around import AFTER, ANEW, BEFORE, ON, PLAINLY, RETURNS


def bare(said: str) -> str:
    """Return a line without the manners around it; as it is where it has nothing else."""
    return AFTER.sub(r"\g<mark>", BEFORE.sub("", said, count=1), count=1)


def announced(said: str) -> str:
    """Return a line without the words that say that a new subject follows."""
    return ANEW.sub("", said, count=1)


def stripped(said: str) -> str:
    """Return a line without the manners around it and the words that say that a question follows."""
    return announced(bare(said))


def briefly(said: str) -> str:
    """Return a line with one word for all that asks for plain or few words on what it names."""
    return ON.sub("explain ", PLAINLY.sub("explain ", said), count=1)


def returns(said: str) -> tuple[str, str] | None:
    """Return what was spoken of some time before that a line comes back to, and what it asks of it; None if nothing."""
    found = RETURNS.match(said)
    return None if found is None else (found["subject"], found["asked"])
