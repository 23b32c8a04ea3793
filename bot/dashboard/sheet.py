"""A table of a page as it is taken along: a file that no spreadsheet computes anything from."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.features.quiz.export import cell

Cell = str | int | datetime | None


@dataclass(frozen=True)
class Sheet:
    """Rows under the names of their columns; instants are in UTC."""

    columns: tuple[str, ...]
    rows: Iterable[Sequence[Cell]]

    def csv(self) -> str:
        """Return it as the text of a file."""
        out = io.StringIO()
        lines = csv.writer(out, lineterminator="\n")
        lines.writerow(self.columns)
        lines.writerows([_told(one) for one in row] for row in self.rows)
        return out.getvalue()


def _told(one: Cell) -> str | int:
    if isinstance(one, int):
        return one
    return cell(f"{one:%Y-%m-%d %H:%M}" if isinstance(one, datetime) else one or "")
