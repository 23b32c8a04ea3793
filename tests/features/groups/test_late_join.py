"""Coming in while a leg is under way."""

from __future__ import annotations

from datetime import timedelta

from tests.features.quiz.player import answer, posed
from tests.harness import MONDAY, World, text

NINE = MONDAY + timedelta(hours=1)
WEEK = timedelta(weeks=1)


async def test_a_late_joiner_reads_what_the_leg_has_covered_and_what_may_be_left(w: World) -> None:
    await w.begin("ada", extra="first_unit=5")
    assert "So far" not in text(await w.say("ben", "join"))
    await w.to(NINE + 2 * WEEK + timedelta(hours=1))
    joined = await w.say("cy", "join")
    said = text(joined)
    assert "So far this part had 2 units: " in said and "They don't count as missed" in said
    assert said.count("- ") >= 2 and "Most useful from these units" in said
    assert "In your first week, half an hour is enough." in said
    assert "Or wait for part 2. It begins on Mon 30 Mar 2026: 7 units on Mathematics and systems" in said
    assert "So far" not in text(await w.say("cy", "join"))

    asked = await w.press("cy", "Check readiness", of=joined)
    assert asked.title == "Question 1 of 10"
    for one in await posed(w):
        await answer(w, "cy", one)
        done = await w.press("cy", "Next" if one.place < 10 else "Result")
    assert "10 of 10 right. You're ready for part 1." in text(done)


async def test_a_quiz_tells_whether_somebody_may_come_in_at_another_leg(w: World) -> None:
    await w.begin("ada")
    assert (await w.say("ada", "quiz leg=3")).title == "Question 1 of 10"
    units = {one.item.source.note for one in await posed(w)}
    assert len(units) >= 5
    assert "Part 1 is the first part" in text(await w.say("ada", "quiz leg=1"))
    assert "There is no part “12”." in text(await w.say("ada", "quiz leg=12"))


async def test_who_takes_their_time_until_the_next_leg_does_not_rest_in_this_one(w: World) -> None:
    await w.begin("ada")
    await w.to(NINE + WEEK + timedelta(hours=1))
    assert "wait for part 2" in text(await w.say("cy", "join"))
    await w.to(NINE + 7 * WEEK + timedelta(hours=1))
    report = text(await w.say("mo", "report"))
    assert "Missed four units in a row (any check-in brings them back) Ada" in report and "Ada, Cy" not in report
