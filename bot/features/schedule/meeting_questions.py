"""Who is still to be asked whether they met their buddy, towards the end of a unit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.features.groups.calendar.pacing import Slot
from bot.features.people.tables import AccountRow
from bot.features.schedule.group import Group
from bot.features.schedule.post import MeetingAsked, Reminded

LEAD = timedelta(hours=12)
"""How long before its deadline a unit is over enough to ask."""


@dataclass(frozen=True)
class MeetingQuestion:
    """A question to a member that has not gone out.

    Args:
        buddies: whom they may have met; nobody if all of them have left, or are away for most of the unit.
        is_told: whether they were told of them.
    """

    account: AccountRow
    slot: Slot
    buddies: tuple[AccountRow, ...]
    is_told: bool

    @property
    def due_at(self) -> datetime:
        """From when on it may be asked."""
        return max(self.slot.opens_at, self.slot.deadline_at - LEAD)

    def by(self, group: Group, message: Reminded) -> MeetingAsked:
        """Return that a message asks it."""
        return MeetingAsked(group.cohort.id, self.slot.unit_id, self.account.id, group.now, message)


def told_key(group: Group, unit_id: str, account_id: int) -> str:
    """Return the key of the message that tells a member who their buddy is; who gets another is told again."""
    changed_at = group.pairs[unit_id].changed_at(account_id)
    again = f":{int(changed_at.timestamp())}" if changed_at is not None else ""
    return group.key(unit_id, f"buddy:{account_id}{again}")


def unasked(group: Group) -> Iterator[MeetingQuestion]:
    """Yield what is to be asked by the end of each unit that is open, those first that end first."""
    for opened in group.timeline.open_units(group.now):
        pairs, unit_id = group.pairs[opened.slot.unit_id], opened.slot.unit_id
        told = group.sent([told_key(group, unit_id, member) for member in pairs.members])
        for member in pairs.members.values():
            is_open = (
                member.is_in and member.asked_at is None and not member.answer and not pairs.has_met(member.account.id)
            )
            if is_open and not opened.is_held:
                is_told = told_key(group, unit_id, member.account.id) in told
                there = (two for two in pairs.of(member.account.id) if not group.is_mostly_away(opened, two))
                yield MeetingQuestion(member.account, opened.slot, tuple(there), is_told)


def due(group: Group) -> dict[int, MeetingQuestion]:
    """Return what members can be asked now, by account."""
    return {ask.account.id: ask for ask in unasked(group) if ask.is_told and ask.buddies and ask.due_at <= group.now}
