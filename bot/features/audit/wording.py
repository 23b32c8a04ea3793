"""Texts of the activity log."""

from __future__ import annotations

from collections.abc import Sequence

from bot.features.audit.service import Entry
from bot.features.people.tables import AccountRow
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.reply import Button, Reply, say


def describe_unknown(name: str) -> str:
    """Return that a name fits nobody, or several people."""
    return f"“{markup.escape(name, 40)}” doesn't fit exactly one person here. Mention them, such as @mo."


def render_none(*, is_narrowed: bool, is_older: bool) -> Reply:
    """Return that there are no entries.

    Args:
        is_narrowed: whether only some entries were asked for.
        is_older: whether entries before another one were asked for.
    """
    if is_narrowed:
        return say("No changes fit that.")
    return say("There are no earlier changes." if is_older else "Moderators haven't changed anything here yet.")


def render_entries(entries: Sequence[Entry], group_name: str, zone: str, earlier: Call | None) -> Reply:
    """Return a page of the log, the newest first."""
    return say(
        "\n".join(_format_entry(entry, zone) for entry in entries),
        title=f"Changes in {markup.escape(group_name)}",
        buttons=(Button("Show earlier", earlier),) if earlier is not None else (),
    )


def _format_entry(entry: Entry, zone: str) -> str:
    name = entry.command.removeprefix("manage ")
    about = f" {_format_name(entry.about)}" if entry.about is not None else ""
    details = f" ({markup.escape(entry.said, 300)})" if entry.said else ""
    reason = f": {markup.escape(entry.reason, 200)}" if entry.reason else ""
    return f"- {markup.moment(entry.at, zone)}, {_format_name(entry.who)}: **{name}**{about}{details}{reason}"


def _format_name(account: AccountRow | None) -> str:
    return markup.name(account.external_id, account.name) if account is not None else "a former member"
