"""What a transaction and the one who waits for it agree on, so that nobody is told what is not so."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from bot.core.refusal import busy


@dataclass
class Promise:
    """What a transaction and the one who waits for it agree on: committed, or given up before."""

    is_committing: bool = False
    is_given_up: bool = False
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def begin(self) -> None:
        """Try it, maybe again."""
        with self._turn:
            self.is_committing = False
            if self.is_given_up:
                raise busy()

    def commit(self) -> None:
        """Go beyond recall; TryLater if whoever waited was already told that nothing was changed."""
        with self._turn:
            if self.is_given_up:
                raise busy()
            self.is_committing = True

    def give_up(self) -> bool:
        """Wait no longer; return whether it is certain that nothing is kept."""
        with self._turn:
            self.is_given_up = True
            return not self.is_committing
