"""Legs in a group's calendar: the break between two, one leg alone, and what an edit leaves as it is."""

from __future__ import annotations

from datetime import timedelta

from tests.harness import MONDAY, World, text

NINE = MONDAY + timedelta(hours=1)
WEEK = timedelta(weeks=1)


async def test_a_week_lies_between_two_legs_in_which_nothing_is_due_and_nothing_missed(w: World) -> None:
    await w.begin("ada", extra="first_unit=7")
    assert "one unit a week, with a free week after each part." in text((await w.posts())[0])
    await w.say("ada", "checkin 30 read")
    await w.to(NINE + WEEK + timedelta(hours=2))
    said = text(await w.say("ada", "roadmap"))
    assert "Part 1 is over. The group has a break now. Nothing is due." in said
    assert "Next up: Unit 8: Eigenvalues and the SVD (1 of 7 in part 2), Mon 16 Mar 2026, 09:00 (UTC)." in said
    assert "Streak 1" in text(await w.say("ada", "progress"))
    moved = text(await w.say("mo", "cohort edit breaks=no"))
    assert "Breaks: none (was a week after each part)" in moved
    await w.to(NINE + 2 * WEEK + timedelta(hours=2))
    assert (await w.posts())[-1].title.startswith("Unit 8:")
    assert "Streak 1" in text(await w.say("ada", "progress"))


async def test_a_group_may_walk_one_leg_and_the_round_after_it_begins_with_the_next(w: World) -> None:
    told = text(await w.say("mo", 'cohort create name="Owls" timezone=UTC leg=3'))
    assert "Part: Part 3, Neural networks: units 15 to 20 First unit: Unit 15:" in told
    assert "Breaks" not in told
    await w.start(extra="leg=3")
    assert "We work through Part 3 of Mastering generative-AI engineering: Neural networks" in text(
        (await w.posts())[0]
    )
    await w.to(NINE + 6 * WEEK + timedelta(hours=2))
    posts = await w.posts()
    assert [post.title.split(":")[0] for post in posts[1:]] == [*(f"Unit {n}" for n in range(15, 21)), posts[-1].title]
    assert posts[-1].title == "Night owls has finished"
    step = await w.say("mo", "setup")
    assert "Part 4, Training that can be trusted: units 21 to 27." in text(step)
    assert "Unit 1:" in text(await w.press("mo", "Choose a part", {"part": ""}))
    assert "Part 9, " in text(await w.press("mo", "Choose a part", {"part": "agents"}))


async def test_what_no_leg_or_break_can_be_is_told(w: World) -> None:
    create = 'cohort create name="Owls" timezone=UTC '
    assert "There is no part “10”. Name a part by its number, 1 to 9." in text(await w.say("mo", f"{create} leg=10"))
    assert "each part has its own first unit" in text(await w.say("mo", f"{create} leg=2 first_unit=9"))
    assert "dates leave no room for breaks" in text(await w.say("mo", f"{create} pace=calendar breaks=yes"))
    assert [suggestion.split(",")[0] for suggestion in await w.suggestions("mo", "cohort create", "leg", "transf")] == [
        "Part 5"
    ]
