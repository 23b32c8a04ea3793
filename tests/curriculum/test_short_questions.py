"""What may be stored as a question, and what the questions of a unit lack."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.curriculum.short_questions import ShortQuestion, find_faults, list_lacks, split_answers, tidy

GOOD = ShortQuestion("What is the capital of Spain?", "Madrid", ("Toledo", "Sevilla"), "It has been since 1561.")


@pytest.mark.parametrize(
    ("question", "sentences"),
    [
        (GOOD, []),
        (replace(GOOD, wrong=()), ["**Wrong answers**: write at least one wrong answer, each on its own line."]),
        (replace(GOOD, wrong=("a", "b", "c", "d")), ["**Wrong answers**: a question takes 3 at most, not 4."]),
        (
            replace(GOOD, wrong=("Toledo", "MADRID.")),
            ["**Wrong answers**: “Madrid” is also the right answer. Only one may be right."],
        ),
        (replace(GOOD, wrong=("Toledo", "toledo")), ["**Wrong answers**: “toledo” appears twice."]),
        (
            replace(GOOD, prompt="", right=""),
            ["**Question**: write the question.", "**Right answer**: write the right answer."],
        ),
        (
            replace(GOOD, right="x" * 121, why="y " * 300),
            [
                f"**Right answer**: “{'x' * 29}…” has 121 characters. The limit is 120.",
                "**Why**: “y y y y y y y y y y y y y y…” has 599 characters. The limit is 400.",
            ],
        ),
    ],
)
def test_each_fault_is_a_sentence(question: ShortQuestion, sentences: list[str]) -> None:
    assert [fault.sentence for fault in find_faults(tidy(question))] == sentences


def test_answers_lose_the_marks_of_a_list_and_no_more() -> None:
    typed = ShortQuestion(" What\n is it? ", "- B. Obama", split_answers("b) Merkel\nc) Macron\n\nd) Starmer"))
    assert tidy(typed) == ShortQuestion("What is it?", "B. Obama", ("Merkel", "Macron", "Starmer"))
    assert tidy(replace(typed, wrong=("B. Obama", "Macron"))).wrong == ("B. Obama", "Macron")
    assert split_answers("Toledo; Sevilla | Cádiz") == ("Toledo", "Sevilla", "Cádiz")


def test_a_unit_says_what_its_questions_lack() -> None:
    assert list_lacks([]) == ["A quiz asks 5 questions. Add 5 more."]
    twice = replace(GOOD, right="Toledo", wrong=("Madrid",), why="")
    assert list_lacks([GOOD, twice]) == [
        "A quiz asks 5 questions. Add 3 more.",
        "No reason: “What is the capital of Spain?”.",
        "Two right answers? “What is the capital of Spain?” has “Madrid” and “Toledo”.",
    ]
    many = [replace(GOOD, prompt=f"Which city is {n}?", right="Santiago de Compostela") for n in range(4)]
    lacks = list_lacks([*many, replace(GOOD, prompt="Which one?", right="León")])
    assert lacks == ["The right answer is the longest in 4 of 5 questions, so people can guess it."]
    assert list_lacks([*many[:2], *(replace(GOOD, prompt=f"Which {n}?") for n in range(3))]) == []
