"""Files that are on the disk when somebody is told of them: a power cut takes whatever was only handed over."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path


def write(file: Path, data: bytes) -> None:
    """Write a file, and the folders above it that are missing, whole or not at all: beside its place, then put there.

    Raises:
        OSError: it cannot be written, and what was there is there.
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
    """Have a file that is on the disk take the place of another, for good."""
    part.replace(file)
    sync_folder(file.parent)


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Make a folder and those above it that are missing, so that they are there for good."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(mode, parents=True, exist_ok=True)
    for made in missing:
        sync_folder(made.parent)


def sync(file: Path) -> None:
    """Have the disk hold what a file holds."""
    with file.open("rb") as written:
        os.fsync(written.fileno())


def sync_folder(folder: Path) -> None:
    """Have the names in a folder outlive a loss of power, where the system can do that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
