"""What the shipped notes cover and what they do not, as often as the stored numbers say."""

from __future__ import annotations

import json
from math import sqrt
from pathlib import Path
from statistics import fmean

import pytest

from bot.answers.compose import coverage
from bot.answers.compose.coverage import judge
from bot.answers.evaluation.facts import read_facts, split_of
from bot.answers.index.chunks import SourceId
from bot.runtime.answer_engine import AnswerEngine
from tests.shipped import read_yaml

QUESTIONS = Path(__file__).parents[2] / "benchmarks" / "questions"
SHORT = QUESTIONS / "short_roadmaps.yaml"


@pytest.mark.nightly
def test_the_stored_numbers_tell_questions_apart_as_they_say(noted: AnswerEngine) -> None:
    kept = json.loads(coverage.NUMBERS.read_text())["fitted"]["figures"]
    sources = [SourceId("genai-2026")]
    asked = read_facts(QUESTIONS / "facts.yaml").of("test")

    def declined(texts: list[str]) -> float:
        return fmean(not judge(noted.index.search(text, sources), text).is_covered for text in texts)

    for sort, texts in (
        ("covered", [one.turns[-1] for one in asked.covered]),
        ("foreign", [one.text for one in asked.foreign]),
    ):
        share = kept[f"facts.yaml, test: {sort}"]["no answer claimed"]
        assert abs(declined(texts) - share) <= 2 * sqrt(0.1 * 0.9 / len(texts)), f"{sort}: fit again"


@pytest.mark.parametrize(
    ("roadmap", "covered", "foreign"),
    [
        ("rag-in-eight-weeks", 0.85, 0.9),
        ("transformers-in-eight-weeks", 0.9, 0.95),
        ("everyday-statistics", 0.75, 0.95),
    ],
)
def test_a_shorter_roadmap_declines_what_a_longer_one_answers(
    noted: AnswerEngine, roadmap: str, covered: float, foreign: float
) -> None:
    """Ask what nothing was fitted on: of the questions written for this roadmap those of the split `test`."""
    told = {"covered": covered, "foreign": foreign}
    for sort, texts in read_yaml(SHORT)[roadmap].items():
        asked = [text for text in texts if split_of((text,)) == "test"]
        found = (judge(noted.index.search(text, [SourceId(roadmap)]), text).is_covered for text in asked)
        assert fmean(yes == (sort == "covered") for yes in found) >= told[sort], sort


@pytest.mark.parametrize(
    "asked", ["what is a p value", "is bigger batch size better??", "how do I know if my model overfits"]
)
def test_a_group_on_rag_gets_no_sure_answer_on_training(noted: AnswerEngine, asked: str) -> None:
    assert not judge(noted.index.search(asked, [SourceId("rag-in-eight-weeks")]), asked).is_covered
