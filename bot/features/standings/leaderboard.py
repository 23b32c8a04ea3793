"""Rank the members of a group and cut out the part that one of them sees: pure."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Standing:
    """A member's points for a board, under the name that others may see."""

    member_id: int
    name: str
    points: int
    is_hidden: bool = False


@dataclass(frozen=True)
class BoardRow:
    """A row of the leaderboard; only the reader's own row can be hidden.

    Args:
        is_shared: whether another shown member has the same points and rank; never for zero points.
    """

    rank: int
    member_id: int
    name: str
    points: int
    is_me: bool = False
    is_hidden: bool = False
    is_shared: bool = False


@dataclass(frozen=True)
class SkippedRows:
    """A gap between two parts of the leaderboard."""

    n_rows: int


def rank_rows(standings: Iterable[Standing], me: int | None = None) -> list[BoardRow]:
    """Rank the shown members, and me even if I am hidden; ties share a rank (1, 1, 3), in order of name.

    A rank counts only shown members with more points, so a hidden reader moves nobody and all see the same ranks.
    """
    rows = sorted(
        (standing for standing in standings if not standing.is_hidden or standing.member_id == me),
        key=lambda standing: (-standing.points, standing.name.casefold(), standing.member_id),
    )
    same = Counter(row.points for row in rows if not row.is_hidden)
    ranked: list[BoardRow] = []
    n_shown, place, points = 0, 1, None
    for row in rows:
        if row.points != points:
            place, points = n_shown + 1, row.points
        is_shared = row.points > 0 and same[row.points] > (0 if row.is_hidden else 1)
        board_row = BoardRow(place, row.member_id, row.name, row.points, row.member_id == me, row.is_hidden, is_shared)
        ranked.append(board_row)
        n_shown += not row.is_hidden
    return ranked


def select_view(
    standings: Iterable[Standing], me: int | None = None, top: int = 5, neighbours: int = 2, *, ties: bool = False
) -> list[BoardRow | SkippedRows]:
    """Return the first rows, then me between my neighbours, with gaps between them.

    Args:
        ties: whether a rank that begins within the first rows is shown whole.
    """
    ranked = rank_rows(standings, me)
    place = next((index for index, row in enumerate(ranked) if row.is_me), None)
    head = sum(row.rank <= top for row in ranked) if ties else top
    return cut_rows(select_parts(place, head, neighbours), lambda part: ranked[part.start : part.stop])


def select_parts(place: int | None, top: int, neighbours: int) -> list[range]:
    """Return the shown parts of a leaderboard: its first rows, and me between my neighbours.

    The last part may reach beyond the last row.
    """
    if place is None:
        return [range(top)]
    around = range(max(0, place - neighbours), place + neighbours + 1)
    return [range(max(top, around.stop))] if around.start <= top else [range(top), around]


def cut_rows(parts: Iterable[range], rows: Callable[[range], Iterable[BoardRow]]) -> list[BoardRow | SkippedRows]:
    """Return the rows of the parts, with gaps between them."""
    lines: list[BoardRow | SkippedRows] = []
    end = 0
    for part in parts:
        if part.start > end:
            lines.append(SkippedRows(part.start - end))
        lines += rows(part)
        end = part.stop
    return lines
