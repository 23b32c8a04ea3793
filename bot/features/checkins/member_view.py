"""A member's own view of their group, which the service reads and the texts are written from."""

from __future__ import annotations

from dataclasses import dataclass

from bot.features.checkins.checkin_log import Scores
from bot.features.checkins.scoring import Score
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.tables import Membership
from bot.features.people.tables import AccountRow


@dataclass(frozen=True)
class MemberView:
    """A member's own view: their group, account and scores."""

    timeline: Timeline
    membership: Membership
    account: AccountRow
    scores: Scores

    @property
    def score(self) -> Score:
        """The member's score."""
        return self.scores.by_account[self.account.id]
