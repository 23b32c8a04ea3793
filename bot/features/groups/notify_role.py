"""Whom a unit's post notifies: one role that a moderator chose, or nobody."""

from __future__ import annotations

from bot.chat.platform import Inspector
from bot.commands.context import Place
from bot.commands.parameter_types import find_bool
from bot.features.groups.tables import Cohort
from bot.messages import markup, mention
from bot.messages.errors import BadInput


def chosen(typed: str, home: Place) -> str | None:
    """Return the platform's id of the role that was typed, None for "off"; all at once can never be chosen.

    Args:
        home: the cohort's room, wherever its moderator may write from.
    """
    said = typed.strip()
    if said.lower() == "nobody" or find_bool(said) is False:
        return None
    role = mention.find(said)
    if role is None or role.kind != "role" or role.id in ("", home.tenant):  # the role of everyone has its tenant's id
        raise BadInput(
            f"**Notify**: I cannot notify “{markup.escape(typed, 40)}”. Pick one role or user group from the list that "
            "@ opens, or write `off`.",
            field="notify",
        )
    return role.id


async def check(inspector: Inspector, home: Place, role_id: str) -> None:
    """Refuse a role that a post in the cohort's room could not notify; the sentence says how to mend it."""
    wrong = [f.said for f in await inspector.look_at_role(home, role_id) if not f.ok]
    if wrong:
        raise BadInput(f"**Notify**: {' '.join(wrong)}", field="notify")


def shown(role_id: str | None) -> str:
    """Return the role's name where the platform can show it; it notifies nobody."""
    return markup.name(f"role:{role_id}", "the chosen role") if role_id else "nobody"


def ping(cohort: Cohort) -> str:
    """Return a token that notifies the cohort's role; empty if it has none."""
    return markup.ping(f"role:{cohort.notified_role}", "For all who want to know") if cohort.notified_role else ""
