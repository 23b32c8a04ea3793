"""The index: two legs fused, and notes that come and go."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.answers.index import retrieval as made_of
from bot.answers.index.chunks import Chunk, SourceId
from bot.answers.index.lexical import LexicalLeg
from bot.answers.index.retrieval import COMPANY_WEIGHT, Index, fuse, in_company
from bot.llm.base import Matrix
from tests.features.ask.small_notes import HERE, SMALL, Counting, MemoryStore, model, notes, ready

OTHER = SourceId("other")


def test_the_legs_are_scaled_and_joined_by_weight() -> None:
    joined = dict(fuse({1: 10.0, 2: 6.0, 3: 2.0}, {1: 0.2, 4: 0.8, 3: 0.5}, 0.5))
    assert joined == {1: 0.5, 4: 0.5, 3: pytest.approx(0.25), 2: pytest.approx(0.25)}
    assert dict(fuse({1: 2.0, 2: 1.0}, {3: 0.2, 4: 0.1}, 0.75)) == {1: 0.25, 2: 0, 3: 0.75, 4: 0}


def test_of_a_chunk_whose_rows_are_not_known_yet_the_words_decide() -> None:
    assert dict(fuse({1: 2.0, 2: 1.0}, {2: 0.2, 3: 0.1}, 0.75, {1, 7})) == {1: 1.0, 2: 0.75, 3: 0}


def test_equal_scores_are_all_best_and_an_empty_leg_adds_nothing() -> None:
    assert fuse({1: 3.0, 2: 3.0}, None) == [(1, 1.0), (2, 1.0)]
    assert fuse({}, {5: 0.4}, 0.5) == [(5, 0.5)]
    assert fuse({}, None) == []


def test_a_chunk_gains_by_the_company_of_its_note() -> None:
    ranked = [(0, 0.8), (1, 0.79), (2, 0.76), (3, 0.4), (4, 0.1)]
    again = in_company(ranked, ["alone", "near", "near", "near", "near"])
    assert [number for number, _ in again] == [1, 2, 0, 3, 4]
    assert again[0][1] == pytest.approx((0.79 + COMPANY_WEIGHT * (0.79 + 0.76 + 0.4) / 3) / (1 + COMPANY_WEIGHT))
    assert again[2][1] == pytest.approx((0.8 + COMPANY_WEIGHT * 0.8 / 3) / (1 + COMPANY_WEIGHT))
    assert all(0 <= score <= 1 for _, score in again)


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("is checking membership quicker with sets", "When a set beats a list"),
        ("my whole program hangs during sleep", "Blocking calls freeze the loop"),
        ("unhashable list error", "Which objects can be keys"),
        ("how do i keep my sourdough alive", "Feeding the starter"),
        ("wat does awiat do", "What await does"),
    ],
)
def test_a_question_finds_its_heading(question: str, heading: str) -> None:
    match = ready().search(question, HERE)
    assert match.hits[0].chunk.heading == heading
    assert match.cosine is not None and match.hits[0].cosine is not None


def test_a_follow_up_finds_what_it_asks_about_the_turn_before() -> None:
    index = ready()
    match = index.search("does it block others?", HERE, before=["what does await do"])
    assert {hit.chunk.note for hit in match.hits[:2]} == {"coroutines"}
    assert match.question == "does it block others? what does await do"
    first, alone = index.search("what does await do", HERE), index.search("does it block others?", HERE)
    assert match.vector is not None and first.vector is not None and alone.vector is not None
    assert match.vector @ match.vector == pytest.approx(1, abs=1e-5)
    assert first.vector @ alone.vector < first.vector @ match.vector < alone.vector @ match.vector


def test_the_last_turn_outweighs_the_one_before_it_by_meaning_and_by_words() -> None:
    for index in (ready(), Index({SMALL: notes()})):
        match = index.search("how do I feed a sourdough starter", HERE, before=["unhashable list error"])
        assert match.hits[0].chunk.heading == "Feeding the starter"
        assert index.search("unhashable list error", HERE).hits[0].chunk.heading == "Which objects can be keys"


def test_a_turn_that_only_points_back_matches_by_what_it_points_at() -> None:
    index = Index({SMALL: notes()})
    assert (
        index.search("why is that?", HERE, before=["feed the starter"]).hits[0].chunk.heading == "Feeding the starter"
    )
    alone = index.search("feed the starter", HERE)
    assert index.search("and why?", HERE, before=["feed the starter"]).match == pytest.approx(alone.match)


def test_every_earlier_turn_counts() -> None:
    last = ready().search("why is that?", HERE, before=["and of the other?", "feed the starter"])
    assert last.hits[0].chunk.heading == "Feeding the starter"
    assert last.question == "why is that? and of the other? feed the starter"


def test_scores_fall_and_the_limit_holds() -> None:
    match = ready().search("list", HERE, limit=3)
    assert len(match.hits) == 3
    assert [hit.score for hit in match.hits] == sorted((hit.score for hit in match.hits), reverse=True)


def test_it_answers_by_words_while_vectors_are_being_built() -> None:
    started, go_on = threading.Event(), threading.Event()

    class Slow(Counting):
        def embed(self, texts: Sequence[str]) -> Matrix:
            started.set()
            assert go_on.wait(10)
            return super().embed(texts)

    index = Index({SMALL: notes()}, Slow())
    with ThreadPoolExecutor(1) as pool:
        building = pool.submit(index.embed, MemoryStore())
        assert started.wait(10)
        match = index.search("hashable dictionary key", HERE)
        assert match.cosine is None and index.vectors(["x"]) is None
        assert match.hits[0].chunk.heading == "Which objects can be keys" and match.hits[0].rows is None
        go_on.set()
        assert building.result(30) > 0
    assert index.search("hashable dictionary key", HERE).cosine is not None


def test_two_who_ask_at_once_have_it_put_together_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []

    class Slow(LexicalLeg):
        def __init__(self, chunks: Sequence[Chunk]) -> None:
            time.sleep(0.05)
            made.append(len(chunks))
            super().__init__(chunks)

    monkeypatch.setattr(made_of, "LexicalLeg", Slow)
    index = Index({SMALL: notes()})
    with ThreadPoolExecutor(2) as pool:
        waiting = pool.submit(index.assemble)
        assert index.search("hashable dictionary key", HERE).hits and waiting.result(10) is None
    assert len(made) == 1


def test_without_an_embedder_words_alone_are_searched() -> None:
    index = Index({SMALL: notes()})
    assert index.embed(MemoryStore()) == 0 and not index.is_dense
    assert index.search("starter", HERE).hits[0].chunk.note == "bread"


def test_what_was_embedded_before_is_not_embedded_again_and_what_went_is_found_no_more() -> None:
    store, embedder = MemoryStore(), Counting()
    assert Index({SMALL: notes()[:2]}, embedder).embed(store) == embedder.embedded
    before = embedder.embedded
    index = Index({SMALL: notes()[1:]}, embedder)
    assert not index.is_dense
    assert 0 < index.embed(store) == embedder.embedded - before
    assert index.search("starter", HERE).hits[0].chunk.note == "bread"
    match = index.search("hashable dictionary key set list", HERE, limit=50)
    assert {hit.chunk.note for hit in match.hits} <= {"coroutines", "bread"}


def test_no_notes_find_nothing() -> None:
    index = Index({}, model())
    index.embed(MemoryStore())
    assert index.search("anything", HERE).hits == () and index.search("", HERE).cosine is None


def test_several_threads_may_search_while_vectors_come() -> None:
    index = Index({SMALL: notes(), OTHER: notes()[:1]}, model())
    store = MemoryStore()
    with ThreadPoolExecutor(3) as pool:
        searches = [pool.submit(index.search, "list key", sources) for _ in range(15) for sources in (HERE, [OTHER])]
        for _ in range(5):
            index.embed(store)
        assert all(search.result(30).hits for search in searches)
