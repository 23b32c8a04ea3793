"""The stored rooms of the local platform, for the web page and the terminal."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.messages.reply import Reply

Spot = tuple[str, str | None]
"""A room (None) or one of its threads."""


@dataclass(frozen=True)
class RoomMessage:
    """One message of a room or thread; `author` is empty for the bot's own."""

    ref: str
    room: str
    thread: str | None
    author: str
    reply: Reply
    at: datetime
    thread_title: str = ""


@dataclass(frozen=True)
class FeedCount:
    """The number of messages, and the ref of the newest."""

    count: int
    newest: str


class Feed(Protocol):
    """Messages of the local platform's rooms; a direct message is room "@<account id>"."""

    async def add(self, key: str, room: str, thread: str | None, reply: Reply, author: str = "") -> str:
        """Store a message and return its ref; the same key is stored once."""

    async def edit(self, ref: str, reply: Reply) -> None:
        """Replace a message's text."""

    async def remove(self, ref: str) -> None:
        """Remove a message."""

    async def open_thread(self, ref: str, title: str) -> str:
        """Open a thread on a message, once, and return the thread's id, which is the ref of its message."""

    async def find(self, ref: str) -> RoomMessage | None:
        """Return a message; None if it was removed."""

    async def list_messages(self, room: str, thread: str | None = None, last: int = 100) -> list[RoomMessage]:
        """Return the newest messages of a room or thread, oldest first."""

    async def tally(self, spots: Collection[Spot]) -> Mapping[Spot, FeedCount]:
        """Return the message count of each spot, without empty ones."""
