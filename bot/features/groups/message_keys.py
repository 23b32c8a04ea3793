"""Keys of a group's posts: `c7:` and what the message is. Keys are stored, so their forms never change. Pure."""

from __future__ import annotations

import re

_COHORT = re.compile(r"c(\d+):")


def make_prefix(cohort_id: int) -> str:
    """Return the prefix of a group's keys."""
    return f"c{cohort_id}:"


def make_key(cohort_id: int, *parts: object) -> str:
    """Return the key of a cohort's message."""
    return make_prefix(cohort_id) + ":".join(map(str, parts))


def make_welcome_key(cohort_id: int) -> str:
    """Return the key of a group's welcome."""
    return make_key(cohort_id, "welcome")


def make_post_key(cohort_id: int, unit_id: str) -> str:
    """Return the key of a unit's post, which its thread belongs to."""
    return make_key(cohort_id, unit_id, "post")


def parse_cohort(key: str) -> int | None:
    """Return the group's id in a key; None if the key has none."""
    named = _COHORT.match(key)
    return int(named[1]) if named else None


def split_key(key: str) -> list[str]:
    """Return a key's parts after the group; empty if it names none."""
    return key.split(":")[1:] if _COHORT.match(key) else []
