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


@pytest.mark.parametrize(
    ("turns", "results"),
    [
        (["how much VRAM do I need for Llama 3.1 70B in 8 bits?"], ["70 GB"]),
        (["does phi-3-14b fit into 24 GB in 4 bits"], ["7 GB"]),
        (["how much memory for the weights of Qwen2.5 32B in bf16?"], ["64 GB"]),
        (["how much memory does a 3B model take in bf16?", "and in 4 bits?", "what if the model is 9B?"], ["4.5 GB"]),
        (["does a 30B model in 8 bits fit on two 16 GB cards?"], ["within 32 GB"]),
        (["5,000 examples, batch size 5, gradient accumulation 4, 3 epochs: how many steps?"], ["750 steps"]),
        (["cost of 900 input tokens at €2 and 100 output tokens at €10 per million?"], ["€0.0028"]),
        (["how much memory does Llama 3 take?"], []),
        (["memory of the weights of Mixtral 8x7B in 4 bits?"], []),
        (
            ["train on 900 rows with batch size 5 and gradient accumulation 4: how many updates in an epoch?"],
            [],
        ),
    ],
)
def test_a_number_is_taken_for_what_it_counts(noted: AnswerEngine, turns: list[str], results: list[str]) -> None:
    lines = noted.answerer.retrieve(turns, [SourceId("genai-2026")]).computed
    assert len(lines) == len(results)
    assert all(result in line.text for line, result in zip(lines, results, strict=True))
