"""What doctor would find wrong with a database before anybody relies on it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.maintenance.migrate import MigrationError
from bot.maintenance.schema_differences import check
from bot.runtime.catalogue import build_metadata
from bot.storage import faults, write_probe
from tests.storage.sample_app import make_tables


def test_a_sound_database_is_left_as_it_was(url: str) -> None:
    make_tables(url)
    assert write_probe.probe(url) is None


def test_one_that_somebody_is_writing_to_is_sound(tmp_path: Path) -> None:
    path = tmp_path / "trailmate.db"
    make_tables(f"sqlite:///{path}")
    with closing(sqlite3.connect(path, isolation_level=None)) as writer, writer:
        writer.execute("BEGIN IMMEDIATE")
        assert write_probe.probe(f"sqlite:///{path}") is None
        writer.execute("ROLLBACK")
    writer.close()


def test_a_damaged_page_is_found(tmp_path: Path) -> None:
    path = tmp_path / "trailmate.db"
    make_tables(f"sqlite:///{path}")
    content = bytearray(path.read_bytes())
    content[8192 : 8192 + 64] = b"\xff" * 64
    path.write_bytes(content)
    assert write_probe.probe(f"sqlite:///{path}") == faults.CORRUPT


def test_a_disk_that_is_nearly_full_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_tables(f"sqlite:///{tmp_path / 'trailmate.db'}")
    monkeypatch.setattr(write_probe, "LEAST_FREE", 1 << 62)
    assert write_probe.probe(f"sqlite:///{tmp_path / 'trailmate.db'}") == faults.FULL


def test_a_folder_that_may_not_be_entered_is_found(tmp_path: Path) -> None:
    (tmp_path / "trailmate.db").mkdir()
    assert write_probe.probe(f"sqlite:///{tmp_path / 'trailmate.db'}") == faults.CANNOT_OPEN


def test_a_server_that_is_away_is_found() -> None:
    assert write_probe.probe("postgresql://nobody@127.0.0.1:1/none") == faults.AWAY


def test_a_database_of_a_newer_version_is_told_as_that_and_not_as_one_to_upgrade(tmp_path: Path) -> None:
    path = tmp_path / "trailmate.db"
    with closing(sqlite3.connect(path)) as made, made:
        made.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        made.execute("INSERT INTO alembic_version VALUES ('from_tomorrow')")
    made.close()
    with pytest.raises(MigrationError, match="newer version"):
        check(f"sqlite:///{path}", build_metadata())
