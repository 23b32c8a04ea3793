"""Asking where a model words the answer: it grows before it stands, and stands whole whatever happened."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from bot.answers.model.worded import Worder
from bot.features.ask import wording
from bot.llm.base import ChatUnavailable, Completion, Hear, Prompt, Usage
from bot.llm.metered import Charged
from bot.messages.call import Call
from bot.messages.reply import Reply, Text
from tests.harness import World, text

ASKED = Call("ask", {"question": "when does a set beat a list"})
HELD = "Use a set when you test membership many times: each test is one hash lookup"
BEGUN = '{"coverage": "full", "sentences": ['
SENTENCES = (f'{{"text": "{HELD}.", "passages": [1, 2, 3], "calculation": null}}, ', '{"text": "x')


class Trickle:
    """A model whose reply comes in pieces; it breaks off after the last."""

    def __init__(self, *pieces: str) -> None:
        self.pieces = pieces
        self.is_whole = False
        self.prompts: list[Prompt] = []

    async def complete(self, prompt: Prompt, hear: Hear | None = None) -> Completion:
        self.prompts.append(prompt)
        for piece in self.pieces:
            await asyncio.sleep(0.02)
            if hear is not None:
                hear(piece)
        if not self.is_whole:
            raise ChatUnavailable("broken off")
        return Completion("".join(self.pieces), Usage(900, 100))

    async def close(self) -> None:
        return None


async def asked(
    w: World, model: Trickle, trouble: Exception | None = None, call: Call = ASKED
) -> tuple[Sequence[Reply], Reply]:
    """Ask, and return what was shown meanwhile and the answer."""
    answerer: Any = w.app.notebook.answerer
    answerer._worder = Worder(answerer._index, Charged(model), answerer._compute)
    shown: list[Reply] = []

    async def show(reply: Reply) -> None:
        shown.append(reply)
        if trouble is not None and reply.grows:
            raise trouble

    reply = await w.app.dispatcher.answer(w.invocation("ada", call), show)
    assert reply is not None
    return shown, reply


async def test_an_answer_grows_below_its_question_and_is_whole_with_its_sources(w: World) -> None:
    await w.begin("ada")
    again = SENTENCES[0].replace("}, ", '}], "missing": ""}')
    model = Trickle(BEGUN, SENTENCES[0], again)
    model.is_whole = True
    shown, reply = await asked(w, model)
    grown = [one for one in shown if one.grows]
    assert not shown[0].grows and "Searching our notes" in text(shown[0])
    assert grown and all(
        text(one).startswith("> when does a set beat a list > Asked by Ada Use a set when") for one in grown
    )
    assert all(text(reply).startswith(text(one)) for one in grown)
    assert not grown[0].buttons and reply.buttons and "Sources:" in text(reply)


async def test_what_is_answered_with_a_hint_first_shows_nothing_of_the_answer_meanwhile(w: World) -> None:
    await w.begin("ada")
    model = Trickle(BEGUN, SENTENCES[0], SENTENCES[0].replace("}, ", '}], "missing": ""}'))
    model.is_whole = True
    exercise = Call("ask", {"question": "when does converting a list to a set not pay off"})
    shown, reply = await asked(w, model, call=exercise)
    assert "a hint first" in text(reply) and not [one for one in shown if one.grows]
    assert model.prompts == []
    whole = w.button("ada", "Show answer", reply).target
    assert isinstance(whole, Call)
    _, reply = await asked(w, model, call=whole)
    assert len(model.prompts) == 1 and HELD in text(reply)


async def test_an_answer_that_breaks_off_is_the_notes_own_whole(w: World) -> None:
    await w.begin("ada")
    alone = await w.call("ada", ASKED)
    _, reply = await asked(w, Trickle(BEGUN, *SENTENCES))
    assert reply.blocks == (alone.blocks[0], Text(wording.STANDS_IN["silent"]), *alone.blocks[1:]) and not reply.grows
    assert "broken" not in text(reply)


async def test_trouble_with_showing_leaves_the_answer_alone(w: World) -> None:
    await w.begin("ada")
    model = Trickle(BEGUN, SENTENCES[0], SENTENCES[0].replace("}, ", '}], "missing": ""}'))
    model.is_whole = True
    _, reply = await asked(w, model, RuntimeError("429"))
    assert reply.tone != "error" and HELD in text(reply)


async def test_a_growing_reply_is_stored_without_saying_so() -> None:
    grown = Reply(grows=True)
    assert "grows" not in grown.to_json() and Reply.from_json(grown.to_json()) == Reply()
