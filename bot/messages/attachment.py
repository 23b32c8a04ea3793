"""Text files attached to commands. The size is checked before the fetch; binary files are refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.messages import markup
from bot.messages.errors import BadInput, TryLater

NAME_MAX = 100
_HEAD = "file:"
_BINARY = frozenset(range(32)) - {9, 10, 12, 13, 27}
"""Control bytes that no text file has."""


@dataclass(frozen=True)
class Attachment:
    """A text file; name and text are hostile."""

    name: str
    text: str


async def fetch(name: str, size: int, most: int, read: Callable[[], Awaitable[bytes]]) -> str:
    """Fetch a file and return it as a Call's raw argument; BadInput says why it can't be used.

    Args:
        size: bytes, as the platform reports; a file over `most` bytes is not fetched.
        read: fetches the file.
    """
    _check_size(name, size, most)
    data = await read()
    _check_size(name, len(data), most)
    return raw(name, data)


def unfetched(name: str) -> TryLater:
    """Return the refusal for a failed download."""
    return TryLater(f"{_quote_name(name)} could not be fetched. Please send it again.", field="file")


def raw(name: str, data: bytes) -> str:
    """Return a text file as a Call's raw argument; BadInput if it isn't UTF-8 text."""
    line = next((data.count(b"\n", 0, i) + 1 for i, byte in enumerate(data) if byte in _BINARY), None)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = min(line or error.start + 1, data.count(b"\n", 0, error.start) + 1)
    if line is not None:
        raise BadInput(
            f"{_quote_name(name)} is not UTF-8 text (line {line}): attach Markdown or plain text.", field="file"
        )
    return f"{_HEAD}{_clean_name(name)}\n{text}"


def parse(text: str) -> Attachment:
    """Return the file of a raw argument; typed text becomes an unnamed file."""
    head, newline, body = text.partition("\n")
    if not newline or not head.startswith(_HEAD):
        return Attachment("file", text)
    return Attachment(_clean_name(head.removeprefix(_HEAD)), body)


def _check_size(name: str, size: int, most: int) -> None:
    if size > most:
        raise BadInput(
            f"{_quote_name(name)} has {-(-size // 1000)} kB, and at most {most // 1000} kB are taken.", field="file"
        )


def _quote_name(name: str) -> str:
    return f"“{markup.escape(_clean_name(name), 60)}”"


def _clean_name(name: str) -> str:
    return markup.clip(" ".join(markup.clean(name).split()), NAME_MAX) or "file"
