from __future__ import annotations

import time
from pathlib import Path
from threading import Thread

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, inspect, make_url, text
from sqlalchemy.exc import DBAPIError

from bot.base.files import bundled
from bot.maintenance import migrate
from bot.maintenance.migrate import MigrationError, upgrade
from bot.maintenance.schema_differences import check
from bot.runtime.catalogue import build_metadata
from bot.storage import engine as engines
from bot.storage.base import NAMING, UtcDateTime
from tools.new_migration import revise

BROKEN = """
from alembic import op
revision, down_revision, branch_labels, depends_on = "broken", {down!r}, None, None

def upgrade() -> None:
    op.execute("CREATE TABLE half_done (id INTEGER)")
    op.execute("THIS IS NO SQL")
"""


def test_a_generated_revision_makes_exactly_the_tables(url: str, where: Path) -> None:
    first = revise("first", build_metadata(), where=where)
    assert first is not None
    assert "bot." not in first.read_text()
    assert "sa.DateTime(timezone=True)" in first.read_text()
    assert check(url, build_metadata(), where=where)
    upgrade(url, where=where)
    assert check(url, build_metadata(), where=where) == []
    upgrade(url, where=where)


def test_a_process_that_waits_for_anothers_migration_says_so(
    desk_url: str, where: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(migrate, "TURN_S", 0.01)
    monkeypatch.setattr(migrate, "TURN_TOLD_S", 0.0)
    first, ended = migrate.connected(desk_url), []

    def second() -> None:
        with migrate.connected(desk_url):
            ended.append("second")

    waiting = Thread(target=second)
    with first:
        waiting.start()
        for _ in range(500):
            if "another process migrates the database" in caplog.text:
                break
            time.sleep(0.01)
        ended.append("first")
    waiting.join(5)
    assert ended == ["first", "second"]
    assert caplog.text.count("another process migrates the database") == 1


def test_a_server_that_is_not_there_yet_is_waited_for_and_one_that_refuses_is_not(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(migrate, "TURN_S", 0.01)
    monkeypatch.setattr(migrate, "BEGINS_S", 0.1)
    migrate.wait_for(postgres_url)
    migrate.wait_for(make_url(postgres_url).set(database="nowhere").render_as_string(hide_password=False))
    assert caplog.text == ""
    migrate.wait_for("postgresql://somebody@127.0.0.1:1/none")
    assert caplog.text.count("the database server is not there yet") == 1


def test_the_newest_revision_is_told_without_alembic() -> None:
    script = ScriptDirectory(str(bundled("migrations")))
    assert migrate.newest() == set(script.get_heads())


def test_every_difference_is_a_line(url: str, where: Path) -> None:
    revise("first", build_metadata(), where=where)
    upgrade(url, where=where)
    wanted = build_metadata()
    Table("new", wanted, Column("id", Integer, primary_key=True), Column("at", UtcDateTime))
    wanted.tables["draft"].append_column(Column("colour", String(8)))
    engine = engines.single(url)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE suspended_channel"))
    engine.dispose()
    lines = "\n".join(one.problem for one in check(url, wanted, where=where))
    for part in ("table new is missing", "table suspended_channel is missing", "column draft.colour is missing"):
        assert part in lines


def test_a_changed_table_keeps_its_rows(url: str, where: Path) -> None:
    old = MetaData(naming_convention=NAMING)
    Table("person", old, Column("id", Integer, primary_key=True), Column("name", String(10)))
    revise("first", old, where=where)
    upgrade(url, where=where)
    engine = engines.single(url)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO person (id, name) VALUES (1, 'ada')"))
    new = MetaData(naming_convention=NAMING)
    Table("person", new, Column("id", Integer, primary_key=True), Column("name", String(99), nullable=False))
    Table("friend", new, Column("id", Integer, primary_key=True), Column("of", ForeignKey("person.id")))
    revise("second", new, where=where)
    upgrade(url, where=where)
    assert check(url, new, where=where) == []
    with engine.begin() as connection:
        assert connection.execute(text("SELECT name FROM person")).scalars().all() == ["ada"]
    engine.dispose()


def test_a_revision_that_breaks_half_way_leaves_nothing_and_runs_again(url: str, where: Path) -> None:
    first = revise("first", build_metadata(), where=where)
    upgrade(url, where=where)
    assert first is not None
    down = first.name.split("_")[0]
    broken = where / "versions" / "broken.py"
    broken.write_text(BROKEN.format(down=down))
    for _ in range(2):
        with pytest.raises(DBAPIError, match="syntax error"):
            upgrade(url, where=where)
    broken.write_text(BROKEN.format(down=down).replace("THIS IS NO SQL", "CREATE TABLE whole (id INTEGER)"))
    upgrade(url, where=where)
    engine = engines.single(url)
    with engine.connect() as connection:
        assert {"half_done", "whole"} <= set(inspect(connection).get_table_names())
    engine.dispose()


def test_a_database_of_a_newer_version_is_named(url: str, where: Path) -> None:
    revise("first", build_metadata(), where=where)
    upgrade(url, where=where)
    for revision in (where / "versions").glob("*.py"):
        revision.unlink()
    with pytest.raises(MigrationError, match="does not fit this version"):
        upgrade(url, where=where)
    with pytest.raises(MigrationError, match="A newer version of the program has been here"):
        check(url, build_metadata(), where=where)


def test_a_migration_that_orphans_rows_is_refused(tmp_path: Path, where: Path) -> None:
    url = f"sqlite:///{tmp_path / 'trailmate.db'}"
    tables = MetaData(naming_convention=NAMING)
    Table("person", tables, Column("id", Integer, primary_key=True))
    Table("friend", tables, Column("id", Integer, primary_key=True), Column("of", ForeignKey("person.id")))
    revise("first", tables, where=where)
    upgrade(url, where=where)
    engine = engines.single(url)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO friend VALUES (1, 7)"))
    engine.dispose()
    with pytest.raises(MigrationError, match="friend"):
        upgrade(url, where=where)


def test_a_place_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / "trailmate.db").mkdir()
    with pytest.raises(engines.Unreachable, match="cannot be opened"):
        upgrade(f"sqlite:///{tmp_path / 'trailmate.db'}")
