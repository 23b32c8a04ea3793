"""The board: its first rows, then the viewer with their neighbours; a search among those who are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import get_args

from bot.dashboard.page import MEMBERS, DashboardPage, Viewer
from bot.features import command_links
from bot.features.checkins.service import Progress
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.commands import settings
from bot.features.standings.group_standings import FOUND, Period, Roll, read_board, search_board
from bot.features.standings.leaderboard import BoardRow, SkippedRows
from bot.features.standings.wording import format_period, points_rule
from bot.messages.call import Call
from bot.messages.reply import Button
from bot.messages.spreadsheet import Spreadsheet

PERIODS: tuple[Period, ...] = get_args(Period)


def read(viewer: Viewer, *, progress: Progress) -> Mapping[str, object]:
    """Return the board as the viewer may see it."""
    ctx, timeline = viewer.ctx, progress.groups.here(viewer.ctx)
    membership = progress.groups.find_membership(viewer.group_id, ctx.actor.account_id)
    is_off = membership is not None and not membership.sees_board
    period, sought = _read_period(viewer, timeline), viewer.query.get("q", "").strip()
    rows = [] if is_off else _list_rows(viewer, progress, timeline)
    toggle = None
    if membership is not None and membership.left_at is None:
        label = "Show leaderboard" if is_off else "Hide leaderboard"
        toggle = Button(label, settings.call(viewer.group_id, leaderboard=is_off))
    return {
        "rows": rows,
        "most": max((row.points for row in rows if isinstance(row, BoardRow)), default=0),
        "period": period,
        "periods": PERIODS,
        "span": format_period(timeline, period, ctx.now),
        "rule": points_rule(timeline),
        "sought": sought,
        "found": FOUND,
        "is_off": is_off,
        "toggle": toggle,
        "is_hidden": any(isinstance(row, BoardRow) and row.is_hidden for row in rows),
    }


def sheet(viewer: Viewer, *, progress: Progress) -> Spreadsheet:
    """Return the same rows as a table."""
    timeline = progress.groups.here(viewer.ctx)
    membership = progress.groups.find_membership(viewer.group_id, viewer.ctx.actor.account_id)
    rows = [] if membership is not None and not membership.sees_board else _list_rows(viewer, progress, timeline)
    cells = [(row.rank, row.name, row.points) for row in rows if isinstance(row, BoardRow)]
    return Spreadsheet(("Rank", "Name", f"Points ({_read_period(viewer, timeline)})"), cells)


def _list_rows(viewer: Viewer, progress: Progress, timeline: Timeline) -> Sequence[BoardRow | SkippedRows]:
    roll, me = Roll(progress.groups, timeline, viewer.ctx.now), viewer.ctx.actor.account_id
    period = _read_period(viewer, timeline)
    if sought := viewer.query.get("q", "").strip():
        return search_board(roll, period, me, sought)
    return read_board(roll, period, me)


def _read_period(viewer: Viewer, timeline: Timeline) -> Period:
    named = viewer.query.get("period", "")
    default: Period = "season" if timeline.group.closed_at is not None else "phase"
    return next((period for period in PERIODS if period == named), default)


def opens(call: Call) -> str | None:
    """Return where a period of the board stands."""
    period = call.args.get("period", "")
    if call.name != command_links.LEADERBOARD.name or period not in {"", *PERIODS}:
        return None
    return f"period={period}" if period else ""


LEADERBOARD = DashboardPage(
    "board", "Leaderboard", MEMBERS, "leaderboard.html", read, keeps=("period", "q"), opens=opens, sheet=sheet
)
