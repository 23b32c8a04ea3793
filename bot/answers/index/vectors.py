"""Vectors of the notes: shipped with the package, or computed by this machine and stored in a file.

The package has one file for each model, named after it, next to the roadmaps, so a first start has nothing to embed.
The key of a row is the hash of its text. Numbers have eight bits, and sixteen of a row share a scale. That takes a
quarter of the space: .998 of 410 golden questions find the same five passages in the same order, and no cosine changes
by a thousandth. The file is mapped into memory. `python -m tools.vectors` rebuilds it.

The bot, the demo and the command line share the machine's file. It is a cache outside the database: if it is damaged,
the bot computes it again in half a minute.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.llm.base import Matrix, Vector

log = logging.getLogger(__name__)
NAME = "vectors-{model}.npy"
DIM, GROUP, MOST = 384, 16, 127
"""Components of a vector, how many share a scale, and the largest number that one is kept as."""
BLOCK = 512
"""Rows that are unpacked at a time: they stay in the processor's cache."""
ROW = np.dtype([("hash", "S16"), ("scale", "<f2", DIM // GROUP), ("code", "i1", DIM)])
"""A row of the file."""


def packed(vectors: Mapping[str, Vector]) -> npt.NDArray[np.void]:
    """Return vectors as rows of the file, in their order, by the hashes of their texts."""
    made = np.zeros(len(vectors), ROW)
    parts = np.stack([*vectors.values()]).reshape(len(vectors), -1, GROUP)
    made["hash"] = [_shorten(vector) for vector in vectors]
    made["scale"] = np.abs(parts).max(axis=2) / MOST
    scales = np.maximum(made["scale"].astype(np.float32), np.finfo(np.float16).tiny)[:, :, None]
    made["code"] = np.clip(np.round(parts / scales), -MOST, MOST).reshape(len(vectors), DIM)
    return made


def unpacked(rows: npt.NDArray[np.void]) -> Matrix:
    """Return rows of the file as vectors: float32 [n, dim], of unit length but for rounding."""
    parts = rows["code"].reshape(len(rows), -1, GROUP).astype(np.float32)
    parts *= rows["scale"].astype(np.float32)[:, :, None]
    return parts.reshape(len(rows), DIM)


def _shorten(digest: str) -> bytes:
    return digest[:16].encode()


@dataclass(frozen=True, slots=True)
class Packed:
    """Some rows of the file, one after the other or apart, as if they were a matrix of float32 [n, dim].

    Args:
        file: all of its rows, as they lie on the disk.
        at: which of them, in order.
    """

    file: npt.NDArray[np.void]
    at: npt.NDArray[np.intp]

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.at)

    def __getitem__(self, some: slice) -> Matrix:
        """Return rows, unpacked."""
        return unpacked(self.file[self.at[some]])

    def __matmul__(self, question: Vector) -> Vector:
        """Return float32 [n]: the cosine of each row; a block at a time, so that the whole is never unpacked."""
        if not len(self.at):
            return np.zeros(0, dtype=np.float32)
        first, last = int(self.at.min()), int(self.at.max()) + 1
        blocks = [unpacked(self.file[i : min(i + BLOCK, last)]) @ question for i in range(first, last, BLOCK)]
        cosines: Vector = np.concatenate(blocks)[self.at - first]
        return cosines


@dataclass(frozen=True)
class Carried:
    """The files of vectors in a folder; one that is missing or damaged carries nothing."""

    folder: Path
    _open: dict[str, _File | None] = field(default_factory=dict)

    def find(self, hashes: Sequence[str], model: str) -> Packed | None:
        """Return the rows of texts by the hashes of these, or None unless all are carried."""
        if (file := self._file(model)) is None:
            return None
        places = [file.places.get(_shorten(digest)) for digest in hashes]
        known = [place for place in places if place is not None]
        return Packed(file.rows, np.array(known, dtype=np.intp)) if len(known) == len(places) else None

    def at(self, places: npt.NDArray[np.intp], model: str) -> Packed | None:
        """Return the rows at these places of the file, None where it has not so many."""
        file = self._file(model)
        is_there = file is not None and (not len(places) or int(places.max()) < len(file.rows))
        return Packed(file.rows, places) if file is not None and is_there else None

    def get(self, hashes: Iterable[str], model: str) -> dict[str, Vector]:
        """Return the vectors that are carried, by hash."""
        if (file := self._file(model)) is None:
            return {}
        places = {digest: place for digest in hashes if (place := file.places.get(_shorten(digest))) is not None}
        return dict(zip(places, unpacked(file.rows[[*places.values()]]), strict=True)) if places else {}

    def _file(self, model: str) -> _File | None:
        if model not in self._open:
            self._open[model] = _read(self.folder / NAME.format(model=model))
        return self._open[model]


@dataclass(frozen=True)
class _File:
    rows: npt.NDArray[np.void]

    @cached_property
    def places(self) -> Mapping[bytes, int]:
        """Return where the row of each text is."""
        return {digest: place for place, digest in enumerate(self.rows["hash"].tolist())}


def _read(path: Path) -> _File | None:
    try:
        rows = np.load(path, mmap_mode="r", allow_pickle=False)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, EOFError) as fault:
        log.warning("The notes' carried vectors cannot be read in %s (%s); they are computed again.", path, fault)
        return None
    if rows.dtype != ROW or rows.ndim != 1:
        log.warning("%s holds no vectors of this version; they are computed again.", path)
        return None
    return _File(rows.view(np.ndarray))


BATCH = 500
PATIENCE_S = 10.0
_FAULTS = (sqlite3.Error, OSError, ValueError)
_TABLE = "CREATE TABLE IF NOT EXISTS vector (hash TEXT, model TEXT, vector BLOB, PRIMARY KEY (hash, model))"


class FileVectors:
    """Vectors by the hash of their text; several processes may use one file at once.

    Args:
        file: made with its folder at the first vector.
        carried: vectors that need no file of this machine.
    """

    NAME = "vectors.db"

    def __init__(self, file: Path, carried: Carried | None = None) -> None:
        self._file = file
        self._carried = carried
        self._has_told = False

    def get(self, hashes: Sequence[str], model: str) -> dict[str, Vector]:
        """Return the vectors that are kept, by hash: float32 [dim]."""
        vectors = self._carried.get(hashes, model) if self._carried is not None else {}
        hashes = [digest for digest in hashes if digest not in vectors]
        if not hashes or not self._file.exists():
            return vectors
        try:
            with self._open() as database:
                for start in range(0, len(hashes), BATCH):
                    some = hashes[start : start + BATCH]
                    rows = database.execute(
                        f"SELECT hash, vector FROM vector WHERE model = ? AND hash IN ({','.join('?' * len(some))})",  # noqa: S608
                        [model, *some],
                    )
                    vectors |= {digest: np.frombuffer(vector, dtype=np.float32) for digest, vector in rows}
        except _FAULTS as fault:
            self._tell("read", fault)
        return vectors

    def find(self, hashes: Sequence[str], model: str) -> Packed | None:
        """Return the rows of texts as they are carried, or None unless all are."""
        return self._carried.find(hashes, model) if self._carried is not None else None

    def at(self, places: npt.NDArray[np.intp], model: str) -> Packed | None:
        """Return the rows at these places among those that are carried, or None where they are not."""
        return self._carried.at(places, model) if self._carried is not None else None

    def put(self, vectors: Mapping[str, Vector], model: str) -> None:
        """Keep vectors by hash; those of other models are of no use any more and go."""
        try:
            with self._open() as database:
                database.execute("DELETE FROM vector WHERE model <> ?", [model])
                database.executemany(
                    "INSERT OR IGNORE INTO vector VALUES (?, ?, ?)",
                    [(digest, model, vector.astype(np.float32).tobytes()) for digest, vector in vectors.items()],
                )
        except _FAULTS as fault:
            self._tell("kept", fault)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file.touch(mode=0o600)
        with closing(sqlite3.connect(self._file, timeout=PATIENCE_S)) as database:
            database.execute(_TABLE)
            with database:
                yield database

    def _tell(self, what: str, fault: Exception) -> None:
        """Log once that the file is unusable, and create it again if it is damaged or not ours."""
        if not self._has_told:
            log.warning("The notes' vectors cannot be %s in %s (%s); they are computed again.", what, self._file, fault)
        self._has_told = True
        if type(fault) is sqlite3.DatabaseError:
            with suppress(OSError):
                self._file.unlink(missing_ok=True)
