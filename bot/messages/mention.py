"""How a line of text points at a person, a role or a room: every adapter spells them alike.

`<@ID>` is a person, `<@&ID>` a role, `<#ID>` a room; after a bar may follow the name that its author saw.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["person", "role", "room"]

_MENTION = re.compile(r"<(?P<mark>@&|@!?|#)(?P<id>[A-Za-z0-9]{1,40})(?:\|(?P<label>[^>]*))?>")
_ID = re.compile(r"(?=.*\d)[A-Z0-9]{8,}")
_NUMBERS = 2**63
"""Beyond every id that is a number."""
_KINDS: dict[str, Kind] = {"@": "person", "@!": "person", "@&": "role", "#": "room"}


@dataclass(frozen=True)
class Mention:
    """Whom or what a line points at.

    Args:
        id: as the platform has it, a number without leading zeros; empty for a number that no platform gives.
        label: hostile; may be empty.
    """

    kind: Kind
    id: str
    label: str = ""


def parts(text: str) -> Iterator[str | Mention]:
    """Yield what stands between mentions, and each mention, in order."""
    at = 0
    for found in _MENTION.finditer(text):
        yield text[at : found.start()]
        yield _read(found)
        at = found.end()
    yield text[at:]


def find(text: str) -> Mention | None:
    """Return the mention that is all of a text, or None."""
    match = _MENTION.fullmatch(text.strip())
    return _read(match) if match else None


def is_id(text: str) -> bool:
    """Whether a text looks like a person's id, as lists of people send it: people are shown no such thing."""
    return _ID.fullmatch(text.strip()) is not None


def _read(found: re.Match[str]) -> Mention:
    said = found["id"]
    if said.isdigit():
        said = str(int(said)) if 0 < int(said) < _NUMBERS else ""
    return Mention(_KINDS[found["mark"]], said, found["label"] or "")
