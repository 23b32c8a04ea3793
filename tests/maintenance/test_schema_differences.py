"""What differs from the tables of this version, on each engine, and indexes that are made again."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Column, Index, Integer, MetaData, Table, text

from bot.maintenance import migrate
from bot.maintenance.backup import BackupError
from bot.maintenance.schema_differences import BACKUP, FOREIGN, check, make_again
from bot.storage import engine as engines


def do(url: str, *statements: str) -> None:
    """Do to a database what no version does."""
    engine = engines.single(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def notes() -> MetaData:
    made = MetaData()
    Table(
        "note",
        made,
        Column("id", Integer, primary_key=True),
        Column("at", Integer),
        Index("uq_note_at", "at", unique=True),
    )
    return made


@pytest.fixture
def noted(url: str, where: Path) -> str:
    """The address of a database with one table, whose index is not there."""
    do(url, "CREATE TABLE note (id INTEGER NOT NULL PRIMARY KEY, at INTEGER)", "INSERT INTO note VALUES (1, 1), (2, 2)")
    return url


def test_an_index_that_is_missing_is_made_again(noted: str, where: Path) -> None:
    (found,) = check(noted, notes(), where=where)
    assert (found.problem, found.fix, found.hides) == ("index uq_note_at of note is missing", "", False)
    assert found.index is not None
    make_again(noted, found.index)
    assert check(noted, notes(), where=where) == []


def test_an_index_of_another_shape_is_made_as_it_should_be(noted: str, where: Path) -> None:
    do(noted, "CREATE INDEX uq_note_at ON note (id)")
    (found,) = check(noted, notes(), where=where)
    assert found.index is not None
    make_again(noted, found.index)
    assert check(noted, notes(), where=where) == []


def test_rows_that_forbid_an_index_are_a_sentence(noted: str, where: Path) -> None:
    do(noted, "UPDATE note SET at = 1")
    (found,) = check(noted, notes(), where=where)
    assert found.index is not None
    with pytest.raises(BackupError, match=r"uq_note_at cannot be made: rows of note are alike in at\. Remove"):
        make_again(noted, found.index)


def test_what_cannot_be_made_again_says_what_to_do(noted: str, where: Path) -> None:
    do(noted, "CREATE UNIQUE INDEX uq_note_at ON note (at)", "ALTER TABLE note ADD COLUMN colour TEXT")
    wanted = notes()
    wanted.tables["note"].append_column(Column("size", Integer))
    lacks, besides = sorted(check(noted, wanted, where=where), key=lambda one: not one.hides)
    assert (lacks.problem, lacks.fix, lacks.hides) == ("column note.size is missing", BACKUP, True)
    assert (besides.problem, besides.fix, besides.hides) == ("column note.colour belongs to no version", FOREIGN, False)


def test_a_database_without_tables_is_empty(url: str) -> None:
    assert migrate.is_empty(url)
    do(url, "CREATE TABLE note (id INTEGER)")
    assert not migrate.is_empty(url)


def test_triggers_views_and_foreign_tables_are_named(noted: str, where: Path) -> None:
    do(noted, "CREATE UNIQUE INDEX uq_note_at ON note (at)", "CREATE VIEW seen AS SELECT at FROM note")
    if noted.startswith("sqlite"):
        do(noted, "CREATE TRIGGER spy AFTER INSERT ON note BEGIN DELETE FROM note; END")
        wanted = ["trigger spy", "view seen"]
    else:
        do(
            noted,
            "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
            "CREATE TRIGGER spy AFTER INSERT ON note EXECUTE FUNCTION nothing()",
            "CREATE FOREIGN DATA WRAPPER far",
            "CREATE SERVER there FOREIGN DATA WRAPPER far",
            "CREATE FOREIGN TABLE theirs (x int) SERVER there",
        )
        wanted = ["foreign table theirs", "trigger note.spy", "view seen"]
    found = check(noted, notes(), where=where)
    if not noted.startswith("sqlite"):
        do(noted, "DROP FOREIGN DATA WRAPPER far CASCADE")
    assert [one.problem for one in found] == [f"{name} belongs to no version" for name in wanted]
    assert all("remove it by hand" in one.fix and not one.hides for one in found)
