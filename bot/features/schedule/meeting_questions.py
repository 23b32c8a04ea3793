"""Find members who should be asked, towards the end of a unit, whether they met their buddy."""

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
    """A question that has not been sent.

    Args:
        buddies: whom the member may have met; empty if all have left or are away for most of the unit.
        is_told: whether the member knows their buddies.
    """

    account: AccountRow
    slot: Slot
    buddies: tuple[AccountRow, ...]
    is_told: bool

    @property
    def due_at(self) -> datetime:
        """The first instant at which it may be asked."""
        return max(self.slot.opens_at, self.slot.deadline_at - LEAD)

    def by(self, group: Group, message: Reminded) -> MeetingAsked:
        """Return the effect that asks this question with a message."""
        return MeetingAsked(group.cohort.id, self.slot.unit_id, self.account.id, group.now, message)


def make_paired_key(group: Group, unit_id: str, account_id: int) -> str:
    """Return the key of the message that names a member's buddy; a new buddy gives a new key."""
    changed_at = group.pairs[unit_id].changed_at(account_id)
    again = f":{int(changed_at.timestamp())}" if changed_at is not None else ""
    return group.key(unit_id, f"buddy:{account_id}{again}")


def list_unasked(group: Group) -> Iterator[MeetingQuestion]:
    """Yield the questions of each open unit, the unit with the earliest end first."""
    for opened in group.timeline.open_units(group.now):
        pairs, unit_id = group.pairs[opened.slot.unit_id], opened.slot.unit_id
        sent_keys = group.sent([make_paired_key(group, unit_id, member) for member in pairs.members])
        for member in pairs.members.values():
            is_open = (
                member.is_in and member.asked_at is None and not member.answer and not pairs.has_met(member.account.id)
            )
            if is_open and not opened.is_held:
                is_told = make_paired_key(group, unit_id, member.account.id) in sent_keys
                present = (buddy for buddy in pairs.of(member.account.id) if not group.is_mostly_away(opened, buddy))
                yield MeetingQuestion(member.account, opened.slot, tuple(present), is_told)


def list_due(group: Group) -> dict[int, MeetingQuestion]:
    """Return the questions that can be asked now, by account."""
    return {
        ask.account.id: ask for ask in list_unasked(group) if ask.is_told and ask.buddies and ask.due_at <= group.now
    }
