"""How many questions a person may ask within a minute, whoever words the answers."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

from bot.core.errors import TooMuch
from bot.core.numerals import counted

MINUTE = timedelta(minutes=1)
REMEMBERED = 5000
"""People whose latest questions are in memory; whoever asked longest ago is forgotten first."""


class Pace:
    """Remembers when each person asked lately.

    Args:
        a_minute: questions of one person; 0 sets no bound.
    """

    def __init__(self, a_minute: int = 0) -> None:
        self._a_minute = a_minute
        self._asked: dict[int, deque[datetime]] = {}

    def admit(self, account_id: int, now: datetime) -> None:
        """Count a question.

        Raises:
            TooMuch: one too many; it says when to go on, and does not count itself.
        """
        if not self._a_minute:
            return
        asked = self._asked.pop(account_id, deque())
        while asked and now - asked[0] >= MINUTE:
            asked.popleft()
        self._asked[account_id] = asked
        if len(self._asked) > REMEMBERED:
            del self._asked[next(iter(self._asked))]
        if len(asked) >= self._a_minute:
            wait = int((asked[0] + MINUTE - now).total_seconds()) + 1
            raise TooMuch(
                f"You have asked {counted(len(asked), 'question')} within a minute. Please go on in "
                f"{counted(wait, 'second')}."
            )
        asked.append(now)
