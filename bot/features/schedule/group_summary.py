"""Summaries of all members in posts: completed units, thanks, the goal, a week's check-ins, the final leaderboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.drawing import week_card
from bot.drawing.board_card import ROWS
from bot.drawing.week_card import WEEK, WeekCard
from bot.features.groups.calendar.pacing import Slot
from bot.features.groups.calendar.timeline import Opened
from bot.features.groups.snapshot import GroupSnapshot
from bot.features.plans.posts import format_pledged
from bot.features.quiz.warm_up import find_asked_warm_up
from bot.features.rules import GOAL_PERCENT
from bot.features.standings import cards
from bot.features.standings.group_standings import read_public_roll
from bot.features.standings.leaderboard import BoardRow, SkippedRows
from bot.features.standings.trend import count_by_day
from bot.features.standings.wording import render_table
from bot.messages import markup
from bot.messages.numerals import numbered, spelt
from bot.messages.reply import Block, Image, Text

KEPT_MAX, THANKED_MAX, BAR_CELLS = 110, 60, 10
"""Characters of the names of those who completed a unit and who were thanked, and cells of a bar."""


@dataclass(frozen=True)
class Goal:
    """How many units of a part the shown members have completed together, and their goal.

    Args:
        kept: completed units, summed over members.
        of: the goal.
        whole: the sum if every member completed every unit in which they take part.
        units, members: how many units of the part count, and how many members take part today.
    """

    kept: int
    of: int
    whole: int
    units: int
    members: int


def compute_goal(snapshot: GroupSnapshot, opened: Opened) -> Goal | None:
    """Return the group's progress in a unit's part; None if its posts show no goal."""
    if snapshot.group.channel_shows != "goal":
        return None
    way, public = snapshot.timeline.roadmap, read_public_roll(snapshot)
    leg, newest = way.leg_of(opened.slot.unit_id), snapshot.timeline.opened[-1:]
    is_current = any(way.leg_of(running.slot.unit_id) is leg for running in newest)
    n_kept, part, units = public.count_leg() if is_current else (0, 0, 0)
    ahead = sum(way.leg_of(slot.unit_id) is leg for slot in snapshot.timeline.planned(snapshot.now))
    members = public.count_awake()
    whole = part + ahead * members
    goal = -(-whole * GOAL_PERCENT // 100)
    return Goal(n_kept, goal, whole, units + ahead, members) if goal else None


def format_counted(snapshot: GroupSnapshot, opened: Opened) -> str:
    """Return "23 of 60 checked in, 9 pledged"; hidden members are not counted."""
    unit_id, public = opened.slot.unit_id, read_public_roll(snapshot)
    n_kept, n_part = public.count_kept(unit_id), public.count_part(unit_id)
    text = f"{n_kept} of {n_part} checked in" if n_part else ""
    return ", ".join(filter(None, (text, format_pledged(snapshot, opened))))


def format_completed(n_kept: int, names: Sequence[str], slot: Slot, n_pledged: int = 0) -> str:
    """Return who completed the last unit, never who missed it; only shown members are named.

    Args:
        names: the first of their names, in order.
        n_pledged: how many of them had pledged it.
    """
    if not n_kept:
        return ""
    planned = f" {spelt(n_pledged).capitalize()} of them had a plan for it." if n_pledged else ""
    return f"**Completed unit {slot.number}**: {_list_some(names, n_kept, KEPT_MAX) or f'{n_kept} of us'}. 🎉{planned}"


def format_thanked(named: Sequence[str], count: int) -> str:
    """Return who was thanked: some names, and the count of the rest."""
    return f"Thanks to {_list_some(named, count, THANKED_MAX) or f'{spelt(count)} of us'}." if count else ""


def _list_some(names: Sequence[str], count: int, most: int) -> str:
    """Return as many names as fit and the count of the rest; empty if no name fits."""
    listed: list[str] = []
    for name in names:
        if sum(len(n) + 2 for n in listed) + len(name) > most:
            break
        listed.append(markup.escape(name, 40))
    rest = count - len(listed)
    return markup.series([*listed, *([f"{rest} more"] if rest else [])]) if listed else ""


def format_goal(group_goal: Goal | None) -> str:
    """Return the group's goal as a bar and a count; empty without a goal. It never shows more than 100 %."""
    if group_goal is None:
        return ""
    filled = min(BAR_CELLS, group_goal.kept * BAR_CELLS // group_goal.of)
    bar = "▰" * filled + "▱" * (BAR_CELLS - filled)
    reached = " · goal reached 🎉" if group_goal.kept >= group_goal.of else ""
    return f"{bar} {min(group_goal.kept, group_goal.of)} of {group_goal.of} completed in this part{reached}"


def explain_goal(group_goal: Goal | None) -> str:
    """Return the group's goal with how it was set; empty without a goal."""
    if group_goal is None:
        return ""
    all_of_them = f"{numbered(group_goal.units, 'unit')} × {numbered(group_goal.members, 'member')}"
    is_even = group_goal.whole == group_goal.units * group_goal.members
    whole = all_of_them if is_even else f"{group_goal.whole} check-ins"
    return f"{format_goal(group_goal)} _({group_goal.of} is {GOAL_PERCENT} % of {whole})_"


def draw_week(snapshot: GroupSnapshot, closed: Opened) -> Image | None:
    """Return the picture of a closed unit's check-ins by day and of its warm-up answers.

    It counts only members who are shown; None if there are none, or if none checked in.
    """
    if not read_public_roll(snapshot).count_members():
        return None
    slot, zone = closed.slot, snapshot.timeline.zone
    first, last = (at.astimezone(zone).date() for at in (slot.opens_at, min(slot.deadline_at, snapshot.now)))
    days = [first + timedelta(days=n) for n in range(min(week_card.DAYS, (last - first).days + 1))]
    counts = count_by_day(snapshot.groups.session, snapshot.group.id, slot.unit_id, days[0], days[-1])
    if not counts:
        return None
    warm_up = find_asked_warm_up(snapshot, closed)
    spread, right = (warm_up.spread, warm_up.posed.right) if warm_up is not None else ((), "")
    card = WeekCard(
        f"Unit {slot.number}, together", first, [counts.get(day, 0) for day in days], spread, right if spread else ""
    )
    by_day = week_card.describe_days(card)
    answered = ", ".join(f"{letter} {count}" for letter, count in spread)
    alt = f"Check-ins in unit {slot.number} by day: {by_day}." + (
        f" Warm-up: {answered}; {right} is right." if answered else ""
    )
    return Image(WEEK, card.data(), alt, f"_Check-ins by day: {by_day}._")


def format_final_board(
    snapshot: str, rows: Sequence[BoardRow | SkippedRows], streaks: Sequence[tuple[str, int]]
) -> list[Block]:
    """Return the longest streaks and the season's final leaderboard.

    Args:
        group: the group's name.
    """
    best = "\n".join(f"- {markup.escape(name, 40)}: {streak} in a row" for name, streak in streaks)
    table = render_table(list(rows))
    drawn: list[Block] = [table] if rows else []
    if 0 < len(rows) <= ROWS:  # a rank that many share is shown whole
        drawn = [cards.draw_board(f"Final leaderboard of {snapshot}", "The whole season", rows, table)]
    return [*([Text(f"**Longest streaks**\n{best}")] if best else []), *drawn]
