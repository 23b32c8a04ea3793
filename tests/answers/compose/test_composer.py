"""Answers made of gists, facts and sentences of the first passages."""

from __future__ import annotations

from functools import cache

import pytest

from bot.answers.compose.answers import Answerer
from bot.answers.compose.composer import MOST_WORDS, choose
from bot.answers.compose.question_types import find_definition, find_sides
from bot.answers.compose.turns import Earlier
from bot.answers.index.retrieval import Index
from tests.features.ask.small_notes import HERE, SMALL, MemoryStore, model, notes, read

DROPOUT = """\
---
id: dropout
title: Dropout
unit: dropout
topics: [training]
---

## What dropout is

> Dropout switches off a random share of the units at each training step, so that none relies on another.

The units that are switched off change with each step. At prediction all units are on.

## When dropout harms

> A model that underfits already gets worse by dropout, since that takes capacity away.

A model that cannot fit its training data has too little capacity. Dropout takes away more.

## The rate of dropout

> A rate of 0.1 to 0.5 is usual.

{long}

## Weight decay

Weight decay pulls every weight towards zero at each step. It is another way to keep a model from overfitting.
"""


def wordy(n: int) -> str:
    return f"The usual rate is {' '.join(f'very{i}' for i in range(n))} small."


@cache
def gisted() -> Index:
    index = Index({SMALL: [read(DROPOUT.format(long=wordy(20))), *notes()]}, model())
    index.embed(MemoryStore())
    return index


def chosen(question: str, index: Index | None = None) -> list[str]:
    index = index or gisted()
    return [quote.text for quote in choose(index.search(question, HERE), question)]


def test_an_answer_begins_with_the_gist_that_answers() -> None:
    assert chosen("what is dropout")[0].startswith("Dropout switches off a random share")
    assert chosen("when is dropout harmful")[0].startswith("A model that underfits already")


def test_who_asks_what_else_is_told_what_the_answer_before_did_not_say() -> None:
    answerer, index = Answerer(gisted()), gisted()
    first = answerer.from_notes(answerer.retrieve(["when does dropout harm"], HERE))
    turns = [Earlier("when does dropout harm", first.text), "what else?"]
    more = answerer.from_notes(answerer.retrieve(turns, HERE))
    assert first.text.startswith("A model that underfits") and more.text.startswith("Dropout switches off")
    assert not {citation.quote for citation in first.citations} & {citation.quote for citation in more.citations}
    all_of_it = " ".join(sentence for chunk in index.chunks(HERE) for sentence in chunk.statements)
    again = answerer.from_notes(answerer.retrieve([Earlier(turns[0], all_of_it), "what else?"], HERE))
    assert again.citations, "where all is told it is told again"


@pytest.mark.parametrize(
    ("question", "text", "is_definition"),
    [
        ("what is a generator?", "A generator holds one item at a time.", True),
        ("explain softmax please", "Softmax turns scores into shares.", True),
        ("what are eigenvalues", "The eigenvalues are the roots of it.", True),
        ("what is a transformer", "A Transformer block has two parts.", False),
        ("what is a generator?", "A `with` block inside a generator runs when it ends.", False),
    ],
)
def test_a_definition_begins_with_what_was_asked_for(question: str, text: str, is_definition: bool) -> None:
    definition = find_definition(question)
    assert definition is not None and bool(definition.match(text)) is is_definition


@pytest.mark.parametrize("question", ["how do I write a generator", "what is the difference between a set and a list?"])
def test_other_questions_ask_for_no_definition(question: str) -> None:
    definition = find_definition(question)
    assert definition is None or not definition.match("A set holds each item once.")


def test_a_passage_without_a_gist_speaks_by_a_sentence() -> None:
    assert any(said.startswith("Weight decay pulls") for said in chosen("dropout or weight decay"))


RAIN = """\
---
id: rain
title: Rain
unit: rain
topics: []
facts:
  How rain forms:
    - Rain falls from clouds once drops grow to 0.5 mm.
    - A cloud of one cubic kilometre holds 500 tonnes of water.
---

## How rain forms

> Rain forms when drops in a cloud grow too heavy to float.

**Worked: weight of a cloud.** Drops collide and grow. This takes about twenty minutes.

- a very small drop that floats for days
"""


def rain() -> Index:
    index = Index({SMALL: [read(RAIN)]}, model())
    index.embed(MemoryStore())
    return index


def test_facts_follow_the_gist_of_their_passage() -> None:
    gist, *others = chosen("how does rain form and how many tonnes of water are in a cloud", rain())
    assert gist == "Rain forms when drops in a cloud grow too heavy to float."
    assert "A cloud of one cubic kilometre holds 500 tonnes of water." in others


def test_a_fact_is_found_by_its_own_words() -> None:
    assert rain().search("tonnes of water", HERE).hits[0].cosine


def test_what_says_nothing_alone_is_not_shown() -> None:
    text = "\n".join(chosen("worked weight of a very small drop that floats for days", rain()))
    assert "**Worked" not in text and "a very small drop" not in text
    assert "This takes about" not in text or "Drops collide and grow.\nThis takes" in text


def test_a_sentence_of_few_words_is_not_shown_alone() -> None:
    index = Index({SMALL: [read(RAIN.replace("Drops collide and grow.", "Only drops may grow."))]}, model())
    index.embed(MemoryStore())
    assert "Only drops may grow." not in chosen("why do only drops grow", index)


def test_a_sentence_that_repeats_its_gist_is_left_out() -> None:
    text = RAIN.replace("Drops collide and grow.", "Rain forms when the drops in a cloud grow too heavy to float.")
    index = Index({SMALL: [read(text)]}, model())
    index.embed(MemoryStore())
    assert sum("too heavy to float" in part for part in chosen("how does rain form", index)) == 1


def test_notes_without_gists_answer_with_sentences() -> None:
    assert chosen("when does a set beat a list")[0].startswith("Use a set when you test membership")


def test_an_answer_has_few_parts_and_words_and_says_nothing_twice() -> None:
    for question in ("what is dropout", "dropout rate", "dropout or weight decay", "how do units rely on another"):
        said = chosen(question)
        assert said and sum(len(part.split()) for part in said) <= MOST_WORDS
        assert len(set(said)) == len(said)


def test_a_gist_that_no_longer_fits_leaves_its_place_to_a_sentence() -> None:
    gist = " ".join(f"word{i}" for i in range(60))
    text = "\n".join(f"## Part {n} on rain\n\n> {gist} rain {n}.\n\nRain {n} falls on roof {n}.\n" for n in "123")
    index = Index({SMALL: [read(f"---\nid: rain\ntitle: Rain\nunit: rain\ntopics: []\n---\n{text}")]})
    said = chosen("rain", index)
    assert [len(part.split()) > 60 for part in said].count(True) == 1 and len(said) > 1


def test_a_gist_is_found_by_words_that_its_passage_lacks() -> None:
    match = gisted().search("random share of units that rely on another", HERE)
    assert match.hits[0].chunk.heading == "What dropout is"


def test_a_passage_on_another_subject_adds_nothing() -> None:
    question = "what is dropout"
    match = gisted().search(question, HERE)
    assert {match.hits[quote.hit].chunk.note for quote in choose(match, question)} == {"dropout"}


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("what is a tuple", "A tuple is an ordered row of items that cannot be changed."),
        ("why use a set for membership", "because each test is a hash lookup"),
        ("how do I use a list's contents as a key", "Convert a list to a tuple"),
        ("how to move blocking work off the loop", "asyncio.to_thread"),
    ],
)
def test_the_sentence_that_answers_is_shown(question: str, holds: str) -> None:
    assert any(holds in sentence for sentence in chosen(question))


def test_a_comparison_speaks_of_both_sides() -> None:
    text = " ".join(chosen("difference between a list and a tuple"))
    assert "A list is" in text and "A tuple is" in text
    assert find_sides("a shallow copy vs a deep copy") == (frozenset({"shallow"}), frozenset({"deep"}))
    assert find_sides("this or that") == find_sides("what is a set") == ()


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


def test_nothing_found_says_nothing() -> None:
    assert chosen("anything", Index({})) == []


async def test_a_shown_gist_is_cited_with_its_note_and_heading() -> None:
    answer = await Answerer(gisted()).answer(["what is dropout"], HERE)
    first = answer.citations[0]
    assert (first.note, first.heading) == ("dropout", "What dropout is")
    assert first.quote.startswith("Dropout switches off") and answer.text.startswith(f"{first.quote} [1]")
