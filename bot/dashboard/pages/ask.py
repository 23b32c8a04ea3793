"""A question to the notes, and its answer below it."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from bot.dashboard.page import READERS, DashboardPage, Viewer
from bot.features import command_links
from bot.features.ask.commands import QUESTION, ask
from bot.messages.call import Call


def read(viewer: Viewer) -> Mapping[str, object]:
    """Return what asks, with the question that the address brings along."""
    return {
        "asking": ask.call(viewer.group_id),
        "question": viewer.query.get("question", ""),
        "most": QUESTION.max,
        "example": QUESTION.example,
    }


def _find_query(call: Call) -> str | None:
    if (
        not call.ask
        or call.name not in (command_links.ASK.name, command_links.CONSULT.name)
        or set(call.args) - {"question"}
    ):
        return None
    return urlencode(dict(call.args))


ASK = DashboardPage("ask", "Ask", READERS, "ask.html", read, opens=_find_query, takes=("ask", "consult", "cited"))
