"""What somebody was told of is on the disk, whenever the power fails."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.base import fsync
from bot.features.people.tables import AccountRow
from bot.features.privacy.forget import Forgotten
from bot.maintenance.restore import put_in_place
from tests.storage.power import Found, Power


def test_a_file_is_the_old_one_or_the_new_one_and_at_the_end_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "roadmap.yaml"
    file.write_bytes(b"old")
    seen = set[bytes]()
    power = Power(tmp_path, monkeypatch, lambda found: seen.add(found[file.name]))
    fsync.write(file, b"new")
    assert seen == {b"old", b"new"}
    assert power.found() == {file.name: b"new"}


def test_a_file_in_new_folders_is_found_with_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    power = Power(tmp_path, monkeypatch)
    fsync.write(tmp_path / "roadmaps" / "mine" / "roadmap.yaml", b"units: []")
    assert power.found(tmp_path / "roadmaps" / "mine") == {"roadmap.yaml": b"units: []"}


def test_what_cannot_be_written_leaves_the_old_file_alone(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError):
        fsync.write(tmp_path / "taken", b"a file")
    assert [one.name for one in tmp_path.iterdir()] == ["taken"]


def test_who_was_forgotten_is_on_the_list_that_a_cut_leaves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    power = Power(tmp_path, monkeypatch)
    ada = AccountRow(platform="local", scope="local", external_id="ada")
    Forgotten.beside(tmp_path / "data").add(ada, datetime(2026, 3, 2, tzinfo=UTC))
    assert b"2026-03-02" in power.found(tmp_path / "data")["forgotten.txt"]


def database(file: Path, word: str) -> bytes:
    """Make a database that holds a word, and is written by nobody any more."""
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("CREATE TABLE said (word)")
        opened.execute("INSERT INTO said VALUES (?)", (word,))
        opened.commit()
    return file.read_bytes()


@pytest.mark.parametrize("has_links", [True, False])
def test_a_database_that_is_replaced_is_there_whole_and_the_old_one_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_links: bool
) -> None:
    file, kept = tmp_path / "trailmate.db", tmp_path / "trailmate.db.before"
    old = database(file, "old")
    if not has_links:
        monkeypatch.setattr("os.link", _none)
    seen = set[bytes]()

    def look(found: Found) -> None:
        seen.add(found[file.name])

    power = Power(tmp_path, monkeypatch, look)
    new = database(tmp_path / "new", "new")  # of which the disk has nothing yet
    put_in_place(tmp_path / "new", file, kept)
    assert seen == {old, new}
    assert power.found() == {file.name: new, kept.name: old}


def test_a_damaged_database_is_kept_with_its_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, kept, log = (tmp_path / name for name in ("trailmate.db", "kept", "trailmate.db-wal"))
    file.write_bytes(damaged := b"no database" * 1000)
    log.write_bytes(b"its log")

    def look(found: Found) -> None:
        is_replaced = found[file.name] != damaged
        assert not is_replaced or log.name not in found, "it would be taken for the new one's"
        assert b"its log" in found.values()

    power = Power(tmp_path, monkeypatch, look)
    new = database(tmp_path / "new", "new")
    monkeypatch.setattr(sqlite3, "connect", _refused)
    put_in_place(tmp_path / "new", file, kept)
    assert power.found() == {file.name: new, kept.name: damaged, "kept-wal": b"its log"}


def _none(*_: object) -> None:
    raise OSError


def _refused(*_: object) -> None:
    raise sqlite3.DatabaseError
