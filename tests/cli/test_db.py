"""`trailmate db`: what it knows of the tables in a process of its own is what its own imports bring."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from bot.cli.db import joined
from bot.features.checkins.tables import MemberStanding
from bot.features.groups.tables import Group
from bot.storage.unit_of_work import Work
from tests.command_line import ROOT, here
from tests.harness import text, world
from tests.storage.filling import fill, quickly

__all__ = ["quickly"]
OPERATIONS = ROOT / "docs" / "operations.md"
ORPHAN = "INSERT INTO pause (group_id, from_at, reason, made_at) VALUES (77, '2026-01-01', '', '2026-01-01')"


def test_a_database_that_was_just_migrated_is_as_it_should_be(tmp_path: Path) -> None:
    assert here(tmp_path, "db", "upgrade").returncode == 0

    checked = here(tmp_path, "db", "check")
    looks = (here(tmp_path, "doctor") for _ in range(5))
    found = next(look for look in looks if "no answer in" not in look.stdout)  # on a busy machine it gives up

    assert checked.stdout.strip() == "The database is sound."
    assert "ok   Database: up to date" in found.stdout
    assert (checked.returncode, found.returncode) == (0, 0)


async def test_standings_that_differ_are_counted_and_mended(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await w.begin("ada", "ben", "eve")
        await w.say("ada", "checkin 30 read two papers")
        await w.app.database.run(lambda work: work.session.execute(update(Group).values(closed_at=w.clock.now())))
        await w.to(w.clock.now() + timedelta(days=30))

        def spoil(work: Work) -> None:
            work.session.execute(update(MemberStanding).where(MemberStanding.name != "Eve").values(season_points=99))

        await w.app.database.run(spoil)
    found = here(tmp_path, "db", "check")
    spoiled(tmp_path, ORPHAN)
    mended, again = here(tmp_path, "db", "check", "--repair", "--yes"), here(tmp_path, "db", "check")
    differ = "2 of 3 standings differ from the check-ins: to be recomputed."
    lost = "1 row of pause without what group_id names"
    assert found.stdout.splitlines() == [differ, "Fix it with trailmate db check --repair."]
    assert mended.stdout.splitlines() == [
        f"{lost}: to be deleted.",
        "Fix these rows first. Standings depend on them, so I'll check those afterwards.",
        f"Fixed: {lost}: deleted.",
        differ,
        "Fixed: 2 standings.",
        "The database is sound.",
    ]
    assert again.stdout == "The database is sound.\n"
    assert [one.returncode for one in (found, mended, again)] == [1, 0, 0]
    async with world(tmp_path) as w:
        assert f"{lost}; 2 standings" in text(await w.say("mo", "audit what=db"))


@pytest.mark.nightly
async def test_what_is_missing_or_out_of_date_in_a_group_that_has_ended_is_settled(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await w.begin("ada", "ben", "eve")
        await w.say("ada", "checkin 30 read two papers")
        await w.to(w.clock.now() + timedelta(days=30))

        def spoil(work: Work) -> None:
            work.session.execute(update(Group).values(closed_at=w.clock.now(), ended_at=w.clock.now(), wake_at=None))
            work.session.execute(delete(MemberStanding).where(MemberStanding.name == "Ben"))
            work.session.execute(update(MemberStanding).where(MemberStanding.name == "Ada").values(basis=""))

        await w.app.database.run(spoil)
    found, mended = (here(tmp_path, "db", "check", *more) for more in ([], ["--repair", "--yes"]))
    assert found.stdout.startswith("1 of 3 standings differ from the check-ins:")
    assert "Fixed: 1 standing." in mended.stdout
    async with world(tmp_path) as w:
        rows = await w.app.database.run(lambda work: work.session.scalars(select(MemberStanding)).all(), writes=False)
    assert {row.name for row in rows} == {"Ada", "Ben", "Eve"}
    assert len({row.basis for row in rows}) == 1 and all(row.basis for row in rows)


def test_an_index_that_is_missing_is_named_beside_the_rest_and_made_again(tmp_path: Path, quickly: None) -> None:
    fill(f"sqlite:///{tmp_path / 'trailmate.db'}", is_empty=True)
    spoiled(tmp_path, "DROP INDEX ix_outbox_state_due_at", ORPHAN)
    shown, done = here(tmp_path, "db", "check"), here(tmp_path, "db", "check", "--repair", "--yes")
    index, row = "index ix_outbox_state_due_at of outbox is missing", "1 row of pause without what group_id names"
    lines = shown.stdout.splitlines()
    assert lines[:2] == [f"{index}: to be rebuilt.", f"{row}: to be deleted."]
    assert lines[-1] == "Fix it with trailmate db check --repair."
    assert "Fixed: index ix_outbox_state_due_at: rebuilt." in done.stdout
    assert done.stdout.endswith("The database is sound.\n")
    assert (shown.returncode, done.returncode) == (1, 0)


def test_a_check_makes_no_database(tmp_path: Path) -> None:
    done = here(tmp_path, "db", "check", TRAILMATE_DATA_DIR=str(tmp_path / "none"))
    where = tmp_path / "none" / "trailmate.db"
    assert (done.stdout, done.stderr) == ("", f"There is no database {where}. The first start creates one.\n")
    assert done.returncode == 1 and not where.parent.exists()


def test_what_was_mended_is_on_record_whole() -> None:
    assert joined(["a" * 90, "b" * 90, "c" * 30]) == [f"{'a' * 90}; {'b' * 90}", "c" * 30]


def spoiled(folder: Path, *statements: str) -> None:
    """Do to a database what no bot does."""
    with closing(sqlite3.connect(folder / "trailmate.db")) as opened, opened:
        for statement in statements:
            opened.execute(statement)


async def test_rows_that_follow_from_others_are_shown_then_mended_and_put_on_record(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await w.begin("ada", "ben")
        await w.say("ada", "checkin 30 read two papers")
    spoiled(
        tmp_path,
        "DELETE FROM account WHERE name = 'Ben'",
        "UPDATE outbox SET lease_until = '2999-01-01 00:00:00.000000', lease_owner = 'x'",
        "UPDATE outbox SET state = 'due', parent_key = 'gone' WHERE id = 1",
        "UPDATE study_group SET wake_at = '2999-01-01 00:00:00.000000'",
    )
    shown, asked, done, again = (
        here(tmp_path, "db", "check", *more) for more in ([], ["--repair"], ["--repair", "--yes"], [])
    )
    assert [one.returncode for one in (shown, asked, done, again)] == [1, 1, 0, 0]
    for line in (
        "1 row of membership without what account_id names: to be deleted.",
        "1 message for a missing post: to be given up.",
        "1 group that the schedule skips: to be scheduled again.",
    ):
        assert line in shown.stdout and f"Fixed: {line.replace('to be ', '')}" in done.stdout
    assert "that is taken for more than a day: the clock stood wrong: to be let go." in shown.stdout
    assert asked.stdout.endswith("Nothing was changed. Use --yes to fix it.\n")
    assert again.stdout.endswith("The database is sound.\n")
    async with world(tmp_path) as w:
        assert "without what account_id names" in text(await w.say("mo", "audit what=db"))


def damaged(file: Path, table: str) -> None:
    """Overwrite one leaf of a table in the middle."""
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("PRAGMA journal_mode=DELETE")
        size = opened.execute("PRAGMA page_size").fetchone()[0]
    data = bytearray(file.read_bytes())
    marks = [at for at in range(0, len(data), size) if data[at] == 13 and table.encode() * 3 in data[at : at + size]]
    at = marks[len(marks) // 2]
    data[at : at + size] = b"\xff" * size
    file.write_bytes(data)


def test_a_damaged_file_is_named_and_stays_as_it_is(tmp_path: Path, quickly: None) -> None:
    file = _fill_and_damage(tmp_path)
    content = file.read_bytes()
    shown, asked = here(tmp_path, "db", "check"), here(tmp_path, "db", "check", "--repair", "--yes")
    assert (shown.returncode, asked.returncode, asked.stdout) == (1, 1, shown.stdout)
    assert "Stop the bot, copy the file, and restore a backup." in shown.stdout
    assert ".recover" in shown.stdout and file.read_bytes() == content


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="needs SQLite's command line")
async def test_a_damaged_file_is_recovered_by_the_steps_of_the_docs(tmp_path: Path, quickly: None) -> None:
    file = _fill_and_damage(tmp_path)
    steps = re.search(r"```sh\n(mkdir damaged\n.*?)trailmate db check --repair\n```", OPERATIONS.read_text(), re.DOTALL)
    assert steps
    subprocess.run(["sh", "-c", steps[1]], cwd=tmp_path, check=True, capture_output=True, timeout=300)
    done, again = here(tmp_path, "db", "check", "--repair", "--yes"), here(tmp_path, "db", "check")
    assert (done.returncode, again.returncode) == (0, 0), done.stdout
    with closing(sqlite3.connect(file)) as opened:
        (tenants,) = opened.execute("SELECT count(*) FROM tenant").fetchone()
        (greetings,) = opened.execute("SELECT count(*) FROM greeting").fetchone()
    assert 2800 < tenants < 3000 and greetings == 3000
    assert file.stat().st_mode & 0o777 == 0o600
    async with world(tmp_path) as w:
        await w.begin("ada")


def _fill_and_damage(folder: Path) -> Path:
    file = folder / "trailmate.db"
    fill(f"sqlite:///{file}", is_empty=True)
    many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
    spoiled(
        folder,
        f"{many} INSERT INTO tenant SELECT i, 'p', 'x' || i, 'ownedownedowned' FROM n",
        f"{many} INSERT INTO greeting (platform, tenant, room, said_at) "
        "SELECT 'p', i, '', '2026-01-01 00:00:00' FROM n",
    )
    damaged(file, "owned")
    return file


def test_indexes_that_differ_from_their_table_are_made_anew(tmp_path: Path, quickly: None) -> None:
    fill(f"sqlite:///{tmp_path / 'trailmate.db'}")
    true = "CREATE INDEX ix_outbox_parent_key ON outbox (parent_key)"
    for said in (f"{true} WHERE 0", true):  # a row is changed while the index is said to hold none
        schema = f"UPDATE sqlite_master SET sql = '{said}' WHERE name = 'ix_outbox_parent_key'"
        spoiled(tmp_path, "PRAGMA writable_schema=ON", schema)
        if said != true:
            spoiled(tmp_path, "UPDATE outbox SET parent_key = 'new' WHERE id = 1")
    shown, done = (here(tmp_path, "db", "check", *more) for more in ([], ["--repair", "--yes"]))
    assert "To be rebuilt: the indexes." in shown.stdout
    assert "Fixed: the indexes." in done.stdout


def test_a_file_that_holds_nothing_of_ours_is_not_mended(tmp_path: Path, quickly: None) -> None:
    (tmp_path / "trailmate.db").write_bytes(b"not a database" * 1000)
    done = here(tmp_path, "db", "check", "--repair", "--yes")
    assert done.returncode == 1 and "restore a backup" in done.stdout
    assert (tmp_path / "trailmate.db").read_bytes() == b"not a database" * 1000
