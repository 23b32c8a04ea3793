"""The passage that an answer opens with is on what was asked, and asks it itself."""

from __future__ import annotations

from functools import cache

import pytest

from bot.answers.compose.opening import begins_with, opened
from bot.answers.index.retrieval import Index
from tests.features.ask.small_notes import HERE, SMALL, MemoryStore, model, read

HEAPS = """\
---
id: heaps
title: Heaps
unit: heaps
topics: [structures]
---

## In one minute

A heap keeps its smallest item at the top, and a heap is fast.

## How much a heap takes

A heap of a thousand items takes eight kilobytes, and a push to the heap ten comparisons.

## Why a heap is fast

A heap is fast because a push compares along one path of the tree only.

## Heap or sorted list

A sorted list moves half its items at each insertion, a heap only a few.

## What it is for

Schedulers keep a heap of jobs, and a heap answers which job is next. A heap is a heap, and a heap it stays.
"""


@cache
def index() -> Index:
    made = Index({SMALL: [read(HEAPS)]}, model())
    made.embed(MemoryStore())
    return made


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("why is a heap fast", "Why a heap is fast"),
        ("heap vs sorted list", "Heap or sorted list"),
        ("how much memory for a heap", "How much a heap takes"),
    ],
)
def test_an_answer_opens_with_the_passage_whose_heading_asks_the_same(question: str, heading: str) -> None:
    found = opened(index().search(question, HERE), question)
    assert found.hits[0].chunk.heading == heading


def test_the_other_passages_keep_their_order_and_none_is_lost() -> None:
    match = index().search("how much memory for a heap", HERE)
    others = [hit.chunk for hit in match.hits]
    turned = [hit.chunk for hit in opened(match, "how much memory for a heap").hits]
    assert sorted(map(others.index, turned)) == [*range(len(others))]
    assert [other for other in others if other != turned[0]] == turned[1:]
    assert opened(match, "how much memory for a heap").hits[0].score >= match.hits[0].score


def test_a_summary_is_not_what_an_answer_opens_with() -> None:
    assert opened(index().search("heap in one minute", HERE), "").hits[0].chunk.heading != "In one minute"


def test_words_alone_leave_the_order_as_it_is() -> None:
    match = Index({SMALL: [read(HEAPS)]}).search("why is a heap fast", HERE)
    assert opened(match, "why is a heap fast") is match


@pytest.mark.parametrize(
    ("heading", "question"),
    [
        ("Generator functions pause at yield", "what is a generator"),
        ("The layer norm", "what is layer norm"),
        ("What the KV cache is", "what is a kv cache"),
        ("Heaps worked by hand", "what is a heap"),
    ],
)
def test_a_heading_is_of_what_it_begins_with_or_asks_for(heading: str, question: str) -> None:
    assert begins_with(heading, question)


@pytest.mark.parametrize(
    ("heading", "question"),
    [
        ("Cleaning up inside a generator", "what is a generator"),
        ("What a cache hides", "what is a cache"),
        ("Heap or sorted list", "what is a heap"),
        ("When a heap is slow", "what is a heap"),
    ],
)
def test_a_heading_that_only_names_a_thing_is_beside_it(heading: str, question: str) -> None:
    assert not begins_with(heading, question)
