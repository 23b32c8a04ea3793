"""Make incoming text valid Unicode, so that every file, database and connection can store it."""

from __future__ import annotations

from typing import Any


def valid(text: str) -> str:
    """Return text that can be encoded as UTF-8: surrogate pairs are joined, and a lone surrogate becomes U+FFFD."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def valid_data(data: Any) -> Any:
    """Make every text in parsed JSON valid."""
    match data:
        case str():
            return valid(data)
        case list():
            return [valid_data(item) for item in data]
        case dict():
            return {valid(str(key)): valid_data(item) for key, item in data.items()}
        case _:
            return data
