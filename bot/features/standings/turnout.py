"""How many members have completed a unit, for the receipt of a check-in."""

from __future__ import annotations

from datetime import datetime

from bot.features.checkins.service import Turnout
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.service import Groups
from bot.features.standings.group_standings import Roll


class PublicTurnout(Turnout):
    """Counts the members whom others may read about."""

    def __init__(self, groups: Groups) -> None:
        self._groups = groups

    def count(self, timeline: Timeline, unit_id: str, now: datetime) -> tuple[int, int]:
        """Return how many have completed the unit and how many take part in it; zeros for older units."""
        roll = Roll(self._groups, timeline, now).public
        return (roll.count_kept(unit_id), roll.count_part(unit_id)) if roll.knows(unit_id) else (0, 0)
