"""The notes of every roadmap as one index, and their vectors kept in the database."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sqlalchemy import select

from bot.db.insert import insert_once
from bot.db.work import Database, Work
from bot.features.qa.note import Note, NoteFault, parse_note
from bot.features.qa.tables import PassageVector
from bot.features.roadmap.content import Roadmap
from bot.features.roadmap.files import load_notes

log = logging.getLogger(__name__)
Vector = npt.NDArray[np.float32]
BATCH = 500


def read_notes(root: Path, library: Mapping[str, Roadmap]) -> list[Note]:
    """Return the notes of every roadmap; one that cannot be read is left out and named in the log."""
    notes = []
    for roadmap in library.values():
        for note_id, text in load_notes(root / roadmap.id, roadmap):
            try:
                notes.append(parse_note(text, note_id))
            except NoteFault as fault:
                log.error("a note is left out: %s", fault)
    return notes


class SqlVectors:
    """Vectors by the hash of their text; called from the CPU pool, never from a database thread.

    Args:
        database: started.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, hashes: Sequence[str], model: str) -> dict[str, Vector]:
        """Return the vectors that are kept, by hash: float32 [dim]."""

        def read(work: Work) -> dict[str, Vector]:
            found: dict[str, Vector] = {}
            for start in range(0, len(hashes), BATCH):
                chosen = select(PassageVector.hash, PassageVector.vector).where(
                    PassageVector.model == model, PassageVector.hash.in_(hashes[start : start + BATCH])
                )
                found |= {h: np.frombuffer(v, dtype=np.float32) for h, v in work.session.execute(chosen)}
            return found

        return self._database.run_sync(read, writes=False)

    def put(self, vectors: Mapping[str, Vector], model: str) -> None:
        """Keep vectors by hash."""

        def write(work: Work) -> None:
            for one, vector in vectors.items():
                insert_once(
                    work.session, PassageVector, hash=one, model=model, vector=vector.astype(np.float32).tobytes()
                )

        self._database.run_sync(write)
