"""What a group and each of its members may spend in a day: pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

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
        """Return whose part is used up by what is spent and put aside; None if one more answer may be asked for.

        The last one may go over: what it takes is known only afterwards.
        """
        if not self.tokens:
            return None
        if group >= self.tokens:
            return "group"
        return "member" if member >= self.share(members) else None


def bar(used: int, of: int) -> str:
    """Draw how much of something is used, and say it in percent; no bound draws nothing.

    What was taken may be more: the last answer goes over, and a budget is lowered after some.
    """
    if not of:
        return ""
    full = min(BAR, -(-used * BAR // of))
    told = f"{used * 100 // of} %" if used <= of else "used up"
    return f"{'▰' * full}{'▱' * (BAR - full)} {told}"
