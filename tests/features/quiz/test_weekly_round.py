"""The weekly round in dialogue: five questions in the unit's thread, each alone, and then how it went."""

from __future__ import annotations

from bot.messages.reply import Reply
from tests.harness import World, text


async def round_post(w: World) -> Reply:
    ((_, thread),) = await w.threads()
    (post,) = [reply for reply in thread if reply.title.startswith("This week's round")]
    return post


async def answer_all(w: World, who: str, post: Reply) -> Reply:
    reply = await w.press(who, "Play", of=post)
    for _ in range(5):
        reply = await w.press(who, "A")
        reply = await w.press(who, reply.buttons[0].label)
    return reply


async def test_a_group_without_a_round_gets_none(w: World) -> None:
    await w.begin("ada")
    await w.after(days=6)
    ((_, thread),) = await w.threads()
    assert not [reply for reply in thread if "round" in reply.title]


async def test_each_answers_alone_and_then_the_group_sees_how_it_went(w: World) -> None:
    await w.begin("ada", "ben", "chloe")
    assert "Weekly round of questions: on" in text(await w.say("mo", "manage edit weekly_round=yes"))
    await w.press("mo", "Confirm")
    await w.after(days=3)
    post = await round_post(w)
    assert "Five questions, each alone." in text(post)
    for who in ("ada", "ben", "chloe"):
        assert (await answer_all(w, who, post)).title == "Your result"
    assert "Your result" in (await w.press("ada", "Play", of=post)).title
    await w.after(days=1)
    shown = await round_post(w)
    assert shown.title == "This week's round: the answers" and not shown.buttons
    assert "3 members took part." in text(shown) and text(shown).count("of 3 right.") == 5
    assert "Ada" not in text(shown)
    assert "This round is over" in text(await w.press("ben", "Play", of=post))
