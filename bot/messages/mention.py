"""Mentions of people, roles and rooms in text, in one spelling for every adapter.

`<@ID>` is a person, `<@&ID>` a role, `<#ID>` a room; an optional name may follow after a bar.
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
"""Greater than every numeric id."""
_KINDS: dict[str, Kind] = {"@": "person", "@!": "person", "@&": "role", "#": "room"}


@dataclass(frozen=True)
class Mention:
    """The target of a mention.

    Args:
        id: the platform's id, without leading zeros if it is a number; empty for a number outside the range of ids.
        label: hostile; may be empty.
    """

    kind: Kind
    id: str
    label: str = ""


def parts(text: str) -> Iterator[str | Mention]:
    """Split a text into plain text and mentions, in order."""
    at = 0
    for match in _MENTION.finditer(text):
        yield text[at : match.start()]
        yield _read_match(match)
        at = match.end()
    yield text[at:]


def find(text: str) -> Mention | None:
    """Return the mention if the text is nothing else, or None."""
    match = _MENTION.fullmatch(text.strip())
    return _read_match(match) if match else None


def is_id(text: str) -> bool:
    """Whether a text looks like a raw account id, which lists of people send and people never see."""
    return _ID.fullmatch(text.strip()) is not None


def _read_match(match: re.Match[str]) -> Mention:
    account_id = match["id"]
    if account_id.isdigit():
        account_id = str(int(account_id)) if 0 < int(account_id) < _NUMBERS else ""
    return Mention(_KINDS[match["mark"]], account_id, match["label"] or "")
