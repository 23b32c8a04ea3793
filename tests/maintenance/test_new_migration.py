from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import JSON, Boolean, Column, Integer, MetaData, String, Table, false, inspect, text

from bot.base import files
from bot.maintenance.migrate import MigrationError, configured, connected, upgrade
from bot.maintenance.schema_differences import check
from bot.storage import engine as engines
from bot.storage.base import NAMING, UtcDateTime
from tools.new_migration import revise


def people(*columns: Column[object], name_size: int = 10, extra: str | None = None) -> MetaData:
    made = MetaData(naming_convention=NAMING)
    Table("person", made, Column("id", Integer, primary_key=True), Column("name", String(name_size)), *columns)
    if extra is not None:
        Table(extra, made, Column("id", Integer, primary_key=True), Column("at", UtcDateTime, index=True))
    return made


def written(where: Path) -> list[Path]:
    return sorted((where / "versions").glob("*.py"))


def test_it_is_named_by_why_and_stands_in_the_form_of_the_others(where: Path) -> None:
    first = revise("People are kept", people(extra="visit"), where=where)
    second = revise("longer names", people(name_size=20), where=where)
    assert first is not None and second is not None
    assert (first.name[12:], second.name[12:]) == ("_people_are_kept.py", "_longer_names.py")
    assert first.read_text().startswith(
        '"""People are kept."""\n\nfrom __future__ import annotations\n\nimport sqlalchemy'
    )
    assert f'down_revision = "{first.name[:12]}"' in second.read_text()
    assert "# ###" not in first.read_text()
    for asked in (("check",), ("format", "--check")):
        subprocess.run([sys.executable, "-m", "ruff", *asked, "--config", "pyproject.toml", first, second], check=True)


def test_what_drops_only_needs_no_import_of_sqlalchemy(where: Path) -> None:
    revise("people", people(Column("at", UtcDateTime, index=True)), where=where)
    made = revise("no index", people(Column("at", UtcDateTime)), where=where)
    assert made is not None and "drop_index" in made.read_text()
    assert "import sqlalchemy" not in made.read_text()


def test_where_nothing_differs_nothing_is_written(where: Path) -> None:
    assert revise("people", people(), where=where) is not None
    assert revise("again", people(), where=where) is None
    assert len(written(where)) == 1


def test_a_default_for_old_rows_is_written_for_each_engine(url: str, where: Path) -> None:
    revise("people", people(), where=where)
    upgrade(url, where=where)
    engine = engines.single(url)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO person (id, name) VALUES (1, 'ada')"))

    def more(points: str) -> MetaData:
        return people(
            Column("points", Integer, nullable=False, server_default=points),
            Column("is_shy", Boolean, nullable=False, server_default=false()),
            Column("likes", JSON, nullable=False, server_default=text("'{}'")),
            Column("colour", String(8), nullable=False, server_default="red"),
        )

    revise("more of people", more("3"), where=where)
    upgrade(url, where=where)
    assert check(url, more("3"), where=where) == []
    with engine.begin() as connection:
        assert connection.execute(text("SELECT points, is_shy, colour FROM person")).one() == (3, False, "red")
    engine.dispose()
    changed = revise("other points", more("4"), where=where)
    assert changed is not None and 'server_default="4"' in changed.read_text()
    upgrade(url, where=where)
    assert revise("nothing", more("4"), where=where) is None


def test_each_revision_can_be_taken_back(tmp_path: Path, where: Path) -> None:
    url = f"sqlite:///{tmp_path / 'trailmate.db'}"
    revise("people", people(), where=where)
    revise("visits", people(name_size=20, extra="visit"), where=where)
    upgrade(url, where=where)
    with connected(url) as connection:
        command.downgrade(configured(connection, None, where), "-1")
        assert "visit" not in inspect(connection).get_table_names()
    assert check(url, people(), where=where)[1:] == []


def test_a_column_for_which_old_rows_have_nothing_is_refused_by_name(where: Path) -> None:
    revise("people", people(), where=where)
    with pytest.raises(
        MigrationError, match=r"person\.points may not be empty, and rows that exist have nothing for it"
    ):
        revise("points", people(Column("points", Integer, nullable=False)), where=where)
    assert len(written(where)) == 1


def test_revisions_with_two_ends_are_named(where: Path) -> None:
    revise("people", people(), where=where)
    one = revise("longer names", people(name_size=20), where=where)
    assert one is not None
    other = one.with_name("abc123_other.py")
    other.write_text(one.read_text().replace(one.name[:12], "abc123"))
    with pytest.raises(MigrationError, match=r"have 2 ends: .*abc123.* down_revision"):
        revise("more", people(name_size=30), where=where)


def test_an_installation_has_no_place_for_a_migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_PACKAGE", tmp_path / "site-packages" / "bot")
    with pytest.raises(MigrationError, match="in a checkout of the project; this is an installation"):
        revise("people", people())
