"""Decode the browser's requests: who, where and what."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from aiohttp import web

from bot.commands.context import ALONE, ConversationRef, Invocation, Place
from bot.messages.call import Call
from bot.messages.characters import make_valid_data
from bot.platforms.web.people import GENERAL, NAME, PagePerson, account_of, find_person, known_zone, place_of

BODY_S = 10.0
"""Time-out of a body."""

_KEY = re.compile(r"[A-Za-z0-9-]{4,64}")
_NUMBER = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True)
class Submission:
    """One submission of the browser.

    Args:
        key: made by the browser, unchanged if a submission is repeated; two people's may be equal.
        ref: the stored message whose button was clicked.
        strand: the answer that it continues.
    """

    person: PagePerson
    place: Place
    zone: str | None
    key: str
    ref: str | None = None
    strand: ConversationRef = ALONE

    @property
    def event(self) -> str:
        """The submission's event key."""
        return f"{NAME}:{self.person.id}:{self.key}"

    def invocation(self, call: Call) -> Invocation:
        """Return the invocation of a Call."""
        return Invocation(call, account_of(self.person, self.zone), self.place, self.event, strand=self.strand)


def said_in(people: Sequence[PagePerson], data: Mapping[str, Any]) -> Submission:
    """Return a submission; raise an HTTPException with a sentence if a part is missing."""
    person, key, zone, ref = person_in(people, data), data.get("key"), data.get("zone"), data.get("ref")
    thread = str(data.get("thread") or "")
    place = place_of(person, str(data.get("room", GENERAL)), thread or None)
    if place is None or (thread and not _NUMBER.fullmatch(thread)):
        raise web.HTTPNotFound(text="There is no such channel for this person.")
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        bad("A submission carries its own key.")
    if ref and not _NUMBER.fullmatch(str(ref)):
        bad("A message is named by its number.")
    return Submission(
        person, place, known_zone(zone if isinstance(zone, str) else None), key, str(ref) if ref else None
    )


def person_in(people: Sequence[PagePerson], data: Mapping[str, Any]) -> PagePerson:
    """Return the person who is speaking; raises HTTPNotFound."""
    person = find_person(people, str(data.get("as")))
    if person is None:
        raise web.HTTPNotFound(text="Nobody on this page has that name.")
    return person


def unpacked(packed: str) -> Call:
    """Return the Call of a request; raises HTTPBadRequest."""
    try:
        return Call.unpack(packed)
    except ValueError:
        bad("That is no call.")


async def body_of(request: web.Request) -> dict[str, Any]:
    """Return a request's JSON object; raises an HTTPException."""
    try:
        async with asyncio.timeout(BODY_S):
            data = make_valid_data(await request.json())
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="The body took too long to come.") from None
    except (ValueError, LookupError):  # not JSON, or an unknown charset
        bad("The body is not JSON.")
    except RecursionError:
        bad("The body is nested too deep.")
    if not isinstance(data, dict):
        bad("The body is not a JSON object.")
    return data


def bad(sentence: str) -> NoReturn:
    """Refuse a request that the page's own script never makes."""
    raise web.HTTPBadRequest(text=sentence)
