"""The role that a unit's post notifies: one that a moderator chose, or none."""

from __future__ import annotations

from bot.chat.platform import Inspector
from bot.commands.context import Place
from bot.commands.parameter_types import find_bool
from bot.messages import markup, mention
from bot.messages.errors import BadInput


def parse_role(typed: str, home: Place) -> str | None:
    """Return the platform's id of the typed role, None for "off"; the role of everyone is refused.

    Args:
        home: the group's channel, wherever its moderator writes from.
    """
    value = typed.strip()
    if value.lower() == "nobody" or find_bool(value) is False:
        return None
    role = mention.find(value)
    if role is None or role.kind != "role" or role.id in ("", home.tenant):  # the role of everyone has its tenant's id
        raise BadInput(
            f"**Notify**: I can't notify “{markup.escape(typed, 40)}”. Type @ and pick one role or user group, or "
            "type `off`.",
            field="notify",
        )
    return role.id


async def check_role(inspector: Inspector, home: Place, role_id: str) -> None:
    """Refuse a role that a post in the group's channel can't notify; the error says how to fix it."""
    wrong = [f.sentences for f in await inspector.look_at_role(home, role_id) if not f.ok]
    if wrong:
        raise BadInput(f"**Notify**: {' '.join(wrong)}", field="notify")
