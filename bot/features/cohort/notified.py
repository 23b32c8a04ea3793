"""Whom a unit's post notifies: one role that a moderator chose, or nobody."""

from __future__ import annotations

import re

from bot.core import markup
from bot.core.context import Place
from bot.core.errors import BadInput
from bot.core.platform import Inspector
from bot.core.values import find_bool
from bot.features.cohort.tables import Cohort

_ROLE = re.compile(r"<@&(?P<role>[0-9]{1,40})>|<!subteam\^(?P<group>S[A-Z0-9]{2,20})(?:\|[^>]*)?>")
_MOST = 2**63 - 1
"""The highest number that a role can have."""


def chosen(typed: str, home: Place) -> str | None:
    """Return the platform's id of the role that was typed, None for "off"; all at once can never be chosen.

    Args:
        home: the cohort's room, wherever its moderator may write from.
    """
    said = typed.strip()
    if said.lower() == "nobody" or find_bool(said) is False:
        return None
    found = _ROLE.fullmatch(said)
    role_id = (_numbered(found["role"]) if found["role"] else found["group"]) if found else ""
    if not role_id or role_id == home.tenant:  # the role of everyone has its server's id
        raise BadInput(
            f"**Notify**: I cannot notify “{markup.escape(typed, 40)}”. Pick one role or user group from the list that "
            "@ opens, or write `off`.",
            field="notify",
        )
    return role_id


async def check(inspector: Inspector, home: Place, role_id: str) -> None:
    """Refuse a role that a post in the cohort's room could not notify; the sentence says how to mend it."""
    wrong = [f.said for f in await inspector.look_at_role(home, role_id) if not f.ok]
    if wrong:
        raise BadInput(f"**Notify**: {' '.join(wrong)}", field="notify")


def _numbered(digits: str) -> str:
    """Return the one way to write a role's number; empty if no role can have it."""
    number = int(digits)
    return str(number) if 0 < number <= _MOST else ""


def shown(role_id: str | None) -> str:
    """Return the role's name where the platform can show it; it notifies nobody."""
    return markup.name(f"role:{role_id}", "the chosen role") if role_id else "nobody"


def ping(cohort: Cohort) -> str:
    """Return a token that notifies the cohort's role; empty if it has none."""
    return markup.ping(f"role:{cohort.notified_role}", "For all who want to know") if cohort.notified_role else ""
