"""The facts that a score is computed from: units, check-ins, quizzes, absences; and a unit's outcomes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

Outcome = Literal["kept", "late", "frozen", "away", "excused", "paused", "missed", "repaired", "open", "before"]
State = Outcome | Literal["caught up"]


@dataclass(frozen=True)
class Period:
    """A unit as it opened for the cohort, its deadline as it stands now; all instants UTC.

    Args:
        leg: the number of its leg, in which one broken streak may be repaired.
    """

    unit_id: str
    number: int
    opens_at: datetime
    deadline_at: datetime
    grace_until: datetime
    is_paused: bool = False
    leg: int = 1


@dataclass(frozen=True)
class CheckinFact:
    """A check-in that stands: its instant, and the member's local day when it was made."""

    unit_id: str
    at: datetime
    day: date


@dataclass(frozen=True)
class QuizFact:
    """A local day of the member with a quiz, whatever was right, and when it became one."""

    day: date
    at: datetime


@dataclass(frozen=True)
class AwaySpan:
    """An absence in the member's local days, both included; one that ended early carries its real last day."""

    from_day: date
    until_day: date
    said_at: datetime
    zone: ZoneInfo

    def holds(self, period: Period) -> bool:
        """Say whether the absence was announced in time and the deadline falls into it."""
        day = period.deadline_at.astimezone(self.zone).date()
        return self.said_at < period.grace_until and self.from_day <= day <= self.until_day
