"""The names under which other members see a member: their own, or an alias that nobody else has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from bot.features.groups.tables import Membership
from bot.features.people.tables import AccountRow
from bot.messages import names


class Names:
    """The names in a group; members come, go and rename themselves, so each look checks again.

    Args:
        members: the current members.
        moderators: the accounts named as moderators, members or not.
    """

    def __init__(self, members: Sequence[tuple[Membership, AccountRow]], moderators: Iterable[AccountRow]) -> None:
        self._members = members
        self._bearers: defaultdict[str, set[int]] = defaultdict(set)
        for account in (*(account for _, account in members), *moderators):
            self._bear(account.name, account.id)
        for membership, account in members:
            self._bear(membership.alias, account.id)

    def _bear(self, name: str, account_id: int) -> None:
        for shape in names.shapes(name):
            self._bearers[shape].add(account_id)

    def is_free(self, alias: str, account_id: int) -> bool:
        """Whether no reader would take the name for another account's."""
        return all(self._bearers.get(shape, set()) <= {account_id} for shape in names.shapes(alias))

    def shown(self) -> dict[int, str]:
        """Return the name that others see, by account."""
        return {a.id: m.alias if m.alias and self.is_free(m.alias, a.id) else a.name for m, a in self._members}

    def lost(self) -> list[tuple[Membership, AccountRow]]:
        """Return the members who are shown under their own name because somebody else has their alias."""
        return [(m, a) for m, a in self._members if m.alias and not self.is_free(m.alias, a.id)]
