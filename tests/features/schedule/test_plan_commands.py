"""A unit that a moderator moves, leaves out, and puts back."""

from __future__ import annotations

from bot.messages.call import Call
from tests.harness import World, text


async def opens(w: World) -> list[str]:
    """Return the units to come as moderators read them."""
    return text(await w.say("mo", "cohort status")).split("Next")[-1].split("- ")[1:4]


async def test_a_unit_is_moved_left_out_and_put_back_and_the_room_is_told_of_the_dates(w: World) -> None:
    await w.begin("ada")
    first = await opens(w)
    asked = await w.say("mo", "schedule skip 2 reason=exams")
    assert "will be skipped" in text(asked) and await opens(w) == first
    confirm = w.button("mo", "Confirm", asked).target
    assert isinstance(confirm, Call) and (await w.call("mo", confirm)).tone == "good"
    skipped = await opens(w)
    assert "Unit 3" in skipped[0] and skipped[0].split(":")[-1] and "Unit 2" not in str(skipped)
    await w.tick()
    assert "is skipped. exams" in text((await w.posts())[-1])
    await w.after(days=8)
    assert "Unit 3" in text(await w.say("ada", "topic")) or "unit 3" in text(await w.say("ada", "topic")).lower()
    assert (await w.call("mo", Call("schedule restore", {"unit": "2", "confirm": "yes"}))).tone == "good"
    assert "is already on its normal date" in text(await w.say("mo", "schedule restore 9"))


async def test_a_unit_that_is_moved_opens_at_its_hour_and_those_after_it_follow(w: World) -> None:
    await w.begin("ada")
    before = await opens(w)
    assert "choose a time after" in text(await w.say("mo", "schedule move 2 'today 00:01' confirm=yes"))
    assert "isn't one of the upcoming units" in text(await w.say("mo", "schedule move 1 'wed 18:00'"))
    moved = await w.say("mo", "schedule move 2 2026-03-18T18:00Z confirm=yes")
    assert moved.tone == "good", text(moved)
    after = await opens(w)
    assert after[0] != before[0] and "18:00" in after[0]
    assert (await w.say("mo", "schedule restore 2 confirm=yes")).tone == "good"
    assert await opens(w) == before
