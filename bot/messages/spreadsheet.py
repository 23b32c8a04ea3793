"""A table as it is taken along: a file that no spreadsheet computes anything from. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

Cell = str | int | datetime | None
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With what a cell begins that a spreadsheet computes. Source: https://owasp.org/www-community/attacks/CSV_Injection."""


@dataclass(frozen=True)
class Spreadsheet:
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


def cell(text: str) -> str:
    """Return a cell that no spreadsheet computes."""
    return f"'{text}" if text.startswith(_FORMULA) else text
