"""Vectors are kept in one file for bot, demo and command line, and a fault of it costs nothing but time."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest

from bot.answers.index.vectors import BATCH, FileVectors

ROWS = {f"hash{n}": np.full(4, n, dtype=np.float32) for n in range(BATCH + 3)}


def test_what_one_process_kept_another_one_finds(tmp_path: Path) -> None:
    file = tmp_path / "new" / "vectors.db"
    FileVectors(file).put(ROWS, "model")
    assert file.stat().st_mode & 0o777 == 0o600
    found = FileVectors(file).get([*ROWS, "unknown"], "model")
    assert found.keys() == ROWS.keys()
    assert all(np.array_equal(found[key], ROWS[key]) for key in ROWS)


def test_the_vectors_of_another_model_are_not_mixed_in_and_go(tmp_path: Path) -> None:
    kept = FileVectors(tmp_path / "vectors.db")
    kept.put({"a": ROWS["hash1"]}, "old")
    assert kept.get(["a"], "new") == {}
    kept.put({"b": ROWS["hash2"]}, "new")
    assert kept.get(["a"], "old") == {}


def test_nothing_is_made_before_there_is_something_to_keep(tmp_path: Path) -> None:
    assert FileVectors(tmp_path / "vectors.db").get(["a"], "model") == {}
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("content", [b"no database at all" * 99, b"SQLite format 3\0" + b"x" * 3000])
def test_a_damaged_file_is_begun_anew(tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "vectors.db"
    file.write_bytes(content)
    kept = FileVectors(file)
    with caplog.at_level(logging.WARNING):
        assert kept.get(["hash1"], "model") == {}
    assert "computed again" in caplog.text
    kept.put(ROWS, "model")
    assert kept.get(["hash1"], "model").keys() == {"hash1"}


def test_a_place_that_cannot_be_written_is_told_once_and_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    kept = FileVectors(tmp_path / "file" / "vectors.db")
    for _ in range(3):
        kept.put(ROWS, "model")
    assert kept.get(["hash1"], "model") == {}
    assert len(caplog.records) == 1
