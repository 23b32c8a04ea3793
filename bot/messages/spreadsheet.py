"""CSV export that is safe against formula injection. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

Cell = str | int | datetime | None
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First characters of a formula. Source: https://owasp.org/www-community/attacks/CSV_Injection."""


@dataclass(frozen=True)
class Spreadsheet:
    """Rows with column names; instants are in UTC."""

    columns: tuple[str, ...]
    rows: Iterable[Sequence[Cell]]

    def csv(self) -> str:
        """Return the text of a CSV file."""
        out = io.StringIO()
        lines = csv.writer(out, lineterminator="\n")
        lines.writerow(self.columns)
        lines.writerows([_format_cell(value) for value in row] for row in self.rows)
        return out.getvalue()


def _format_cell(value: Cell) -> str | int:
    if isinstance(value, int):
        return value
    return cell(f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value or "")


def cell(text: str) -> str:
    """Return a cell that no spreadsheet evaluates as a formula."""
    return f"'{text}" if text.lstrip("'").startswith(_FORMULA) else text


def read_cell(text: str) -> str:
    """Return the text of a cell that `cell` made."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_FORMULA) else text
