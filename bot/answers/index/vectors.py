"""The notes' vectors in one file that the bot, the demo and the command line share.

They are kept by the hash of their text and can be made again, so the file is no part of the database: a fault of it
costs half a minute of computing and nothing else.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.answers.index.packaged_vectors import Carried, Packed

log = logging.getLogger(__name__)
Vector = npt.NDArray[np.float32]
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
        """Open the file for one transaction."""
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file.touch(mode=0o600)
        with closing(sqlite3.connect(self._file, timeout=PATIENCE_S)) as database:
            database.execute(_TABLE)
            with database:
                yield database

    def _tell(self, what: str, fault: Exception) -> None:
        """Say once that the file is of no use, and begin it anew if it is none of ours or damaged."""
        if not self._has_told:
            log.warning("The notes' vectors cannot be %s in %s (%s); they are computed anew.", what, self._file, fault)
        self._has_told = True
        if type(fault) is sqlite3.DatabaseError:
            with suppress(OSError):
                self._file.unlink(missing_ok=True)
