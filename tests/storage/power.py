"""A power cut at any moment, played in a folder: what was not synced may be gone, or its name alone be there."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

Found = dict[str, bytes]
"""What is found in a folder afterwards, by name."""


class Power:
    """Follows what this process syncs below a folder; what is there as it begins is on the disk.

    Args:
        asked: told at each step what a cut would leave: if the disk keeps as little as it may, if it keeps every name
            and of the files no more than it must, and if of the names it keeps this one step alone.
    """

    def __init__(
        self, root: Path, patch: pytest.MonkeyPatch, asked: Callable[[Found], object] = lambda _: None
    ) -> None:
        self._root, self._asked = root, asked
        self._names: dict[Path, dict[str, int]] = {}
        self._held: dict[int, bytes] = {}
        for folder in (root, *(one for one in root.rglob("*") if one.is_dir())):
            self._names[folder] = _listed(folder)
            self._held |= {one.stat().st_ino: one.read_bytes() for one in folder.iterdir() if one.is_file()}
        self._replace, self._unlink = os.replace, os.unlink
        patch.setattr(os, "fsync", self._sync)
        patch.setattr(os, "replace", self._put)
        patch.setattr(os, "unlink", self._drop)

    def found(self, folder: Path | None = None) -> Found:
        """Return what a cut now leaves of a folder, where the disk keeps as little as it may."""
        folder = folder or self._root
        above = self._names.get(folder.parent, {})
        if folder != self._root and (folder.name not in above or folder not in self._names):
            return {}
        return self._filled(folder, self._names[folder])

    def _filled(self, folder: Path, names: dict[str, int]) -> Found:
        folders = {name.name for name in self._names if name.parent == folder}
        return {name: self._held.get(number, b"") for name, number in names.items() if name not in folders}

    def _look(self) -> None:
        self._asked(self.found())
        self._asked(self._filled(self._root, _listed(self._root)))

    def _sync(self, handle: int) -> None:
        self._look()
        path = Path(f"/proc/self/fd/{handle}").readlink()
        if path.is_dir():
            self._names[path] = _listed(path)
        else:
            self._held[path.stat().st_ino] = path.read_bytes()
        self._look()

    def _put(self, part: Path, file: Path) -> None:
        self._look()
        number = part.stat().st_ino
        self._replace(part, file)
        self._look()
        self._asked(self._filled(self._root, {**self._names[self._root], file.name: number}))

    def _drop(self, file: Path) -> None:
        self._unlink(file)
        self._look()
        left = {name: number for name, number in self._names[self._root].items() if name != file.name}
        self._asked(self._filled(self._root, left))


def _listed(folder: Path) -> dict[str, int]:
    return {one.name: one.stat().st_ino for one in folder.iterdir()}
