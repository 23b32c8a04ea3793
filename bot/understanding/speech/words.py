"""The words of a line."""

from __future__ import annotations

import re

WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")


def words_in(said: str) -> list[str]:
    """Return the words of a line in small letters, as they stand."""
    return [word.lower() for word in WORD.findall(said)]
