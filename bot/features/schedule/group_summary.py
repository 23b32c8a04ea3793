"""What posts tell of all members together: who kept a unit, who was thanked, the group's goal, the board at the end."""

from __future__ import annotations

from collections.abc import Sequence

from bot.drawing.board_card import ROWS
from bot.features.groups.calendar.pacing import Slot
from bot.features.rules import GOAL_PERCENT
from bot.features.schedule.group import Goal
from bot.features.standings import cards
from bot.features.standings.commands import board_table
from bot.features.standings.leaderboard import BoardRow, SkippedRows
from bot.messages import markup
from bot.messages.numerals import numbered, spelt
from bot.messages.reply import Block, Text

KEPT_MAX, THANKED_MAX, BAR_CELLS = 110, 60, 10
"""Characters of the names of those who kept a unit and who were thanked, and cells of a bar."""


def kept(n_kept: int, shown: Sequence[str], slot: Slot, n_pledged: int = 0) -> str:
    """Return who kept the last unit: only those who are shown, as the others know them; never who missed it.

    Args:
        shown: the first of their names, in order.
        n_pledged: how many of them had pledged it.
    """
    if not n_kept:
        return ""
    pledged = f"; {spelt(n_pledged)} had pledged it" if n_pledged else ""
    return f"_Unit {slot.number} was kept by {_some(shown, n_kept, KEPT_MAX) or f'{n_kept} of us'}{pledged}._"


def thanked(named: Sequence[str], count: int) -> str:
    """Return who was thanked, of so many some by name; nothing of who was not."""
    return f"_Thanks went to {_some(named, count, THANKED_MAX) or f'{spelt(count)} of us'}._" if count else ""


def _some(shown: Sequence[str], count: int, most: int) -> str:
    """Return the first names, as many as fit, and how many more there are; empty if there is none."""
    names: list[str] = []
    for one in shown:
        if sum(len(n) + 2 for n in names) + len(one) > most:
            break
        names.append(markup.escape(one, 40))
    rest = count - len(names)
    return ", ".join(names) + (f" and {rest} more" if rest and names else "")


def goal(found: Goal | None) -> str:
    """Return the group's goal of a leg as a bar and in numbers, with what they count; empty where there is none.

    More than it asks for is no more of it.
    """
    if found is None:
        return ""
    filled = min(BAR_CELLS, found.kept * BAR_CELLS // found.of)
    bar = "▰" * filled + "▱" * (BAR_CELLS - filled)
    reached = ": our goal is reached" if found.kept >= found.of else ""
    all_of_them = f"{numbered(found.units, 'unit')} by {numbered(found.members, 'member')}"
    is_even = found.whole == found.units * found.members
    whole = all_of_them if is_even else f"{found.whole}: each unit counts for those who take part in it"
    counts = f"{found.of} is {GOAL_PERCENT} % of {whole}"
    return f"{bar} {min(found.kept, found.of)} of {found.of} kept this leg{reached} _({counts})_"


def final_board(group: str, rows: Sequence[BoardRow | SkippedRows], streaks: Sequence[tuple[str, int]]) -> list[Block]:
    """Return the longest streaks and the board of a season, a group's by its name."""
    best = "\n".join(f"- {markup.escape(name, 40)}: {streak} in a row" for name, streak in streaks)
    table = board_table(list(rows))
    drawn: list[Block] = [table] if rows else []
    if 0 < len(rows) <= ROWS:  # a rank that many share is shown whole
        drawn = [cards.of_board(f"Final leaderboard of {group}", "The whole season", rows, table)]
    return [*([Text(f"**Longest streaks**\n{best}")] if best else []), *drawn]
