"""The project's own migrations make exactly the tables that the code knows, and a whole week lives on each engine."""

from __future__ import annotations

import ast
import gzip
import os
import re
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from bot.base.files import bundled
from bot.maintenance import migrate, schema_compatibility, schema_differences
from bot.maintenance.backup import Archive
from bot.maintenance.restore import Target
from bot.runtime.catalogue import tables
from bot.storage.unit_of_work import Database
from tests.harness import MONDAY, World, text, world
from tests.storage.filling import everything
from tests.storage.fixtures import run_alone

FIRST = "7fe560ba66c8"
"""The migration that makes the first tables: no older program works beside it."""
RELEASES = sorted((Path(__file__).parents[1] / "golden" / "releases").iterdir())
"""What `tools/release_fixtures` made for each version."""
NINE = MONDAY + timedelta(hours=1)
TWO_UPGRADES = """
import os, sys
import alembic.command, bot.cli.db
from bot.__main__ import main

def upgrade() -> int:
    code = main(["db", "upgrade"])
    sys.stdout.flush()
    return code

children = [child for _ in range(2) if (child := os.fork()) or os._exit(upgrade())]
sys.exit(max(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children))
"""
"""Two processes that begin at the same instant, with all that they need imported."""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, on each engine in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'fresh.db'}"
    address: str = request.getfixturevalue("postgres_url")
    run_alone(address, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    return address


@pytest.fixture
async def anywhere(url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path, TRAILMATE_DATABASE_URL=url) as made:
        made.app.tick = replace(made.app.tick, watches_gaps=False, count_every_s=0)
        yield made


def test_upgrading_from_empty_makes_the_tables_of_the_code_and_again_changes_nothing(url: str) -> None:
    assert schema_differences.check(url, tables())
    migrate.upgrade(url)
    assert schema_differences.check(url, tables()) == []
    with Database(url):
        pass
    migrate.upgrade(url)
    assert schema_differences.check(url, tables()) == []


@pytest.mark.nightly
def test_a_migration_waits_for_a_lock_that_another_holds_for_long(tmp_path: Path) -> None:
    url, file = f"sqlite:///{tmp_path / 'fresh.db'}", tmp_path / "fresh.db"
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        release = threading.Timer(6, other.rollback)  # the driver itself waits for five seconds
        release.start()
        migrate.upgrade(url)
        release.join()
    assert schema_differences.check(url, tables()) == []


@pytest.mark.nightly
def test_two_processes_may_migrate_at_once(url: str, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "TRAILMATE_DATABASE_URL": url,
        "TRAILMATE_DATA_DIR": str(tmp_path),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    argv = [sys.executable, "-c", TWO_UPGRADES]
    ran = subprocess.run(argv, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
    assert ran.stdout.splitlines().count("The database is up to date.") == 2, ran.stderr
    assert ran.returncode == 0
    assert schema_differences.check(url, tables()) == []


@pytest.mark.nightly
async def test_a_whole_week_is_lived(anywhere: World) -> None:
    w = anywhere
    await w.start("Europe/Berlin", extra="start=today")
    for who in ("ada", "ben"):
        await w.say(who, "join")
        await w.say(who, "settings reminders=yes zone=Europe/Berlin")
    for who in ("cy", "dev", "eve", "fay"):
        await w.say(who, "join")
    await w.to(NINE)
    assert (await w.posts())[-1].title.startswith("Unit 1:")
    receipt = await w.say("ada", "checkin 45 read two papers https://example.org/x")
    assert "Checked in:" in text(receipt)
    await w.press("ada", "Edit", {"minutes": "60"})
    await w.say("ada", "undo")
    await w.say("ada", "checkin 1h30 read three papers")
    await w.tick()
    assert "1 of 6 checked in" in text((await w.posts())[-1])
    await w.to(NINE + timedelta(days=6, hours=12))
    assert await w.posts("@ada") == []
    assert len(await w.posts("@ben")) == 2
    await w.say("ben", "away until=2026-03-10")
    await w.outage(hours=1)
    await w.say("mo", "excuse member=ben unit=1 reason=ill")
    await w.to(NINE + timedelta(weeks=1))
    assert "Completed unit 1: Ada. 🎉" in text((await w.threads())[-1][1][-1])
    assert [len(messages) for _, messages in await w.threads()] == [2, 3]
    assert "1 Ada (you)" in text(await w.say("ada", "leaderboard season"))
    assert "Excused by a moderator" in await w.record("ben")
    await w.say("mo", "cohort pause weeks=1 from=now confirm=yes")
    await w.say("mo", "cohort resume")
    await w.say("mo", 'cohort edit rhythm="tue 10:00 - mon 12:00" moderators=ada confirm=yes')
    assert (await w.say("ada", "report")).title == "Report on Night owls"
    await w.say("mo", "cohort end confirm=yes")
    await w.tick()
    assert (await w.posts())[-1].title == "Night owls has finished"


@pytest.mark.nightly
@pytest.mark.parametrize("url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.nightly)], indirect=True)
def test_a_backup_of_the_first_tables_keeps_every_row_under_the_names_of_today(url: str) -> None:
    with Archive(Path(__file__).with_name("first_tables.zip")) as archive:
        assert archive.revision == FIRST and min(archive.counts.values()) > 0
        Target(url, frozenset(tables().tables)).fill(archive, lambda *_: None, lambda _: None)
        renames = ScriptDirectory(str(bundled("migrations"))).get_revision("c2d8f41b7e95").module.RENAMED
        kept = {renames.get(name, name): count for name, count in archive.counts.items()}
    assert schema_differences.check(url, tables()) == []
    rows = everything(url)
    assert {name: len(rows[name]) for name in rows} == {**dict.fromkeys(rows, 0), **kept}  # newer tables are empty
    with migrate.connected(url) as connection:
        command.downgrade(migrate.configured(connection, None, None), FIRST)
        connection.commit()
        assert set(inspect(connection).get_table_names()) - {migrate.VERSION_TABLE} == set(archive.counts)
        connection.rollback()
    migrate.upgrade(url)
    assert schema_differences.check(url, tables()) == []
    rows.pop("migration")  # an upgrade adds to it
    assert {name: found for name, found in everything(url).items() if name != "migration"} == rows


@pytest.mark.parametrize("url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.nightly)], indirect=True)
@pytest.mark.parametrize("release", RELEASES, ids=lambda folder: folder.name)
def test_a_backup_of_each_release_is_restored_with_every_row(url: str, release: Path) -> None:
    with Archive(release / "backup.zip") as archive:
        assert archive.about.version == release.name and min(archive.counts.values()) > 0
        Target(url, frozenset(tables().tables)).fill(archive, lambda *_: None, lambda _: None)
        kept = archive.counts
    assert schema_differences.check(url, tables()) == []
    rows = everything(url)
    assert {name: len(rows[name]) for name in kept} == kept


@pytest.mark.parametrize("release", RELEASES, ids=lambda folder: folder.name)
async def test_a_group_of_each_release_goes_on_with_this_version(release: Path, tmp_path: Path) -> None:
    file = tmp_path / "trailmate.db"
    file.write_bytes(gzip.decompress((release / "trailmate.db.gz").read_bytes()))
    url = f"sqlite:///{file}"
    with Archive(release / "backup.zip") as archive:
        kept = archive.counts
    migrate.upgrade(url)
    assert schema_differences.check(url, tables()) == []
    rows = everything(url)
    assert {name: len(rows[name]) for name in kept} == {**kept, "migration": len(rows["migration"])}
    async with world(tmp_path, at=MONDAY + timedelta(weeks=18)) as w:
        assert "Your progress" in text(await w.say("ada", "progress", key="release:1"))  # the group has ended
        await w.say("ada", "join", room="lobby", key="release:2")  # the release has stored keys of the harness
        await w.to(w.clock.now() + timedelta(days=1))
        assert "Checked in:" in text(await w.say("ada", "checkin 45 read", room="lobby", key="release:3"))


@pytest.mark.nightly
@pytest.mark.parametrize("url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.nightly)], indirect=True)
async def test_a_constraint_that_refuses_does_not_end_the_conversation(anywhere: World) -> None:
    w = anywhere
    await w.start()
    for _ in range(2):
        assert (await w.say("ada", "join")).tone == "good"
    await w.say("mo", "excuse member=ada unit=1 reason=x")
    await w.to(NINE)
    for _ in range(2):
        assert (await w.say("mo", "excuse member=ada unit=1 reason=x")).tone != "error"
    assert (await w.say("ada", "progress")).tone != "error"


NARROWING = {
    "drop_table",
    "drop_column",
    "rename_table",
    "alter_column",
    "drop_constraint",
    "create_unique_constraint",
    "create_check_constraint",
    "create_foreign_key",
}


def narrowing(code: str) -> list[str]:
    """Return what an upgrade does that a program of the version before cannot work beside."""
    tree = ast.parse(code)
    (upgrade,) = (one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == "upgrade")
    found = []
    for call in (one for one in ast.walk(upgrade) if isinstance(one, ast.Call)):
        name, said = getattr(call.func, "attr", ""), ast.unparse(call)
        is_bare = "nullable=False" in said and "server_default" not in said
        is_raw = name == "execute" and re.search(r"\b(DROP|ALTER|RENAME)\b", said, re.IGNORECASE)
        if name in NARROWING or (name == "add_column" and is_bare) or is_raw:
            found.append(said)
    return found


def test_an_older_program_can_work_beside_each_migration_or_is_told_that_it_cannot() -> None:
    written = schema_compatibility.written(None) or {}
    after, at = [], migrate.head()
    while at != FIRST:
        after.append(at)
        at = written[at].follows or ""
    files = {at: next(Path("migrations/versions").glob(f"{at}_*.py")).read_text(encoding="utf-8") for at in after}
    assert {at: found for at, code in files.items() if written[at].is_additive and (found := narrowing(code))} == {}


@pytest.mark.parametrize(
    "line",
    [
        'op.drop_table("x")',
        'op.alter_column("x", "y", nullable=False)',
        'batch.drop_column("y")',
        'op.add_column("x", sa.Column("y", sa.Integer(), nullable=False))',
        'op.execute("ALTER TABLE x RENAME TO z")',
    ],
)
def test_what_an_older_program_cannot_work_beside_is_seen(line: str) -> None:
    assert narrowing(f"def upgrade():\n    {line}\n") == [ast.unparse(ast.parse(line))]


def test_what_only_adds_is_let_pass() -> None:
    adds = 'op.add_column("x", sa.Column("y", sa.Integer(), nullable=False, server_default="0"))'
    assert narrowing(f"def upgrade():\n    {adds}\n    op.create_table('z', sa.Column('id'))\n") == []
