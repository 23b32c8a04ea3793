"""What was read of roadmaps is taken from where it is kept, for exactly the files that were read."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest

from bot.curriculum import shelf, start_cache
from bot.curriculum.shelf import CourseShelf
from tests.curriculum.test_track import track


class Read:
    """A folder of roadmaps, and how often it was read."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root, self.data, self.times = folder / "roadmaps", folder / "data", 0
        self.data.mkdir()
        track(self.root / "small")
        read = shelf.library

        def count(*roots: Path) -> CourseShelf:
            self.times += 1
            return read(*roots)

        monkeypatch.setattr(shelf, "library", count)

    def again(self) -> CourseShelf:
        """Take the roadmaps, as a start does."""
        return start_cache.library([self.root], self.data)

    @property
    def file(self) -> Path:
        """Where it is kept."""
        return self.data / start_cache.NAME


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    return Read(tmp_path, monkeypatch)


def test_a_second_start_has_the_same_without_reading_anything(read: Read) -> None:
    first, second = read.again(), read.again()
    assert read.times == 1
    assert [vars(one) for one in second.values()] == [vars(one) for one in first.values()]
    assert second.refused == first.refused and list(second) == ["small"]
    assert read.file.stat().st_mode & 0o077 == 0


CHANGES: dict[str, Callable[[Path], object]] = {
    "a byte of a file": lambda root: (root / "small/notes/lists.md").write_text("# Lists"),
    "one more file": lambda root: (root / "small/notes/more.md").write_text("more"),
    "one less": lambda root: next((root / "small/notes").iterdir()).unlink(),
    "another name": lambda root: (root / "small").rename(root / "smaller"),
    "one more folder": lambda root: (root / "empty").mkdir(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_has_changed_is_read_anew(read: Read, change: Callable[[Path], object]) -> None:
    read.again()
    change(read.root)
    read.again()
    assert read.times == 2
    read.again()
    assert read.times == 2


def test_another_program_reads_anew(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    read.again()
    monkeypatch.setattr(start_cache, "_READERS", ("features/roadmap",))
    read.again()
    assert read.times == 2


class Hostile:
    """Runs something where it is taken from a file."""

    def __reduce__(self) -> Any:
        return os.mkdir, ("it ran",)


def sealed(mark: bytes, value: object) -> bytes:
    data = pickle.dumps(value)
    return mark + blake2b(data, digest_size=32).digest() + data


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "cut": lambda held: held[:-1],
    "empty": lambda _: b"",
    "a bit": lambda held: held[:99] + bytes([held[99] ^ 1]) + held[100:],
    "no shelf": lambda held: sealed(held[:32], {"small": 1}),
    "hostile": lambda held: sealed(held[:32], Hostile()),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_what_is_damaged_is_read_anew_and_runs_nothing(
    read: Read, damage: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    read.again()
    whole = read.file.read_bytes()
    read.file.write_bytes(damage(whole))
    monkeypatch.chdir(read.data)
    assert list(read.again()) == ["small"] and read.times == 2
    assert read.file.read_bytes() == whole and [one.name for one in read.data.iterdir()] == [start_cache.NAME]


def test_what_cannot_be_followed_or_kept_is_read_each_time(read: Read, tmp_path: Path) -> None:
    track(tmp_path / "elsewhere/linked")
    (read.root / "linked").symlink_to(tmp_path / "elsewhere/linked")
    assert list(read.again()) == list(read.again()) == ["small"] and read.times == 2
    (read.root / "linked").unlink()
    read.data.rmdir()
    assert list(read.again()) == list(read.again()) == ["small"] and read.times == 4
