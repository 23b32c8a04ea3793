"""Answers made of the notes' own sentences."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answers.compose.extract import FEWEST, MOST, Extractor
from bot.answers.index.retrieval import Index
from tests.features.ask.small_notes import HERE, SMALL, MemoryStore, model, notes, read, ready


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


def of(body: str) -> Index:
    """Return what has one passage, found by its words."""
    return Index({SMALL: [read(f"---\nid: a\ntitle: Sets\nunit: a\ntopics: []\n---\n## Membership\n\n{body}\n")]})


@pytest.mark.parametrize(
    "leaning",
    [
        "The same way a frozenset tests membership, at no cost.",
        "The latter tests membership in membership time.",
        "This makes membership tests cheap, whatever it is.",
        "In that case a membership test is a membership lookup.",
    ],
)
def test_what_leans_on_the_sentence_before_comes_with_it_or_not_at_all(leaning: str) -> None:
    before, other = "A set hashes each of its many items once.", "Membership of a list is looked for item by item."
    said = chosen("membership membership test", of(f"{before} {leaning}\n\n{other}"))
    assert leaning not in said or said[said.index(leaning) - 1] == before
    assert leaning not in chosen("membership membership test", of(f"{leaning}\n\n{other}"))
    assert chosen("membership membership test", of(leaning)) == [leaning]  # all that there is


def test_what_only_says_where_something_stands_is_not_quoted() -> None:
    body = "How membership of sets is tested at last: [hashing](b.md#membership). Membership of sets takes no scan."
    assert chosen("how is membership of sets tested", of(body)) == ["Membership of sets takes no scan."]


def test_a_sentence_is_quoted_from_the_passage_that_has_it() -> None:
    index = ready()
    match = index.search("when does a set beat a list", HERE)
    far = replace(match, hits=(match.hits[0], replace(match.hits[1], score=0.0), *match.hits[2:]))
    quotes = Extractor(index).choose(far, "when does a set beat a list or a tuple suit a record")
    assert quotes and all(quote.text in far.hits[quote.hit].chunk.sentences for quote in quotes)


def test_nothing_found_quotes_nothing() -> None:
    assert chosen("anything", Index({})) == []
