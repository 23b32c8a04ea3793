"""Answers made of the notes' own sentences."""

from __future__ import annotations

import pytest

from bot.features.qa.answer.extract import FEWEST, MOST, Extractor
from bot.features.qa.index.retrieval import Index
from tests.features.qa.small_notes import HERE, SMALL, MemoryStore, model, notes, read, ready


def chosen(question: str, index: Index | None = None) -> list[str]:
    index = index or ready()
    return [quote.text for quote in Extractor(index).choose(index.search(question, HERE), question)]


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("what is a tuple", "A tuple is an ordered row of items that cannot be changed."),
        ("why use a set for membership", "because each test is a hash lookup"),
        ("how do I use a list's contents as a key", "Convert a list to a tuple"),
        ("how to move blocking work off the loop", "asyncio.to_thread"),
    ],
)
def test_the_sentence_that_answers_is_quoted(question: str, holds: str) -> None:
    assert any(holds in sentence for sentence in chosen(question))


def test_a_definition_comes_first() -> None:
    assert chosen("what is a list")[0] == "A list is an ordered row of items that can be changed."


def test_a_comparison_speaks_of_both_sides() -> None:
    text = " ".join(chosen("difference between a list and a tuple"))
    assert "A list is" in text and "A tuple is" in text


@pytest.mark.parametrize("index", [ready(), Index({SMALL: notes()})], ids=["both legs", "words alone"])
def test_an_answer_is_two_to_four_sentences_of_the_notes(index: Index) -> None:
    for question in ("when does a set beat a list", "list or tuple", "what does await do"):
        sentences = chosen(question, index)
        assert FEWEST <= len(sentences) <= MOST and len(set(sentences)) == len(sentences)
        assert all(any(s in chunk.sentences for chunk in index.chunks(HERE)) for s in sentences)


def test_sentences_of_a_passage_keep_its_order() -> None:
    sentences = chosen("what is a list and what is a tuple and when does it suit")
    first = next(chunk for chunk in ready().chunks(HERE) if sentences[0] in chunk.sentences)
    positions = [first.sentences.index(s) for s in sentences if s in first.sentences]
    assert positions == sorted(positions)


def test_two_sentences_that_say_the_same_are_quoted_once() -> None:
    body = "Sets test membership quickly by hashing. Sets test membership quickly due to hashing. No set keeps order."
    note = read(f"---\nid: a\ntitle: Sets\nunit: a\ntopics: []\n---\n## Membership\n\n{body}\n")
    index = Index({SMALL: [note]}, model())
    index.embed(MemoryStore())
    assert len([s for s in chosen("how do sets test membership", index) if "quickly" in s]) == 1


def test_nothing_found_quotes_nothing() -> None:
    assert chosen("anything", Index({})) == []
