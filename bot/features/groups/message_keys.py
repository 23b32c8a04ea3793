"""Keys of a group's posts: `c7:` and what the message is. Keys are stored, so their forms never change. Pure."""

from __future__ import annotations

import re

_GROUP = re.compile(r"c(\d+):")


def make_prefix(group_id: int) -> str:
    """Return the prefix of a group's keys."""
    return f"c{group_id}:"


def make_key(group_id: int, *parts: object) -> str:
    """Return the key of a group's message."""
    return make_prefix(group_id) + ":".join(map(str, parts))


def make_welcome_key(group_id: int) -> str:
    """Return the key of a group's welcome."""
    return make_key(group_id, "welcome")


def make_post_key(group_id: int, unit_id: str) -> str:
    """Return the key of a unit's post, which its thread belongs to."""
    return make_key(group_id, unit_id, "post")


def parse_group(key: str) -> int | None:
    """Return the group's id in a key; None if the key has none."""
    named = _GROUP.match(key)
    return int(named[1]) if named else None


def split_key(key: str) -> list[str]:
    """Return a key's parts after the group; empty if it names none."""
    return key.split(":")[1:] if _GROUP.match(key) else []
