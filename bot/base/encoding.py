"""Text that every file, database and connection can hold: what enters is made so before anything is done with it."""

from __future__ import annotations

from typing import Any


def valid(text: str) -> str:
    """Return text that can be written as UTF-8: halves of a character are joined, and a lone half becomes U+FFFD."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def valid_data(data: Any) -> Any:
    """Return what was read from JSON with every text made valid."""
    match data:
        case str():
            return valid(data)
        case list():
            return [valid_data(one) for one in data]
        case dict():
            return {valid(str(key)): valid_data(one) for key, one in data.items()}
        case _:
            return data
