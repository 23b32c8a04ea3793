"""The table of drills in docs/reliability.md, and a file of results from which a broken-off run goes on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.reliability.drills.frame import BOTH, Drill, Outcome

PAGE = Path(__file__).parents[3] / "docs" / "reliability.md"
BEGIN, END = "<!-- drills -->", "<!-- end of drills -->"
HEAD = "| Drill | Fault | People see | The database has | Processes | SQLite | PostgreSQL |"
NEVER, NOT_SO = "not run", "–"


def standing(page: str) -> dict[str, list[str]]:
    """Return the cells of each row of a page's table by its drill."""
    rows = page.split(BEGIN)[1].split(END)[0].strip().splitlines()[2:]
    cells = ([cell.strip() for cell in row.strip("|").split("|")] for row in rows)
    return {row[0].strip("`"): row[1:] for row in cells}


def seconds(page: str) -> dict[tuple[str, str], float]:
    """Return how long each drill of a page's table lasted, by its name and engine."""
    cells = {(name, engine): row[4 + n] for name, row in standing(page).items() for n, engine in enumerate(BOTH)}
    return {key: float(cell.split(",")[1].strip(" s")) for key, cell in cells.items() if cell.startswith("passed")}


def table(known: Iterable[Drill], cells: Mapping[tuple[str, str], str]) -> str:
    """Return the table.

    Args:
        cells: what came of a drill, by its name and engine.
    """
    rows = [HEAD, "| --- | --- | --- | --- | --- | --- | --- |"]
    for one in known:
        ends = [cells.get((one.name, engine), NEVER) if engine in one.engines else NOT_SO for engine in BOTH]
        rows.append(f"| `{one.name}` | {one.does} | {one.sees} | {one.holds} | {one.processes} | {' | '.join(ends)} |")
    return "\n".join(rows)


def read(results: Path) -> dict[tuple[str, str], str]:
    """Return the newest cell of each drill and engine in a file of results; {} without a file."""
    lines = results.read_text(encoding="utf-8").splitlines() if results.exists() else []
    rows = (json.loads(line) for line in lines)
    return {(row["drill"], row["engine"]): row["cell"] for row in rows}


def append(results: Path, outcome: Outcome) -> None:
    """Add what came of a drill to a file of results."""
    row = {"drill": outcome.drill.name, "engine": outcome.engine, "cell": outcome.cell}
    with results.open("a", encoding="utf-8") as file:
        file.write(f"{json.dumps(row)}\n")


def write(known: Iterable[Drill], cells: Mapping[tuple[str, str], str]) -> None:
    """Write cells by drill and engine into the page; other drills keep what stands there."""
    page = PAGE.read_text(encoding="utf-8")
    standing_cells: dict[tuple[str, str], str] = {
        (name, engine): row[4 + n] for name, row in standing(page).items() for n, engine in enumerate(BOTH)
    }
    before, after = page.split(BEGIN)[0], page.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}\n{table(known, {**standing_cells, **cells})}\n{END}{after}", encoding="utf-8")
