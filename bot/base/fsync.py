"""Durable file writes: fsync files and folders, so that a power cut loses nothing that was reported as saved."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path


def write(file: Path, data: bytes) -> None:
    """Write a file atomically: write a temporary file, then rename it. Creates missing folders.

    Raises:
        OSError: the write failed; the old file is unchanged.
    """
    make_folder(file.parent)
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        put(part, file)
    finally:
        part.unlink(missing_ok=True)


def put(part: Path, file: Path) -> None:
    """Rename a synced file over another and sync the folder."""
    part.replace(file)
    sync_folder(file.parent)


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Create a folder and its missing parents, and sync them."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(mode, parents=True, exist_ok=True)
    for made in missing:
        sync_folder(made.parent)


def sync(file: Path) -> None:
    """Flush a file to disk."""
    with file.open("rb") as written:
        os.fsync(written.fileno())


def sync_folder(folder: Path) -> None:
    """Flush the entries of a folder to disk, if the system supports that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
