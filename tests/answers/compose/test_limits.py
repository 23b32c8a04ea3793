"""Questions whether something always holds, and the sentences that say where it does not."""

from __future__ import annotations

import pytest

from bot.answers.compose.gists import Composer, asks_always, limits
from bot.answers.index.retrieval import Index
from tests.features.ask.small_notes import HERE, SMALL, MemoryStore, model, read

COPIES = """\
---
id: copies
title: Copies of a service
unit: copies
topics: [training]
---

## What a second copy brings

> Availability is the share of time in which a service works. Copies in parallel are down only together.

Two copies of 99% are down together in one of ten thousand minutes. Two copies of 99% give four nines, 99.99%.

{condition}

## How a copy is kept fresh

> A leader sends its changes to each copy, which lags behind it for a while.

A copy that lags shows old text. The leader keeps the changes that a copy has not seen.
"""
CONDITION = (
    "It is tempting to think that a second copy always brings those nines, but the four nines of two copies hold only "
    "if failures are independent, which one shared power supply contradicts."
)


def answer(question: str, condition: str = CONDITION) -> list[str]:
    index = Index({SMALL: [read(COPIES.format(condition=condition))]}, model())
    index.embed(MemoryStore())
    return [quote.text for quote in Composer(index).choose(index.search(question, HERE), question)]


def test_who_asks_for_always_is_told_the_condition_behind_what_is_so() -> None:
    said = answer("do two copies always give four nines")
    assert said[0].startswith("Availability is") and said[1] == CONDITION


def test_a_condition_that_a_gist_has_told_takes_no_room() -> None:
    told = "Copies in parallel are not down unless all of them are."
    gist = "Copies in parallel are not down unless all are, and serve a share of the time."
    index = Index(
        {SMALL: [read(COPIES.format(condition=told).replace("Copies in parallel are down only together.", gist))]}
    )
    said = [
        [quote.text for quote in Composer(index).choose(index.search(question, HERE), question)]
        for question in ("are copies in parallel always down", "are copies in parallel down")
    ]
    assert said[0] == said[1] and gist in said[0][0]


def test_a_passage_without_a_condition_answers_as_any() -> None:
    none = "A third copy brings two more nines."
    assert answer("do two copies always give four nines", none) == answer("two copies give four nines", none)


@pytest.mark.parametrize(
    ("question", "is_so"),
    [
        ("do two replicas always give four nines", True),
        ("can a cache ever be wrong?", True),
        ("I set a seed. Does that guarantee the same result?", True),
        ("so is a bigger batch always better", True),
        ("does layer norm work with any batch size", True),
        ("isn't a reranker always worth it", True),
        ("is one test set enough", True),
        ("why is my loss always nan", False),
        ("what never changes in a tuple", False),
        ("is there any way to stop early", False),
        ("does dropout help", False),
        ("my gradients are all zero", False),
    ],
)
def test_a_question_for_all_cases_is_told_by_its_words(question: str, is_so: bool) -> None:
    assert asks_always(question) is is_so


@pytest.mark.parametrize(
    ("sentence", "is_so"),
    [
        (CONDITION, True),
        ("Gradient descent converges only if the rate is below a limit.", True),
        ("Temperature 0 removes sampling, but identical requests can still get different answers.", True),
        ("It does not see inside files that your function reads.", True),
        ("Two copies of 99% give 99.99%.", False),
        ("A copy keeps results so that the slow question need not be asked again.", False),
        ("It throws away the half that cannot hold the value.", False),
    ],
)
def test_a_sentence_that_limits_is_told_by_its_words(sentence: str, is_so: bool) -> None:
    assert limits(sentence) is is_so
