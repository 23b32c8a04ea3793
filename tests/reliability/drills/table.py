"""The table of drills in docs/reliability.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.reliability.drills.frame import BOTH, Drill, Outcome

PAGE = Path(__file__).parents[3] / "docs" / "reliability.md"
BEGIN, END = "<!-- drills -->", "<!-- end of drills -->"
HEAD = "| Drill | Fault | People see | The database has | SQLite | PostgreSQL |"
NEVER, NOT_SO = "not run", "–"


def standing(page: str) -> dict[str, list[str]]:
    """Return the cells of each row of a page's table by its drill."""
    rows = page.split(BEGIN)[1].split(END)[0].strip().splitlines()[2:]
    cells = ([cell.strip() for cell in row.strip("|").split("|")] for row in rows)
    return {row[0].strip("`"): row[1:] for row in cells}


def table(known: Iterable[Drill], cells: Mapping[tuple[str, str], str]) -> str:
    """Return the table.

    Args:
        cells: what came of a drill, by its name and engine.
    """
    rows = [HEAD, "| --- | --- | --- | --- | --- | --- |"]
    for one in known:
        ends = [cells.get((one.name, engine), NEVER) if engine in one.engines else NOT_SO for engine in BOTH]
        rows.append(f"| `{one.name}` | {one.does} | {one.sees} | {one.holds} | {' | '.join(ends)} |")
    return "\n".join(rows)


def write(known: Iterable[Drill], outcomes: Iterable[Outcome]) -> None:
    """Write what came of drills into the page; others keep what stands there."""
    page = PAGE.read_text(encoding="utf-8")
    cells: dict[tuple[str, str], str] = {
        (name, engine): row[3 + n] for name, row in standing(page).items() for n, engine in enumerate(BOTH)
    }
    cells |= {(outcome.drill.name, outcome.engine): outcome.cell for outcome in outcomes}
    before, after = page.split(BEGIN)[0], page.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}\n{table(known, cells)}\n{END}{after}", encoding="utf-8")
