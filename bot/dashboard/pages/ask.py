"""Ask the notes a question, and search for a unit, a note or a person by the palette."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

from bot.dashboard.page import READERS, DashboardPage, Drawn, Viewer
from bot.dashboard.pages.leaderboard import LEADERBOARD
from bot.dashboard.pages.members import MEMBERS_PAGE
from bot.features import command_links
from bot.features.ask.commands import QUESTION, ask
from bot.features.groups.service import Groups
from bot.features.standings.leaderboard import BoardRow
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


def read_palette(viewer: Viewer, *, groups: Groups) -> Mapping[str, object]:
    """Return the label and the Call of each unit and each note."""
    timeline, group_id = groups.here(viewer.ctx), viewer.group_id
    track = groups.tracks_of(timeline.group).get(timeline.roadmap.id)
    units = [(unit.label, command_links.UNIT.call(group_id, unit=unit.id)) for unit in timeline.roadmap.units]
    notes = [
        (note.title, command_links.READ.call(group_id, note=f"{note.id}.1"))
        for note in (track.notes.values() if track is not None else ())
    ]
    return {"units": units, "notes": notes}


def list_people(drawn: Drawn) -> Iterator[tuple[str, str]]:
    """Yield the name and the address of each person whom a page of people shows."""
    data, group_id = drawn.data or {}, drawn.viewer.ctx.actor.group_id
    if drawn.page is MEMBERS_PAGE:
        for line in data.get("lines", ()):
            yield line.account.name, MEMBERS_PAGE.address(group_id, member=line.account.id)
    for row in data.get("rows", ()) if drawn.page is LEADERBOARD else ():
        if isinstance(row, BoardRow):
            yield row.name, LEADERBOARD.address(group_id, q=row.name)


PALETTE = DashboardPage("find", "Search", READERS, "nothing.html", read_palette)
