"""The policy of a command: which role and which group its caller needs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from bot.commands.context import Role

GroupNeed = Literal["needed", "choose", "if any", "none"]


@dataclass(frozen=True)
class Policy:
    """Who may send a Call, and which group it is about.

    Args:
        role: who may send it.
        moderators_too: whether moderators may send it without that role.
        group: "needed" refuses without one, "choose" asks people who are in several, "if any" uses one if it
            exists, "none" looks for none.
        after_end: whether a group that has ended is valid, for commands that only read.
        own: it shows only the caller's own record and the course, so a member may use it even if they no longer
            see the room.
        refuses_itself: the command checks the role itself, because it has an answer for some people without it.
    """

    role: Role = "anyone"
    moderators_too: bool = False
    group: GroupNeed = "if any"
    after_end: bool = False
    own: bool = False
    refuses_itself: bool = False

    @property
    def founds(self) -> bool:
        """Whether it creates a group."""
        return self.role == "moderator" and self.group == "none"

    def allows(self, roles: Collection[Role]) -> bool:
        """Whether someone with these roles may send the Call."""
        also: Role | None = "owner" if self.founds else "moderator" if self.moderators_too else None
        return self.role in roles or also in roles


WHOEVER = Policy(group="none")
"""The policy for a person's own data, such as drafts: with any group or none."""
