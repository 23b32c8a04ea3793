"""What asks by a request or by saying what is not known: `walk me through X`, `no clue what X is`. Pure.

Such a line is a frame around a subject. Few frames say by themselves that an explanation is wanted; in most of them
anything may stand, as in `I can't figure out my week`: who reads a plea looks whether the notes know its subject.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.core.speech.around import stripped
from bot.core.speech.asking import is_about_people, tells_of_doing
from bot.core.speech.tables import pleading as table

LONGEST = 240
"""Characters of a line that is looked at: a longer one tells a story."""


@dataclass(frozen=True, slots=True)
class Plea:
    """A line that asks so.

    Args:
        subject: what it is about.
        question: the same as a plain question.
        is_request: an explanation is wanted whatever the subject.
    """

    subject: str
    question: str
    is_request: bool = False


def pleads(said: str, is_known: Callable[[str], bool]) -> bool:
    """Whether a line asks so for what notes may hold.

    Args:
        is_known: whether the notes know a subject.
    """
    line = plain(said) if len(said) <= LONGEST else ""
    asked = plea(said)
    if asked is None and (_tells(line) or not (table.CUES.search(line) or table.CUES_FIRST.match(line))):
        return False
    subject = table.CUES_FIRST.sub(" ", table.CUES.sub(" ", line)) if asked is None else asked.subject
    if table.NOBODY_KNOWS.search(subject):
        return False
    if not table.ASKS.match(subject) and (table.TO_DO.match(subject) or table.OWN.search(subject)):
        return False
    subject = table.OF_WHO_ASKS.sub(" ", subject)
    return not is_about_people(subject) and (is_known(subject) or (asked is not None and asked.is_request))


def _tells(line: str) -> bool:
    told = table.TELLS.search(line) or table.TAKEN_BACK.search(line)
    return told is not None or tells_of_doing(table.OF_ONESELF.sub("", line))


def plea(said: str) -> Plea | None:
    """Read a line as a plea; None if it is none."""
    line = plain(said) if len(said) <= LONGEST else ""
    if not line or table.TAKEN_BACK.search(line):
        return None
    of_oneself = table.OF_ONESELF.sub("", line)
    for one in (line, of_oneself):
        if found := table.OF_A_KIND.match(one):
            subject = table.BEHIND.sub("", found["subject"])
            kind = found["kind"] if table.NAMED.search(found["kind"]) else ""
            return Plea(subject, f"{kind} of {subject}" if kind else f"explain {subject}")
    if found := table.IS_REQUEST.match(line):
        return _read(found, line, is_request=True)
    found = table.IS_ASKED.match(line) or table.IS_UNKNOWN.match(of_oneself)
    return None if found is None else _read(found, line)


def plain(said: str) -> str:
    """Return a line with a chat's spellings written out, and without what only surrounds it."""
    line = table.NO.sub(" not", table.SPELLING.sub(lambda found: table.SPELT[found[0].lower()], stripped(said)))
    return " ".join(table.MANNERS.sub("", table.HEDGE.sub("", line)).split())


def _read(found: re.Match[str], line: str, *, is_request: bool = False) -> Plea | None:
    subject = table.BEHIND.sub("", found["subject"])
    if not subject:
        return None
    if found.groupdict().get("about"):
        return Plea(subject, f"what about {subject}")
    if table.OF_TWO.search(line):
        return Plea(subject, f"difference between {subject}", is_request)
    if subject.lower().startswith(("difference", "the difference")):
        return Plea(subject, subject, is_request)
    if not table.ASKS.match(subject):
        return Plea(subject, f"explain {subject}", is_request)
    asked = table.IS.match(subject)
    if asked is None:
        return Plea(subject, subject, is_request)
    verb = asked["verb"].lower()
    question = (
        f"what {verb} {asked['what']}" if verb in {"is", "are"} else f"what does {asked['what']} {verb.rstrip('es')}"
    )
    return Plea(subject, question, is_request)
