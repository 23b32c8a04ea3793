"""Figures of a golden set: retrieval, declining, and a report that names what went wrong."""

from __future__ import annotations

import pytest

from bot.answers.compose.answers import Answerer
from bot.answers.evaluation.golden import (
    Covered,
    EvaluationReport,
    Foreign,
    Golden,
    GoldenPassage,
    QuestionOutcome,
    failures,
    measure,
    ndcg,
    tables,
)
from tests.features.ask.small_notes import HERE, ready

SET = GoldenPassage("containers", "When a set beats a list")
KEYS = GoldenPassage("containers", "Which objects can be keys")
NOWHERE = GoldenPassage("containers", "Nowhere")
GOLDEN = Golden(
    (
        Covered("when should I use a set instead of a list", "python", "comparing", (SET,)),
        Covered("can a list be a dict key", "python", "short", (KEYS,)),
        Covered("why is a list unhashable", "python", "short", (NOWHERE,)),
        Covered("how does kubernetes schedule pods", "elsewhere", "short", (SET,)),
    ),
    (Foreign("who won the world cup", "everyday"), Foreign("why is a list unhashable?", "neighbouring")),
)


@pytest.mark.parametrize(
    ("gains", "ideal", "value"),
    [
        ([True], 1, 1.0),
        ([False, True], 1, 0.6309),
        ([False, False, True], 1, 0.5),
        ([True, False, True], 2, 0.9197),
        ([True, True], 2, 1.0),
        ([False] * 10 + [True], 1, 0.0),
        ([False] * 10, 1, 0.0),
        ([], 1, 0.0),
    ],
)
def test_ndcg_discounts_by_place(gains: list[bool], ideal: int, value: float) -> None:
    assert ndcg(gains, ideal) == pytest.approx(value, abs=1e-4)


def test_recall_looks_at_the_first_five_and_takes_any_passage_that_answers() -> None:
    question = Covered("?", "python", "short", (KEYS, SET))
    assert QuestionOutcome(question, (NOWHERE,) * 4 + (SET,), ()).recall == 1
    assert QuestionOutcome(question, (NOWHERE,) * 5 + (SET,), ()).recall == 0
    assert QuestionOutcome(question, (), (NOWHERE, SET)).is_on_target
    assert not QuestionOutcome(question, (SET,), (NOWHERE,)).is_on_target
    assert not QuestionOutcome(question, (SET,), ()).is_answered
    assert [QuestionOutcome(question, (SET,), cited).opens for cited in ((KEYS, NOWHERE), (NOWHERE, SET), ())] == [
        1,
        0,
        0,
    ]


def report() -> EvaluationReport:
    return measure(GOLDEN, Answerer(ready()), HERE)


def test_questions_are_asked_of_the_notes_and_counted() -> None:
    counted: list[tuple[int, int]] = []
    found = measure(GOLDEN, Answerer(ready()), HERE, lambda done, total: counted.append((done, total)))
    assert counted == [(n, 6) for n in range(1, 7)]
    assert [outcome.recall for outcome in found.outcomes[:3]] == [1, 1, 0]
    assert [outcome.is_answered for outcome in found.outcomes] == [True, True, True, False]
    assert [outcome.is_on_target for outcome in found.outcomes] == [True, True, False, False]
    assert [one.text for one, _ in found.wrongly_answered] == ["why is a list unhashable?"]
    assert found.recall == pytest.approx(sum(o.recall for o in found.outcomes) / 4)


def test_the_tables_have_a_row_for_each_topic_style_and_kind() -> None:
    lines = [line.split() for line in tables(report())]
    rows = {line[0]: line[1:] for line in lines if line}
    assert rows["python"][0] == "3" and rows["elsewhere"][0] == "1"
    assert rows["comparing"] == ["1", "1.000", "1.000", "1.000", "1.000", "1.000"]
    assert rows["short"][0] == "3"
    assert rows["everyday"] == ["1", "1.000"] and rows["neighbouring"] == ["1", "0.000"]
    assert lines[-1] == ["all", "2", "0.500"]


def test_every_failure_is_named_with_what_was_wanted_and_what_came() -> None:
    said = "\n".join(failures(report()))
    assert "1 declined, though covered:\n  how does kubernetes schedule pods\n    wanted containers: When a set" in said
    assert (
        "1 answered off target:\n  why is a list unhashable\n    wanted containers: Nowhere\n    got    containers:"
        in said
    )
    assert "1 answered, though foreign:\n  why is a list unhashable?\n    got    containers: Which objects" in said


def test_an_empty_set_has_no_figures() -> None:
    empty = EvaluationReport((), (), ())
    assert empty.recall == 0
    assert tables(empty)[1].split() == ["all", "0", "-", "-", "-", "-", "-"]
