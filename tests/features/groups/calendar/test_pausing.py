"""A pause: new dates first, one post, safe streaks, and the way back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.messages.call import Call
from bot.messages.reply import Reply
from tests.examples import sample
from tests.harness import MONDAY, World, text

pytestmark = pytest.mark.long

NINE = MONDAY + timedelta(hours=1)
DEADLINE = datetime(2026, 3, 8, 21, tzinfo=UTC)


async def units(w: World) -> list[Reply]:
    return [p for p in await w.posts() if p.title.startswith("Unit")]


async def about_pauses(w: World) -> list[str]:
    return [text(p) for p in await w.posts() if "Streaks are safe" in text(p) or "has resumed" in text(p)]


@pytest.fixture
async def running(w: World) -> World:
    """A group whose first unit is out, with Ada; posts are edited at once, not once a minute."""
    w.app.tick = replace(w.app.tick, watches_gaps=False, count_every_s=0)
    await w.start()
    await w.say("ada", "join")
    await w.say("ada", "settings reminders=yes")
    await w.to(NINE + timedelta(hours=1))
    return w


async def test_a_pause_begins_with_the_next_post_and_shows_the_new_dates_first(running: World) -> None:
    w = running
    reply = await w.say("mo", "cohort pause weeks=2 reason=holidays")
    said = text(reply)
    assert "From Mon 9 Mar 2026, 09:00 (UTC) until Mon 23 Mar 2026, 09:00 (UTC)." in said
    assert "Unit 2: Classes, protocols and composition: Mon 23 Mar 2026, 09:00 (UTC)" in said
    assert "deadline moves" not in said
    await w.tick()
    assert await about_pauses(w) == []
    reply = await w.press("mo", "Confirm")
    assert "will pause from Mon 9 Mar 2026, 09:00 (UTC) until Mon 23 Mar 2026, 09:00 (UTC)" in text(reply)
    await w.tick()
    [post] = await about_pauses(w)
    assert "Night owls will pause from Mon 9 Mar 2026 until Mon 23 Mar 2026. Streaks are safe" in post
    assert "Unit 1: Python data structures is still due Sun 8 Mar 2026, 21:00 (UTC)." in post
    assert "The group will pause from Mon 9 Mar 2026, 09:00 (UTC) until Mon 23" in text(
        await w.say("mo", "cohort status")
    )
    assert "I'll post the next unit Mon 23 Mar 2026, 09:00 (UTC). Reason: holidays" in post
    await w.to(NINE + timedelta(weeks=3, hours=-1))
    assert len(await units(w)) == 1
    await w.to(NINE + timedelta(weeks=3))
    assert len(await units(w)) == 2
    assert "Late" not in text((await units(w))[1])
    assert len(await about_pauses(w)) == 1


async def test_the_running_unit_keeps_its_deadline_and_streaks_go_on_after(running: World) -> None:
    w = running
    await w.say("ada", "checkin 30 read it")
    await w.say("mo", "cohort pause weeks=2 confirm=yes")
    assert "due Sun 8 Mar 2026, 21:00" in await w.record("ada")
    await w.to(NINE + timedelta(weeks=3, hours=1))
    await w.say("ada", "checkin 30 the next")
    progress = await w.record("ada")
    assert "Streak 2" in progress
    assert "Freezes: 1" in progress


async def test_from_now_moves_the_running_deadline_by_the_weeks(running: World) -> None:
    w = running
    said = text(await w.say("mo", "cohort pause weeks=1 from=now"))
    assert "The open unit's deadline moves to Sun 15 Mar 2026, 21:00 (UTC)." in said
    await w.press("mo", "Confirm")
    await w.tick()
    assert "Due Sun 15 Mar 2026, 21:00" in text((await units(w))[0])
    await w.to(DEADLINE + timedelta(days=2))
    assert "+10 points" in text(await w.say("ada", "checkin 30 in the pause"))
    await w.to(NINE + timedelta(weeks=2))
    assert [u.title[:6] for u in await units(w)] == ["Unit 1", "Unit 2"]


@pytest.mark.nightly
async def test_a_pause_of_dates_that_another_moderator_has_moved_is_shown_anew(running: World) -> None:
    w = running
    asked = await w.say("mo", "cohort pause weeks=2")
    await w.say("mo", 'cohort edit rhythm="tue 10:00 - sun 20:00" confirm=yes')
    again = await w.press("mo", "Confirm", of=asked)
    assert "The dates have changed since you opened this" in text(again) and "Tue 10 Mar 2026, 10:00" in text(again)
    assert await about_pauses(w) == []
    await w.press("mo", "Confirm", of=again)
    await w.tick()
    assert len(await about_pauses(w)) == 1


async def test_whole_weeks_stay_whole_over_a_clock_change(w: World) -> None:
    await w.start("Europe/Berlin", extra='start="2026-10-19"')
    w.clock._at = datetime(2026, 10, 19, 8, tzinfo=UTC)
    await w.tick()
    said = text(await w.say("mo", "cohort pause weeks=1 from=now"))
    assert "The open unit's deadline moves to Sun 1 Nov 2026, 21:00 (Europe/Berlin)." in said


async def test_from_a_day_inside_the_running_week_moves_its_deadline_too(running: World) -> None:
    w = running
    said = text(await w.say("mo", "cohort pause weeks=2 from=2026-03-06"))
    assert "deadline moves to Sun 22 Mar 2026, 21:00 (UTC)" in said
    await w.press("mo", "Confirm")
    await w.to(DEADLINE + timedelta(days=1))
    assert "Not checked in before" not in text(await w.call("ada", Call("ledger")))


async def test_an_open_ended_pause_holds_the_running_unit_until_resumed(running: World) -> None:
    w = running
    said = text(await w.say("mo", "cohort pause from=now"))
    assert "until you resume" in said
    assert "The open unit has no deadline until you resume." in said
    await w.press("mo", "Confirm")
    await w.tick()
    held = text((await units(w))[0])
    assert "No deadline while the group is paused" in held and "2027" not in held
    await w.to(DEADLINE + timedelta(weeks=3))
    assert len(await units(w)) == 1
    assert await w.posts("@ada") == []
    assert len((await w.threads())[0][1]) == 1
    progress = await w.record("ada")
    assert "no deadline now" in progress
    assert "It waits until the group resumes." in progress
    ahead = text(await w.say("ada", "progress"))
    assert "Next: Paused until a moderator resumes. You can still check in for unit 1." in ahead
    reply = await w.say("mo", "cohort resume")
    assert "has resumed" in reply.title
    await w.tick()
    assert "has resumed" in (await about_pauses(w))[-1]
    # 27 days and 11 hours in a pause are 28 days more
    due = DEADLINE + timedelta(days=28)
    assert f"Due Sun {due.day} Apr 2026, 21:00" in text((await units(w))[0])
    await w.to(due - timedelta(minutes=1))
    assert len(await w.posts("@ada")) == 2
    assert "+10 points" in text(await w.say("ada", "checkin 30 back"))
    await w.to(due + timedelta(hours=12))
    assert [u.title[:6] for u in await units(w)] == ["Unit 1", "Unit 2"]


@pytest.mark.nightly
async def test_an_open_ended_pause_from_the_next_post_holds_back_units_only(running: World) -> None:
    w = running
    await w.say("mo", "cohort pause confirm=yes")
    await w.to(NINE + timedelta(weeks=4))
    assert len(await units(w)) == 1
    assert "Not checked in before the late period ended" in text(await w.call("ada", Call("ledger")))
    assert "The group is paused" in text(await w.say("mo", "cohort status"))
    assert text(await w.say("ada", "progress")).endswith("Next: Paused until a moderator resumes.")
    await w.after(hours=5)
    await w.say("mo", "cohort resume")
    await w.to(NINE + timedelta(weeks=5))
    assert len(await units(w)) == 2
    assert [p for p in await w.posts("@mo") if not p.title.startswith("Weekly digest")] == []


async def test_resuming_early_brings_the_running_deadline_back(running: World) -> None:
    w = running
    await w.say("mo", "cohort pause weeks=4 from=now confirm=yes")
    await w.after(days=2)
    reply = text(await w.say("mo", "cohort resume"))
    assert "Unit 2: Classes, protocols and composition: starts Mon 16 Mar 2026, 09:00 (UTC)" in reply
    await w.tick()
    assert "Due Tue 10 Mar 2026, 21:00" in text((await units(w))[0])
    assert "I'll post the next unit Mon 16 Mar 2026" in (await about_pauses(w))[-1]


@pytest.mark.parametrize("weeks", sample(["weeks=2", ""], 2))
async def test_a_pause_that_is_taken_back_before_it_begins_changes_nothing(running: World, weeks: str) -> None:
    w = running
    await w.say("mo", f"cohort pause {weeks} from=2026-03-06 confirm=yes")
    until = " until Fri 20 Mar 2026" if weeks else ""
    cancelled = f"The pause from Fri 6 Mar 2026{until} is cancelled."
    reply = text(await w.say("mo", "cohort resume"))
    assert cancelled in reply and "has resumed" not in reply
    await w.tick()
    assert any(cancelled in text(post) for post in await w.posts())
    assert "Due Sun 8 Mar 2026, 21:00" in text((await units(w))[0])
    await w.to(NINE + timedelta(weeks=1))
    assert len(await units(w)) == 2


async def test_now_is_now_wherever_the_moderator_lives(w: World) -> None:
    await w.start("Pacific/Kiritimati", extra="start=today")
    w.clock.move_to(MONDAY + timedelta(days=1, hours=5))  # Tuesday 13:00 UTC, Wednesday 03:00 there
    await w.tick()
    said = text(await w.say("mo", "cohort pause from=now weeks=1", zone="UTC"))
    assert "From Wed 4 Mar 2026, 03:00 (Pacific/Kiritimati)" in said


@pytest.mark.parametrize(
    ("line", "reason"),
    sample(
        [
            ("weeks=0", "0 is not between 1 and 26"),
            ("weeks=27", "27 is not between 1 and 26"),
            ("weeks=soon", "not a whole number"),
            ("from=2026-02-20", "that day is over"),
        ],
        2,
    ),
)
async def test_a_pause_that_cannot_be_is_refused(running: World, line: str, reason: str) -> None:
    reply = await running.say("mo", f"cohort pause {line}")
    assert reply.tone == "error"
    assert reason in text(reply)


@pytest.mark.nightly
async def test_a_second_pause_waits_for_the_end_of_the_first(running: World) -> None:
    w = running
    await w.say("mo", "cohort pause weeks=1 confirm=yes")
    assert "A pause is already set" in text(await w.say("mo", "cohort pause weeks=1"))
    await w.to(NINE + timedelta(weeks=2, hours=1))
    assert (await w.say("mo", "cohort pause weeks=1 confirm=yes")).tone == "good"
    assert (await w.say("mo", "cohort resume")).tone == "good"
    assert "is not paused" in text(await w.say("mo", "cohort resume"))


async def test_a_hostile_reason_stays_text(running: World) -> None:
    w = running
    await w.say("mo", 'cohort pause weeks=1 reason="@everyone [x](https://evil.example)" confirm=yes')
    await w.tick()
    post = (await w.posts())[-1]
    assert "\\[x\\](https" in post.to_json()["blocks"][-1]["text"]


@pytest.mark.nightly
async def test_a_later_pause_names_the_unit_that_follows_it(running: World) -> None:
    w = running
    await w.say("mo", "cohort pause weeks=1 from=13 Mar confirm=yes")
    await w.tick()
    (post,) = await about_pauses(w)
    assert "After the pause: Unit 3: " in post and "on Mon 23 Mar 2026, 09:00" in post
