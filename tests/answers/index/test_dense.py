"""The leg that matches meaning, and what it costs to build."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from bot.answers.index import dense
from bot.answers.index.chunks import cut
from bot.answers.index.dense import NEAREST, DenseLeg, build, cosine, search
from bot.llm.base import Matrix, Vector
from tests.features.ask.small_notes import SMALL, Counting, MemoryStore, model, notes

CHUNKS = [chunk for note in notes() for chunk in cut(note, SMALL)]


def test_a_chunk_is_as_near_as_its_three_nearest_rows() -> None:
    leg, _ = build(CHUNKS, model(), MemoryStore())
    question = model().embed(["when should i use a set instead of a list"])[0]
    match = search(leg, question, len(CHUNKS))
    assert CHUNKS[match[0][0]].heading == "When a set beats a list"
    assert [near for _, near in match] == sorted((near for _, near in match), reverse=True)
    for number, near in match:
        cosines, asked = leg.rows(number) @ question, len(CHUNKS[number].questions)
        own = [*cosines[: len(cosines) - asked], *sorted(cosines[len(cosines) - asked :])[-1:]]
        nearest = np.sort(own)[-NEAREST:]
        assert near == pytest.approx(float(nearest.mean()), abs=1e-6)


def test_a_chunk_of_one_row_is_as_near_as_that() -> None:
    rows = np.eye(3, 4, dtype=np.float32)
    leg = DenseLeg(rows, np.array([0, 1]))
    (first, near), (second, also) = search(leg, np.array([0.6, 0.8, 0.0, 0.0], dtype=np.float32), 2)
    assert (first, second) == (0, 1)
    assert [near, also] == pytest.approx([0.6, 0.4])


def test_of_the_questions_of_a_chunk_only_the_nearest_counts() -> None:
    question = np.array([0.6, 0.8, 0.0, 0.0], dtype=np.float32)
    rows = np.eye(4, dtype=np.float32)[[2, 2, 1, 1, 1, 0]]
    every, once = (DenseLeg(rows, np.array([0, 5]), np.array(asked, dtype=np.intp)) for asked in ([], [2, 3, 4]))
    assert every.nearness(question) == pytest.approx([0.8, 0.6])
    assert once.nearness(question) == pytest.approx([0.8 / 3, 0.6])
    assert once.part(0, 1).nearness(question) == pytest.approx([0.8 / 3])
    assert DenseLeg.part(once, 1, 2).nearness(question) == pytest.approx([0.6])


def test_how_near_one_chunk_is_rests_on_its_nearest_row_and_a_little_on_its_second() -> None:
    question = np.array([0.6, 0.8, 0.0, 0.0], dtype=np.float32)
    assert cosine(np.eye(3, 4, dtype=np.float32), question) == pytest.approx(0.75 * 0.8 + 0.25 * 0.6)
    assert cosine(np.eye(1, 4, dtype=np.float32), question) == pytest.approx(0.6)


def test_rows_of_a_chunk_begin_with_its_sentences() -> None:
    leg, _ = build(CHUNKS, model(), MemoryStore())
    last = len(CHUNKS) - 1
    assert np.allclose(leg.rows(last)[0], model().embed([CHUNKS[last].sentences[0]])[0], atol=0.05)
    assert sum(len(leg.rows(i)) for i in range(len(CHUNKS))) == len(leg.matrix)


def test_an_unchanged_corpus_computes_nothing() -> None:
    store, embedder = MemoryStore(), Counting()
    _, first = build(CHUNKS, embedder, store)
    assert first == embedder.embedded > 0
    _, again = build(CHUNKS, embedder, store)
    assert again == 0 and embedder.embedded == first


def test_progress_is_told_from_what_was_there_to_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dense, "BATCH_ROWS", 4)
    told: list[tuple[int, int]] = []
    _, computed = build(CHUNKS, model(), MemoryStore(), lambda done, all_: told.append((done, all_)))
    assert told[0] == (0, computed) and told[-1] == (computed, computed)
    assert [done for done, _ in told] == sorted(done for done, _ in told) and len(told) > 3


def test_work_survives_an_end_in_the_middle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dense, "BATCH_ROWS", 4)
    store, embedder = MemoryStore(), Counting()

    def stop(done: int, all_: int) -> None:
        if done >= 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(CHUNKS, embedder, store, stop)
    _, computed = build(CHUNKS, embedder, store)
    assert embedder.embedded == 8 + computed


def test_vectors_of_another_model_or_shape_are_not_used() -> None:
    class Stale(MemoryStore):
        def get(self, hashes: Sequence[str], model: str) -> dict[str, Vector]:
            return {key: np.ones(7, dtype=np.float32) for key in hashes}

    class Renamed(Counting):
        name = "another"

    assert build(CHUNKS, Counting(), Stale())[1] > 0
    store = MemoryStore()
    build(CHUNKS, Counting(), store)
    assert build(CHUNKS, Renamed(), store)[1] > 0


def test_a_store_that_fails_is_heard() -> None:
    class Broken(MemoryStore):
        def put(self, vectors: Mapping[str, Vector], model: str) -> None:
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        build(CHUNKS, model(), Broken())


def test_no_chunks_find_nothing() -> None:
    leg, computed = build([], model(), MemoryStore())
    question: Matrix = model().embed(["anything"])
    assert (search(leg, question[0], 5), computed) == ([], 0)
