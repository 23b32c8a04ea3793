"""Do drills: python -m tests.reliability.drills [NAME...] [--engine sqlite|postgresql|both] [-n 2] [--table]

With `--results FILE` each result is written there at once, and a drill that has passed there isn't done again. So a run
may be broken off, and a long one done in parts. The longest drills begin first.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.reliability.drills import table
from tests.reliability.drills.beginnings import Beginnings
from tests.reliability.drills.catalogue import drills
from tests.reliability.drills.frame import Drill, Engine, Outcome, Scene, perform
from tests.reliability.drills.server import Servers


async def do(chosen: Sequence[tuple[Drill, Engine]], at_once: int, results: Path | None) -> list[Outcome]:
    """Do drills, some side by side, and say of each what came of it."""
    servers, beginnings, turns = Servers(), Beginnings(), asyncio.Semaphore(at_once)
    with tempfile.TemporaryDirectory(prefix="trailmate-drills-") as made:
        if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):  # else each process compiles all that it imports
            os.environ.setdefault("PYTHONPYCACHEPREFIX", str(Path(made, "bytecode")))

        async def one(wanted: Drill, engine: Engine) -> Outcome:
            async with turns:
                outcome = await perform(
                    Scene(engine, Path(made, f"{wanted.name}-{engine}"), servers, beginnings), wanted
                )
            print(f"{wanted.name:32} {engine:11} {outcome.cell}", flush=True)
            if results is not None:
                table.append(results, outcome)
            if outcome.fault:
                print(outcome.fault, flush=True)
            return outcome

        try:
            return await asyncio.gather(*(one(*each) for each in chosen))
        finally:
            servers.close()
            beginnings.close()


def main() -> int:
    """Do what the command line names; the exit code is 1 if anything did not hold."""
    known = drills()
    parser = argparse.ArgumentParser(
        prog="python -m tests.reliability.drills", description="Faults, done to real processes."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"all by default: {', '.join(known)}")
    parser.add_argument("--engine", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("-n", type=int, default=2, dest="at_once", help="how many side by side")
    parser.add_argument("--table", action="store_true", help="write the results into docs/reliability.md")
    parser.add_argument("--results", type=Path, metavar="FILE", help="keep results there; skip what has passed there")
    given = parser.parse_args()
    if strange := set(given.names) - known.keys():
        parser.error(f"there is no drill {', '.join(sorted(strange))}")
    kept = table.read(given.results) if given.results else {}
    wanted = [
        (known[name], engine)
        for name in given.names or known
        for engine in known[name].engines
        if given.engine in (engine, "both")
    ]
    lasted = table.seconds(table.PAGE.read_text(encoding="utf-8"))
    missing = [(one, engine) for one, engine in wanted if not kept.get((one.name, engine), "").startswith("passed")]
    missing.sort(key=lambda each: -lasted.get((each[0].name, each[1]), 0.0))
    began = time.monotonic()
    outcomes = asyncio.run(do(missing, given.at_once, given.results))
    failed = [outcome for outcome in outcomes if outcome.fault]
    print(f"{len(outcomes)} done in {time.monotonic() - began:.0f} s, {len(failed)} failed")
    if given.table:
        cells = kept | {(outcome.drill.name, outcome.engine): outcome.cell for outcome in outcomes}
        table.write(known.values(), cells)
        print(table.table(known.values(), cells))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
