"""Two questions in one, and a follow-up that names another subject."""

from __future__ import annotations

import pytest

from bot.answers.compose.composer import MOST_WORDS
from bot.answers.index.chunks import SourceId
from bot.runtime.answer_engine import AnswerEngine

SHIPPED = [SourceId("genai-2026")]


@pytest.mark.parametrize(
    ("question", "headings"),
    [
        ("what is an embedding? also how do I chunk?", {"What a text embedding is", "What chunking is"}),
        (
            "what is dropout and when do I use early stopping?",
            {"Dropout and inverted scaling", "Early stopping with patience"},
        ),
    ],
)
async def test_both_of_two_questions_are_answered_in_the_words_of_one(
    noted: AnswerEngine, question: str, headings: set[str]
) -> None:
    answer = await noted.answerer.answer([question], SHIPPED)
    assert headings <= {citation.heading for citation in answer.citations} and not answer.missing
    assert len([word for word in answer.text.split() if not word.startswith("[")]) <= MOST_WORDS


async def test_two_questions_on_one_subject_are_answered_as_one(noted: AnswerEngine) -> None:
    answer = await noted.answerer.answer(["what is dropout and when do I use it?"], SHIPPED)
    assert answer.coverage == "covered" and answer.citations[0].heading == "Dropout and inverted scaling"


@pytest.mark.parametrize("turn", ["ok cool, and what is dropout?", "got it. and dropout"])
async def test_a_follow_up_on_another_subject_is_answered_as_if_it_came_first(noted: AnswerEngine, turn: str) -> None:
    answer = await noted.answerer.answer(["what is a kv cache?", turn], SHIPPED)
    assert answer.coverage == "covered" and answer.citations[0].heading == "Dropout and inverted scaling"


@pytest.mark.parametrize("turn", ["and pizza?", "and kubernetes?"])
async def test_a_follow_up_on_what_no_heading_names_is_not_surely_answered(noted: AnswerEngine, turn: str) -> None:
    assert (await noted.answerer.answer(["what is a kv cache?", turn], SHIPPED)).declined
