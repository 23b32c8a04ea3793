"""Makes a database and a backup from which later versions are tested to upgrade: `python -m tools.release_fixtures`.

Into tests/golden/releases/VERSION go `trailmate.db.gz` and `backup.zip`, with rows in every table: those of the season
in tests/tour, and invented ones in tables that the season leaves empty. Run it once for each release, after its last
migration.
"""

from __future__ import annotations

import asyncio
import gzip
import os
import sqlite3
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.__main__ import main as trailmate
from tests.storage.filling import fill_empty
from tests.tour import Seen, live_season

RELEASES = Path(__file__).parents[1] / "tests" / "golden" / "releases"


def main() -> None:
    """Make both files for the version of this checkout, in place of earlier ones."""
    into = RELEASES / version("trailmate")
    into.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as made:
        folder, whole = Path(made, "season"), Path(made, "whole.db")
        asyncio.run(live_season(folder, Seen()))
        database = folder / "trailmate.db"
        fill_empty(f"sqlite:///{database}")
        with closing(sqlite3.connect(database)) as opened:
            opened.execute("VACUUM INTO ?", (str(whole),))
        (into / "trailmate.db.gz").write_bytes(gzip.compress(whole.read_bytes(), mtime=0))
        os.environ["TRAILMATE_DATA_DIR"] = str(folder)
        if trailmate(["backup", str(into / "backup.zip"), "--force"]):
            raise SystemExit("The backup was not made.")


if __name__ == "__main__":
    main()
