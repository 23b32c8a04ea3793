"""The card of a board: ranks, names and bars, and the reader's own row told apart. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.drawing import text
from bot.drawing.card import GAP, LEFT, NORMAL, RIGHT, SMALL, Card
from bot.drawing.shapes import Artwork, Disc, Plate, Weight

BOARD = "board"
ROWS = 16
"""Rows of a board."""
NAMES, ROW, BAR = LEFT + 40, 46.0, 6.0


@dataclass(frozen=True)
class LeaderboardRow:
    """A row: `name` is hostile; `note` stands beside the name."""

    rank: int
    name: str
    points: int
    is_me: bool = False
    note: str = ""


@dataclass(frozen=True)
class Skipped:
    """Rows that are left out between two others."""

    n_rows: int


@dataclass(frozen=True)
class BoardCard:
    """What the card shows.

    Args:
        title: what is ranked, hostile; without one the card has no head.
        span: of which time, hostile.
    """

    title: str
    span: str
    rows: Sequence[LeaderboardRow | Skipped]

    def data(self) -> dict[str, str]:
        """Return what a block holds of it, bounded."""
        rows = [
            [row.n_rows]
            if isinstance(row, Skipped)
            else [row.rank, _pack_row(row.name), row.points, int(row.is_me), row.note]
            for row in self.rows[:ROWS]
        ]
        listed = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
        return {"title": text.bounded(self.title), "span": text.bounded(self.span), "rows": listed}

    @classmethod
    def read(cls, data: Mapping[str, str]) -> BoardCard:
        """Read what a block holds; ValueError or KeyError if it is none."""
        listed = json.loads(data["rows"][:20_000])
        if not isinstance(listed, list) or len(listed) > ROWS:
            raise ValueError("a leaderboard of another size")
        return cls(text.bounded(data["title"]), text.bounded(data["span"]), tuple(map(_read_row, listed)))


def _pack_row(name: str) -> str:
    return text.fit(text.bounded(name), RIGHT - NAMES, NORMAL)


def _read_row(row: object) -> LeaderboardRow | Skipped:
    match row:
        case [int(n_rows)] if 0 < n_rows <= text.MOST:
            return Skipped(n_rows)
        case [int(rank), str(name), int(points), int(is_me), str(note)] if 0 <= points <= text.MOST >= rank > 0:
            return LeaderboardRow(rank, text.bounded(name), points, bool(is_me), text.bounded(note))
        case _:
            raise ValueError("no row of a leaderboard")


def draw(board: BoardCard) -> Artwork:
    """Draw the leaderboard."""
    card = Card(board.title or board.span)
    if board.title:
        card.head(board.title, board.span)
        card.y += 10
    else:
        card.y -= 14  # a row begins with its own gap
    most = max((row.points for row in board.rows if isinstance(row, LeaderboardRow)), default=0)
    for row in board.rows:
        if isinstance(row, Skipped):
            _draw_gap(card, row)
        else:
            _draw_row(card, row, most)
    if not board.rows:
        card.y += 34
        card.label(LEFT, "Nobody is on the leaderboard yet.", SMALL + 1, look="soft")
    card.y += 14
    return card.artwork()


def _draw_row(card: Card, row: LeaderboardRow, most: int) -> None:
    card.y += ROW
    weight: Weight = 600 if row.is_me else 400
    size = NORMAL + 1
    points = card.label(RIGHT, str(row.points), size, weight=600, anchor="end")
    card.label(LEFT, str(row.rank), size, look="accent" if row.is_me else "soft", weight=600)
    room = RIGHT - points - GAP - NAMES
    aside = text.width(row.note, SMALL) + 8 if row.note else 0.0
    taken = card.label(NAMES, row.name, size, most=room - aside, weight=weight)
    if row.note:
        card.label(NAMES + taken + 8, row.note, SMALL, look="accent" if row.is_me else "soft")
    top, whole = card.y + 10, RIGHT - NAMES
    card.shapes.append(Plate(NAMES, top, whole, BAR, "sunk", BAR / 2))
    if row.points and most:
        length = max(BAR, whole * row.points / most)
        card.shapes.append(Plate(NAMES, top, length, BAR, "accent" if row.is_me else "mild", BAR / 2))


def _draw_gap(card: Card, skipped: Skipped) -> None:
    card.y += ROW - 6
    card.shapes += [Disc(LEFT + 5, card.y - 11 + 6 * n, 1.5, "soft") for n in range(3)]
    card.label(NAMES, f"{skipped.n_rows} more", SMALL, look="soft")
    card.y -= 8
