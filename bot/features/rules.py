"""The numbers of the game, which rules count with and prose tells. Pure."""

from datetime import timedelta

BASE_POINTS = {"kept": 10, "late": 8, "caught up": 4}
"""What a unit earns, by when it was first checked in: by the deadline, within the grace, later."""

MOST_EXTRA_DAYS = 3
"""Further days of work on one unit that earn a point each."""

QUIZ_QUESTIONS, QUIZ_DAY_POINTS = 5, 1
"""Questions that make a day one with a quiz, whatever was right, and what it earns where a group wants that."""

FIRST_FREEZES = 1
MOST_FREEZES = 2
KEPT_PER_FREEZE = 4
"""Freezes that a member begins with and may hold, and how many kept units earn one."""

REMINDED_BEFORE = (timedelta(days=1), timedelta(hours=3))
"""How long before a deadline members are reminded who asked for it."""

FADING_AFTER = 2
RESTING_AFTER = 4
"""Units missed in a row after which a member who had begun fades, and after which anyone rests."""

MOST_MINUTES = 720
"""Minutes of work that one day takes."""

MOST_AWAY = timedelta(weeks=4)
"""How long one absence may last."""

MILESTONES = (4, 8, 12)
"""Completed units that are worth a word."""

MOST_THANKS = 5
"""Thanks of one member that count in a day."""

RESTS_AFTER_SILENCE = 2
"""Units in a row of which a member does not say whether they met their buddy, after which they get none."""

GOAL_PERCENT = 75
"""Of the units of a leg, by all who take part, how many kept ones are the group's goal."""

REPAIRABLE = timedelta(weeks=2)
"""How long after it ended a streak may be repaired, once in a leg."""

QUIZ_PASS = 4
"""Right answers of so many questions with which a unit's quiz is passed."""
