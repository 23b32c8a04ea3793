"""Sentences, and which of them can be quoted."""

from __future__ import annotations

import time

import pytest

from bot.answers.index.sentences import code_spans, quotable, split, without_links
from tests.examples import sample


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One thing is here. Another thing is there.", 2),
        ("Use e.g. a list. Or i.e. Nothing else vs. Something.", 2),
        ("Version 3.11 is out. It has `asyncio.timeout`.", 2),
        ("The call `a. B. c` is one span. The rest follows.", 2),
        ("`len(x)` is O(1). `x in xs` is O(n).", 2),
        ('She said "stop." Then it stopped.', 2),
        ("Is it so? Yes! It is.", 3),
        ("It wraps\nover a line. And goes on.", 2),
        ("D. Knuth wrote it. He did.", 2),
        ("no full stop at all", 1),
        ("", 0),
    ],
)
def test_a_paragraph_is_cut_into_sentences(text: str, count: int) -> None:
    parts = split(text)
    assert len(parts) == count
    assert " ".join(parts) == " ".join(text.split())


def test_questions_lead_ins_fragments_and_endless_sentences_are_not_quoted() -> None:
    prose = [
        "Why does it work so? It has these parts, all of them:",
        "Too short.",
        "Word " * 100 + ".",
        "This one is quotable.",
    ]
    assert quotable(prose) == ("This one is quotable.",)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Train [LoRA adapters](ft-lora.md) only.", "Train LoRA adapters only."),
        ("See [the norm](math-vectors.md#norms) and [below](#when-it-wins).", "See the norm and below."),
        ("Call `x[0](y.md)` or [it](a.md).", "Call `x[0](y.md)` or it."),
        ("A pair [0, 1](closed) and [a site](https://example.org) stay.",) * 2,
        ("Weights [1] and (2) stay.",) * 2,
    ],
)
def test_links_between_notes_are_shown_as_words(written: str, shown: str) -> None:
    assert without_links(written) == shown


def test_code_ends_at_the_next_run_of_as_many_backticks() -> None:
    text = "Call ``a ` b`` or `c`, and ``` is open `` here."
    assert [text[begin:end] for begin, end in code_spans(text)] == ["``a ` b``", "`c`"]


@pytest.mark.parametrize(
    "text",
    sample(
        [
            "See " + "`" * 50_000 + "x" * 50_000,
            " ".join("`" * length for length in range(1, 440)),
            "`` ` " * 20_000,
            "A. " * 33_000,
            "e.g. A " * 14_000,
            ". A" * 33_000,
            "[a](" * 25_000,
        ],
        3,
    ),
    ids=sample(["unclosed", "runs", "mixed", "initials", "abbreviations", "stops", "links"], 3),
)
def test_a_hostile_paragraph_is_cut_in_time_that_grows_with_its_length(text: str) -> None:
    begun = time.process_time()
    for sentence in split(text):
        without_links(sentence)
    assert time.process_time() - begun < 1
