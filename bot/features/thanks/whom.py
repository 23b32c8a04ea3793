"""Whom one line of thanks names: `@ben`, `ben and cy`, `@ben, @cy for the link`. Pure."""

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
    """Return all whom a line names, each once and as typed, and what it thanks for.

    Args:
        member: the value for whom; may name several.
        reason: the value for what; may begin with more names.
        is_member: whether somebody of the group goes by just that.
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
    """Return which of some people a text names first, None if it names none.

    Args:
        known: the names of each of them, by what is returned.
    """
    matches = (
        (match.start(), -len(name), person)
        for person, names in known.items()
        for name in names
        if (match := re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE))
    )
    return min(matches, default=(0, 0, None))[2]


def _match_name(text: str, is_member: Callable[[str], bool]) -> tuple[str, str] | None:
    """Return the name that a reason begins with, and the rest; a name that nothing joins on has to stand alone."""
    joined = ALSO.match(text)
    rest = text[joined.end() :] if joined else text
    if (pointed := _POINTED.match(rest)) is not None and (joined or _ENDS.match(rest, pointed.end())):
        return pointed[0], rest[pointed.end() :]
    name = rest[: match.start()] if (match := _ENDS.search(rest)) is not None else rest
    return (name, rest[len(name) :]) if name and is_member(name) else None
