"""What was read of the roadmaps, kept for the next start: to read them takes most of a second, this a fortieth of it.

It holds for the very files that were read, and for the very program: a mark is made of the bytes of both. Whatever is
damaged, was made by another version or holds anything but values of this package is not looked at, and read anew.
"""

from __future__ import annotations

import io
import os
import pickle
import stat
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

from bot.features.roadmap import shelf
from bot.features.roadmap.shelf import Shelf

NAME = "roadmaps.kept"
_PROGRAM = Path(__file__).parents[2]
_READERS = ("core", "features/roadmap")
"""Folders of the program that decide what comes of a file."""
_MOST_BYTES = 100_000_000
_SIZE = 32
_PLAIN = {("datetime", "date"), ("pathlib", "PosixPath"), ("pathlib", "WindowsPath")}


def library(roots: Sequence[Path], folder: Path) -> Shelf:
    """Return every roadmap below some folders, as `shelf.library` does, from what was kept if nothing has changed.

    Args:
        folder: where it is kept, if that is there and may be written.
    """
    mark = _mark(roots)
    if mark is None:
        return shelf.library(*roots)
    if (kept := _find(folder / NAME, mark)) is not None:
        return kept
    read = shelf.library(*roots)
    if _mark(roots) == mark:  # nobody has written in them meanwhile
        with suppress(OSError):
            _keep(folder / NAME, mark, read)
    return read


def _mark(roots: Sequence[Path]) -> bytes | None:
    """Return what tells these files and this program from all others; None where that cannot be told."""
    mark = blake2b(f"{sys.version}\0{_PROGRAM}".encode(), digest_size=_SIZE)
    left = _MOST_BYTES
    try:
        for root in (*(_PROGRAM / one for one in _READERS), *roots):
            mark.update(f"\0\0{root}".encode(errors="surrogateescape"))
            for file, size in _files(root):
                left -= size
                if left < 0:
                    return None
                data = file.read_bytes() if size >= 0 else b""
                mark.update(f"\0{file}\0{len(data)}\0".encode(errors="surrogateescape") + data)
    except OSError:
        return None
    return mark.digest()


def _files(root: Path) -> Iterator[tuple[Path, int]]:
    """Yield each file below a folder with its size, and the folders with -1, in one order.

    Raises:
        OSError: not all can be read, or there is something else than files and folders, such as a link to a folder.
    """
    if not root.exists():
        return
    yield root, -1
    for entry in sorted(os.scandir(root), key=lambda entry: entry.name):
        if entry.name == "__pycache__":
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _files(Path(entry.path))
            continue
        found = entry.stat()
        if not stat.S_ISREG(found.st_mode):
            raise OSError(f"{entry.name} is no file")
        yield Path(entry.path), found.st_size


def _keep(file: Path, mark: bytes, read: Shelf) -> None:
    data = pickle.dumps(read, pickle.HIGHEST_PROTOCOL)
    with tempfile.NamedTemporaryFile(dir=file.parent, prefix=f".{NAME}-", delete=False) as made:
        try:
            made.write(mark + blake2b(data, digest_size=_SIZE).digest() + data)
            made.close()
            Path(made.name).replace(file)
        except BaseException:
            Path(made.name).unlink(missing_ok=True)
            raise


def _find(file: Path, mark: bytes) -> Shelf | None:
    try:
        with file.open("rb") as stream:
            if stream.read(_SIZE) != mark:
                return None
            digest, data = stream.read(_SIZE), stream.read()
        if blake2b(data, digest_size=_SIZE).digest() != digest:
            return None
        found = _Values(io.BytesIO(data)).load()
    except Exception:  # noqa: BLE001  (whatever it is, the folders say the same)
        return None
    return found if isinstance(found, Shelf) else None


class _Values(pickle.Unpickler):
    """Makes values of this package and plain ones, and calls nothing else: the file may have been put there."""

    def find_class(self, module: str, name: str) -> Any:
        found = super().find_class(module, name)
        is_ours = module.startswith("bot.") and isinstance(found, type)
        if not is_ours and (module, name) not in _PLAIN:
            raise pickle.UnpicklingError(f"{module}.{name} is no value of a roadmap")
        return found
