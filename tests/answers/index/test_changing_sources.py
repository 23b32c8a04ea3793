"""A source that is added to an index, changed and dropped while others are asked."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from bot.answers.index.chunks import SourceId, rows
from bot.answers.index.dense import DenseLeg, JoinedLeg, build, search
from bot.answers.index.retrieval import JOINED, Index
from bot.curriculum.note import Note
from bot.llm.embedded import ordinary_words
from tests.features.ask.small_notes import HERE, SMALL, MemoryStore, model, notes

OWN = SourceId("cohort:1")
BOTH = [SMALL, OWN]
QUESTION = "why is a list unhashable"


def whole(store: MemoryStore | None = None) -> Index:
    """Return an index of two of the three small notes; the third is put into it."""
    index = Index({SMALL: notes()[:2]}, model(), ordinary_words())
    index.embed(store or MemoryStore())
    return index


def bread() -> Note:
    return notes()[2]


def own(index: Index, question: str = "how do I feed the starter") -> list[str]:
    return [hit.chunk.note for hit in index.search(question, BOTH, 50).hits if hit.chunk.source == OWN]


def test_what_is_put_in_is_found_by_words_at_once_and_by_meaning_once_it_has_rows() -> None:
    index = whole()
    chunks = index.put(OWN, [bread()])
    by_words = index.search("how do I feed the starter", BOTH)
    assert [hit.cosine for hit in by_words.hits if hit.chunk.source == OWN][:1] == [None]
    assert by_words.cosine is not None  # the others are searched by meaning all the same
    assert index.search("how do I feed the starter", [OWN]).cosine is None
    assert index.settle(OWN, chunks, build(chunks, model(), MemoryStore())[0])
    match = index.search("how do I feed the starter", BOTH)
    assert match.hits[0].chunk.source == OWN and (match.hits[0].cosine or 0) > 0.4


def test_an_index_that_was_changed_is_as_one_that_was_built_so() -> None:
    built = Index({SMALL: notes()[:2], OWN: [bread()]}, model(), ordinary_words())
    built.embed(MemoryStore())
    index = whole()
    index.put(OWN, [replace(bread(), title="Other"), notes()[0]])
    own(index)
    index.settle(OWN, index.put(OWN, [bread()]), build(built.chunks([OWN]), model(), MemoryStore())[0])
    for question in (QUESTION, "how do I feed the starter", "sourdogh starter", "a key"):
        for sources in (HERE, BOTH, [OWN]):
            ours, theirs = index.search(question, sources, 50), built.search(question, sources, 50)
            assert [(h.chunk, h.score) for h in ours.hits] == [(h.chunk, h.score) for h in theirs.hits]
            assert (ours.question, ours.match) == (theirs.question, theirs.match)
            pairs = zip(ours.hits, theirs.hits, strict=True)
            assert all(a.rows is not None and b.rows is not None and (a.rows == b.rows).all() for a, b in pairs)


def test_what_is_dropped_is_found_no_more() -> None:
    index = whole()
    index.put(OWN, [bread()])
    assert own(index)
    before = index.search(QUESTION, HERE)
    index.drop(OWN)
    index.drop(OWN)
    assert own(index) == [] and index.chunks([OWN]) == ()
    assert index.search(QUESTION, HERE).hits[0].score == before.hits[0].score


def test_rows_that_come_too_late_are_left_out() -> None:
    index = whole()
    old = index.put(OWN, [bread()])
    index.put(OWN, [notes()[0]])
    assert not index.settle(OWN, old, build(old, model(), MemoryStore())[0])
    index.drop(OWN)
    assert not index.settle(OWN, old, build(old, model(), MemoryStore())[0])


def test_what_is_put_in_before_the_notes_are_embedded_stays_out_of_the_store() -> None:
    index, store = Index({SMALL: notes()[:2]}, model()), MemoryStore()
    index.put(OWN, [bread()])
    assert index.search("how do I feed the starter", BOTH).cosine is None
    index.embed(store)
    other = MemoryStore()
    Index({SMALL: notes()[:2]}, model()).embed(other)
    assert store._kept.keys() == other._kept.keys()
    assert index.search("how do I feed the starter", [OWN]).cosine is None
    assert own(index) and index.search(QUESTION, BOTH).cosine is not None


def test_sets_of_sources_that_are_kept_are_few() -> None:
    index = whole()
    for number in range(JOINED * 2):
        index.put(source := SourceId(f"cohort:{number}"), [bread()])
        assert index.search("starter", [SMALL, source]).hits
        index.search("list", HERE)
    assert len(index._shelves) == JOINED + 1 and frozenset(HERE) in index._shelves


def test_sources_change_while_others_search() -> None:
    index, ends = whole(), threading.Event()

    def ask(number: int) -> int:
        asked = 0
        while not ends.is_set():
            match = index.search(("feed the starter", QUESTION)[number % 2], BOTH)
            assert {hit.chunk.source for hit in match.hits} <= {*BOTH}
            asked += 1
        return asked

    with ThreadPoolExecutor(3) as pool:
        asking = [pool.submit(ask, number) for number in range(3)]
        try:
            for turn in range(40):
                chunks = index.put(OWN, [bread()] if turn % 2 else [notes()[0], bread()])
                index.settle(OWN, chunks, build(chunks, model(), STORE)[0])
                if turn % 5 == 0:
                    index.drop(OWN)
        finally:
            ends.set()
        assert all(one.result() for one in asking)
    assert set(own(index)) == {"bread"}


STORE = MemoryStore()


def test_joined_legs_are_searched_as_one() -> None:
    chunks = whole().chunks(HERE)
    leg, _ = build(chunks, model(), STORE)
    parts = JoinedLeg((leg.part(0, 2), leg.part(2, len(chunks))))
    question = model().embed([QUESTION])[0]
    assert [i for i, _ in search(leg, question, 5)] == [i for i, _ in search(parts, question, 5)]
    assert all((leg.rows(i) == parts.rows(i)).all() for i in range(len(chunks))) and len(parts) == len(chunks)
    assert isinstance(leg, DenseLeg) and len(leg.rows(0)) == len(rows(chunks[0]))
