"""The leg that matches words."""

from __future__ import annotations

import pickle
import sqlite3
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.answers.index import lexical
from bot.answers.index.chunks import Chunk, cut
from bot.answers.index.lexical import LexicalLeg
from tests.features.ask.small_notes import SMALL, notes

CHUNKS = [chunk for note in notes() for chunk in cut(note, SMALL)]
LEG = LexicalLeg(CHUNKS)


def found(question: str) -> list[str]:
    return [CHUNKS[number].heading for number, _ in LEG.search(question, 10)]


def test_stemmed_words_of_title_heading_text_and_code_are_found() -> None:
    assert found("feeds starters")[0] == "Feeding the starter"
    assert found("frobnicate") == ["When a set beats a list"]
    assert found("async loops")[0] == "Blocking calls freeze the loop"


def test_a_number_is_found_with_and_without_separators() -> None:
    assert found("10000") == found("10,000") == ["When a set beats a list"]


def test_better_hits_come_first_with_larger_scores() -> None:
    scores = [score for _, score in LEG.search("tuple key list", 10)]
    assert scores == sorted(scores, reverse=True) and scores[-1] > 0


def test_short_forms_find_the_long_word() -> None:
    assert "Which objects can be keys" in found("dict")


def test_american_spelling_finds_british_notes_and_code_as_it_is() -> None:
    texts = ("An optimiser moves the weights.", "Call optimizer.step().", "Nothing of the kind.")
    leg = LexicalLeg([Chunk(SMALL, "n", "Note", "Heading", text, (text,), ()) for text in texts])
    assert {number for number, _ in leg.search("what does an optimizer do", 10)} == {0, 1}


def test_where_a_link_leads_is_none_of_the_words() -> None:
    texts = ("A test tells more in [many comparisons](math-significance.md#many).", "Mean and spread of a sample.")
    leg = LexicalLeg([Chunk(SMALL, "n", "Note", "Heading", text, (text,), ()) for text in texts])
    assert leg.search("many comparisons", 10) and not leg.search("math significance", 10)
    assert not {"math", "md"} & leg.vocabulary


@pytest.mark.parametrize(
    "question", ['"', "AND OR NOT", "a* NEAR(b", "title:x", "'; DROP TABLE passage; --", "", "???", "^a -b"]
)
def test_the_syntax_of_the_search_engine_is_only_text(question: str) -> None:
    found(question)
    assert found("starter")


def test_a_question_of_stop_words_still_searches() -> None:
    assert found("what is it")


def test_an_unknown_stem_weighs_most() -> None:
    assert LEG.rarity("kubernet") > LEG.rarity("sourdough") > LEG.rarity("list")


def test_several_threads_may_ask_at_once() -> None:
    with ThreadPoolExecutor(4) as pool:
        assert len(set(map(tuple, pool.map(found, ["list key"] * 40)))) == 1


def test_an_index_is_closed_at_the_end_of_the_process_unless_a_search_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexical, "CLOSE_S", 0.01)
    for leg in (LexicalLeg(CHUNKS), pickle.loads(pickle.dumps(LEG))):
        (closing,) = [entry for entry in weakref.finalize._registry if entry.peek()[0] is leg]  # type: ignore[attr-defined]
        _, close, args, _ = closing.peek()
        assert closing.atexit
        with leg._lock:
            close(*args)
        assert leg.search("list", 1)
        close(*args)
        with pytest.raises(sqlite3.ProgrammingError):
            leg.search("list", 1)


def test_an_index_that_is_being_filled_is_not_closed_at_the_end_of_the_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    filling: list[int] = []
    count = len(weakref.finalize._registry)  # type: ignore[attr-defined]

    def list_words(*_: object) -> list[str]:
        filling.append(len(weakref.finalize._registry))  # type: ignore[attr-defined]
        return []

    monkeypatch.setattr(lexical, "_list_words", list_words)
    LexicalLeg(CHUNKS)
    assert {*filling} == {count}
