"""Facts are looked for in what is shown, in what was found and in what is written; splits are told apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.answers.compose.answers import Answerer, Retrieved
from bot.answers.compose.turns import Earlier
from bot.answers.compose.values import Answer
from bot.answers.evaluation.facts import FactQuestion, FactSet, Stray, fact
from bot.answers.evaluation.recall import FactReport, fact_tables, figures, list_lacking, measure_facts, supported
from tests.features.ask.small_notes import HERE, ready

NOTES = {"python": ["A set is a hash table.", "The event loop."], "baking": ["Flour and water."]}


def asked(*turns: str, facts: str, style: str = "definition", split: str = "tune") -> FactQuestion:
    return FactQuestion(turns, "python", style, split, tuple(map(fact, facts.split(", "))))


SET = FactSet(
    (
        asked("when should I use a set instead of a list", facts="membership | lookup, hash"),
        asked("can a list be a dict key", facts="hashab, tuple, flour", style="chat"),
        asked("how does kubernetes schedule pods", facts="node, hash event", split="test"),
    ),
    (asked("what does await do", "and a blocking call?", facts="thread, loop", style="same"),),
    (Stray("who won the world cup", "small-talk", "tune"), Stray("why is a list unhashable", "invented", "test")),
)


def report() -> FactReport:
    return measure_facts(SET, Answerer(ready()), HERE, NOTES)


def test_facts_are_looked_for_where_they_may_be() -> None:
    found = report()
    assert found.covered[0].in_answer == (True, True)
    assert found.covered[1].in_top == (True, True, False)
    assert [one.written for one in found.covered[1].missing][-1] == "flour"
    assert found.covered[2].shown == "" and found.covered[2].in_answer == (False, False)
    assert found.followups[0].in_answer == (True, True)
    assert [coverage for _, coverage, _ in found.foreign] == ["foreign", "covered"]


def test_a_follow_up_is_asked_with_what_was_answered_before_it_as_in_a_chat() -> None:
    heard: list[Sequence[str]] = []

    def listening(turns: Sequence[str], retrieved: Retrieved) -> Answer:
        heard.append(turns)
        return Answerer(ready()).from_notes(retrieved)

    measure_facts(FactSet((), SET.followups, ()), Answerer(ready()), HERE, NOTES, answered=listening)
    first, (before, last) = heard
    assert first == ["what does await do"] and last == "and a blocking call?"
    assert isinstance(before, Earlier) and "event loop" in before.answered and "[1]" not in before.answered


def test_a_fact_stands_in_one_passage_and_is_not_gathered_from_two() -> None:
    assert report().covered[2].in_notes == (False, False)


def test_marks_are_no_numbers_of_an_answer() -> None:
    shown = report().covered[0].shown
    assert shown and "[1]" not in shown


def test_splits_have_their_own_figures() -> None:
    found = figures(report())
    assert found["tune"]["styles"]["all"]["n"] == 2 and found["test"]["styles"]["all"]["n"] == 1
    assert found["test"]["styles"]["all"]["declined"] == 1 and found["test"]["styles"]["all"]["words"] == 0
    assert found["tune"]["styles"]["definition"]["facts"] == 1
    assert found["tune"]["foreign"]["small-talk"] == {"n": 1, "declined": 1, "near": 0}
    assert found["test"]["foreign"]["all"] == {"n": 1, "declined": 0, "near": 0}
    assert found["test"]["followups"]["all"]["n"] == 0


def test_questions_are_counted_as_they_are_asked() -> None:
    counted: list[tuple[int, int]] = []
    measure_facts(SET, Answerer(ready()), HERE, NOTES, lambda done, total: counted.append((done, total)))
    assert counted == [(n, 6) for n in range(1, 7)]


def test_tables_are_aligned_a_block_for_each_split() -> None:
    lines = fact_tables(report())
    assert [line.split()[0] for line in lines if line.split()[1:2] == ["n"]] == ["tune", "foreign", "test", "foreign"]
    assert next(line for line in lines if line.startswith("same")).split()[:3] == ["same", "1", "1.000"]


def test_a_split_without_questions_has_no_block() -> None:
    found = measure_facts(SET.of("test"), Answerer(ready()), HERE, NOTES)
    assert [line.split()[0] for line in fact_tables(found) if line.split()[1:2] == ["n"]] == ["test", "foreign"]


def test_what_is_lacking_is_told_of_the_split_that_may_be_looked_at() -> None:
    told = "\n".join(list_lacking(report()))
    assert "can a list be a dict key\n    covered " in told and "    missing flour" in told
    assert "kubernetes" not in told and "unhashable" not in told.split("can a list")[0]
    assert "kubernetes schedule pods\n    foreign declined" in "\n".join(list_lacking(report(), "test"))


def test_every_sentence_of_the_notes_names_where_it_stands_and_one_that_stands_nowhere_is_not_supported() -> None:
    answerer = Answerer(ready())
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

    found = figures(measure_facts(SET, Answerer(ready()), HERE, NOTES, answered=worded))
    assert found["tune"]["styles"]["all"]["declined"] == 1 and found["tune"]["styles"]["all"]["supported"] == 0
