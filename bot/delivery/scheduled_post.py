"""What a scheduled post is: what is due for a group now, when something may be due next, and what the tick stores."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from bot.delivery import outbox
from bot.delivery.outbox import Announcement
from bot.storage.unit_of_work import Work

SnapshotT = TypeVar("SnapshotT")
"""What a post reads: a group at one instant."""


class StoredFact(Protocol):
    """A fact to store as a whole."""

    def store(self, work: Work) -> None:
        """Store it; storing it twice counts once."""


Effect = Announcement | StoredFact


@dataclass(frozen=True)
class ScheduledPost(Generic[SnapshotT]):
    """A scheduled post.

    Args:
        kind: its name in the log.
        due: what is due now. It reads, and writes nothing: the tick stores what it returns, and asks again if the
            calendar has changed meanwhile; so it returns the same once more until that is stored.
        next_at: the first instant after now at which it may be due, once all that is due now has gone out; too early
            does no harm, too late does. None while there is none.
        goes_on: whether it may also be due once the season is over.
        recipients_today: for direct messages, the accounts that it writes to on their current local day.
    """

    kind: str
    due: Callable[[SnapshotT], Iterable[Effect]]
    next_at: Callable[[SnapshotT], datetime | None]
    goes_on: bool = False
    recipients_today: Callable[[SnapshotT], set[int]] | None = None


def store_effect(work: Work, effect: Effect) -> None:
    """Carry out one effect."""
    if isinstance(effect, Announcement):
        outbox.announce(work, effect)
    else:
        effect.store(work)
