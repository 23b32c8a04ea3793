"""What the numbers of strangers' questions come to, by the formulas of the shipped notes."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answers.evaluation.facts import FactText, read_facts
from bot.answers.index.chunks import SourceId
from bot.runtime.answer_engine import AnswerEngine

FILE = Path(__file__).parents[2] / "benchmarks" / "questions" / "facts.yaml"


@pytest.mark.nightly
def test_numbers_of_strangers_are_computed_and_rightly_so(noted: AnswerEngine) -> None:
    strangers, sources = read_facts(FILE), [SourceId("genai-2026")]
    asked = [question for question in strangers.covered if "numeric" in question.labels]
    lines = [noted.answerer.retrieve(question.turns, sources).computed for question in asked]
    shown = [FactText(" ".join(line.text for line in computed)) for computed in lines]
    right = [any(map(text.holds, question.facts)) for question, text in zip(asked, shown, strict=True)]
    computed = sum(map(bool, lines))
    assert computed >= 0.7 * len(asked)
    assert sum(right) >= 0.95 * computed
    foreign = [question.text for question in strangers.foreign]
    assert [text for text in foreign if noted.answerer.retrieve([text], sources).computed] == []
