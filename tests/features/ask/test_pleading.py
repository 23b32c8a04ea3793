"""Who asks by a request, or says what is not known, is answered where the notes know what it is about."""

from __future__ import annotations

from bot.understanding.intents import carry_on, hear
from tests.features.ask.pleading import ASKING, TELLING
from tests.features.ask.test_commands import parrot
from tests.harness import World

LIKE_A_QUESTION = {
    "I wonder why Ben left the group",
    "Tell me about it",
    "can show u how to write a training loop",
    "help me move sat",  # the notes have a SAT problem
}
"""What tells something and is taken for a question all the same."""


async def test_a_request_or_what_is_not_known_asks_and_what_one_tells_does_not(w: World) -> None:
    registry = w.app.registry
    asking, telling = ([line for pair in table for line in pair] for table in (ASKING, TELLING))
    assert len(ASKING) == len(TELLING) == 60
    assert [one for one in asking if hear(registry, one, "mention").name != "ask"] == []
    assert [one for one in asking if carry_on(registry, one) is None] == []
    assert {one for one in telling if hear(registry, one, "mention").name == "ask"} <= LIKE_A_QUESTION
    assert {one for one in telling if carry_on(registry, one) is not None} <= LIKE_A_QUESTION


async def test_a_request_put_to_the_bot_is_answered_where_it_was_put_and_what_one_tells_is_not(w: World) -> None:
    await w.begin("ada")
    bird = parrot(w)
    reply = await w.say("ada", "walk me thru backprop")
    assert bird.asked == ["walk me thru backprop"] and reply.audience == "public"
    await w.say("ada", "cant figure out my schedule")
    assert len(bird.asked) == 1
