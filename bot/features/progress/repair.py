"""Where a broken streak can still be repaired: pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.features.progress.scoring import LedgerLine, Score
from bot.features.rules import REPAIRABLE


@dataclass(frozen=True)
class Break:
    """Where a streak ended that nothing has ended since.

    Args:
        line: of the unit that ended it.
        streak: how long it was.
    """

    line: LedgerLine
    streak: int

    @property
    def until(self) -> datetime:
        """Until when it can be repaired."""
        return self.line.grace_until + REPAIRABLE


def find_break(scored: Score, now: datetime) -> Break | None:
    """Return where the streak ended, if of late and no unit was missed after it: else a repair would hold nothing."""
    streak, found = 0, None
    for line in scored.ledger:
        if line.outcome == "missed":
            found = Break(line, streak) if streak else None
        streak = line.streak
    return found if found is not None and now < found.until else None
