"""Texts with a group's export."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import markup
from bot.messages.call import Call
from bot.messages.numerals import counted
from bot.messages.reply import Button, File, Reply, Text

TOO_LARGE = "This group's data doesn't fit into a message. Ask the bot's operator for a copy of the database."


def render_export(group_name: str, n_members: int, n_checkins: int, files: Sequence[File], dashboard: Call) -> Reply:
    """Return the files with what they hold."""
    lead = (
        f"The files cover {counted(n_members, 'member')} and {counted(n_checkins, 'check-in')}. I've left out private "
        "check-in texts. All times are in UTC. Please keep the data safe."
    )
    title = f"Data from {markup.escape(group_name)}"
    return Reply((Text(lead), *files), (Button("Open dashboard", dashboard),), title=title)
