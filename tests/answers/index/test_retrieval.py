"""What was made of the notes is taken by the next start, which then finds the same and makes nothing."""

from __future__ import annotations

import io
import pickle
from pathlib import Path

import pytest

from bot.answers.index import retrieval as made_of
from bot.answers.index.chunks import SourceId
from bot.answers.index.retrieval import Index, Kept
from bot.answers.index.vectors import FileVectors
from bot.curriculum import start_cache
from tests.answers.index.test_packaged_vectors import carry
from tests.curriculum.test_track import track
from tests.features.ask.small_notes import SMALL, Counting, MemoryStore, notes

ORDINARY = frozenset({"baking", "starters"})
QUESTIONS = "when should i use a set instead of a list", "what is a hashible dictionary key", "sour dough", "zzz"


def again(made: Kept) -> Kept:
    """Return it as the next start takes it from its file."""
    taken: Kept = start_cache._Values(io.BytesIO(pickle.dumps(made))).load()
    return taken


def test_a_start_that_takes_it_finds_the_same_and_makes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder, memory = Counting(), MemoryStore()
    Index({SMALL: notes()}, embedder).embed(memory)
    carried = carry(tmp_path, memory.get([key for _, key in memory._kept], embedder.name), embedder.name)
    store = FileVectors(tmp_path / "vectors.db", carried)
    first = Index({SMALL: notes()}, embedder, ORDINARY)
    assert first.made() is None, "nothing is put together yet"
    first.assemble()
    first.embed(store)
    made = first.made()
    assert made is not None
    monkeypatch.setattr(made_of, "LexicalLeg", None)
    monkeypatch.setattr("bot.answers.index.dense.rows", None)
    before, second = embedder.embedded, Index({SMALL: notes()}, embedder, ORDINARY, again(made))
    second.assemble()
    assert second.embed(store) == 0 and embedder.embedded == before and second.is_dense
    for question in QUESTIONS:
        one, other = (index.search(question, [SMALL]) for index in (first, second))
        assert (one.question, one.match, one.cosine) == (other.question, other.match, other.cosine)
        assert [(h.chunk, h.score, h.cosine, h.stems) for h in one.hits] == [
            (h.chunk, h.score, h.cosine, h.stems) for h in other.hits
        ]
        assert one.speller.offered(question) == other.speller.offered(question)
        assert one.words.written("lora") == other.words.written("lora")


def test_it_is_no_use_for_other_sources_and_its_rows_for_another_model(tmp_path: Path) -> None:
    first = Index({SMALL: notes()}, Counting())
    first.assemble()
    first.embed(MemoryStore())
    made = first.made()
    assert made is not None and made[SMALL].laid is None, "rows that are not carried lie nowhere"
    other = Index({SourceId("other"): notes()[:1]}, kept=again(made))
    assert {chunk.source for chunk in other.chunks([SourceId("other")])} == {"other"}
    changed = Index({SMALL: notes()}, kept=again(made))
    changed.put(SMALL, notes()[:1])
    assert {hit.chunk.note for hit in changed.search("starter dictionary", [SMALL]).hits} == {notes()[0].id}


def test_what_was_made_is_kept_beside_the_roadmaps_that_it_was_made_of(tmp_path: Path) -> None:
    root, data = tmp_path / "roadmaps", tmp_path / "data"
    data.mkdir()
    track(root / "small")
    words = tmp_path / "words.txt"
    words.write_text("one")

    def take() -> start_cache.StartCache:
        return start_cache.load([root], data, [words])

    first = take()
    assert first.derived is None
    first.store({"small": ("made",)})
    assert take().derived == {"small": ("made",)} and list(take().library) == ["small"]
    words.write_text("two")
    other = take()
    assert other.derived is None, "words that decide what is made have changed"
    del other.library["small"]
    other.store({"small": ("of others",)})
    assert take().derived is None, "others have come in the place of what was read"
