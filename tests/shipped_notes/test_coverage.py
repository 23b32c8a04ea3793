"""What the shipped notes cover and what they do not, as often as the stored numbers say."""

from __future__ import annotations

import json
from math import sqrt
from pathlib import Path
from statistics import fmean

import pytest

from bot.answers.compose import coverage
from bot.answers.compose.coverage import judge
from bot.answers.evaluation.facts import read_facts
from bot.answers.index.chunks import SourceId
from bot.runtime.answer_engine import AnswerEngine
from tests.shipped import read_yaml

QUESTIONS = Path(__file__).parents[2] / "benchmarks" / "questions"
SHORT = QUESTIONS / "short_roadmaps.yaml"


@pytest.mark.nightly
def test_the_stored_numbers_tell_questions_apart_as_they_say(noted: AnswerEngine) -> None:
    stored = json.loads(coverage.NUMBERS.read_text())["fitted"]["figures"]
    sources = [SourceId("genai-2026")]
    asked = read_facts(QUESTIONS / "acceptance.yaml")

    def share(texts: list[str], verdict: str) -> float:
        return fmean(judge(noted.index.search(text, sources), text).coverage == verdict for text in texts)

    sure = share([question.turns[-1] for question in asked.covered], "covered")
    declined = share([stray.text for stray in asked.foreign], "foreign")
    assert sure >= stored["genai-2026, acceptance: covered"]["sure"] - 2 * sqrt(0.1 * 0.9 / len(asked.covered))
    assert declined >= stored["genai-2026, acceptance: foreign"]["declined"], "fit again"


@pytest.mark.parametrize(
    ("roadmap", "covered", "foreign"),
    [
        ("rag-in-eight-weeks", 0.85, 0.9),
        ("transformers-in-eight-weeks", 0.84, 0.95),
        ("everyday-statistics", 0.75, 0.95),
        ("agents-in-eight-weeks", 0.9, 0.95),
    ],
)
def test_a_shorter_roadmap_declines_what_a_longer_one_answers(
    noted: AnswerEngine, roadmap: str, covered: float, foreign: float
) -> None:
    shares = {"covered": covered, "foreign": foreign}
    for sort, texts in read_yaml(SHORT)[roadmap].items():
        verdicts = (judge(noted.index.search(text, [SourceId(roadmap)]), text) for text in texts)
        assert fmean(verdict.is_covered == (sort == "covered") for verdict in verdicts) >= shares[sort], sort


@pytest.mark.parametrize(
    "asked", ["what is a p value", "is a bigger learning rate better??", "how do I know if my model overfits"]
)
def test_a_group_on_rag_gets_no_sure_answer_on_training(noted: AnswerEngine, asked: str) -> None:
    assert not judge(noted.index.search(asked, [SourceId("rag-in-eight-weeks")]), asked).is_covered
