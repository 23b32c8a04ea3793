"""Faults of storage, each brought about for real: what is said to people, and what is never promised."""

from __future__ import annotations

import errno
import gc
import logging
import os
import resource
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.maintenance import migrate
from bot.storage import faults
from bot.storage.engine import Unreachable
from bot.storage.faults import StorageFault, StorageTrouble
from bot.storage.lock import Lock
from bot.storage.unit_of_work import Database, Work
from tests.storage.sample_app import make_tables


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "trailmate.db"


@pytest.fixture
def kept(path: Path) -> Iterator[Database]:
    """A started database on a file."""
    make_tables(f"sqlite:///{path}")
    with Database(f"sqlite:///{path}") as started:
        note(started)
        yield started


def note(database: Database, text_of_it: str = "x") -> None:
    statement = text("INSERT INTO draft (id, account_id, call, expires_at) VALUES (hex(randomblob(4)), 1, :it, 0)")
    database.run_sync(lambda work: work.session.execute(statement, {"it": text_of_it}) and None)


def count(path: Path) -> int:
    with Database(f"sqlite:///{path}") as other:
        return other.run_sync(lambda work: int(work.session.scalar(text("SELECT count(*) FROM draft")) or 0))


def assert_well(database: Database) -> None:
    assert database.fault is None


def assert_refused(database: Database, fault: StorageFault) -> None:
    with pytest.raises(StorageTrouble) as trouble:
        note(database)
    assert trouble.value.fault == fault
    assert "I saved nothing" in trouble.value.sentence
    assert database.fault == fault


def test_a_file_that_was_renamed_takes_no_promises_and_is_well_when_it_is_back(
    kept: Database, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path.rename(path.with_name("elsewhere.db"))
    assert kept.fault == faults.MOVED
    for _ in range(3):
        assert_refused(kept, faults.MOVED)
    assert [r.levelname for r in caplog.records] == ["ERROR"]
    assert not path.exists(), "no empty file takes its place"
    path.with_name("elsewhere.db").rename(path)
    note(kept)
    assert_well(kept)
    assert "again" in caplog.records[-1].getMessage()


@pytest.mark.parametrize("name", ["trailmate.db", "trailmate.db-wal"])
def test_a_file_that_was_removed_takes_no_promises(kept: Database, path: Path, name: str) -> None:
    (path.parent / name).unlink()
    assert_refused(kept, faults.MOVED)


def test_another_file_in_its_place_takes_no_promises(kept: Database, path: Path) -> None:
    shutil.copy(path, path.with_name("backup.db"))
    path.with_name("backup.db").replace(path)
    assert_refused(kept, faults.MOVED)


def test_a_file_that_is_moved_during_a_transaction_is_noticed_before_it_is_acknowledged(
    kept: Database, path: Path
) -> None:
    def move(work: Work) -> None:
        work.session.execute(text("DELETE FROM draft"))
        path.rename(path.with_name("elsewhere.db"))

    with pytest.raises(StorageTrouble):
        kept.run_sync(move)


def test_a_file_that_is_cut_short_takes_no_promises(kept: Database, path: Path) -> None:
    with closing(sqlite3.connect(path)) as beside:
        beside.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    note(kept)
    size = path.stat().st_size
    os.truncate(path, size // 2)
    for _ in range(3):
        assert_refused(kept, faults.CORRUPT)


def test_a_file_that_is_cut_short_during_a_transaction_is_noticed_before_it_is_acknowledged(
    kept: Database, path: Path
) -> None:
    with closing(sqlite3.connect(path)) as beside:
        beside.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def cut(work: Work) -> None:
        work.session.execute(text("DELETE FROM draft"))
        os.truncate(path, path.stat().st_size // 2)

    with pytest.raises(StorageTrouble):
        kept.run_sync(cut)


def test_a_file_left_alone_goes_on_through_checkpoints_and_new_connections(kept: Database, path: Path) -> None:
    for statement in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM"):
        with closing(sqlite3.connect(path)) as beside, beside:
            beside.execute(statement)
        note(kept)
    kept._engines[True].dispose()
    for _ in range(3):
        note(kept)
    assert kept.fault is None


def test_a_full_disk_is_named_and_ends_with_the_fullness(kept: Database) -> None:
    pages = int(kept.run_sync(lambda work: work.session.scalar(text("PRAGMA page_count"))) or 0)
    kept.run_sync(lambda work: work.session.execute(text(f"PRAGMA max_page_count={pages}")) and None)
    with pytest.raises(StorageTrouble) as trouble:
        note(kept, "long " * 20_000)
    assert trouble.value.fault == faults.FULL
    kept.run_sync(lambda work: work.session.execute(text("PRAGMA max_page_count=100000")) and None)
    note(kept)
    assert kept.fault is None


def test_a_database_that_may_not_be_written_is_named(kept: Database) -> None:
    kept.run_sync(lambda work: work.session.execute(text("PRAGMA query_only=ON")) and None)
    assert_refused(kept, faults.READ_ONLY)


def test_a_fault_is_not_over_by_what_writes_nothing(kept: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    kept._note(faults.READ_ONLY)
    with monkeypatch.context() as patched:
        patched.setattr("bot.storage.write_probe._write_back", lambda _: kept_back())
        kept.run_sync(lambda work: None)
        assert kept.fault == faults.READ_ONLY
    kept.run_sync(lambda work: None)
    assert_well(kept)


def kept_back() -> None:
    """Fail as SQLite does where a disk takes no writes."""
    raise OperationalError("", {}, sqlite3.OperationalError("disk I/O error"))


def test_a_disk_that_has_turned_read_only_is_no_error_of_it(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.touch()
    assert faults.refine_fault(faults.DISK_ERROR, path) == faults.DISK_ERROR
    assert faults.refine_fault(faults.FULL, path) == faults.FULL

    def refuse(**_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(faults, "TemporaryFile", refuse)
    assert faults.refine_fault(faults.DISK_ERROR, path) == faults.READ_ONLY


def test_a_lock_is_given_back_on_a_disk_that_has_turned_read_only(path: Path) -> None:
    lock = Lock(f"sqlite:///{path}")
    lock.acquire()
    assert lock._file is not None
    with lock._file:
        lock._file = path.with_name("trailmate.db.lock").open()  # which cannot be emptied
        lock.release()
    with Lock(f"sqlite:///{path}"):
        pass


def test_a_server_that_takes_no_writes_is_told_apart_from_a_file_that_may_not_be_written(desk_url: str) -> None:
    def write(work: Work) -> None:
        work.session.execute(text("SET TRANSACTION READ ONLY"))
        work.session.execute(text("DELETE FROM outbox"))

    with Database(desk_url) as database, pytest.raises(StorageTrouble) as trouble:
        database.run_sync(write)
    assert trouble.value.fault == faults.STANDBY
    assert "standby" in trouble.value.fault.fix


def test_a_damaged_page_is_named_and_not_called_a_fault_of_ours(path: Path) -> None:
    make_tables(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as connection:
        roots = [page for (page,) in connection.execute("SELECT rootpage FROM sqlite_schema WHERE rootpage > 0")]
    content = bytearray(path.read_bytes())
    for page in roots:
        content[(page - 1) * 4096 : (page - 1) * 4096 + 16] = b"\xff" * 16
    path.write_bytes(content)
    with Database(f"sqlite:///{path}") as database:
        assert_refused(database, faults.CORRUPT)


def test_a_process_without_a_free_file_handle_is_told_apart(path: Path) -> None:
    make_tables(f"sqlite:///{path}")
    was = resource.getrlimit(resource.RLIMIT_NOFILE)
    gc.collect()  # what is garbage holds no handle that it would give back in between
    lowest_free = os.open(os.devnull, os.O_RDONLY)
    os.close(lowest_free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free, was[1]))  # the limit is on the number, not on the count
    try:
        with pytest.raises(Unreachable, match="ulimit -n"):
            Database(f"sqlite:///{path}").start()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, was)


@pytest.mark.parametrize("content", [b"this is no database at all, but a text " * 200])
def test_a_start_on_something_else_says_what_to_do(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(Unreachable, match="restore a backup"):
        migrate.upgrade(f"sqlite:///{path}")


def test_what_is_made_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "trailmate.db"
    with Lock(f"sqlite:///{path}"):
        make_tables(f"sqlite:///{path}")
        with Database(f"sqlite:///{path}") as database:
            note(database)
            modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in path.parent.iterdir()}
    assert set(modes) == {"trailmate.db", "trailmate.db-wal", "trailmate.db-shm", "trailmate.db.lock"}
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_an_emptied_folder_is_warned_of_and_a_new_one_is_not(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    url = f"sqlite:///{path}"
    with Lock(url):
        make_tables(url)
    with Lock(url):
        pass
    assert not caplog.records
    path.unlink()
    with Lock(url):
        pass
    [record] = caplog.records
    assert "has run here before" in record.getMessage()
    assert "put the file back" in record.getMessage()


def test_damage_is_not_forgotten_over_writes_that_miss_it(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    make_tables(f"sqlite:///{path}")
    with closing(sqlite3.connect(path)) as made, made:
        pages = dict(made.execute("SELECT name, rootpage FROM sqlite_master").fetchall())
    made.close()
    whole, content = path.read_bytes(), bytearray(path.read_bytes())
    at = (pages["processed_event"] - 1) * 4096
    content[at : at + 64] = b"\xff" * 64
    path.write_bytes(content)
    with Database(f"sqlite:///{path}") as database:
        with pytest.raises(StorageTrouble):
            database.run_sync(lambda work: work.session.execute(text("SELECT * FROM processed_event")) and None)
        for _ in range(3):
            note(database)
            assert database.fault == faults.CORRUPT
        assert [r.levelname for r in caplog.records] == ["ERROR"]
        monkeypatch.setattr("bot.storage.unit_of_work.SOUND_S", 0.0)
        database._sound_at = 0.0
        note(database)
        assert database.fault == faults.CORRUPT, "a look through the file finds the damage"
    path.write_bytes(whole)


def test_a_file_with_nothing_in_it_is_warned_of_like_one_that_is_not_there(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Lock(f"sqlite:///{path}"):
        make_tables(f"sqlite:///{path}")
    path.write_bytes(b"")
    with Lock(f"sqlite:///{path}"):
        pass
    [record] = caplog.records
    assert "put the file back" in record.getMessage()


def test_a_full_disk_at_the_start_is_a_sentence(path: Path) -> None:
    path.with_name("trailmate.db.lock").symlink_to("/dev/full")
    with pytest.raises(Unreachable, match="Free some space"):
        Lock(f"sqlite:///{path}").acquire()


def test_no_room_for_the_index_of_the_log_is_a_full_disk() -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
    assert faults.diagnose(error) is faults.FULL
