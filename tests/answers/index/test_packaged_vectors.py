"""The vectors that the package carries: those of the present notes, whole, and as good as what is made here."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from bot.answers.index import dense
from bot.answers.index import vectors as packaged_vectors
from bot.answers.index.chunks import row_hash
from bot.answers.index.retrieval import Index
from bot.answers.index.vectors import DIM, NAME, Carried, FileVectors, Packed, packed, unpacked
from bot.base.files import bundled
from bot.llm.base import Vector
from tests.features.ask.small_notes import SMALL, Counting, MemoryStore, model, notes
from tests.shipped import read_courses
from tools import vectors

REMAKE = "the notes have changed: `python -m tools.vectors` makes their carried vectors anew"


def some(count: int) -> dict[str, Vector]:
    """Return vectors of unit length by hashes."""
    made = np.random.default_rng(1).normal(size=(count, DIM)).astype(np.float32)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    return {row_hash(str(at)): row for at, row in enumerate(made)}


def carry(folder: Path, made: dict[str, Vector], name: str) -> Carried:
    np.save(folder / NAME.format(model=name), packed(made))
    return Carried(folder)


def test_every_row_of_the_carried_notes_is_there_and_a_dozen_are_as_when_made_anew() -> None:
    texts, there = vectors.texts(read_courses().values()), Carried(bundled("roadmap"))
    found = there.get(texts, model().name)
    assert found.keys() == texts.keys(), REMAKE
    assert there.find([*texts], model().name) is not None, REMAKE
    dozen = random.Random(7).sample([*texts], 12)
    likeness = [
        float(found[key] @ made) for key, made in zip(dozen, model().embed([texts[key] for key in dozen]), strict=True)
    ]
    # the model is quantised by what stands in its batch: 1 row in 100 moves by up to .004
    assert min(likeness) > 0.995 and np.mean(likeness) > 0.999


def test_packing_moves_no_cosine_by_a_thousandth_and_packing_again_nothing() -> None:
    made = some(50)
    rows = packed(made)
    again = packed(dict(zip(made, unpacked(rows), strict=True)))
    assert rows.tobytes() == again.tobytes()
    matrix = np.stack([*made.values()])
    assert np.abs(matrix @ matrix.T - unpacked(rows) @ matrix.T).max() < 0.001


def test_rows_are_compared_wherever_they_lie(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaged_vectors, "BLOCK", 4)
    rows = packed(some(11))
    at = np.array([9, 2, 2, 7])
    question = unpacked(rows)[7]
    assert np.allclose(Packed(rows, at) @ question, unpacked(rows)[at] @ question)
    assert np.allclose(Packed(rows, at)[1:3], unpacked(rows)[[2, 2]])
    assert len(Packed(rows, at[:0]) @ question) == 0


def test_notes_that_are_carried_whole_are_embedded_by_nobody(tmp_path: Path) -> None:
    embedder, memory = Counting(), MemoryStore()
    made = Index({SMALL: notes()}, embedder)
    made.embed(memory)
    there = carry(tmp_path, memory.get([key for _, key in memory._kept], embedder.name), embedder.name)
    before, index = embedder.embedded, Index({SMALL: notes()}, embedder)
    assert index.embed(FileVectors(tmp_path / "vectors.db", there)) == 0
    assert embedder.embedded == before and not (tmp_path / "vectors.db").exists()
    question = "when should i use a set instead of a list"
    ours, theirs = (one.search(question, [SMALL]) for one in (index, made))
    assert [hit.chunk for hit in ours.hits] == [hit.chunk for hit in theirs.hits]
    assert ours.cosine == pytest.approx(theirs.cosine, abs=0.001)


def test_of_notes_that_are_carried_in_part_the_rest_is_embedded(tmp_path: Path) -> None:
    embedder, memory = Counting(), MemoryStore()
    Index({SMALL: notes()[:2]}, embedder).embed(memory)
    there = carry(tmp_path, memory.get([key for _, key in memory._kept], embedder.name), embedder.name)
    index, before = Index({SMALL: notes()}, embedder), embedder.embedded
    assert 0 < index.embed(FileVectors(tmp_path / "vectors.db", there)) == embedder.embedded - before
    assert index.is_dense


@pytest.mark.parametrize("content", [b"", b"no vectors at all", b"\x93NUMPY"])
def test_a_damaged_file_carries_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NAME.format(model="odd")).write_bytes(content)
    assert Carried(tmp_path).get(["a"], "odd") == {} and Carried(tmp_path).find(["a"], "odd") is None
    np.save(tmp_path / NAME.format(model="other"), np.zeros(3))
    assert Carried(tmp_path).get(["a"], "other") == {} and Carried(tmp_path).get(["a"], "none") == {}
    assert dense.find([], "none", FileVectors(tmp_path / "vectors.db")) is None
