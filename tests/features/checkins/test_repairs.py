"""Repairing a streak: where it can be, what it takes, and that it is once a leg."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.features.checkins.repairs import find_break
from bot.features.checkins.wording import describe_line
from bot.messages.call import Call
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
    assert describe_line(scored.ledger[3]) == "Caught up after the late period. This repaired the streak."
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
    assert "You can still save your streak of 2. Catch up on Unit 4" in text(told)
    assert "and pass its quiz (4 of 5 right) by " in text(told)
    left = await w.press("ada", "Repair my streak", of=told)
    assert [button.label for button in left.buttons] == ["Catch up", "Take the quiz"]
    caught = await w.press("ada", "Catch up", {"minutes": "30", "note": "read it after all"})
    assert "Pass the quiz on Unit 4" in text(caught) and "(4 of 5 right)" in text(caught)
    await w.press("ada", "Take the quiz", of=caught)
    await take_quiz(w, wrong=2)
    failed = w.last["ada"]
    assert "Pass the quiz on Unit 4" in text(failed), "three of five do not pass"
    assert "Streak 0" in text(await w.say("ada", "progress"))
    points = text(await w.say("ada", "leaderboard season"))
    await w.press("ada", "Try again", of=failed)
    await take_quiz(w, wrong=1)
    mine = w.last["ada"]
    assert mine.title == "Your result" and "Streak repaired! 🔥 Streak 2." in text(mine)
    assert "can still save" not in text(await w.say("ada", "progress"))
    assert "This repaired the streak" in text(await w.call("ada", Call("ledger")))
    assert text(await w.say("ada", "leaderboard season")) == points
    assert "You have no streak to repair." in text(await w.press("ada", "Repair my streak", of=told))
    await w.after(weeks=1)
    assert "You can't repair it: you used this part's repair on unit 4." in text(await w.say("ada", "progress"))
    await w.say("ada", "quiz 5")
    await take_quiz(w, wrong=0)
    assert "this part's repair on unit 4" in text(w.last["ada"])


@pytest.mark.nightly
async def test_who_passed_the_quiz_before_has_it_repaired_by_catching_up(w: World) -> None:
    await w.begin("ada")
    await w.check_in_each_week("ada", 2)
    await w.to(MONDAY + 4 * WEEK + timedelta(hours=2))
    await w.say("ada", "quiz 4")
    await take_quiz(w, wrong=0)
    assert "Catch up on Unit 4" in text(w.last["ada"])
    done = await w.press("ada", "Catch up", {"minutes": "30", "note": "read it after all"})
    assert "Streak repaired! 🔥 Streak 2." in text(done)
