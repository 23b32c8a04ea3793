"""What a process does of the bot's work: all of it, or some, beside others on the same database."""

from __future__ import annotations

from typing import Literal

Role = Literal["gateway", "worker", "web"]
"""`gateway` takes the chat platforms' events, `worker` posts and keeps house, `web` shows pages."""

ALL: frozenset[Role] = frozenset(("gateway", "worker", "web"))
EVERYTHING = "all"


def read(words: str) -> frozenset[Role]:
    """Read `all`, or roles separated by commas; ValueError names those there are."""
    named = {word.strip().lower() for word in words.split(",") if word.strip()}
    if named == {EVERYTHING}:
        return ALL
    roles = frozenset(role for role in ALL if role in named)
    if not roles or named - roles:
        raise ValueError("use all, or some of gateway, worker, web, separated by commas")
    return roles


def spelled(roles: frozenset[Role]) -> str:
    """Return roles as they are set."""
    return EVERYTHING if roles == ALL else ",".join(sorted(roles))
