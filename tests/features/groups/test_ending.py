"""The end of a group: closing post, four weeks of catching up, and a free room."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.messages.reply import Table
from tests.examples import sample
from tests.features.groups.test_after_the_end import last_step
from tests.harness import MONDAY, World, text

pytestmark = pytest.mark.long

NINE = MONDAY + timedelta(hours=1)
DEADLINE = datetime(2026, 3, 8, 21, tzinfo=UTC)
CLOSING = NINE + timedelta(weeks=1, minutes=5)
"""Five minutes after the last grace, which ends with the post slot."""


@pytest.fixture
async def last(w: World) -> World:
    """A group whose only unit is the roadmap's last one, out for an hour."""
    await w.start(extra="first_unit=58")
    await w.say("ada", "join")
    await w.say("ada", "settings reminders=yes")
    await w.to(NINE + timedelta(hours=1))
    return w


async def test_the_closing_post_comes_at_the_next_slot_after_the_last_grace(last: World) -> None:
    await last.to(CLOSING - timedelta(minutes=6))
    assert len(await last.posts()) == 2
    assert "post the closing message" not in text(await last.say("ada", "help"))
    await last.to(CLOSING)
    [*_, closing] = await last.messages()
    assert (closing.at, closing.reply.title) == (CLOSING, "Night owls has finished")
    assert "You can catch up until Mon 6 Apr 2026" in text(closing.reply)
    for _ in range(3):
        await last.after(days=1)
    assert len(await last.posts()) == 3


async def test_after_the_closing_post_come_no_reminders_and_topic_says_finished(last: World) -> None:
    await last.to(CLOSING)
    before = len(await last.posts("@ada"))
    await last.to(CLOSING + timedelta(weeks=3))
    assert len(await last.posts("@ada")) == before == 2
    assert (await last.say("ada", "topic")).title == "Course finished"
    assert "The group has finished" in text(await last.say("ada", "topic"))


async def test_catching_up_stays_open_four_weeks(last: World) -> None:
    await last.to(CLOSING + timedelta(weeks=4, minutes=-1))
    receipt = await last.say("ada", "checkin 30 better late")
    assert "Caught up:" in text(receipt)
    assert "4 points" in text(receipt)
    await last.to(CLOSING + timedelta(weeks=4))
    assert "Night owls ended on Mon 6 Apr 2026" in text(await last.say("ada", "checkin 30 too late"))


async def test_the_room_is_free_for_another_group_after_the_closing_post(last: World) -> None:
    await last.to(CLOSING + timedelta(days=2))
    reply = await last.say("mo", 'cohort create name="Night owls" timezone=UTC confirm=yes')
    assert reply.tone == "good"
    assert "You're in Night owls" in text(await last.say("ben", "join"))


@pytest.mark.nightly
async def test_after_four_weeks_the_room_is_free_by_itself(last: World) -> None:
    await last.to(CLOSING + timedelta(weeks=4))
    assert (await last.say("mo", "cohort create name=Larks timezone=UTC confirm=yes")).tone == "good"


@pytest.mark.nightly
async def test_an_outage_over_the_closing_hour_moves_it_to_the_slot_after_the_longer_grace(last: World) -> None:
    await last.to(DEADLINE - timedelta(days=1))
    await last.outage(days=4)
    await last.to(NINE + timedelta(weeks=2, minutes=-1))
    assert "Night owls has finished" not in [p.title for p in await last.posts()]
    await last.after(minutes=1)
    await last.after(days=2)
    assert [p.title for p in await last.posts()].count("Night owls has finished") == 1


@pytest.mark.nightly
async def test_a_bot_that_was_down_at_the_closing_hour_closes_when_it_is_back(last: World) -> None:
    await last.to(CLOSING - timedelta(seconds=1))
    await last.outage(minutes=9)
    assert (await last.posts())[-1].title == "Night owls has finished"


async def test_ending_early_asks_first_and_then_closes_once(w: World) -> None:
    await w.start()
    await w.say("ada", "join")
    await w.to(NINE + timedelta(hours=1))
    reply = await w.say("mo", "cohort end")
    assert "I delete nothing, but you can't undo this." in text(reply)
    await w.tick()
    assert len(await w.posts()) == 2
    assert "I'll post the closing message now" in text(await w.press("mo", "End group"))
    assert "has already finished" in text(await w.say("mo", "cohort end"))
    await w.after(weeks=2)
    assert [p.title for p in await w.posts()][2:] == ["Night owls has finished"]
    assert "already finished" in text(await w.say("mo", "cohort end confirm=yes"))


async def test_after_an_early_end_the_running_unit_can_still_be_kept(w: World) -> None:
    await w.start()
    await w.say("ada", "join")
    await w.to(NINE + timedelta(hours=1))
    await w.say("mo", "cohort end confirm=yes")
    await w.tick()
    assert "+10 points" in text(await w.say("ada", "checkin 30 still in time"))
    assert "No more units" in (await w.say("mo", "preview")).title


async def test_a_group_that_never_began_can_be_ended(w: World) -> None:
    await w.start(extra="start=2026-05-04")
    await w.say("mo", "cohort end confirm=yes")
    await w.tick()
    assert "0 units" in text((await w.posts())[-1])
    await w.after(weeks=12)
    assert len(await w.posts()) == 2


@pytest.mark.nightly
async def test_a_paused_group_can_be_ended(w: World) -> None:
    await w.start()
    await w.to(NINE + timedelta(hours=1))
    await w.say("mo", "cohort pause from=now confirm=yes")
    await w.say("mo", "cohort end confirm=yes")
    await w.tick()
    assert (await w.posts())[-1].title == "Night owls has finished"


@pytest.mark.nightly
async def test_a_pause_delays_the_closing_post(last: World) -> None:
    await last.say("mo", "cohort pause from=now weeks=1 confirm=yes")
    await last.to(CLOSING + timedelta(hours=1))
    assert "has finished" not in (await last.posts())[-1].title
    await last.to(CLOSING + timedelta(weeks=1))
    assert (await last.posts())[-1].title == "Night owls has finished"


@pytest.mark.nightly
async def test_the_final_board_shows_a_rank_whole_where_it_begins_within_the_first_ten(last: World) -> None:
    others = [f"m{chr(97 + i)}" for i in range(12)]
    for who in others:
        await last.say(who, "join")
    for who in ["ada", *others]:
        await last.say(who, "checkin 30 read it")
    await last.to(CLOSING)
    [*_, closing] = await last.posts()
    [board] = [block for block in closing.in_words().blocks if isinstance(block, Table)]
    assert [row[0] for row in board.rows] == ["1"] * 13


@pytest.mark.nightly
async def test_a_check_in_of_the_last_minute_of_grace_is_on_the_final_board(last: World) -> None:
    for who in ("ben", "otto"):  # fewer than three are not ranked
        await last.say(who, "join")
    await last.to(CLOSING - timedelta(minutes=6))
    await last.say("ada", "checkin 30 just in time")
    await last.to(CLOSING)
    [*_, closing] = await last.posts()
    [board] = [block for block in closing.in_words().blocks if isinstance(block, Table)]
    assert [row[1:] for row in board.rows if row[1].startswith("Ada")] == [("Ada", "8")]


async def test_the_closing_board_names_nobody_who_did_nothing(last: World) -> None:
    for who in ("ben", "otto"):  # fewer than three are not ranked
        await last.say(who, "join")
    await last.say("ada", "checkin 30 read")
    await last.to(CLOSING)
    closing = (await last.posts())[-1]
    assert "1 Ada 10" in text(closing)
    assert "Otto" not in text(closing)


@pytest.mark.nightly
async def test_without_a_single_check_in_the_closing_post_has_no_board(last: World) -> None:
    await last.to(CLOSING)
    assert "Ada" not in text((await last.posts())[-1])


@pytest.mark.nightly
async def test_the_next_round_says_before_and_after_that_it_ends_the_catching_up(last: World) -> None:
    await last.to(CLOSING + timedelta(days=2))
    closing = (await last.posts())[-1]
    assert "You can catch up until Mon 6 Apr 2026, or until the next round starts in this channel" in text(closing)
    preview = await last_step(last, closing)
    assert "This start ends catching up in Night owls. Otherwise members could catch up until Mon 6 Apr 2026" in preview
    assert "start after that day" in preview
    await last.press("mo", "Same people")
    await last.tick()
    told = "Catching up in Night owls has ended. You can still read its record."
    assert told in text((await last.posts())[-1])
    await last.say("mo", 'cohort edit rhythm="mon 10:00 - sun 20:00" confirm=yes')
    await last.tick()
    assert told in text(next(p for p in await last.posts() if p.title == "Welcome to Night owls 2"))


@pytest.mark.parametrize(("pressed", "kept"), sample([("Same people", "off"), ("Start the group", "on")], 2))
async def test_the_same_people_keep_how_their_group_was_set(last: World, pressed: str, kept: str) -> None:
    await last.say("mo", "cohort edit reminders=no hints=no confirm=yes")
    await last.to(CLOSING + timedelta(days=2))
    await last_step(last, (await last.posts())[-1])
    await last.press("mo", pressed)
    status = text(await last.say("mo", "cohort status"))
    assert f"Reminders: {kept} Hints before exercise answers: {kept}" in status


@pytest.mark.nightly
async def test_a_round_after_the_catching_up_takes_nothing_from_anybody(last: World) -> None:
    await last.to(CLOSING + timedelta(weeks=5))
    closing = (await last.posts())[-1]
    assert "Catching up" not in await last_step(last, closing)
    await last.press("mo", "Start the group")
    await last.tick()
    assert "Catching up" not in text((await last.posts())[-1])
