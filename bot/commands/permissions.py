"""What a Call needs of its caller and of their cohort: all that identity is told of a command."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from bot.commands.context import Role

Cohorts = Literal["needed", "choose", "if any", "none"]


@dataclass(frozen=True)
class Policy:
    """Who may send a Call, and which cohort it is about.

    Args:
        role: who may send it.
        moderators_too: whether moderators may without that role.
        cohort: "needed" refuses without one, "choose" asks only somebody who is in several, "if any" takes what is
            there, "none" looks for none.
        after_end: whether a cohort that has ended will do: it only looks at the record.
        own: it shows the caller's own record and the roadmap, nothing of others: a member keeps it also where they no
            longer see the room.
        refuses_itself: it has something for those who may not send it too, and refuses them where it has not.
    """

    role: Role = "anyone"
    moderators_too: bool = False
    cohort: Cohorts = "if any"
    after_end: bool = False
    own: bool = False
    refuses_itself: bool = False

    @property
    def founds(self) -> bool:
        """Whether it is about a group that is not there yet."""
        return self.role == "moderator" and self.cohort == "none"

    def allows(self, roles: Collection[Role]) -> bool:
        """Whether someone with these roles may send the Call."""
        also: Role | None = "owner" if self.founds else "moderator" if self.moderators_too else None
        return self.role in roles or also in roles


WHOEVER = Policy(cohort="none")
"""For what concerns a person alone, such as what they typed: in any cohort, or in none."""
