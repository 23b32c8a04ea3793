"""The record outlives the season: what is read of a group that has ended, and how the next round begins."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.messages.call import Call
from bot.messages.reply import Reply
from tests.examples import sample
from tests.harness import MONDAY, World, lived, text

pytestmark = pytest.mark.long

NINE = MONDAY + timedelta(hours=1)


async def season(w: World) -> None:
    """Live a season of two units that Ada kept, Ben half, to its end; Zoe was never in it."""
    await w.start(extra="first_unit=57")
    for who in ("ada", "ben", "cy"):
        await w.say(who, "join")
    await w.say("cy", "leave")
    await w.to(NINE + timedelta(hours=1))
    await w.say("ada", "checkin 30 read two papers")
    await w.say("ben", "checkin 45 built it")
    await w.to(NINE + timedelta(weeks=1, hours=1))
    await w.say("ada", "checkin 60 wrote it up")
    await w.to(NINE + timedelta(weeks=3))
    assert "Caught up:" in text(await w.say("ben", "checkin 30 unit=58 better late"))
    await w.to(NINE + timedelta(weeks=6, hours=1))


@pytest.fixture
async def over(tmp_path: Path) -> AsyncIterator[World]:
    async with lived(tmp_path, season) as w:
        yield w


async def closing(w: World) -> Reply:
    return next(p for p in reversed(await w.posts()) if p.title == "Night owls has finished")


async def test_whoever_was_in_it_reads_everything_in_its_room_without_naming_it(over: World) -> None:
    progress = text(await over.say("ada", "progress"))
    assert "20 points" in progress
    assert "Check in" not in [b.label for b in over.last["ada"].buttons]
    board = await over.say("ben", "leaderboard")
    assert board.title == "Final leaderboard: Night owls"
    assert "Whole season" in text(board)
    assert "1 Ada 20" in text(board) and "2 Ben (you) 14" in text(board)
    assert "ended on" in text(await over.say("ada", "roadmap"))
    assert (await over.say("ada", "topic 57")).title.startswith("Unit 57:")
    assert (await over.say("ada", "topic")).title == "Course finished"
    assert "ended on" in text(await over.say("ada", "help"))
    assert (await over.press("ada", "My progress")).title == "Your progress"
    assert (await over.call("ada", Call("ledger", {}, 1))).title == "All units"
    assert (await over.call("ada", Call("kept", {}, 1))).title == "Your data"


async def test_its_moderators_read_the_report_and_the_status(over: World) -> None:
    report = await over.say("mo", "report")
    assert (report.title, "ended on" in text(report)) == ("Report on Night owls", True)
    status = await over.say("mo", "cohort status")
    assert "The group ended on" in text(status)
    assert [b.label for b in status.buttons] == ["Report", "Start next round"]
    assert (await over.say("mo", "progress ada")).title == "Ada's progress"


async def test_the_closing_posts_buttons_work_for_ever(over: World) -> None:
    post = await closing(over)
    assert (await over.press("ben", "My progress", of=post)).title == "Your progress"
    assert (await over.call("ben", Call("leaderboard", {}, 1))).title.startswith("Final leaderboard")


async def test_it_is_read_in_direct_messages(over: World) -> None:
    assert (await over.say("ada", "progress", room="@ada")).title == "Your progress"
    assert (await over.say("ben", "leaderboard", room="@ben")).title.startswith("Final leaderboard")


async def test_whoever_had_left_it_still_reads_their_own(over: World) -> None:
    assert (await over.say("cy", "progress")).title == "Your progress"


async def test_for_whoever_was_not_in_it_it_is_not_there(over: World) -> None:
    assert "There's no group here yet" in text(await over.say("zoe", "leaderboard"))
    assert "has ended, or you can't see it" in text(await over.press("zoe", "My progress", of=await closing(over)))


@pytest.mark.parametrize(
    ("who", "line"),
    sample(
        [
            ("ada", "checkin 30 more"),
            ("ada", "away tomorrow"),
            ("ada", "undo"),
            ("ada", "leave"),
            ("ada", "join"),
            ("ada", "settings reminders=yes"),
            ("mo", "excuse member=ben unit=58 reason=ill"),
            ("mo", "cohort pause weeks=1"),
            ("mo", "cohort end"),
            ("mo", "cohort edit name=Larks"),
        ],
        3,
    ),
)
async def test_what_would_change_it_says_that_and_when_it_ended_and_shows_the_record(
    over: World, who: str, line: str
) -> None:
    reply = await over.say(who, line)
    assert reply.tone == "error"
    assert "Night owls ended on Mon 13 Apr 2026" in text(reply)
    assert (await over.press(who, "See my record" if who == "ada" else "See record")).tone != "error"


async def last_step(w: World, closing: Reply, room: str = "general") -> str:
    """Go through the setup of the next round as it is suggested, and return the last step."""
    await w.press("mo", "Start next round", of=closing, room=room)
    for _ in range(5):
        await w.press("mo", "Next", room=room)
    return text(w.last["mo"])


async def test_the_next_round_is_set_up_with_what_this_one_had_and_its_welcome_invites(over: World) -> None:
    for room in ("@mo", "general"):
        step = await last_step(over, await over.say("mo", "help", room=room), room)
        assert "Name: Night owls 2" in step and "Mon 09:00 – Sun 21:00 (UTC)" in step
        assert "The welcome will invite 2 people of Night owls." in step
    await over.press("mo", "Start the group")
    await over.tick()
    welcome = (await over.posts())[-1]
    assert welcome.title == "Welcome to Night owls 2"
    assert "Were you in Night owls? Press Join" in text(welcome)
    assert (await over.press("ben", "Join", of=welcome)).title == "You're in Night owls 2"


async def test_only_moderators_start_the_next_round(over: World) -> None:
    refused = await over.press("ada", "Start next round", of=await closing(over))
    assert refused.tone == "error" and text(refused).startswith("That's for people who manage the server")


async def test_the_same_people_are_carried_over_with_their_settings_and_may_leave(over: World) -> None:
    await last_step(over, await over.say("mo", "help"))
    assert (await over.press("mo", "Same people")).tone == "good"
    await over.tick()
    assert "Everyone from Night owls is already in" in text((await over.posts())[-1])
    status = text(await over.say("mo", "cohort status"))
    assert "Members: 2" in status
    assert "You've left Night owls 2" in text(await over.say("ben", "leave"))
    assert "That's for members" in text(await over.say("cy", "progress"))


async def test_the_same_people_of_no_round_are_refused(w: World) -> None:
    reply = await w.say("mo", "cohort create name=Owls timezone=UTC members=same confirm=yes")
    assert "that channel had no earlier group" in text(reply)


async def test_while_the_next_round_runs_the_old_record_is_read_by_name_and_by_its_buttons(over: World) -> None:
    post = await closing(over)
    await over.start(name="Night owls 2")
    await over.say("ada", "join")
    assert "No unit is open yet." in text(await over.say("ada", "progress"))
    assert "20 points" in text(await over.say("ada", 'progress cohort="Night owls"'))
    assert (await over.say("ada", "leaderboard cohort=1")).title == "Final leaderboard: Night owls"
    assert "14 points" in text(await over.press("ben", "My progress", of=post))
    assert (await over.say("mo", "report Night owls")).title == "Report on Night owls"
    refused = await over.call("ben", Call("checkin", {"unit": "52", "minutes": "30", "note": "more"}, 1))
    assert "Night owls 2 is the new group in its channel" in text(refused)
    assert "Night owls 2" in [b.label for b in refused.buttons]
    assert (await over.press("ben", "Night owls 2")).tone != "error"


async def test_who_has_not_joined_the_next_round_reads_their_own_record_still(over: World) -> None:
    await over.start(name="Night owls 2")
    assert "14 points" in text(await over.say("ben", "progress"))
    assert (await over.say("ben", "leaderboard")).title == "Final leaderboard: Night owls"
    assert "That's for members" in text(await over.say("ben", "checkin 30 more"))
    assert "That's for members" in text(await over.say("cy", "progress"))
    await over.say("ben", "join")
    assert "No unit is open yet." in text(await over.say("ben", "progress"))


async def test_a_second_season_is_lived_in_the_same_room(over: World) -> None:
    await over.start(name="Night owls 2", extra="first_unit=58 members=same")
    await over.after(days=7)
    assert "Check in" in [b.label for b in (await over.posts())[-1].all_buttons]
    assert (await over.say("ada", "checkin 30 again")).tone == "good"
    await over.after(weeks=8)
    assert "10 points" in text(await over.say("ada", "progress"))
    assert "20 points" in text(await over.say("ada", 'progress cohort="Night owls"'))
    assert "Night owls 2 ended" in text(await over.say("ada", "checkin 30 again"))
