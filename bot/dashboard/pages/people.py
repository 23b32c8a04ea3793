"""People: the members who show themselves, and what the group may see of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.dashboard.page import MEMBERS, DashboardPage, Viewer
from bot.features.checkins.service import Progress
from bot.features.checkins.standings import KEPT
from bot.features.groups.commands import settings
from bot.features.standings.group_standings import Roll
from bot.messages.reply import Button

SHOWN = 500
"""Most members of the list."""


@dataclass(frozen=True)
class ShownMember:
    """A member under the name that others see.

    Args:
        is_in: whether they have completed the running unit.
        points: of the season; None if the group has no leaderboard.
    """

    name: str
    is_viewer: bool
    is_in: bool
    points: int | None


def read(viewer: Viewer, *, progress: Progress) -> Mapping[str, object]:
    """Return the members who show themselves, by name."""
    timeline = progress.groups.here(viewer.ctx)
    group, me = timeline.group, viewer.ctx.actor.account_id
    roll = Roll(progress.groups, timeline, viewer.ctx.now)
    names = progress.groups.names(group).shown()
    rows = {account_id: row for account_id, row in roll.public.rows.items() if account_id in names}
    is_running = timeline.running(viewer.ctx.now) is not None
    people = [
        ShownMember(
            names[account_id],
            account_id == me,
            is_running and row["outcome"] in KEPT,
            row["season_points"] if group.has_board else None,
        )
        for account_id, row in rows.items()
    ]
    change = Button("Change my settings", settings.ask(group.id))
    return {
        "people": sorted(people, key=lambda member: member.name.casefold())[:SHOWN],
        "others": roll.count_members() - min(len(people), SHOWN),
        "has_points": group.has_board,
        "change": change if "member" in viewer.ctx.actor.roles and group.ended_at is None else None,
        "is_viewer_hidden": me in roll.rows and me not in rows,
    }


PEOPLE = DashboardPage("people", "People", MEMBERS, "people.html", read)
