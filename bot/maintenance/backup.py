"""Backups: one ZIP file for both engines, with each table as JSON lines and a manifest with checksums."""

from __future__ import annotations

import errno
import glob
import json
import os
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any, Self, get_args
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from bot.base import fsync
from bot.maintenance.table_rows import Kind, Row, TableChecksum, Tables, TableShape, line_of

FORMAT = 1
"""The version of the manifest; increased when older programs can't read it."""
Tell = Callable[[int, int], None]
"""Reports progress: rows done, rows in all."""
MANIFEST, TABLES, FILES = "manifest.json", "tables", "files"
TELL_EVERY = 5000
_MANIFEST_MOST, _LINE_MOST, _FILE_MOST = 16_000_000, 256_000_000, 64_000_000
_CHUNK = 1 << 20
_STALE_S = 86_400
_CUT = "it is damaged or was cut off"
_KINDS = frozenset(get_args(Kind))
_DAMAGE = (
    BadZipFile,
    zlib.error,
    EOFError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    OverflowError,
    RuntimeError,
)
"""Exceptions that a damaged file may cause."""
_YEARS = range(2020, 2200)
_PART_MOST, _NAME_MOST = 255, 2000
"""Most bytes of a file name, and of a path below the data directory."""


class BackupError(Exception):
    """A backup can't be made or used; the text says why and what to do."""


@dataclass(frozen=True)
class BackupManifest:
    """The metadata of a backup.

    Args:
        version: of the program that made it.
        engine: sqlite or postgresql.
    """

    made_at: datetime
    version: str
    engine: str
    revision: str


class Archive:
    """A backup open for reading; a `RowSource` that checks rows as it reads them.

    Args:
        file: the backup; BackupError if it is not valid.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        try:
            self._zip = ZipFile(file)
        except (BadZipFile, ValueError, RuntimeError):
            raise BackupError(f"{file} isn't a Trailmate backup, or {_CUT}. Use another one.") from None
        except FileNotFoundError:
            raise BackupError(f"There is no file {file}. Name a backup.") from None
        except OSError as error:
            raise BackupError(
                f"{file} cannot be read: {_describe_error(error)}. Name a backup that the bot's user may read."
            ) from None
        try:
            with self._guarded():
                self._read_manifest()
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    @property
    def revision(self) -> str:
        """The schema revision of its tables."""
        return self.about.revision

    def counter(self, shape: TableShape) -> int | None:
        """Return the highest id that a table ever assigned, if the backup has it."""
        return self._counters[shape.name]

    def mark(self, shape: TableShape) -> str:
        """Return the checksum of a table in the manifest."""
        return self._marks[shape.name]

    def rows(self, shape: TableShape) -> Iterator[Row]:
        """Yield a table's rows; BackupError, at the latest after the last row, if the checksum differs."""
        digest = TableChecksum()
        with self._guarded(), self._zip.open(f"{TABLES}/{shape.name}.jsonl") as lines:
            while line := lines.readline(_LINE_MOST):
                digest.add(line)
                row = json.loads(line)
                if not isinstance(row, list) or len(row) != len(shape.columns):
                    raise ValueError(shape.name)
                yield row
        if (digest.rows, digest.mark) != (self.counts[shape.name], self._marks[shape.name]):
            raise BackupError(f"{self.file}: {_CUT}: {shape.name} doesn't match its checksum. Use another backup.")

    def verify(self, tell: Tell) -> None:
        """Read everything once; BackupError if a checksum differs."""
        done, total = 0, sum(self.counts.values())
        for shape in self.shapes:
            for _ in self.rows(shape):
                done += 1
                if not done % TELL_EVERY:
                    tell(done, total)
        for name in self.files:
            self.read(name)
        tell(total, total)

    def read(self, name: str) -> bytes:
        """Return a file of the data directory from the backup."""
        with self._guarded():
            return self._zip.read(f"{FILES}/{name}")

    def _read_manifest(self) -> None:
        try:
            info = self._zip.getinfo(MANIFEST)
        except KeyError:
            raise BackupError(f"{self.file} is a zip file, but not a Trailmate backup.") from None
        if info.file_size > _MANIFEST_MOST:
            raise ValueError(MANIFEST)
        manifest = json.loads(self._zip.read(info))
        if manifest["format"] > FORMAT:
            raise BackupError(
                f"{self.file} was made by version {str(manifest['version'])[:20]}, in a form that this one cannot "
                "read: restore it with that version."
            )
        self.about = _read_about(manifest)
        self.shapes = tuple(_read_shape(table) for table in manifest["tables"])
        self.counts: Mapping[str, int] = {table["name"]: int(table["rows"]) for table in manifest["tables"]}
        self._marks: Mapping[str, str] = {table["name"]: str(table["mark"]) for table in manifest["tables"]}
        self._counters: Mapping[str, int | None] = {
            table["name"]: _read_counter(table["counter"]) for table in manifest["tables"]
        }
        self.files = tuple(str(name) for name in manifest["files"] if _is_inside(str(name)))
        _check_names(self.files)
        for name in self.files:
            if self._zip.getinfo(f"{FILES}/{name}").file_size > _FILE_MOST:
                raise ValueError(name)

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Turn any error of a damaged file into one BackupError."""
        try:
            yield
        except _DAMAGE:
            raise BackupError(f"{self.file}: {_CUT}. Use another backup.") from None


def make(file: Path, source: Tables, about: BackupManifest, beside: Mapping[str, Path], tell: Tell) -> Archive:
    """Write a backup to a temporary file, verify it, then rename it; an existing file stays until then.

    Args:
        beside: further files to include, by their names in the backup.

    Returns:
        The backup, open.

    Raises:
        BackupError: the write failed; the temporary file is removed.
    """
    part: Path | None = None
    try:
        _drop_stale(file)
        handle, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".part", dir=file.parent)  # its owner's alone
        part = Path(name)
        with os.fdopen(handle, "w+b") as out:
            _write(out, source, about, beside, _halve_progress(tell, 0))
            out.flush()
            os.fsync(out.fileno())
        with Archive(part) as written:
            written.verify(_halve_progress(tell, 1))
        fsync.put(part, file)
    except OSError as error:
        raise BackupError(
            f"{file}: {_describe_error(error)}. No backup was made: {_suggest_place(file, error)}."
        ) from None
    finally:
        if part is not None:
            part.unlink(missing_ok=True)
    return Archive(file)


def _describe_error(error: OSError) -> str:
    return (error.strerror or "the system refuses it").lower()


def _suggest_place(file: Path, error: OSError) -> str:
    """Return a hint for a place that can't be written to."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "make room, or name another place"
    if not file.parent.is_dir():
        return f"make the folder {file.parent}, or name another place"
    return "name a place that the bot may write to"


def _halve_progress(tell: Tell, which: int) -> Tell:
    """Scale progress to one half: writing is the first half, verifying the second."""
    return lambda done, total: tell(done + which * total, 2 * total)


def _write(out: IO[bytes], source: Tables, about: BackupManifest, beside: Mapping[str, Path], tell: Tell) -> None:
    done, total = 0, sum(source.counts.values())
    tables = list[dict[str, Any]]()
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=3) as to:
        for shape in source.shapes:
            digest = TableChecksum()
            with to.open(f"{TABLES}/{shape.name}.jsonl", "w", force_zip64=True) as lines:
                waiting = bytearray()
                for row in source.rows(shape):
                    digest.add(line := line_of(row))
                    waiting += line
                    if len(waiting) >= _CHUNK:
                        lines.write(waiting)
                        waiting.clear()
                    done += 1
                    if not done % TELL_EVERY:
                        tell(done, total)
                lines.write(waiting)
            tables.append(
                {
                    "name": shape.name,
                    "columns": [list(column) for column in shape.columns],
                    "rows": digest.rows,
                    "mark": digest.mark,
                    "counter": source.counter(shape),
                }
            )
        for name, path in beside.items():
            if path.stat().st_size > _FILE_MOST:
                raise BackupError(f"{path} is too large for a backup: more than {_FILE_MOST // 1_000_000} MB.")
            with to.open(f"{FILES}/{name}", "w") as copy:
                copy.write(path.read_bytes())
        manifest = {
            "format": FORMAT,
            "version": about.version,
            "made_at": about.made_at.isoformat(),
            "engine": about.engine,
            "revision": about.revision,
            "tables": tables,
            "files": list(beside),
        }
        to.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
    tell(total, total)


def _read_shape(table: Mapping[str, Any]) -> TableShape:
    columns = tuple((str(name), kind) for name, kind in table["columns"])
    if not {kind for _, kind in columns} <= _KINDS:
        raise ValueError(table["name"])
    return TableShape(str(table["name"]), columns)


def _read_about(manifest: Mapping[str, Any]) -> BackupManifest:
    made_at, texts = (
        datetime.fromisoformat(manifest["made_at"]),
        [manifest[key] for key in ("version", "engine", "revision")],
    )
    if made_at.utcoffset() is None or made_at.year not in _YEARS or not all(isinstance(text, str) for text in texts):
        raise ValueError(MANIFEST)
    return BackupManifest(made_at, *texts)


def _read_counter(counter: Any) -> int | None:
    """Return a counter; ValueError if it is out of range."""
    if counter is not None and (type(counter) is not int or not 0 <= counter < 1 << 63):
        raise ValueError(MANIFEST)
    return counter


def _check_names(names: Sequence[str]) -> None:
    """Raise ValueError if the names can't be files below one folder."""
    paths = {PurePosixPath(name) for name in names}
    folders = {folder for path in paths for folder in path.parents}
    too_long = any(len(os.fsencode(part)) > _PART_MOST for path in paths for part in path.parts)
    if too_long or paths & folders or any(len(os.fsencode(name)) > _NAME_MOST for name in names):
        raise ValueError(MANIFEST)


def _is_inside(name: str) -> bool:
    """Whether a file name in a backup stays below the target folder (no path traversal)."""
    path = PurePosixPath(name)
    return (
        bool(path.parts) and not path.is_absolute() and ".." not in path.parts and "\\" not in name and "\0" not in name
    )


def _drop_stale(file: Path) -> None:
    """Remove temporary files of earlier backups to the same place that were killed over a day ago."""
    for left in file.parent.glob(f".{glob.escape(file.name)}.*.part"):
        if left.stat().st_mtime < time.time() - _STALE_S:
            left.unlink(missing_ok=True)
