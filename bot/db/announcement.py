"""A message that is no answer, as one value: from the rule that makes it to the row that waits to be sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.core.context import Place
from bot.core.reply import Reply


@dataclass(frozen=True)
class Opens:
    """A thread of this title is opened on the message."""

    title: str


@dataclass(frozen=True)
class Within:
    """The message waits until the one of this key is sent, and goes into its thread.

    Where that takes nothing, or there is none, it stands beside it in the room.
    """

    key: str


Thread = Opens | Within


@dataclass(frozen=True)
class Unless:
    """A named check, run just before sending, that may drop the message."""

    check: str
    args: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Announcement:
    """A message to be sent once the transaction that queues it has committed.

    Args:
        key: unique for ever; the same key is the same message.
        due_at, expires_at: not before the one, never from the other on; what goes into a thread must have an end.
    """

    key: str
    place: Place
    reply: Reply
    due_at: datetime
    expires_at: datetime | None = None
    thread: Thread | None = None
    unless: Unless | None = None

    def __post_init__(self) -> None:
        if isinstance(self.thread, Within) and self.expires_at is None:
            raise ValueError("a post into a thread must have an end: threads go away")
