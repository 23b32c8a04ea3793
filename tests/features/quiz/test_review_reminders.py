"""A word on questions that are due: once a day at most, at one's own hour, and within a reminder where one comes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.features.quiz.player import answer, posed
from tests.harness import World, text


async def told(w: World) -> list[tuple[datetime, str]]:
    """Return what Ada was written, without the words of reminders."""
    messages = await w.messages("@ada")
    return [
        (message.at, "nudge" if " ready to review. It takes" in text(message.reply) else text(message.reply))
        for message in messages
    ]


async def test_questions_that_are_due_are_told_at_ones_own_hour_or_within_the_reminder_of_the_day(w: World) -> None:
    await w.begin("ada", "ben")
    await w.say("ada", "settings reminders=yes zone=America/New_York")
    await w.say("ada", "review nudge=daily hour=3pm")
    await w.say("ben", "review nudge=daily")
    await w.say("ada", "quiz count=1")
    await answer(w, "ada", (await posed(w))[0], right=False)
    at = datetime(2026, 3, 3, 20, tzinfo=UTC)  # three in New York, where the reminder comes an hour later
    await w.to(at + timedelta(hours=20))
    assert await told(w) == [(at, "nudge")], "ben has answered nothing, and nobody is told twice a day"
    await w.to(datetime(2026, 3, 8, 23, 30, tzinfo=UTC))
    days = [one.day for one, said in await told(w) if said == "nudge"]
    reminders = [(one.day, "Also: 1 question is ready to review." in said) for one, said in (await told(w))[1:]]
    assert days == [3, 4, 5, 6] and (7, True) in reminders and len(await told(w)) == 6
    assert await w.messages("@ben") == []
    await w.press("ada", "Stop review reminders", of=(await w.messages("@ada"))[0].reply)
    await w.to(datetime(2026, 3, 12, 12, tzinfo=UTC))
    assert len(await told(w)) == 6


@pytest.mark.nightly
async def test_recall_goes_on_after_the_season_within_the_cap_while_somebody_answers(w: World) -> None:
    await w.begin("ada", extra="first_unit=7")
    await w.say("ada", "review nudge=daily cap=2")
    assert "never twice in a day" in text(w.last["ada"])
    await w.say("ada", "quiz count=3")
    for n in range(3):
        await answer(w, "ada", (await posed(w))[n], right=False)
        await w.press("ada", "Next" if n < 2 else "Result")
    await w.to(datetime(2026, 3, 3, 19, tzinfo=UTC))
    assert "2 questions are ready" in text((await w.messages("@ada"))[-1].reply), "the cap is two"
    await w.to(datetime(2026, 3, 16, 12, tzinfo=UTC))
    await w.say("mo", "cohort end confirm=yes")
    await w.tick()
    finish = (await w.posts())[-1]
    assert "has finished" in finish.title and "Reviews continue." in text(finish)
    before = len(await told(w))
    await w.to(datetime(2026, 3, 17, 19, tzinfo=UTC))
    assert len(await told(w)) == before + 2, "on the day of the finish and the next"
    await w.to(datetime(2026, 4, 27, 19, tzinfo=UTC))
    weeks = len(await told(w))
    await w.to(datetime(2026, 5, 7, 19, tzinfo=UTC))
    assert len(await told(w)) == weeks, "four weeks after the last answer it is quiet, though the group has ended"
    await w.say("ada", "review")
    await answer(w, "ada", (await posed(w))[0], right=False)
    await w.to(datetime(2026, 5, 9, 19, tzinfo=UTC))
    assert len(await told(w)) > weeks
    await w.press("ada", "Stop review reminders", of=(await w.messages("@ada"))[-1].reply)
    last = len(await told(w))
    await w.to(datetime(2026, 5, 12, 19, tzinfo=UTC))
    assert len(await told(w)) == last


async def test_who_wants_it_weekly_is_told_on_mondays(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "review nudge=weekly")
    await w.say("ada", "quiz count=1")
    await answer(w, "ada", (await posed(w))[0])
    await w.to(datetime(2026, 3, 17, tzinfo=UTC))
    assert [(one.day, one.hour, said) for one, said in await told(w)] == [(9, 18, "nudge"), (16, 18, "nudge")]


async def test_of_two_groups_one_message_a_day_tells_of_reviews_and_never_beside_another(w: World) -> None:
    await w.start()
    await w.start(name="Larks", room="larks")
    for room in ("general", "larks"):
        await w.say("ada", "join", room=room)
    await w.after(hours=2)
    await w.say("ada", "review nudge=daily")
    await w.say("ada", "quiz count=1")
    await answer(w, "ada", (await posed(w))[0], right=False)
    await w.say("ada", "pledge read on, Tue 8pm", room="larks")
    await w.say("ada", "pledge read on, Tue 9pm")
    await w.to(datetime(2026, 3, 3, 23, tzinfo=UTC))
    today = [(at.hour, said) for at, said in await told(w) if at.day == 3]
    assert [(hour, "ready to review" in said) for hour, said in today] == [(20, True), (21, False)]
