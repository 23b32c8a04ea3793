"""The keys of what a cohort posts: `c7:` and what the message is; stored, so a form once used stays. Pure."""

from __future__ import annotations

import re

_COHORT = re.compile(r"c(\d+):")


def prefix(cohort_id: int) -> str:
    """Return what every key of a cohort begins with."""
    return f"c{cohort_id}:"


def key(cohort_id: int, *parts: object) -> str:
    """Return the key of a cohort's message."""
    return prefix(cohort_id) + ":".join(map(str, parts))


def welcome(cohort_id: int) -> str:
    """Return the key of a cohort's first message."""
    return key(cohort_id, "welcome")


def post(cohort_id: int, unit_id: str) -> str:
    """Return the key of a unit's post, which its thread hangs from."""
    return key(cohort_id, unit_id, "post")


def cohort_of(key: str) -> int | None:
    """Return the id of the cohort that a key names; None if it names none."""
    named = _COHORT.match(key)
    return int(named[1]) if named else None


def parts(key: str) -> list[str]:
    """Return what a key says beside the cohort; empty if it names none."""
    return key.split(":")[1:] if _COHORT.match(key) else []
