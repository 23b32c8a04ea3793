"""The exercise is recognised when it is asked in nearly its words, and questions on its subject are not it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.answers.compose import exercise
from bot.curriculum.content import Unit
from bot.curriculum.track import Track
from tests.examples import sample
from tests.shipped import read_courses, read_yaml

TRACK = read_courses()["genai-2026"]
QUESTIONS = Path(__file__).parents[3] / "benchmarks" / "questions" / "questions.yaml"


def tasks(unit: Unit, track: Track = TRACK) -> list[str]:
    return list(exercise.tasks(unit.exercise, [track.notes[note] for note in unit.notes]))


FIRST = tasks(TRACK.roadmap.units[0])


def test_what_a_unit_asks_is_its_exercise_its_short_form_and_the_questions_of_its_notes() -> None:
    assert any(task.startswith("Remove duplicates from n random strings") for task in FIRST)
    assert any(task.startswith("Time `x in container`") for task in FIRST)
    assert "When does converting a list to a set not pay off?" in FIRST


@pytest.mark.parametrize(
    "question",
    [
        "When does converting a list to a set not pay off?",
        "when does it not pay off to convert a list to a set",
        "how do i remove duplicates from n random strings, keeping first-seen order, with only a list and with a dict?",
        "what does a.copy() share with a when a is a list of lists",
    ],
)
def test_a_task_in_nearly_its_words_is_recognised(question: str) -> None:
    assert exercise.is_one(question, FIRST)


def test_the_whole_exercise_and_a_run_of_its_sentences_are_recognised_with_a_word_beside() -> None:
    for unit in TRACK.roadmap.units:
        for text in (unit.exercise.task, unit.exercise.short):
            assert exercise.is_one(f"{text} how?", tasks(unit)), text


@pytest.mark.parametrize(
    "question",
    [
        "what is the solution of the exercise?",
        "how do I do the exercise?",
        "how do I solve exercise 1?",
        "please tell me the answer to this week's exercise",
        "solve the exercise for me",
        "can you just give me the solution for the exercise?",
        "could you give me the solution to the exercise",
        "i need a hint for the exercise",
        "give me a hint",
        "give me a hint for this week's exercise?",
        "how do i start the exercise",
        "can i get a hint please?",
        "I do not understand the exercise",
        "can you help me with the exercise?",
        "I am stuck with the exercise",
        "i need some help with this exercise",
    ],
)
def test_a_question_that_only_names_the_exercise_is_on_that_of_the_unit(question: str) -> None:
    assert exercise.names_it(question, 1)


@pytest.mark.parametrize(
    "question",
    [
        "how do I solve exercise 2?",
        "what is the exercise?",
        "when is the exercise due?",
        "how do I solve an equation?",
        "what is the answer to everything?",
        "give me a hint for the quiz",
        "give me an answer",
        "is there a hint on how to code it",
        "how do I do the exercise with numpy?",
        "I do not understand lists",
        "can you help me with exercise 2?",
    ],
)
def test_a_question_of_another_exercise_or_of_more_than_its_name_is_not(question: str) -> None:
    assert not exercise.names_it(question, 1)


@pytest.mark.parametrize(
    "question",
    [
        "when does a set beat a list",
        "what is a list",
        "list vs set",
        "how do I convert a list to a set?",
        "remove duplicates but keep the order",
        "why is a set faster?",
        "what does copy() do?",
        "",
        "???",
        "what is the difference between a list, a tuple, a dict and a set",
    ],
)
def test_a_question_on_the_subject_is_not_the_exercise(question: str) -> None:
    assert not exercise.is_one(question, FIRST)


def test_of_the_questions_that_people_ask_hardly_one_is_taken_for_the_exercise_of_any_unit() -> None:
    golden: dict[str, list[dict[str, Any]]] = read_yaml(QUESTIONS)
    every = [task for unit in TRACK.roadmap.units for task in tasks(unit)]
    asked = [one["q"] for one in golden["covered"]]
    assert len(asked) >= 200
    tried = sample(asked, 4)
    taken = [question for question in tried if exercise.is_one(question, every)]
    assert len(taken) <= 0.03 * len(tried), taken


def test_nearly_every_task_is_recognised_when_it_is_copied() -> None:
    every = [(task, unit) for unit in TRACK.roadmap.units for task in tasks(unit)]
    found = [task for task, unit in every if exercise.is_one(task, tasks(unit))]
    assert len(found) >= 0.95 * len(every)
