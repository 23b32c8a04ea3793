"""Answers made of the gists that authors wrote, and of sentences where there are none."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from bot.answers.compose.answers import Answerer
from bot.answers.compose.gists import MOST_PARTS, MOST_WORDS, Composer
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
    return [quote.text for quote in Composer(index).choose(index.search(question, HERE), question)]


def test_an_answer_begins_with_the_gist_that_answers() -> None:
    assert chosen("what is dropout")[0].startswith("Dropout switches off a random share")
    assert chosen("when is dropout harmful")[0].startswith("A model that underfits already")


def test_who_asks_what_else_is_told_what_the_answer_before_did_not_say() -> None:
    answerer, index = Answerer(gisted()), gisted()
    first = answerer.from_notes(answerer.retrieve(["when does dropout harm"], HERE))
    turns = [Earlier("when does dropout harm", first.text), "what else?"]
    more = answerer.from_notes(answerer.retrieve(turns, HERE))
    assert first.text.startswith("A model that underfits") and "Dropout takes away more." in more.text
    assert not {citation.quote for citation in first.citations} & {citation.quote for citation in more.citations}
    all_of_it = " ".join(sentence for chunk in index.chunks(HERE) for sentence in chunk.statements)
    again = answerer.from_notes(answerer.retrieve([Earlier(turns[0], all_of_it), "what else?"], HERE))
    assert again.citations, "where all is told it is told again"


def test_a_passage_without_a_gist_speaks_by_a_sentence() -> None:
    assert any(said.startswith("Weight decay pulls") for said in chosen("dropout or weight decay"))


def test_a_question_with_numbers_gets_a_worked_example_after_the_gist() -> None:
    text = (
        "## Bytes of a cache\n\n> A cache holds keys and values for each token.\n\n"
        "A cache grows with each token. 32 layers of 4096 numbers in 2 bytes take 512 KB a token.\n"
    )
    index = Index({SMALL: [read(f"---\nid: cache\ntitle: Cache\nunit: cache\ntopics: []\n---\n{text}")]})
    gist = "A cache holds keys and values for each token."
    worked = "32 layers of 4096 numbers in 2 bytes take 512 KB a token."
    assert chosen("bytes of a cache with 32 layers", index)[:2] == [gist, worked]
    assert chosen("keys and values of a token", index)[:2] != [gist, worked]


def test_what_is_left_of_an_answer_is_filled_by_one_sentence_behind_the_gist_of_its_passage() -> None:
    text = (
        "## {0}\n\n> A {0} is short sleep at noon.\n\n{1} helps most people to learn more later.\n\nFew sleep long.\n"
    )
    head = "---\nid: nap\ntitle: Nap\nunit: nap\ntopics: []\n---\n"
    for word, is_added in (("Noon", True), ("This", False)):
        said = chosen("what is a nap", Index({SMALL: [read(head + text.format("nap", word))]}))
        assert said == ["A nap is short sleep at noon.", *[f"{word} helps most people to learn more later."] * is_added]


def test_notes_without_gists_answer_with_sentences() -> None:
    assert chosen("when does a set beat a list")[0].startswith("Use a set when you test membership")


def test_an_answer_has_few_parts_and_words_and_says_nothing_twice() -> None:
    for question in ("what is dropout", "dropout rate", "dropout or weight decay", "how do units rely on another"):
        said = chosen(question)
        assert 1 <= len(said) <= MOST_PARTS + 1 and sum(len(part.split()) for part in said) <= MOST_WORDS
        assert len(set(said)) == len(said)


def test_a_gist_that_no_longer_fits_leaves_its_place_to_a_sentence() -> None:
    gist = " ".join(f"word{i}" for i in range(60))
    text = "\n".join(f"## Part {n} on rain\n\n> {gist} rain {n}.\n\nRain {n} falls on roof {n}.\n" for n in "123")
    index = Index({SMALL: [read(f"---\nid: rain\ntitle: Rain\nunit: rain\ntopics: []\n---\n{text}")]})
    said = chosen("rain", index)
    assert [len(part.split()) > 60 for part in said] == [True, *[False] * (len(said) - 1)] and len(said) >= MOST_PARTS


def test_a_gist_is_found_by_words_that_its_passage_lacks() -> None:
    match = gisted().search("random share of units that rely on another", HERE)
    assert match.hits[0].chunk.heading == "What dropout is"


def test_a_passage_far_below_the_best_is_not_added_to_it() -> None:
    question = "what is dropout"
    match = gisted().search(question, HERE)
    assert len({quote.hit for quote in Composer(gisted()).choose(match, question)}) == MOST_PARTS
    first, *others = match.hits
    far = replace(match, hits=(first, *(replace(hit, score=0.39 * first.score) for hit in others)))
    assert {quote.hit for quote in Composer(gisted()).choose(far, question)} == {0}


async def test_a_shown_gist_is_cited_with_its_note_and_heading() -> None:
    answer = await Answerer(gisted()).answer(["what is dropout"], HERE)
    first = answer.citations[0]
    assert (first.note, first.heading) == ("dropout", "What dropout is")
    assert first.quote.startswith("Dropout switches off") and answer.text.startswith(f"{first.quote} [1]")
