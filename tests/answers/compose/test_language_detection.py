"""Thirty short questions in each language are known for theirs, and none that is asked in English is taken for one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.answers.compose.language_detection import ENGLISH, IN_ENGLISH, prevailing, tongue_of, unlike
from bot.curriculum.note import Note, Section
from tests.examples import sample
from tests.shipped import read_yaml

QUESTIONS = Path("benchmarks/questions")
ASKED: dict[str, list[str]] = read_yaml(QUESTIONS / "tongues.yaml")
SHEETS = [*QUESTIONS.glob("*.yaml"), *Path("roadmap").rglob("*.yaml")]
ENGLISH_NOTE = "A set finds what it holds by its hash, so that the time does not grow with its size."
GERMAN_NOTE = "Wir treffen uns nicht im Büro, und zwischen den Feiertagen gibt es keine Treffen; welche, sagt Mia."


@pytest.mark.parametrize("tongue", IN_ENGLISH)
def test_thirty_short_questions_are_known_for_their_language(tongue: str) -> None:
    assert len(ASKED[tongue]) == 30 and {tongue_of(question) for question in ASKED[tongue]} == {tongue}


def test_no_english_question_of_any_sheet_is_taken_for_another_language() -> None:
    asked = re.compile(r"\b(?:q|question|asked|ask|says): (.+)")
    lines = (line for sheet in SHEETS if sheet.name != "tongues.yaml" for line in sheet.read_text("utf-8").splitlines())
    questions = [match[1] for line in lines if (match := asked.search(line))]
    assert len(questions) > 2000 and [question for question in sample(questions, 6) if tongue_of(question)] == []


@pytest.mark.parametrize(
    "said",
    [
        "what does 注意 mean in it?",
        "wat is loar",
        "big o of a set?",
        "die casting?",
        "mit license",
        "mu and sigma",
        "what is the difference between être and the rest",
        "explain attention",
        "wer and cer",
        "Größe",
        "",
    ],
)
def test_what_is_not_plain_is_left_alone(said: str) -> None:
    assert tongue_of(said) is None


def test_only_notes_in_english_say_so() -> None:
    def note(number: str, text: str) -> Note:
        return Note(number, "", (Section("", text, (text,), ()),))

    question, here = "wie funktioniert Dropout?", {"sets": note("sets", ENGLISH_NOTE)}
    assert prevailing([ENGLISH_NOTE]) == ENGLISH and prevailing([GERMAN_NOTE]) == "de" and prevailing([]) is None
    assert unlike(question, here) == "de" and unlike("how does dropout work", here) is None
    assert unlike(question, {"sets": note("sets", GERMAN_NOTE)}) is None and unlike(question, {}) is None
    assert unlike(question, here | {"7": note("7", GERMAN_NOTE)}) is None
