"""An answer whose process dies while it is made: what stands in its place says so, and has a way to ask again."""

from __future__ import annotations

import pytest

from bot.cluster.process_registry import ProcessRegistry
from bot.commands.context import Place
from bot.delivery import answer_locations
from bot.messages.call import Call
from bot.messages.reply import Reply, say
from tests.harness import World, text


async def begin(w: World, question: str, owner: str) -> str:
    """Have another process show the first state of an answer; return where."""
    ref = await w.app.feed.add("k", "general", None, say("Looking"))
    call = Call("ask", {"question": question})
    place = Place("local", "local", "general")
    await w.app.database.run(lambda work: answer_locations.begin(work, "turn1", place, ref, call.pack(), owner))
    return ref


async def standing(w: World, ref: str) -> Reply:
    await w.app.run_mending()
    await w.app.step()
    message = await w.app.feed.find(ref)
    assert message is not None
    return message.reply


@pytest.mark.parametrize("question", ["when do sets hash?", "when do sets hash? " + "really " * 60])
async def test_what_a_dead_process_had_begun_is_asked_again_by_a_press(w: World, question: str) -> None:
    await w.begin("ada")
    ref = await begin(w, question, "dead")
    said = await standing(w, ref)
    assert "I was interrupted before the answer was ready" in text(said) and "when do sets hash" in text(said)
    answer = await w.press("ada", "Try again", of=said)
    assert "Asked by Ada" in text(answer) and "when do sets hash" in text(answer)
    assert text(await standing(w, ref)) == text(said)


async def test_what_a_living_process_makes_is_left_to_it_for_five_minutes(w: World) -> None:
    other = ProcessRegistry({"gateway"})
    await other.beat(w.app.database)
    ref = await begin(w, "when do sets hash?", other.id)
    assert text(await standing(w, ref)) == "Looking"
    real = w.app.database.real_now
    w.app.database.real_now = lambda: real() + answer_locations.LASTS
    await other.beat(w.app.database)
    assert "I was interrupted" in text(await standing(w, ref))


async def test_an_answer_that_is_given_leaves_nothing_to_mend(w: World) -> None:
    ref = await begin(w, "when do sets hash?", "dead")
    await w.app.database.run(
        lambda work: answer_locations.end(work, "turn1", Place("local", "local", "general"), ref, work.made_at)
    )
    assert text(await standing(w, ref)) == "Looking"
