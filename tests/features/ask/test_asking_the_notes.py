"""Asking the bundled notes with the bundled embedder: cited answers, and no answer from general knowledge."""

from __future__ import annotations

from typing import Any

import pytest

from bot.features.ask.commands import QUESTION
from bot.messages.call import Call
from bot.runtime.answer_engine import AnswerEngine
from bot.storage.unit_of_work import Database
from tests.examples import sample
from tests.features.ask.test_commands import answering
from tests.harness import World, text


@pytest.fixture
async def asked(w: World, noted: AnswerEngine) -> World:
    answering(w, noted.answerer)
    await w.begin("ada")
    return w


@pytest.mark.parametrize(
    ("question", "title"),
    sample(
        [
            (QUESTION.example, "Python data structures"),
            ("whats the point of yield", "Iterators"),
            ("how does numpy broadcasting work", "NumPy"),
            ("what is a set good for?", "Python data structures"),
            ("wat does layernorm do", "Normalisation"),
        ],
        3,
    ),
)
async def test_a_question_that_the_notes_cover_is_answered_with_sources(
    asked: World, question: str, title: str
) -> None:
    reply = await asked.say("ada", f"ask {question}")
    said = text(reply)
    assert f"Sources: {title}" in said
    assert title in text(await asked.press("ada", "Sources", of=reply))


@pytest.mark.parametrize("question", ["who won the world cup in 1998?", "how do I bake sourdough bread?"])
async def test_a_question_about_something_else_is_declined(asked: World, question: str) -> None:
    said = text(await asked.say("ada", f"ask {question}"))
    assert "That's not in our notes." in said and "Sources:" not in said


@pytest.mark.parametrize(
    ("first", "claim", "held"),
    sample(
        [
            ("what is dropout?", "no, dropout is only used at test time, right?", "while a network trains"),
            ("what is a LoRA adapter?", "but it trains all weights of the model, right?", "freez"),
            ("how fast is a lookup in a set?", "no, it walks the whole set each time, right?", "hash"),
        ],
        3,
    ),
)
async def test_a_false_claim_is_held_against_the_notes_again(asked: World, first: str, claim: str, held: str) -> None:
    await asked.call("ada", Call("ask", {"question": first}), thread="7")
    for _ in range(2):
        said = text(await asked.call("ada", Call("ask", {"question": claim}), thread="7"))
        assert held in said and "Sources: " in said


async def test_four_turns_of_two_people_with_a_change_of_subject_find_what_each_is_about(asked: World) -> None:
    for who, question, word in (
        ("ada", "what is dropout?", "while a network trains"),
        ("ben", "and at test time", "model.eval()"),
        ("ada", "what is a LoRA adapter?", "low-rank"),
        ("ben", "how many parameters does it train?", "r * (d + k)"),
    ):
        assert word in text(await asked.call(who, Call("ask", {"question": question}), thread="7"))


async def test_what_was_read_in_a_thread_gives_way_to_what_was_not(asked: World) -> None:
    first = text(await asked.call("ada", Call("ask", {"question": "what is precision?"}), thread="7"))
    more = text(await asked.call("ben", Call("ask", {"question": "why not?"}), thread="7"))
    alone = text(await asked.call("ben", Call("ask", {"question": "what is precision?"}), thread="8"))
    old, new = "Precision, TP / (TP + FP), is the share", "When one class is rare, accuracy rewards"
    assert old in first and old in alone and new not in first and new not in alone
    assert new in more and old not in more[: more.find(new)]


async def test_a_pronoun_is_answered_about_its_subject_until_another_one_is_announced(asked: World) -> None:
    for question, word in (
        ("how do i notice it?", "What do you mean by"),
        ("what is overfitting?", "new data"),
        ("how do i notice it?", "training error"),
        ("something else: what does softmax do?", "sum to 1"),
    ):
        assert word in text(await asked.call("ada", Call("ask", {"question": question}), thread="7"))


async def test_whatever_is_insisted_on_the_notes_are_stood_by_each_time(asked: World) -> None:
    await asked.say("ada", "ask what is dropout?", room="@ada")
    for line in (
        "no, dropout is only used at test time",
        "no, I am sure it is only used at test time",
        "you are wrong",
        "I am absolutely sure, you're wrong",
        "are you sure?",
    ):
        said = text(await asked.say("ada", f"ask {line}", room="@ada"))
        assert "I can only go by our notes. They say: Dropout switches each neuron's output off" in said, line
    said = text(await asked.say("ada", "what is dropout?", room="@ada"))
    assert "I can only go by our notes" not in said


@pytest.mark.parametrize(("question", "transactions"), [("when does a set beat a list?", 3), ("who won the cup?", 4)])
async def test_an_answer_takes_three_transactions_and_a_look_at_other_courses_a_fourth(
    asked: World, monkeypatch: pytest.MonkeyPatch, question: str, transactions: int
) -> None:
    begun, submit = [], Database._submit

    def counted(database: Database, job: Any, writes: bool, *more: Any) -> Any:
        begun.append(writes)
        return submit(database, job, writes, *more)

    monkeypatch.setattr(Database, "_submit", counted)
    await asked.say("ada", f"ask {question}")
    assert len(begun) == transactions
