"""Parse the names in a line of thanks: `@ben`, `ben and cy`, `@ben, @cy for the link`. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping

_JOINED = r"(?:(?:\s*[,;&+]|(?:^|\s+)and\b)+\s*)"
ALSO = re.compile(_JOINED, re.IGNORECASE)
"""What stands between two names."""

_POINTED = re.compile(r"<@!?\w+(?:\|[^>]*)?>|@\w(?:[\w.-]*\w)?")
_ENDS = re.compile(rf"\W*$|\s+for\b|{_JOINED}", re.IGNORECASE)
_FOR = re.compile(r"^for\s+", re.IGNORECASE)
_ROUND = " .!"


def parse_names(member: str, reason: str, is_member: Callable[[str], bool]) -> tuple[list[str], str]:
    """Return everybody whom a line names, each once and as typed, and the reason.

    Args:
        member: the value for the receiver; may name several.
        reason: the value for the reason; may begin with more names.
        is_member: whether a text is exactly a member's name.
    """
    parts = [part for part in ALSO.split(member.strip(_ROUND)) if part]
    several = len(parts) > 1 and not is_member(member) and any(map(is_member, parts))
    named, left = parts if several else [member], reason.strip()
    while (match := _match_name(left, is_member)) is not None:
        name, left = match
        named.append(name)
    once = {name.lstrip("@").casefold(): name for name in reversed(named)}
    return list(once.values())[::-1], _FOR.sub("", left.strip())


def find_first_named(text: str, known: Mapping[str, Collection[str]]) -> str | None:
    """Return the person whom a text names first, or None.

    Args:
        known: each person's names, by the value to return.
    """
    matches = (
        (match.start(), -len(name), person)
        for person, names in known.items()
        for name in names
        if (match := re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE))
    )
    return min(matches, default=(0, 0, None))[2]


def _match_name(text: str, is_member: Callable[[str], bool]) -> tuple[str, str] | None:
    """Return the name at the start of a reason, and the rest; without a joining word it must stand alone."""
    joined = ALSO.match(text)
    rest = text[joined.end() :] if joined else text
    if (pointed := _POINTED.match(rest)) is not None and (joined or _ENDS.match(rest, pointed.end())):
        return pointed[0], rest[pointed.end() :]
    name = rest[: match.start()] if (match := _ENDS.search(rest)) is not None else rest
    return (name, rest[len(name) :]) if name and is_member(name) else None
