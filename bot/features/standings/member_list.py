"""A group's members by name in pages, for moderators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import func, or_, select

from bot.features.checkins.standings import ABSENT
from bot.features.checkins.tables import MemberStanding as Row
from bot.features.groups.service import Member
from bot.features.groups.tables import Membership
from bot.features.people.tables import AccountRow
from bot.features.standings.group_standings import Roll

PAGE = 50
Of = Literal["all", "missing", "fading", "resting"]
"""Which members: all, those who have not kept the unit that runs or ran last, who fades, who rests."""
_OF = {
    "missing": (Row.outcome.in_(("open", "missed", ABSENT)), Row.is_resting.is_(False)),
    "fading": (Row.fading != "",),
    "resting": (Row.is_resting,),
}


@dataclass(frozen=True)
class Leaf:
    """A page of members.

    Args:
        count: how many there are on all pages.
        number: which page it is, from 1.
    """

    members: Sequence[Member]
    count: int
    number: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.count // PAGE))


def read_page(roll: Roll, said: str = "", of: Of = "all", number: int = 1) -> Leaf:
    """Return a page of a group's members by name; the last page if the number is too high.

    Args:
        said: letters in their name or alias.
        of: a filter by stored standing.
    """
    cohort_id, session = roll.timeline.cohort.id, roll.cohorts.session
    chosen = (
        select(Membership, AccountRow)
        .join(AccountRow, AccountRow.id == Membership.account_id)
        .join(Row, (Row.account_id == Membership.account_id) & (Row.cohort_id == Membership.cohort_id))
        .where(Membership.cohort_id == cohort_id, Membership.left_at.is_(None), *_OF.get(of, ()))
    )
    if said:
        named = (
            Row.name_key.contains(said.casefold(), autoescape=True),
            AccountRow.name.icontains(said, autoescape=True),
        )
        chosen = chosen.where(or_(*named))
    count = session.scalar(select(func.count()).select_from(chosen.with_only_columns(Row.account_id).subquery())) or 0
    number = min(max(1, number), max(1, -(-count // PAGE)))
    part = chosen.order_by(func.lower(AccountRow.name), AccountRow.id).offset((number - 1) * PAGE).limit(PAGE)
    return Leaf([(m, a) for m, a in session.execute(part)], count, number)
