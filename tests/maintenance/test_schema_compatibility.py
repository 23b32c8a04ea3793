"""Programs of two versions on one database: an older one works beside what a newer one has added, and only that."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import Column, Integer, Table, text

from bot.maintenance import migrate
from bot.maintenance.migrate import MigrationError, upgrade
from bot.maintenance.schema_compatibility import LAST_COMMIT_WITH_RETIRED, RETIRED
from bot.maintenance.schema_differences import check
from bot.runtime.catalogue import build_metadata
from bot.storage import engine as engines
from tools.new_migration import revise

COLOURS = """
import sqlalchemy as sa
from alembic import op

revision = "colours"
down_revision = {first!r}
branch_labels = depends_on = None
{marker}

def upgrade() -> None:
    op.create_table("colour", sa.Column("id", sa.Integer(), primary_key=True))
"""


def newer(url: str, where: Path, marker: str) -> Path:
    """Bring a database to a version that has one migration more; return its file."""
    first = revise("first", build_metadata(), where=where)
    assert first is not None
    file = where / "versions" / "colours.py"
    (head,) = migrate.newest(where) or {""}
    file.write_text(COLOURS.format(first=head, marker=marker).replace("'", '"'), encoding="utf-8")
    upgrade(url, where=where)
    return file


def test_an_older_program_works_beside_a_newer_that_has_added(
    url: str, where: Path, caplog: pytest.LogCaptureFixture
) -> None:
    newer(url, where, "").unlink()
    upgrade(url, where=where)
    assert ["still works with it" in record.message for record in caplog.records] == [True]
    assert check(url, build_metadata(), where=where) == []
    wanted = build_metadata()
    Table("shape", wanted, Column("id", Integer, primary_key=True))
    assert [one.problem for one in check(url, wanted, where=where)] == ["table shape is missing"]


def test_an_older_program_is_told_where_a_newer_has_changed_what_it_needs(url: str, where: Path) -> None:
    newer(url, where, "is_additive = False").unlink()
    for look in (lambda: upgrade(url, where=where), lambda: check(url, build_metadata(), where=where)):
        with pytest.raises(MigrationError, match="Start that version, or restore a backup"):
            look()


def test_a_database_of_a_retired_migration_names_the_commit_that_can_upgrade_it(url: str, where: Path) -> None:
    revise("first", build_metadata(), where=where)
    upgrade(url, where=where)
    retired = min(RETIRED)
    with migrate.connected(url) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :retired"), {"retired": retired})
        connection.commit()
    told = f"at revision {retired}, which is too old .* check out commit {LAST_COMMIT_WITH_RETIRED} "
    for look in (lambda: upgrade(url, where=where), lambda: check(url, build_metadata(), where=where)):
        with pytest.raises(MigrationError, match=told):
            look()


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_migration_gives_way_to_those_at_work_and_is_tried_again(
    url: str, where: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(migrate, "LOCK_S", 0.1)
    monkeypatch.setattr(migrate, "AGAIN_S", 0.05)
    revise("first", build_metadata(), where=where)
    upgrade(url, where=where)
    file = where / "versions" / "colours.py"
    (head,) = migrate.newest(where) or {""}
    adds = COLOURS.format(first=head, marker="").replace("'", '"').split("    op.create_table")[0]
    file.write_text(adds + '    op.add_column("draft", sa.Column("colour", sa.String(8)))\n', encoding="utf-8")
    engine = engines.single(url)
    with engine.connect() as holder:
        holder.execute(text("LOCK TABLE draft IN ACCESS EXCLUSIVE MODE"))
        migrating = threading.Thread(target=lambda: upgrade(url, where=where))
        migrating.start()
        while not caplog.records:
            migrating.join(0.01)
            assert migrating.is_alive()
        holder.rollback()
        migrating.join(10)
    engine.dispose()
    assert not migrating.is_alive() and "waits for a lock" in caplog.records[0].message
    engine = engines.single(url)
    with engine.connect() as connection:
        assert migrate.present(connection) == {"colours"}
    engine.dispose()
