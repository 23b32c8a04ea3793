"""A follow-up goes on with what the answer before it has shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answers.compose.answers import Answerer
from bot.answers.compose.citations import COMPANY_WEIGHT, raise_notes, shown
from bot.answers.compose.composer import choose
from bot.answers.compose.turns import Earlier
from bot.answers.index.retrieval import Index, SearchResult
from tests.answers.compose.test_composer import gisted
from tests.features.ask.small_notes import HERE, SMALL, MemoryStore, model, read

WHAT, HARMS = "Dropout switches off a random share of the units", "A model that underfits already gets worse by dropout"
QUESTION = "what is dropout"


def found(question: str = QUESTION) -> SearchResult:
    return gisted().search(question, HERE)


def quotes(*turns: str) -> list[str]:
    answerer = Answerer(gisted())
    return [citation.quote for citation in answerer.from_notes(answerer.retrieve(turns, HERE)).citations]


def test_passages_are_known_again_by_the_first_words_of_their_gists() -> None:
    said = f"{HARMS}, since that takes capacity away.² {WHAT} at each training step, so that\n\nFrom: …"
    assert [chunk.heading for chunk in shown(gisted().chunks(HERE), said)] == ["When dropout harms", "What dropout is"]
    assert shown(gisted().chunks(HERE), "That's not in our notes.") == shown(gisted().chunks(HERE), "") == []


def test_passages_of_a_shown_note_come_up_and_no_score_passes_one() -> None:
    hits = found().hits
    other = next(hit for hit in hits if hit.chunk.note != "dropout")
    low = replace(found(), hits=tuple(replace(hit, score=0.5 if hit is other else 0.4) for hit in hits))
    raised = raise_notes(low, [hit.chunk for hit in hits if hit.chunk.note == "dropout"]).hits
    assert raised[0].chunk.note == "dropout"
    assert raised[0].score == pytest.approx((0.4 + COMPANY_WEIGHT) / (1 + COMPANY_WEIGHT))
    assert raise_notes(low, []).hits[0].chunk is other.chunk
    full = replace(low, hits=tuple(replace(hit, score=1.0) for hit in hits))
    assert max(hit.score for hit in raise_notes(full, [hits[0].chunk]).hits) == 1.0


def test_who_asks_why_reads_what_is_new_first() -> None:
    harms = next(quote for quote in quotes(QUESTION, "why?") if quote.startswith(HARMS))
    assert quotes(QUESTION, "why?")[0] == harms
    assert quotes(Earlier(QUESTION, harms), "why?")[0].startswith(WHAT)


def test_who_objects_is_told_the_same_and_another_subject_is_answered_by_itself() -> None:
    answered = Earlier(QUESTION, quotes(QUESTION)[0])
    assert quotes(answered, "no, that is wrong")[0].startswith(WHAT)
    assert quotes(answered, "what is weight decay") == quotes("what is weight decay")


def test_who_does_not_understand_is_told_in_other_words() -> None:
    answered = Earlier(QUESTION, quotes(QUESTION)[0])
    assert not any(quote.startswith(WHAT) for quote in quotes(answered, "in plain words please"))


COLLAPSES = """\
---
id: {id}
title: {name} collapse
unit: {id}
topics: [training]
---

## Remedies of {name} collapse

> {name} collapse is prevented by {remedy}.

Collapse of this kind has its own remedy. {other}
"""


def test_what_is_asked_of_one_collapse_is_not_answered_by_a_remedy_of_another() -> None:
    kinds = [
        ("mode", "Mode", "larger batches of samples", "Nothing in its loss asks for variety."),
        ("model", "Model", "real data in each generation", "A model learns from its own output."),
        ("posterior", "Posterior", "a weaker decoder", "The model and its code collapse."),
    ]
    fields = ("id", "name", "remedy", "other")
    index = Index({SMALL: [read(COLLAPSES.format(**dict(zip(fields, kind, strict=True)))) for kind in kinds]}, model())
    index.embed(MemoryStore())
    answerer = Answerer(index)
    asked = answerer.retrieve(["what is model collapse", "how do i prevent it"], HERE)
    assert {citation.note for citation in answerer.from_notes(asked).citations} == {"model"}


def test_an_answer_that_would_only_say_the_same_again_says_what_is_left() -> None:
    note = COLLAPSES.format(id="mode", name="Mode", remedy="larger batches of samples", other="Of 10 kinds 2 stay.")
    note = note.replace("Collapse of this kind has its own remedy.", "Mode collapse loses modes of the data.")
    index = Index({SMALL: [read(note)]}, model())
    asked = index.search("what is mode collapse", HERE)
    told = "Mode collapse is prevented by larger batches of samples."

    def said(answered: str) -> list[str]:
        return [one.text for one in choose(asked, "an example?", answered)]

    assert said("") == [told, "Mode collapse loses modes of the data."]
    assert said(told) == ["Mode collapse loses modes of the data."]
    assert told in said(f"{told} Of 10 kinds 2 stay. Mode collapse loses modes of the data."), (
        "where all is told it is told again"
    )
