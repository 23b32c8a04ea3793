"""Who came up with a thing, and when: told where the notes name it, else said with their sources and what is near."""

from __future__ import annotations

from functools import cache

import pytest

from bot.answers.compose.answers import DECLINED, Answerer
from bot.answers.compose.origins import OriginQuestion, asked, names, sources
from bot.answers.compose.values import Answer
from bot.answers.index.retrieval import Index
from tests.features.ask.small_notes import HERE, SMALL, MemoryStore, model, notes, read

DROPOUT = """\
---
id: dropout
title: Dropout and batch norm
unit: dropout
topics: [training]
answers:
  - {q: what is dropout, heading: What dropout is}
  - {q: what is attention, heading: What attention does}
sources:
  - {title: "Dropout: A Simple Way to Prevent Overfitting", authors: Nitish Srivastava et al., year: 2014}
  - {title: "Batch Normalization: Accelerating Training", authors: "Sergey Ioffe, Christian Szegedy", year: 2015}
  - {title: "Variational Dropout", authors: Diederik Kingma et al., year: 2015}
  - {title: "A Later Look at Dropout", authors: Somebody, year: 2020}
---

## What dropout is

> Dropout switches off a random share of the units at each training step, so that none relies on another.

The units that are switched off change with each step. At prediction all units are on.

## What attention does

> Attention lets every word gather information from the others, weighted by how relevant they are.

Attention itself is older than the Transformer: Bahdanau, Cho and Bengio added it to a translator in 2014.
"""


@cache
def answerer() -> Answerer:
    index = Index({SMALL: [read(DROPOUT), *notes()]}, model())
    index.embed(MemoryStore())
    return Answerer(index)


def told(*turns: str) -> Answer:
    found = answerer().retrieve(turns, HERE)
    return (answerer().from_notes if found.verdict.is_covered else answerer().decline)(found)


def test_what_the_notes_name_is_told_first() -> None:
    for question in ("when was attention introduced", "who came up with attention?"):
        said = told(question)
        assert said.coverage == "covered" and said.text.startswith("Attention itself is older than the Transformer")
        assert any(citation.quote.startswith("Attention lets every word") for citation in said.citations)


def test_what_they_do_not_name_is_said_with_their_sources_on_it_and_what_is_near() -> None:
    said = told("who came up with dropout")
    assert said.coverage == "near" and said.text.startswith("Dropout switches off a random share")
    assert said.lead == (
        'Our notes do not say who it was. They list as sources on it: "Dropout: A Simple Way to Prevent Overfitting" '
        '(Nitish Srivastava et al., 2014) and "Variational Dropout" (Diederik Kingma et al., 2015). '
        "What they say of it:"
    )
    assert told("what is dropout", "who invented it").lead == said.lead
    assert told("what year was a tuple introduced").lead in (
        "",
        "Our notes do not say when it was. What they say of it:",
    )


def test_what_the_notes_are_not_about_is_declined() -> None:
    for question in ("who invented the telephone", "who wrote hamlet", "when was penicillin discovered"):
        assert (told(question).text, told(question).lead) == (DECLINED, "")


def test_a_name_is_known_in_the_title_of_a_source_also_where_it_is_cut_short() -> None:
    chunks = answerer().retrieve(["what is dropout"], HERE).found.hits
    listed = sources([hit.chunk for hit in chunks], OriginQuestion("batch norm", "who"))
    assert [one.year for one in listed] == [2015]
    assert sources([hit.chunk for hit in chunks], OriginQuestion("norm of batches of rows", "who")) == ()


@pytest.mark.parametrize(
    ("question", "subject", "wants"),
    [
        ("who showed model collapse", "model collapse", "who"),
        ("so who came up with the idea of dropout?", "dropout", "who"),
        ("whos behind batch norm", "batch norm", "who"),
        ("who is the author of the LoRA paper", "LoRA", "who"),
        ("who thought of attention first", "attention", "who"),
        ("when was attention introduced", "attention", "when"),
        ("what year did gans come out", "gans", "when"),
        ("when did diffusion models first appear?", "diffusion models", "when"),
        ("in which paper was the VAE introduced", "VAE", "paper"),
        ("which paper is rope from", "rope", "paper"),
        ("which paper introduced the transformer", "transformer", "paper"),
    ],
)
def test_who_and_when_is_read_of_a_thing(question: str, subject: str, wants: str) -> None:
    assert asked(question) == OriginQuestion(subject, wants)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "question",
    [
        "who wrote these notes",
        "who made this bot",
        "when did we start",
        "when should i use dropout",
        "who is the head of google",
        "who offers the tools",
        "when was gpt released",
        "what paper should i read",
        "who found that the loss of my very small model never falls below one",
        "when is dropout introduced",
    ],
)
def test_other_questions_for_who_and_when_are_none(question: str) -> None:
    assert asked(question) is None


@pytest.mark.parametrize(
    ("sentence", "is_so"),
    [
        ('"Attention Is All You Need" (Vaswani and colleagues, 2017) introduced the Transformer, built from it.', True),
        ("In 2017 Vaswani and colleagues found the Transformer slow to warm up.", False),
        ("The Transformer has heads and layers, and Ann and Ben introduced another block.", False),
        ("The Transformer was introduced as a translator.", False),
    ],
)
def test_a_sentence_names_whoever_it_says_began_the_thing_itself(sentence: str, is_so: bool) -> None:
    assert names(sentence, OriginQuestion("transformers", "who")) is is_so
