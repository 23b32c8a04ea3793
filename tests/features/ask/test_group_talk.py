"""What everyday lines on the group are answered with: for all what all may read, to one alone where they stand."""

from __future__ import annotations

import pytest

from tests.features.ask.test_commands import parrot
from tests.harness import World, text

RULE = "A check-in counts for your streak until twelve hours after the deadline. It earns 10 points on time, 8 late."


@pytest.mark.parametrize("there_are_several", [False, True])
async def test_where_others_read_rules_are_told_and_nobodys_standing(w: World, there_are_several: bool) -> None:
    await w.begin("ada")
    if there_are_several:  # and in the room of none
        await w.start(name="Early birds", room="birds")
        await w.say("ada", "join", room="birds")
    room, bird = "elsewhere" if there_are_several else "general", parrot(w)
    for line, told, button in (
        ("can i check in late?", RULE, "Check in"),
        ("what counts as a check-in?", "Any work on a unit counts as a check-in, finished or not", "Check in"),
        ("what happens if I miss a week?", "A missed unit uses up a freeze", "My progress"),
        ("how do points work?", "A check-in earns 10 points on time", "My progress"),
    ):
        said = await w.say("ada", line, room=room)
        assert told in text(said) and said.audience == "public" and not bird.asked
        assert said.buttons[0].label == button
    if not there_are_several:
        assert "Only you can see your progress." in text(await w.say("ada", "did I check in?"))
        assert "Only members can see the leaderboard." in text(await w.say("ada", "what's my rank"))


async def test_who_asks_alone_is_told_where_they_stand_at_once(w: World) -> None:
    await w.begin("ada", "ben")
    bird = parrot(w)
    before = await w.say("ada", "am I on track", room="@ada")
    assert "You haven't checked in yet this week. Unit 1: " in text(before) and "Streak 0" in text(before)
    assert [b.label for b in before.buttons] == ["My progress", "Check in", "Remove"]
    await w.say("ada", "checkin 30 read it")
    after = text(await w.say("ada", "did I check in?", room="@ada"))
    assert "You've checked in to Unit 1: " in after and "10 points this season" in after
    assert "You lead with 10 points in this phase." in text(await w.say("ada", "who is leading", room="@ada"))
    second = text(await w.say("ben", "what's my rank", room="@ben"))
    assert "Ada leads with 10 points in this phase. You're number 2 with 0." in second
    assert (
        "Only you can see your progress." in text(await w.say("mo", "how am I doing?", room="@mo")) and not bird.asked
    )


async def test_the_weeks_and_the_work_of_the_group_are_told(w: World) -> None:
    await w.begin("ada")
    bird = parrot(w)
    for line, told, button in (
        ("what did we do last week", "There was no earlier unit. Unit 1: ", "Remove"),
        ("is there a quiz?", " quiz questions. Try them whenever you like.", "Take a quiz"),
        ("what is the capstone", w.app.library["genai-2026"].roadmap.capstone.title, "Show course"),  # type: ignore[union-attr]
        ("hw?", "Remove duplicates from n random", "Show unit"),
        ("what should I read?", "(1 of 7 in part 1) - ", "Show unit"),
    ):
        said = await w.say("ada", line)
        assert told in text(said) and said.buttons[0].label == button and not bird.asked
    await w.after(days=8)
    assert "The previous unit was Unit 1: Python data structures: starts" in text(
        await w.say("ada", "what was last week about")
    )
