"""Daily token budgets of groups and members, and the limit of questions a minute. Pure."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.messages.errors import TooMuch
from bot.messages.numerals import counted

MINUTE = timedelta(minutes=1)

REMEMBERED = 5000

"""People whose latest questions are in memory; whoever asked longest ago is forgotten first."""


class QuestionRateLimit:
    """Limits the questions of each person.

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


Short = Literal["group", "member"]

"""Whose part of the day is used up."""

BAR = 10


@dataclass(frozen=True)
class Budget:
    """A group's day.

    Args:
        tokens: of all its members together; 0 sets no bound.
        percent: a member's part of it; where members are fewer, an equal part is more and counts instead.
    """

    tokens: int = 0
    percent: int = 20

    def share(self, members: int) -> int:
        """Return the tokens of one member of so many."""
        return self.tokens * max(self.percent, 100 // max(members, 1)) // 100

    def short(self, group: int, member: int, members: int) -> Short | None:
        """Return whose budget is used up; None if one more answer is allowed.

        The last answer may exceed the budget, because its cost is known only afterwards.
        """
        if not self.tokens:
            return None
        if group >= self.tokens:
            return "group"
        return "member" if member >= self.share(members) else None


def bar(used: int, of: int) -> str:
    """Return a bar of the used share with its percentage; "" without a limit.

    Usage may exceed the limit: the last answer can go over, and a budget can be lowered later.
    """
    if not of:
        return ""
    full = min(BAR, -(-used * BAR // of))
    percent = f"{used * 100 // of} %" if used <= of else "used up"
    return f"{'▰' * full}{'▱' * (BAR - full)} {percent}"
