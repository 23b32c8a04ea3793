"""A cache of parsed courses and their index, for a fast start.

Loading it takes a twentieth of parsing and indexing.

It is valid for exactly the same files and program, by a hash of their bytes. A cache that is damaged, from another
version, or contains anything but values of this package is ignored.
"""

from __future__ import annotations

import io
import os
import pickle
import sqlite3
import stat
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from pathlib import Path, PosixPath, WindowsPath
from typing import Any

from bot.curriculum import shelf
from bot.curriculum.shelf import CourseShelf
from bot.curriculum.track import Track

NAME = "roadmaps.kept"
_PROGRAM = Path(__file__).parents[1]
_READERS = ("base", "messages", "curriculum", "answers/index")
"""Folders of the program that affect the parsed result."""
_MOST_BYTES = 100_000_000
_SIZE = 32
_PLAIN = {(kind.__module__, kind.__qualname__) for kind in (date, PosixPath, WindowsPath)}
"""By their names in a pickle, which differ on Python 3.13."""


@dataclass(frozen=True)
class StartCache:
    """The courses below some folders, with cached derived data.

    Args:
        derived: the object that `store` stored for these courses; None before that.
    """

    library: CourseShelf
    derived: Any
    _file: Path
    _mark: bytes | None
    _read: Mapping[str, Track]

    def store(self, derived: object) -> None:
        """Store an object derived from these courses, unless they have changed since."""
        if self._mark is not None and dict(self.library) == self._read:
            with suppress(OSError):
                _keep(self._file, self._mark, self.library, derived)


def library(roots: Sequence[Path], folder: Path) -> CourseShelf:
    """Return all courses below some folders, as `shelf.library` does, from the cache if it is valid."""
    return load(roots, folder).library


def load(roots: Sequence[Path], folder: Path, also: Sequence[Path] = ()) -> StartCache:
    """Return the courses with their cached derived data.

    Args:
        folder: the folder of the cache, if it exists and is writable.
        also: further files that affect the derived data.
    """
    mark = _compute_mark(roots, also)
    cached = _find(folder / NAME, mark) if mark is not None else None
    read, made = cached or (shelf.library(*roots), None)
    if cached is None and _compute_mark(roots, also) != mark:
        mark = None  # the files changed while they were being read
    taken = StartCache(read, made, folder / NAME, mark, dict(read))
    if cached is None:
        taken.store(None)
    return taken


def _compute_mark(roots: Sequence[Path], also: Sequence[Path]) -> bytes | None:
    """Return a hash of the files and the program; None if they can't all be read."""
    mark = blake2b(f"{sys.version}\0{sqlite3.sqlite_version}\0{_PROGRAM}".encode(), digest_size=_SIZE)
    left = _MOST_BYTES
    try:
        for file in also:
            mark.update(f"\0{file}\0".encode(errors="surrogateescape") + file.read_bytes())
        for root in (*(_PROGRAM / reader for reader in _READERS), *roots):
            mark.update(f"\0\0{root}".encode(errors="surrogateescape"))
            for file, size in _walk_files(root):
                left -= size
                if left < 0:
                    return None
                data = file.read_bytes() if size >= 0 else b""
                mark.update(f"\0{file}\0{len(data)}\0".encode(errors="surrogateescape") + data)
    except OSError:
        return None
    return mark.digest()


def _walk_files(root: Path) -> Iterator[tuple[Path, int]]:
    """Yield each file below a folder with its size, and folders with -1, in a fixed order.

    Raises:
        OSError: something can't be read or is neither file nor folder, such as a link to a folder.
    """
    if not root.exists():
        return
    yield root, -1
    for entry in sorted(os.scandir(root), key=lambda entry: entry.name):
        if entry.name == "__pycache__":
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk_files(Path(entry.path))
            continue
        info = entry.stat()
        if not stat.S_ISREG(info.st_mode):
            raise OSError(f"{entry.name} is no file")
        yield Path(entry.path), info.st_size


def _keep(file: Path, mark: bytes, read: CourseShelf, made: object) -> None:
    data = pickle.dumps((read, made), pickle.HIGHEST_PROTOCOL)  # together: what both hold is kept, and taken, once
    with tempfile.NamedTemporaryFile(dir=file.parent, prefix=f".{NAME}-", delete=False) as made:
        try:
            made.write(mark + blake2b(data, digest_size=_SIZE).digest() + data)
            made.close()
            Path(made.name).replace(file)
        except BaseException:
            Path(made.name).unlink(missing_ok=True)
            raise


def _find(file: Path, mark: bytes) -> tuple[CourseShelf, Any] | None:
    try:
        with file.open("rb") as stream:
            if stream.read(_SIZE) != mark:
                return None
            digest, data = stream.read(_SIZE), stream.read()
        if blake2b(data, digest_size=_SIZE).digest() != digest:
            return None
        read, made = _Values(io.BytesIO(data)).load()
    except Exception:  # noqa: BLE001  (whatever it is, the folders say the same)
        return None
    return (read, made) if isinstance(read, CourseShelf) else None


class _Values(pickle.Unpickler):
    """Unpickles only values of this package and plain types, because the file may be hostile."""

    def find_class(self, module: str, name: str) -> Any:
        kind = super().find_class(module, name)
        is_ours = module.startswith("bot.") and isinstance(kind, type)
        if not is_ours and (module, name) not in _PLAIN:
            raise pickle.UnpicklingError(f"{module}.{name} is no value of a roadmap")
        return kind
