"""A file that came with a command: its size is looked at before it is fetched, and only text is taken."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.messages import markup
from bot.messages.errors import BadInput, TryLater

NAME_MAX = 100
_HEAD = "file:"
_BINARY = frozenset(range(32)) - {9, 10, 12, 13, 27}
"""Bytes that stand in no text."""


@dataclass(frozen=True)
class Attachment:
    """A text file; name and text are hostile."""

    name: str
    text: str


async def fetch(name: str, size: int, most: int, read: Callable[[], Awaitable[bytes]]) -> str:
    """Return a file as a Call's raw argument; BadInput says what is wrong with it.

    Args:
        size: bytes, as the platform says; a larger file than `most` is not fetched.
        read: fetches the file.
    """
    _check_size(name, size, most)
    data = await read()
    _check_size(name, len(data), most)
    return raw(name, data)


def unfetched(name: str) -> TryLater:
    """Return the refusal of a file that did not come."""
    return TryLater(f"{_shown(name)} could not be fetched. Please send it again.", field="file")


def raw(name: str, data: bytes) -> str:
    """Return a text file as a Call's raw argument; BadInput where its bytes are no UTF-8 text."""
    line = next((data.count(b"\n", 0, i) + 1 for i, byte in enumerate(data) if byte in _BINARY), None)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = min(line or error.start + 1, data.count(b"\n", 0, error.start) + 1)
    if line is not None:
        raise BadInput(f"{_shown(name)} is not UTF-8 text (line {line}): attach Markdown or plain text.", field="file")
    return f"{_HEAD}{_one_line(name)}\n{text}"


def parse(text: str) -> Attachment:
    """Return the file of a raw argument; what was typed in the place of one is its text."""
    head, newline, body = text.partition("\n")
    if not newline or not head.startswith(_HEAD):
        return Attachment("file", text)
    return Attachment(_one_line(head.removeprefix(_HEAD)), body)


def _check_size(name: str, size: int, most: int) -> None:
    if size > most:
        raise BadInput(
            f"{_shown(name)} has {-(-size // 1000)} kB, and at most {most // 1000} kB are taken.", field="file"
        )


def _shown(name: str) -> str:
    return f"“{markup.escape(_one_line(name), 60)}”"


def _one_line(name: str) -> str:
    return markup.clip(" ".join(markup.clean(name).split()), NAME_MAX) or "file"
