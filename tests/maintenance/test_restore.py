"""Whole databases, put back and moved between engines: all of it arrives, or nothing has happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, make_url, text

from bot.cli.doctor import database_finding
from bot.maintenance import migrate, restore, schema_differences
from bot.maintenance.backup import Archive, BackupError, BackupManifest, make
from bot.maintenance.restore import Target
from bot.maintenance.table_rows import Tables, TableShape
from bot.runtime import settings as settings_of
from bot.runtime.catalogue import tables
from bot.storage import engine as engines
from bot.storage import faults
from tests.maintenance.test_backup import silent
from tests.storage.filling import EACH, everything, fill, opened, quickly
from tests.storage.fixtures import run_alone

NAMES = frozenset(tables().tables)
pytestmark = pytest.mark.usefixtures("quickly")
__all__ = ["quickly"]


def nothing(_: Connection) -> None:
    """Do nothing besides."""


def move(source_url: str, target_url: str) -> None:
    with opened(source_url) as source:
        Target(target_url, NAMES).fill(source, silent, nothing)


def backed_up(url: str, file: Path) -> Archive:
    with opened(url) as source:
        return make(
            file,
            source,
            BackupManifest(datetime(2026, 3, 2, tzinfo=UTC), "0.1.0", "sqlite", source.revision),
            {},
            silent,
        )


def next_id(url: str, table: str, insert: str) -> int:
    engine = engines.single(url)
    with engine.begin() as connection:
        found: int = connection.execute(text(f"{insert} RETURNING id")).scalar_one()
        connection.rollback()
    engine.dispose()
    return found


def test_every_table_is_moved_there_and_back(postgres_url: str, tmp_path: Path) -> None:
    first, last = (f"sqlite:///{tmp_path / name}.db" for name in ("first", "last"))
    run_alone(postgres_url, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    fill(first)
    engine = engines.single(first)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE sqlite_sequence SET seq = 40 WHERE name = 'feed_message'")
        connection.exec_driver_sql("UPDATE outage_heartbeat SET at = '2026-01-01 00:00:00' WHERE id = 2")
    engine.dispose()
    before = everything(first)
    assert all(len(rows) == EACH for rows in before.values()) and set(before) == NAMES

    move(first, postgres_url)
    assert everything(postgres_url) == before
    assert schema_differences.check(postgres_url, tables()) == []
    move(postgres_url, last)
    assert everything(last) == before
    assert schema_differences.check(last, tables()) == []

    said = "INSERT INTO feed_message (key, room, thread, thread_title, author, reply, at, is_removed)"
    values = "VALUES ('k', 'r', '', '', '', '{}', '2026-01-01 00:00:00', false)"
    assert [next_id(url, "feed_message", f"{said} {values}") for url in (postgres_url, last)] == [41, 41]
    insert = "INSERT INTO outage_heartbeat (at) VALUES ('2026-01-01 00:00:00')"
    assert [next_id(url, "outage_heartbeat", insert) for url in (postgres_url, last)] == [EACH + 1] * 2


@pytest.mark.parametrize("url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.nightly)], indirect=True)
def test_a_backup_is_put_back_on_each_engine(url: str, tmp_path: Path) -> None:
    fill(url)
    before = everything(url)
    with backed_up(url, tmp_path / "b.zip") as archive:
        run_on(url, "DELETE FROM checkin_change", "UPDATE account SET name = 'someone else'")
        assert not Target(url, NAMES).is_empty()
        Target(url, NAMES).fill(archive, silent, nothing, kept=tmp_path / "kept.db")
    assert everything(url) == before
    if engines.is_sqlite(url):
        assert len(everything(f"sqlite:///{tmp_path / 'kept.db'}")["checkin_change"]) == 0
        assert {one.name for one in tmp_path.iterdir()} == {"b.zip", "kept.db", "trailmate.db"}
        assert (tmp_path / "trailmate.db").stat().st_mode & 0o777 == 0o600


def run_on(url: str, *statements: str) -> None:
    engine = engines.single(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@dataclass
class Breaks:
    """Something that fails in the middle."""

    error: BaseException

    def __call__(self, *_: Any, **__: Any) -> Any:
        raise self.error


def survives(url: str, folder: Path, finish: Callable[[Connection], None] = nothing) -> None:
    fill(url)
    with backed_up(url, folder / "b.zip") as archive:
        run_on(url, "UPDATE account SET name = 'later'")
        with pytest.raises((KeyboardInterrupt, OSError)):
            Target(url, NAMES).fill(archive, silent, finish, kept=folder / "kept.db")
    assert {dict(row)["name"] for row in everything(url)["account"]} == {"later"}


@pytest.mark.parametrize("url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.nightly)], indirect=True)
def test_what_fails_in_the_middle_leaves_the_old_database(url: str, tmp_path: Path) -> None:
    survives(url, tmp_path, Breaks(KeyboardInterrupt()))
    assert {one.name for one in tmp_path.iterdir()} <= {"b.zip", "trailmate.db", "trailmate.db-wal", "trailmate.db-shm"}


@pytest.mark.nightly
def test_what_fails_in_the_last_step_leaves_the_old_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restore, "_keep", Breaks(OSError("x")))
    survives(f"sqlite:///{tmp_path / 'trailmate.db'}", tmp_path)


@pytest.mark.nightly
def test_rows_that_do_not_fit_are_named_by_their_table(postgres_url: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'trailmate.db'}"
    run_alone(postgres_url, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public", "CREATE TABLE theirs (x int)")
    fill(url)
    run_on(url, "UPDATE study_group SET zone = substr(hex(zeroblob(90)), 1, 90) WHERE id = 1")
    with pytest.raises(
        BackupError, match=r"^study_group can't be stored there: value too long.*Nothing was changed\.$"
    ):
        move(url, postgres_url)
    with engines.snapshot(postgres_url) as connection:
        assert connection.execute(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")).scalar() == 1
    assert Target(postgres_url, NAMES).is_empty()


def test_tables_of_others_stay(postgres_url: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'trailmate.db'}"
    run_alone(postgres_url, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    run_alone(postgres_url, "CREATE TABLE theirs (x int)", "INSERT INTO theirs VALUES (5)")
    fill(url)
    move(url, postgres_url)
    move(url, postgres_url)
    with engines.snapshot(postgres_url) as connection:
        assert connection.execute(text("SELECT x FROM theirs")).scalar() == 5


def test_tables_that_are_not_those_of_their_revision_are_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'trailmate.db'}"
    fill(url, is_empty=True)
    run_on(url, "ALTER TABLE outage_heartbeat ADD COLUMN colour VARCHAR(9)")
    with (
        opened(url) as source,
        pytest.raises(BackupError, match="The tables outage_heartbeat don't belong to revision"),
    ):
        Target(f"sqlite:///{tmp_path / 'other.db'}", NAMES).fill(source, silent, nothing)
    assert not (tmp_path / "other.db").exists()


def test_a_log_beside_a_damaged_file_is_kept_with_it_and_never_applied_to_another(tmp_path: Path) -> None:
    file, new = tmp_path / "trailmate.db", tmp_path / "new.db"
    fill(f"sqlite:///{new}")
    file.write_bytes(b"no database at all" * 500)
    file.with_name("trailmate.db-wal").write_bytes(b"log")
    restore.put_in_place(new, file, tmp_path / "kept.db")
    assert {one.name for one in tmp_path.iterdir()} == {"trailmate.db", "kept.db", "kept.db-wal"}
    assert (tmp_path / "kept.db-wal").read_bytes() == b"log"
    assert everything(f"sqlite:///{file}")["outage_heartbeat"]


def test_a_target_without_room_is_a_sentence_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, last = (f"sqlite:///{tmp_path / name}.db" for name in ("first", "last"))
    fill(first)
    run_on(first, "UPDATE feed_message SET author = hex(zeroblob(9000))")
    make_tables = migrate.make

    def make_in_little_room(connection: Connection, to: str = "head") -> None:
        make_tables(connection, to)
        connection.exec_driver_sql("PRAGMA max_page_count = 1")  # no page more than there is

    monkeypatch.setattr(migrate, "make", make_in_little_room)
    with pytest.raises(BackupError, match=r"^The database's disk is full\. Free some space\. Nothing was changed\.$"):
        move(first, last)
    assert not [*tmp_path.glob("last*")]


@pytest.mark.nightly
def test_a_user_who_may_make_no_tables_is_told_what_to_type(postgres_url: str, tmp_path: Path) -> None:
    public = "DROP SCHEMA public CASCADE", "CREATE SCHEMA public", "GRANT USAGE ON SCHEMA public TO PUBLIC"
    run_alone(postgres_url, *public, "DROP ROLE IF EXISTS newcomer", "CREATE ROLE newcomer LOGIN")
    url = make_url(postgres_url).set(username="newcomer").render_as_string(hide_password=False)
    fill(source := f"sqlite:///{tmp_path / 'first.db'}")
    with pytest.raises(BackupError, match="GRANT ALL ON SCHEMA public TO USER; or ALTER DATABASE"):
        move(source, url)
    with pytest.raises(engines.Unreachable, match="GRANT ALL ON SCHEMA public TO USER; or ALTER DATABASE"):
        migrate.upgrade(url)
    found = database_finding(settings_of.load(_env_file=None, TRAILMATE_DATABASE_URL=url))
    assert (found.what, found.fix) == ("Database: not permitted", faults.NOT_ALLOWED.fix)
    run_alone(postgres_url, "GRANT ALL ON SCHEMA public TO newcomer")
    told = "Database: empty; the first start creates the tables"
    assert database_finding(settings_of.load(_env_file=None, TRAILMATE_DATABASE_URL=url)).what == told
    move(source, url)
    run_alone(postgres_url, "DROP OWNED BY newcomer CASCADE")


@pytest.mark.nightly
@pytest.mark.parametrize("when", ["rows", "counter"])
def test_a_server_that_goes_away_in_the_middle_is_a_sentence(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    run_alone(postgres_url, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    fill(source := f"sqlite:///{tmp_path / 'first.db'}")
    others = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database()"
    does = getattr(Tables, when)

    def fall(tables: Tables, shape: TableShape) -> Any:
        run_alone(postgres_url, f"{others} AND pid <> pg_backend_pid()")
        return does(tables, shape)

    monkeypatch.setattr(Tables, when, fall)
    with pytest.raises(BackupError) as told:
        move(source, postgres_url)
    assert str(told.value) == restore.GONE
    monkeypatch.undo()
    assert Target(postgres_url, NAMES).is_empty()
