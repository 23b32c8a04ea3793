"""Facts are looked for in what is shown, in what was found and in what is written; groups are told apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.answers.compose.answers import Answerer, Retrieved
from bot.answers.compose.turns import Earlier
from bot.answers.compose.values import Answer
from bot.answers.evaluation.facts import FactQuestion, FactSet, Stray, fact
from bot.answers.evaluation.recall import FactReport, fact_tables, figures, list_lacking, measure_facts, supported
from tests.features.ask.small_notes import HERE, ready

INDEX = ready()
NOTES = INDEX.chunks(HERE)


def asked(*turns: str, facts: str, label: str = "definition") -> FactQuestion:
    return FactQuestion(turns, tuple(map(fact, facts.split(", "))), (label,))


SET = FactSet(
    (
        asked("when should I use a set instead of a list", facts="membership | lookup, hash"),
        asked("can a list be a dict key", facts="hashab, tuple, parsley", label="chat"),
        asked("how does kubernetes schedule pods", facts="node, hash event"),
    ),
    (asked("what does await do", "and a blocking call?", facts="thread, loop", label="turn 2"),),
    (Stray("who won the world cup", "small-talk"), Stray("why is a list unhashable", "invented")),
)


def report() -> FactReport:
    return measure_facts(SET, Answerer(INDEX), HERE, NOTES)


def test_facts_are_looked_for_where_they_may_be() -> None:
    found = report()
    assert found.covered[0].in_answer == (True, True)
    assert found.covered[1].in_first == found.covered[1].in_notes == (True, True, False)
    assert [(fact.written, is_written) for fact, is_written in found.covered[1].missing][-1] == ("parsley", False)
    assert found.covered[2].shown == "" and found.covered[2].in_answer == (False, False)
    assert found.followups[0].in_answer == (True, True)
    assert [coverage for _, coverage, _ in found.foreign] == ["foreign", "covered"]


def test_a_follow_up_is_asked_with_what_was_answered_before_it_as_in_a_chat() -> None:
    heard: list[Sequence[str]] = []

    def listening(turns: Sequence[str], retrieved: Retrieved) -> Answer:
        heard.append(turns)
        return Answerer(INDEX).from_notes(retrieved)

    measure_facts(FactSet((), SET.followups, ()), Answerer(INDEX), HERE, NOTES, answered=listening)
    first, (before, last) = heard
    assert first == ["what does await do"] and last == "and a blocking call?"
    assert isinstance(before, Earlier) and "event loop" in before.answered and "[1]" not in before.answered


def test_a_fact_stands_in_one_passage_and_is_not_gathered_from_two() -> None:
    assert report().covered[2].in_notes == (False, False)


def test_marks_are_no_numbers_of_an_answer() -> None:
    shown = report().covered[0].shown
    assert shown and "[1]" not in shown


def test_groups_have_their_own_figures() -> None:
    rows = figures(report())
    assert rows["questions"]["n"] == 3 and rows["definition"]["n"] == 2
    assert rows["questions"]["sure"] == 0.667 and rows["questions"]["nothing"] == 0.333
    assert rows["definition"]["facts"] == 0.5 and rows["definition"]["of notes"] == 1
    assert rows["follow-ups"] == rows["turn 2"] and rows["turn 2"]["facts"] == 1
    assert rows["foreign small-talk"] == {"n": 1, "declined": 1, "near": 0, "sure": 0}
    assert rows["foreign"] == {"n": 2, "declined": 0.5, "near": 0, "sure": 0.5}


def test_questions_are_counted_as_they_are_asked() -> None:
    counted: list[tuple[int, int]] = []
    measure_facts(SET, Answerer(INDEX), HERE, NOTES, lambda done, total: counted.append((done, total)))
    assert counted == [(n, 6) for n in range(1, 7)]


def test_tables_are_aligned_foreign_questions_apart() -> None:
    lines = fact_tables(report())
    assert [line.split()[0] for line in lines if "n" in line.split()] == ["n", "n"]
    assert next(line for line in lines if line.startswith("turn 2")).split()[2:4] == ["1", "1.000"]


def test_a_set_without_foreign_questions_has_one_table() -> None:
    found = measure_facts(FactSet(SET.covered, (), ()), Answerer(INDEX), HERE, NOTES)
    assert [line.split()[0] for line in fact_tables(found)] == ["n", "questions", "chat", "definition"]


def test_what_is_lacking_is_told() -> None:
    told = "\n".join(list_lacking(report()))
    assert "can a list be a dict key\n    covered " in told and "    missing parsley (not in the notes)" in told
    assert "kubernetes schedule pods\n    foreign declined" in told


def test_every_sentence_of_the_notes_names_where_it_stands_and_one_that_stands_nowhere_is_not_supported() -> None:
    answerer = Answerer(INDEX)
    retrieved = answerer.retrieve(["when should I use a set instead of a list"], HERE)
    answer, found = answerer.from_notes(retrieved), [hit.chunk for hit in retrieved.found.hits]
    assert all(supported(answer, found)) and supported(answer, found)
    first, *rest = supported(replace(answer, text=f"Sets cost nothing. [1] {answer.text}"), found)
    assert not first and all(rest)
    assert not any(supported(replace(answer, text="A set is fast. [9]"), found))
    assert not any(supported(replace(answer, text="A set is fast."), found))
    assert not any(supported(answer, []))


def test_whoever_words_the_answers_is_measured() -> None:
    def worded(turns: Sequence[str], retrieved: Retrieved) -> Answer:
        assert retrieved.query.last == turns[-1]
        return Answer("That's not in our notes.", "foreign")

    row = figures(measure_facts(SET, Answerer(INDEX), HERE, NOTES, answered=worded))["questions"]
    assert row["nothing"] == 1 and row["supported"] == 0
