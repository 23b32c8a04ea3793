"""The vectors of the notes that the package carries, so that a first start has nothing to embed.

A file for each model, named after it, beside the roadmaps: its rows are found by the hash of their text. Numbers are
kept in eight bits, sixteen of a row by a scale of their own, in a quarter of the room: .998 of 410 golden questions
find the same five passages in the same order, and no cosine moves by a thousandth. The file is mapped into memory,
where what is looked at takes room and the system may take it back. `python -m tools.vectors` makes it anew.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
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
        log.warning("The notes' carried vectors cannot be read in %s (%s); they are computed anew.", path, fault)
        return None
    if rows.dtype != ROW or rows.ndim != 1:
        log.warning("%s holds no vectors of this version; they are computed anew.", path)
        return None
    return _File(rows.view(np.ndarray))
