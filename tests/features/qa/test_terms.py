"""A bare term of the notes is a question where it is put to the bot, and in the thread of an answer."""

from __future__ import annotations

from bot.core.call import Call
from bot.core.hearing import carry_on, hear
from tests.features.qa.test_commands import parrot
from tests.harness import World


async def test_a_term_of_the_notes_asks_what_it_is_and_other_words_do_not(w: World) -> None:
    await w.begin("ada")
    bird, registry = parrot(w), w.app.registry
    reply = await w.say("ada", "cross entropy")
    assert bird.asked == ["cross entropy"] and reply.audience == "public"
    for term in ("Softmax", "dropout?", "gradient descent", "ok, cross-entropy"):
        assert hear(registry, term, "mention") == Call("ask", {"question": term}) == carry_on(registry, term), term
    for chat in ("lunch plans", "attention", "list", "good memory", "same here", "a set", "my dropout", "this week"):
        assert hear(registry, chat, "mention").name != "ask" and carry_on(registry, chat) is None, chat
