from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from bot.storage import engine as engines


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite:///file:x?mode=memory&uri=true"])
def test_a_database_in_memory_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="use a file"):
        engines.sqlite_file(url)


@pytest.mark.parametrize("url", ["postgresql://h/x", "postgresql+psycopg://h/x"])
def test_either_name_of_postgresql_means_psycopg(url: str) -> None:
    engine = engines.postgres(url)
    assert (engine.dialect.driver, engines.is_sqlite(url)) == ("psycopg", False)


class Told(Exception):
    """An error of a server, with its code."""

    def __init__(self, sqlstate: str | None) -> None:
        super().__init__("told")
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("sqlstate", "meaning"),
    [
        ("40001", "rolled back"),
        ("40P01", "rolled back"),
        ("55P03", "busy"),
        ("57014", "busy"),
        ("57P01", "lost"),
        ("57P03", "lost"),
        ("08006", "lost"),
        (None, "lost"),
        ("42601", ""),
    ],
)
def test_a_code_of_the_server_means_one_thing(sqlstate: str | None, meaning: str) -> None:
    error = OperationalError("SELECT 1", {}, Told(sqlstate))
    found = {
        "rolled back": engines.is_rolled_back(error),
        "busy": engines.is_busy(error),
        "lost": engines.is_lost(error),
    }
    assert [name for name, is_so in found.items() if is_so] == ([meaning] if meaning else [])


def test_a_broken_rule_is_neither_busy_nor_lost(url: str) -> None:
    engine = engines.single(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE one (id INTEGER PRIMARY KEY)"))
    with pytest.raises(IntegrityError) as caught, engine.begin() as connection:
        connection.execute(text("INSERT INTO one VALUES (1), (1)"))
    error = caught.value
    assert not (engines.is_rolled_back(error) or engines.is_busy(error) or engines.is_lost(error))
    engine.dispose()


def test_beside_the_log_of_a_file_that_was_moved_away_no_new_one_is_made(tmp_path: Path) -> None:
    url, file, log = f"sqlite:///{tmp_path / 'a.db'}", tmp_path / "a.db", tmp_path / "a.db-wal"
    with closing(sqlite3.connect(file)) as other:
        other.executescript("PRAGMA journal_mode=WAL; CREATE TABLE chloe (id)")
        other.execute("INSERT INTO chloe VALUES (1)")
        other.commit()
        held = log.read_bytes()
        assert held
        file.rename(tmp_path / "elsewhere.db")
        for opens in (engines.sqlite_writer, engines.single):
            with pytest.raises(engines.Unreachable, match="Put the database file back"):
                opens(url)
        assert not file.exists() and log.read_bytes() == held
