"""Repairing a streak: where it can be, what it takes, and that it is once a leg."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.features.checkins.repairs import find_break
from tests.features.checkins.test_scoring import DAY, checkin, period, states, story
from tests.features.quiz.player import answer, posed
from tests.harness import MONDAY, World, text

WEEK = timedelta(weeks=1)


@pytest.mark.parametrize(
    ("history", "days_after", "found"),
    [
        ("k--", 0, ("u3", 1)),
        ("kk--", 13, ("u4", 2)),
        ("kk--", 14, None),
        ("kk--k", 0, ("u4", 2)),
        ("kk---", 0, None),  # one more was missed: it would end the streak again
        ("kk-", 0, None),  # a freeze held it
        ("---", 0, None),
        ("k--k-", 0, ("u5", 1)),
        ("", 0, None),
    ],
)
def test_the_last_break_can_be_repaired_for_two_weeks(history: str, days_after: int, found: object) -> None:
    now = period(history.rfind("-") + 1).grace_until + days_after * DAY
    broken = find_break(story(history), now)
    assert (broken and (broken.line.unit_id, broken.streak)) == found


def test_a_repair_holds_the_streak_where_the_unit_is_caught_up_and_says_so() -> None:
    caught = [checkin(4, 8 * DAY)]
    scored = story("kk--k", extra=caught, repaired=["u4"])
    assert (scored.streak, scored.best_streak, states(scored)[3]) == (3, 3, "caught up")
    assert scored.ledger[3].what == (
        "Caught up after the grace. 4 points. That repaired the streak, which it does once in a leg; it stays at 2."
    )
    assert scored.points == story("kk--k", extra=caught).points
    assert story("kk--k", repaired=["u4"]) == story("kk--k"), "without the work there is no repair"
    assert story("kk--k", extra=caught, repaired=["u4"], voided=["u4"]).streak == 1
    assert story("kk---", extra=caught, repaired=["u4"]).streak == 0


async def take_quiz(w: World, *, wrong: int) -> None:
    """Have Ada answer a quiz of five, so many of them wrongly."""
    for n in range(5):
        await answer(w, "ada", (await posed(w))[n], right=n >= wrong)
        await w.press("ada", "Next" if n < 4 else "Result")


async def test_who_catches_up_and_passes_the_quiz_has_their_streak_back_once_a_leg(w: World) -> None:
    await w.begin("ada")
    await w.check_in_each_week("ada", 2)
    await w.to(MONDAY + 4 * WEEK + timedelta(hours=2))
    told = await w.say("ada", "progress")
    assert "Your streak of 2 can go on: Unit 4" in text(told)
    assert "catch up on it and pass its quiz (4 of 5 right)" in text(told)
    left = await w.press("ada", "Repair my streak", of=told)
    assert [button.label for button in left.buttons] == ["Catch up", "Quiz"]
    caught = await w.press("ada", "Catch up", {"minutes": "30", "note": "read it after all"})
    assert "pass its quiz (4 of 5 right)" in text(caught) and "goes on by itself" in text(caught)
    await w.press("ada", "Quiz", of=caught)
    await take_quiz(w, wrong=2)
    failed = w.last["ada"]
    assert "To repair it, pass its quiz" in text(failed), "three of five do not pass"
    assert "Streak 0" in text(await w.say("ada", "progress"))
    points = text(await w.say("ada", "leaderboard season"))
    await w.press("ada", "Another try", of=failed)
    await take_quiz(w, wrong=1)
    mine = w.last["ada"]
    assert mine.title == "How it went" and "Your streak is repaired and goes on. Streak 2 (best 2)" in text(mine)
    after = await w.say("ada", "progress")
    assert "That repaired the streak" in text(after) and "can go on" not in text(after)
    assert text(await w.say("ada", "leaderboard season")) == points
    assert "no streak of yours to repair now" in text(await w.press("ada", "Repair my streak", of=told))
    await w.after(weeks=1)
    assert "cannot be repaired: that is once in a leg, and the one of this leg went to unit 4." in text(
        await w.say("ada", "progress")
    )
    await w.say("ada", "quiz 5")
    await take_quiz(w, wrong=0)
    assert "went to unit 4" in text(w.last["ada"])


async def test_who_passed_the_quiz_before_has_it_repaired_by_catching_up(w: World) -> None:
    await w.begin("ada")
    await w.check_in_each_week("ada", 2)
    await w.to(MONDAY + 4 * WEEK + timedelta(hours=2))
    await w.say("ada", "quiz 4")
    await take_quiz(w, wrong=0)
    assert "To repair it, catch up on it, until" in text(w.last["ada"])
    done = await w.press("ada", "Catch up", {"minutes": "30", "note": "read it after all"})
    assert "Your streak is repaired and goes on. Streak 2 (best 2)" in text(done)
