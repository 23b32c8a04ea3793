"""Asking where a model writes the answer: the notes' answer stands at once, and gives way once to a checked one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot.answers.compose.answers import Retrieved
from bot.answers.model.writing import AnswerCheck, Writer
from bot.features.ask import wording
from bot.llm.metered import Charged
from bot.messages.call import Call
from bot.messages.reply import Reply, Text
from tests.answers.model.scripted import ScriptedModel, gullible, literal, reply, sentence, verdicts
from tests.harness import World, text

ASKED = Call("ask", {"question": "when does a set beat a list"})
HELD = "With 10,000 items and 1,000 lookups that all miss, the list makes 10,000 × 1,000 = 10,000,000 comparisons"
WRITTEN = reply(sentence(f"{HELD}.", *range(1, 9)))


def play(w: World, model: ScriptedModel, check: AnswerCheck = "judge") -> None:
    """Put a scripted model in the place of the endpoint."""
    answerer: Any = w.app.notebook.answerer
    answerer._writer = Writer(Charged(model.chat()), check)


async def asked(
    w: World,
    model: ScriptedModel,
    call: Call = ASKED,
    *,
    trouble: Exception | None = None,
    check: AnswerCheck = "judge",
) -> tuple[Sequence[Reply], Reply]:
    """Ask, and return what was shown meanwhile and the answer."""
    play(w, model, check)
    shown: list[Reply] = []

    async def show(state: Reply) -> None:
        shown.append(state)
        if trouble is not None:
            raise trouble

    answer = await w.app.dispatcher.answer(w.invocation("ada", call), show)
    assert answer is not None
    return shown, answer


async def test_the_notes_answer_stands_at_once_and_gives_way_once_to_the_checked_one(w: World) -> None:
    await w.begin("ada")
    alone = await w.call("ada", ASKED)
    shown, answer = await asked(w, ScriptedModel(WRITTEN))
    assert "Searching our notes" in text(shown[0])
    [of_notes] = [state for state in shown if wording.WRITING in str(state.blocks)]
    assert of_notes.blocks == (*alone.blocks, Text(wording.WRITING)) and not of_notes.buttons
    assert len(shown) == 2 and of_notes.turn == answer.turn != ""
    assert text(answer).startswith(f"> when does a set beat a list > Asked by Ada {HELD}.")
    assert answer.buttons and "Sources:" in text(answer) and "AI model" not in text(answer)


async def test_a_model_whose_answer_is_dropped_leaves_the_notes_answer_with_the_reason(w: World) -> None:
    await w.begin("ada")
    alone = await w.call("ada", ASKED)
    for model, why in (
        (ScriptedModel(500), "silent"),
        (ScriptedModel(WRITTEN, 500), "untenable"),
        (ScriptedModel(reply("Sets need 7 comparisons.", "Sets are never hashed."), gullible), "untenable"),
        (ScriptedModel(WRITTEN, lambda data: verdicts((1, "contradicted", ()))), "untenable"),
    ):
        _, answer = await asked(w, model)
        assert answer.blocks == (alone.blocks[0], Text(wording.STANDS_IN[why]), *alone.blocks[1:])  # type: ignore[index]


async def test_a_near_question_shows_nothing_to_all_while_the_model_is_asked(
    w: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await w.begin("ada")
    answerer = w.app.notebook.answerer
    retrieve = answerer.retrieve

    def retrieve_near(*given: Any) -> Retrieved:
        retrieved = retrieve(*given)
        return replace(retrieved, verdict=replace(retrieved.verdict, coverage="near"))

    monkeypatch.setattr(answerer, "retrieve", retrieve_near)
    shown, answer = await asked(w, ScriptedModel("NOT_COVERED"))
    assert answer.audience == "private" and "That's not in our notes." in text(answer)
    assert not any(wording.WRITING in str(state.blocks) for state in shown)
    shown, answer = await asked(w, ScriptedModel(WRITTEN))
    assert answer.audience == "public" and HELD in text(answer)
    assert not any(wording.WRITING in str(state.blocks) for state in shown)


async def test_what_is_answered_with_a_hint_first_asks_no_model(w: World) -> None:
    await w.begin("ada")
    model = ScriptedModel(WRITTEN)
    shown, answer = await asked(w, model, Call("ask", {"question": "when does converting a list to a set not pay off"}))
    assert "a hint first" in text(answer) and model.prompts == []
    assert not any("10,000,000" in text(state) for state in shown)
    whole = w.button("ada", "Show answer", answer).target
    assert isinstance(whole, Call)
    _, answer = await asked(w, model, whole)
    assert len(model.prompts) == 1 and HELD in text(answer)


async def test_trouble_with_showing_leaves_the_answer_alone(w: World) -> None:
    await w.begin("ada")
    _, answer = await asked(w, ScriptedModel(WRITTEN, literal), trouble=RuntimeError("429"))
    assert answer.tone != "error" and HELD in text(answer)


async def test_an_answer_can_be_quotes_that_the_model_chooses(w: World) -> None:
    await w.begin("ada")
    model = ScriptedModel(json.dumps({"sentences": ["1.1"]}))
    _, answer = await asked(w, model, check="quotes")
    assert "Sources:" in text(answer) and model.judged == [] and len(model.prompts) == 1


async def test_who_asks_in_private_reads_both_answers_alone(w: World) -> None:
    await w.begin("ada")
    shown, answer = await asked(w, ScriptedModel(WRITTEN), Call("consult", ASKED.args))
    assert HELD in text(answer) and answer.audience != "public"
    assert any(wording.WRITING in str(state.blocks) for state in shown)
