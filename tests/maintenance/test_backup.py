"""Backups: what they hold comes back, and what is damaged says so."""

from __future__ import annotations

import errno
import json
import os
import random
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.maintenance.backup import Archive, BackupError, BackupManifest, make
from bot.maintenance.table_rows import Row, Tables, TableShape, Value
from tests.examples import examples

ABOUT = BackupManifest(datetime(2026, 3, 2, 8, tzinfo=UTC), "0.1.0", "sqlite", "abc")
ONE = {"name": "thing", "columns": [["id", "number"]], "rows": 0, "mark": "", "counter": None}
SHAPE = TableShape("thing", (("id", "number"), ("said", "text"), ("at", "instant")))
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
VALUES: st.SearchStrategy[Value] = st.none() | st.integers(-(2**63), 2**63) | WORDS


class Held:
    """A source that holds given rows."""

    revision, shapes = "abc", (SHAPE,)

    def __init__(self, rows: list[Row]) -> None:
        self._rows = rows
        self.counts: Mapping[str, int] = {"thing": len(rows)}

    def counter(self, _: TableShape) -> int | None:
        return 7

    def rows(self, _: TableShape) -> Iterator[Row]:
        return iter(self._rows)


def silent(_done: int, _total: int) -> None:
    """Take no notice."""


def made(folder: Path, rows: list[Row], **beside: Path) -> Path:
    with make(folder / "b.zip", cast(Tables, Held(rows)), ABOUT, beside, silent):
        return folder / "b.zip"


@examples(40)
@given(st.lists(st.tuples(VALUES, VALUES, VALUES), max_size=8))
def test_what_is_kept_comes_back(tmp_path_factory: pytest.TempPathFactory, rows: list[Row]) -> None:
    with Archive(made(tmp_path_factory.mktemp("kept"), rows)) as found:
        assert [tuple(row) for row in found.rows(SHAPE)] == rows
        assert (found.about, found.shapes, found.counts, found.counter(SHAPE)) == (
            ABOUT,
            (SHAPE,),
            {"thing": len(rows)},
            7,
        )


def test_a_backup_is_its_owners_alone_and_has_the_files_beside(tmp_path: Path) -> None:
    (tmp_path / "list").write_bytes(b"salt 1\n")
    file = made(tmp_path, [[1, "a", None]], **{"forgotten.txt": tmp_path / "list"})
    assert file.stat().st_mode & 0o777 == 0o600
    with Archive(file) as found:
        found.verify(silent)
        assert found.files == ("forgotten.txt",) and found.read("forgotten.txt") == b"salt 1\n"
    assert {one.name for one in tmp_path.iterdir()} == {"b.zip", "list"}


def read(file: Path) -> list[list[Value]]:
    with Archive(file) as found:
        found.verify(silent)
        return [list(row) for row in found.rows(SHAPE)]


def test_a_backup_that_was_cut_off_anywhere_is_refused(tmp_path: Path) -> None:
    file = made(tmp_path, [[n, "x" * 50, None] for n in range(200)])
    whole = file.read_bytes()
    for length in {0, 1, 100, len(whole) // 2, len(whole) - 30, len(whole) - 1}:
        file.write_bytes(whole[:length])
        with pytest.raises(BackupError, match=r"isn't a Trailmate backup, or it is damaged or was cut off|damaged"):
            read(file)


def test_no_turned_bit_passes_unseen(tmp_path: Path) -> None:
    chance, refused = random.Random(7), 0
    rows = [[n, "".join(chance.choices("abcdefgh", k=30)), None] for n in range(300)]
    file = made(tmp_path, cast(list[Row], rows))
    whole = file.read_bytes()
    for _ in range(150):
        turned = bytearray(whole)
        turned[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        file.write_bytes(turned)
        try:
            assert read(file) == rows
        except BackupError:
            refused += 1
    assert refused > 100


def altered(file: Path, **said: Any) -> None:
    """Write a backup anew with another manifest."""
    with zipfile.ZipFile(file) as old:
        kept = {name: old.read(name) for name in old.namelist()}
    kept |= {f"files/{name}": b"" for name in said.get("files", ()) if name.startswith("roadmaps/")}
    kept["manifest.json"] = json.dumps({**json.loads(kept["manifest.json"]), **said}).encode()
    with zipfile.ZipFile(file, "w") as new:
        for name, data in kept.items():
            new.writestr(name, data)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"format": 2, "version": "9.0"}, "made by version 9.0, in a form that this one cannot read"),
        ({"tables": []}, ""),
        (
            {"tables": [{"name": "thing", "columns": [["id", "wish"]], "rows": 0, "mark": "", "counter": None}]},
            "damaged",
        ),
        ({"made_at": "yesterday"}, "damaged"),
        ({"made_at": "2026-03-02T08:00:00"}, "damaged"),
        ({"made_at": "9999-12-31T23:59:59+00:00"}, "damaged"),
        ({"tables": [{**ONE, "counter": 10**40}]}, "damaged"),
        ({"tables": [{**ONE, "counter": "x"}]}, "damaged"),
        ({"tables": [{**ONE, "rows": float("inf")}]}, "damaged"),
        ({"revision": ["abc"]}, "damaged"),
        ({"files": [f"roadmaps/{'x' * 400}"]}, "damaged"),
        ({"files": ["roadmaps/a", "roadmaps/a/b"]}, "damaged"),
        ({"files": ["gone.txt"]}, "damaged"),
        ({"files": ["../../etc/passwd", "/etc/passwd", "a\\..\\b"]}, ""),
    ],
)
def test_a_manifest_that_says_something_else_is_told_in_a_sentence(
    tmp_path: Path, said: dict[str, Any], told: str
) -> None:
    altered(file := made(tmp_path, [[1, "a", None]]), **said)
    if told:
        with pytest.raises(BackupError, match=told) as refused:
            read(file)
        if told == "damaged":
            assert str(refused.value) == f"{file}: it is damaged or was cut off. Use another backup."
    else:
        with Archive(file) as found:
            assert found.files == ()


def test_rows_that_are_not_those_that_were_kept_are_told(tmp_path: Path) -> None:
    file = made(tmp_path, [[1, "a", None], [2, "b", None]])
    with zipfile.ZipFile(file) as old:
        manifest = old.read("manifest.json")
    for lines in (b'[1,"a",null]\n', b'[1,"a",null]\n[2,"c",null]\n', b'[1,"a"]\n', b'{"id":1}\n', b"[1,"):
        with zipfile.ZipFile(file, "w") as new:
            new.writestr("tables/thing.jsonl", lines)
            new.writestr("manifest.json", manifest)
        with pytest.raises(BackupError, match="Use another backup"):
            read(file)


def test_another_zip_file_is_no_backup(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as other:
        other.writestr("a.txt", "a")
    with pytest.raises(BackupError, match="is a zip file, but not a Trailmate backup"):
        Archive(tmp_path / "other.zip")


@pytest.mark.parametrize("fails", ["fsync", "read back"])
def test_a_backup_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str) -> None:
    before = made(tmp_path, [[1, "a", None]]).read_bytes()

    def full(_: object, *__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if fails == "fsync":
        monkeypatch.setattr(os, "fsync", full)
    else:
        monkeypatch.setattr(Archive, "verify", full)
    with pytest.raises(BackupError, match=r"no space left on device\. No backup was made"):
        made(tmp_path, [[2, "b", None]])
    assert [one.name for one in tmp_path.iterdir()] == ["b.zip"] and (tmp_path / "b.zip").read_bytes() == before


def test_what_a_killed_backup_has_left_goes_after_a_day(tmp_path: Path) -> None:
    old, new = tmp_path / ".b.zip.1.part", tmp_path / ".b.zip.2.part"
    for one in (old, new):
        one.touch()
    os.utime(old, (0, 0))
    made(tmp_path, [])
    assert not old.exists() and new.exists()
