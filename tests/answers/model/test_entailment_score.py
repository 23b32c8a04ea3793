"""How sentences run along the notes, and which of them these bear out."""

from __future__ import annotations

import pytest

from bot.answers.model import entailment_score as numbers
from bot.answers.model.clauses import ANEW, NotePlace, clauses, place
from bot.answers.model.entailment_score import along, bearing

NOTE = (
    "Sensitivity is the share of the ill whom a test finds; "
    "specificity is the share of the healthy whom it leaves alone.",
    "Take structural chunking for manuals, and fixed sizes with overlap for transcripts.",
    "A list needs up to 10,000 comparisons, because it looks at every element.",
    "The weights do not change while the model works.",
    "It is tempting to think that a generator is faster, but laziness saves memory and not work.",
)


def places() -> list[NotePlace]:
    return [place(text, "Notes. A heading.") for text in NOTE]


def told(sentence: str) -> dict[str, float]:
    """Return the signs of a sentence that are not 0."""
    found = bearing(sentence, places())
    assert found is not None
    return {name: value for name, value in found.signs.items() if value}


@pytest.mark.parametrize(
    "sentence",
    [
        *NOTE[:4],
        "Sensitivity is the part of the ill whom a test detects.",
        "Specificity is the share of the healthy whom it leaves alone.",
        "A list requires up to 10,000 comparisons, since it looks at each element.",
        "Because it looks at every element, a list needs up to 10,000 comparisons.",
        "While the model works, the weights do not change.",
    ],
)
def test_what_runs_along_the_notes_in_their_words_or_in_others_is_borne_out(sentence: str) -> None:
    found = bearing(sentence, places())
    assert found is not None and found.is_enough, found and found.signs


@pytest.mark.parametrize(
    "sentence",
    [
        "Specificity is the share of the ill whom a test finds.",
        "Take fixed sizes with overlap for manuals, and structural chunking for transcripts.",
        "The weights change while the model works.",
        "Only the weights do not change while the model works.",
        "A list never needs up to 10,000 comparisons.",
        "A generator is faster.",
        "Sensitivity is the share of the healthy whom a test finds.",
        "Bananas ripen quickly in warm rooms full of apples.",
        "A list looks at every element, because it needs up to 10,000 comparisons.",
    ],
)
def test_what_crosses_turns_or_adds_is_not(sentence: str) -> None:
    found = bearing(sentence, places())
    assert found is None or not found.is_enough, found.signs


def test_what_is_not_met_is_told_by_its_kind() -> None:
    assert "turn" in told("The weights always change while the model works.")
    assert "lost not" in told("The weights change while the model works.")
    assert "number" in told("A list needs up to 500 comparisons, because it looks at every element.")
    assert "cross" in told("Specificity is the share of the healthy whom a test finds, whom sensitivity leaves alone.")
    assert "denied" in told("A generator is faster.")
    assert "new" in told("A list needs up to 10,000 zebras, because it looks at every element.")


def test_a_number_that_is_allowed_need_not_stand_there() -> None:
    (match,) = along("A list needs up to 500 comparisons.", places(), {500.0})
    assert not match.counts["number"]


def test_clauses_begin_anew_where_another_statement_does() -> None:
    every = clauses("A is large, and B is small; C, which is old, stays when D goes.")
    assert [one.tokens[0].word for one in every if one.begins == ANEW] == ["a", "and", "c"]


def test_numbers_of_other_signs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "SIGNS", {"another": "sign"})
    numbers.model.cache_clear()
    with pytest.raises(ValueError, match="fit again"):
        numbers.model()
    numbers.model.cache_clear()
