from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from answers.chunk import Passage
from answers.embed import HashingEmbedder
from answers.evaluate import read_questions
from answers.load import Document
from answers.retrieve import BM25, Dense, Fused, fuse, index, main, only, recall_at

HERE = Path(__file__).resolve()
HOME = next(place for place in HERE.parents if (place / "documents").is_dir())
ASKED = read_questions(HOME / "questions.json")


def passage(text: str, source: str = "a.txt", day: date | None = None) -> Passage:
    return Passage(Document(source, source, day, "unknown", text), 0, text)


THREE = [passage("chain oil chain"), passage("chain brake pads"), passage("brake pads brake pads oil rag", "b.txt")]
A, B, C, D = (passage(letter) for letter in "abcd")


def test_bm25_of_three_documents_by_hand() -> None:
    # 3 passages of 3, 3 and 6 words, 4 on average. "chain" is in 2 of 3: ln(1 + 1.5 / 2.5) = 0.470004.
    # first: tf 2, damping 1.2 (0.25 + 0.75 * 3/4) = 0.975: 0.470004 * 2 * 2.2 / 2.975 = 0.695132
    # second: tf 1: 0.470004 * 2.2 / 1.975 = 0.523549
    assert BM25(THREE).scores("chain") == pytest.approx([0.695132, 0.523549, 0.0], abs=1e-6)
    # "rag" is in 1 of 3: ln(1 + 2.5 / 1.5) = 0.980829; third: damping 1.2 (0.25 + 0.75 * 6/4) = 1.65
    assert BM25(THREE).scores("rag") == pytest.approx([0.0, 0.0, 0.980829 * 2.2 / 2.65], abs=1e-6)


def test_bm25_adds_the_words_of_a_question() -> None:
    found = BM25(THREE)
    chain, rag = found.scores("chain"), found.scores("rag")
    assert found.scores("Chain, rag?") == pytest.approx([one + other for one, other in zip(chain, rag, strict=True)])


def test_bm25_finds_nothing_where_no_word_is_shared() -> None:
    assert BM25(THREE).find("saddle", 3) == []
    assert BM25(THREE).find("chain", 3) == THREE[:2]


def test_dense_search_forgives_spelling() -> None:
    found = Dense(THREE, HashingEmbedder())
    assert found.find("braking pad", 1) == [THREE[1]] or found.find("braking pad", 1) == [THREE[2]]
    assert BM25(THREE).find("braking pad", 1) == []


def test_fusion_of_two_lists() -> None:
    # a: 1/61 + 1/63 = 0.0323, b: 1/62 + 1/61 = 0.0325, c: 1/63, d: 1/62
    assert fuse([[A, B, C], [B, D, A]], 4) == [B, A, D, C]
    assert fuse([[A, B, C], []], 2) == [A, B]
    assert fuse([[A], [B]], 2) == [A, B], "at a tie the first list goes first"


def test_what_both_find_late_beats_what_one_finds_first() -> None:
    class Fixed:
        def __init__(self, *found: Passage) -> None:
            self.found = list(found)

        def find(self, question: str, k: int) -> list[Passage]:
            return self.found[:k]

    assert Fused([Fixed(A, C), Fixed(B, C)]).find("?", 1) == [C]


def test_a_filter_lets_nothing_else_through() -> None:
    old, new, undated = (
        passage("x", name, day)
        for name, day in [
            ("old", date(2024, 1, 8)),
            ("new", date(2026, 1, 5)),
            ("undated", None),
        ]
    )
    everything = [old, new, undated]
    assert only(everything) == everything
    assert only(everything, sources=["new", "undated"]) == [new, undated]
    assert only(everything, since=date(2025, 1, 1)) == [new]
    assert only(everything, until=date(2024, 1, 8)) == [old]
    assert only(everything, sources=["undated"], since=date(2000, 1, 1)) == []


def test_a_filter_by_date_finds_the_price_of_today() -> None:
    asked = "What does a year of membership cost?"
    since = index(HOME / "documents", lambda found: BM25(only(found, since=date(2026, 1, 1))))
    hits = since.find(asked, 5)
    assert hits and all(hit.document.date and hit.document.date.year == 2026 for hit in hits)
    assert any("48 euros" in hit.text for hit in hits)


def test_fusion_is_no_worse_than_either_way_alone() -> None:
    folder = HOME / "documents"
    words = recall_at(ASKED, index(folder, BM25), 5)
    vectors = recall_at(ASKED, index(folder, lambda found: Dense(found, HashingEmbedder())), 5)
    both = recall_at(ASKED, index(folder), 5)
    assert both >= max(words, vectors) and both >= 0.9


def test_recall_is_printed_for_three_ways(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(HOME / "documents")], HOME / "questions.json") == 0
    assert [line.partition(":")[0] for line in capsys.readouterr().out.splitlines()] == ["BM25", "dense", "fused"]
