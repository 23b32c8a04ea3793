"""A point for a day with a quiz, where a group wants that."""

from __future__ import annotations

from bot.messages.call import Call
from tests.features.quiz.player import answer, posed
from tests.harness import World, text


async def quiz(w: World, who: str, count: int) -> None:
    """Have somebody answer questions on the first unit, all of them wrong."""
    await w.say(who, f"quiz 1 count={count}")
    for one in await posed(w):
        await answer(w, who, one, right=False)
        await w.press(who, "Next" if one.place < count else "Result")


async def board(w: World) -> str:
    await w.after(minutes=1)
    return text(await w.say("ada", "leaderboard season"))


async def test_a_day_with_a_quiz_earns_a_point_only_where_the_group_wants_that(w: World) -> None:
    await w.begin("ada", "ben")
    await quiz(w, "ada", 4)
    await quiz(w, "ben", 5)
    assert "for quiz days" not in text(await w.call("ben", Call("ledger")))
    preview = await w.say("mo", "cohort edit quiz_points=yes")
    assert "Daily quiz point: on" in text(preview) and "Earlier days with a quiz earn their point" in text(preview)
    await w.press("mo", "Confirm")
    assert "Daily quiz point: on" in text(await w.say("mo", "cohort status"))
    assert "1 Ben 1" in await board(w), "the day counts that was answered before"
    told = text(await w.call("ben", Call("ledger")))
    assert "1 point for quiz days." in told and "streak 0" in told
    await quiz(w, "ada", 3)
    assert "1 Ada (you, shared rank) 1" in await board(w), "five of one day in two quizzes"
    await w.say("ada", "settings zone=Pacific/Pago_Pago")
    await quiz(w, "ada", 1)
    assert "1 Ada (you, shared rank) 1" in await board(w), "where it is yesterday they count no second time"
    await w.say("ada", "settings zone=UTC")
    await quiz(w, "ada", 5)
    await w.after(days=1)
    await quiz(w, "ada", 5)
    assert "1 Ada (you) 2" in await board(w)
    assert "2 points for quiz days." in text(await w.call("ada", Call("ledger")))
    await w.say("mo", "cohort edit quiz_points=no confirm=yes")
    assert "for quiz days" not in text(await w.call("ada", Call("ledger")))
    assert "Days with a quiz: 2" in text(await w.call("ada", Call("privacy stored")))
