"""The day belongs to the member's zone: days of check-ins from +14 to -11, and what a change of zone does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.messages.call import Call
from tests.examples import sample
from tests.harness import MONDAY, World, text

pytestmark = pytest.mark.long

FAR_EAST, FAR_WEST, INDIA = "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kolkata"


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    sample(
        [
            (FAR_EAST, timedelta(days=1, hours=1, minutes=59), timedelta(days=1, hours=2)),
            (FAR_WEST, timedelta(days=1, hours=2, minutes=59), timedelta(days=1, hours=3)),
            (INDIA, timedelta(days=1, hours=10, minutes=29), timedelta(days=1, hours=10, minutes=30)),
        ],
        3,
    ),
)
async def test_a_further_day_begins_at_midnight_where_the_member_is(
    w: World, zone: str, before: timedelta, after: timedelta
) -> None:
    await w.start()
    await w.say("ada", "join", zone=zone)
    await w.to(MONDAY + before - timedelta(hours=1))
    await w.say("ada", "checkin 10 evening", zone=zone)
    await w.to(MONDAY + before)
    assert "point" not in text(await w.say("ada", "checkin 10 still evening", zone=zone))
    await w.to(MONDAY + after)
    assert "+1 point ·" in text(await w.say("ada", "checkin 10 past midnight", zone=zone))


@pytest.mark.parametrize("zone", sample([FAR_EAST, FAR_WEST, INDIA], 3))
async def test_the_720_minutes_are_those_of_the_members_day(w: World, zone: str) -> None:
    await w.start()
    await w.say("ada", "join", zone=zone)
    await w.after(hours=2)
    await w.say("ada", "checkin 12h all of it", zone=zone)
    assert "Check in again tomorrow." in text(await w.say("ada", "checkin 1 more", zone=zone))
    await w.after(hours=24)
    assert (await w.say("ada", "checkin 12h a new day", zone=zone)).tone == "good"


@pytest.mark.nightly
@pytest.mark.parametrize(
    "zone", [FAR_EAST, *(pytest.param(zone, marks=pytest.mark.nightly) for zone in (FAR_WEST, INDIA))]
)
async def test_studying_every_day_never_loses_a_streak_wherever_one_lives(w: World, zone: str) -> None:
    await w.start()
    await w.say("ada", "join", zone=zone)
    await w.after(hours=2)
    for _ in range(15):
        assert (await w.say("ada", "checkin 20 daily", zone=zone)).tone == "good"
        await w.after(days=1)
    assert "Streak 3." in text(await w.say("ada", "progress", zone=zone))


async def test_the_deadline_is_one_instant_for_all_and_told_in_the_groups_zone(w: World) -> None:
    await w.start(zone="Europe/Berlin")
    for who, zone in (("ada", FAR_EAST), ("ben", FAR_WEST)):
        await w.say(who, "join", zone=zone)
    await w.to(MONDAY + timedelta(days=6, hours=12))
    for who, zone in (("ada", FAR_EAST), ("ben", FAR_WEST)):
        assert "10 points" in text(await w.say(who, "checkin 10 on the dot", zone=zone))
    await w.after(seconds=1)
    assert "due Sun 8 Mar 2026, 21:00 (Europe/Berlin)" in text(await w.call("ada", Call("ledger"), zone=FAR_EAST))


async def test_a_change_of_zone_does_not_move_past_days(w: World) -> None:
    await w.start()
    await w.say("ada", "join", zone=FAR_WEST)
    await w.after(hours=2)
    await w.say("ada", "checkin 10 on the first of March there", zone=FAR_WEST)
    await w.say("ada", f"settings zone={FAR_EAST}", zone=FAR_WEST)
    receipt = text(await w.say("ada", "checkin 10 on the third of March here", zone=FAR_WEST))
    assert "+1 point ·" in receipt
    await w.say("ada", f"settings zone={FAR_WEST}", zone=FAR_WEST)
    assert "Includes 1 point for extra days." in text(await w.call("ada", Call("ledger"), zone=FAR_WEST))


async def test_a_zone_set_by_its_owner_wins_over_the_platforms(w: World) -> None:
    await w.start()
    assert f"Your time zone: {INDIA} (from your browser)" in text(await w.say("ada", "join", zone=INDIA))
    await w.say("ada", f"settings zone={FAR_EAST}", zone=INDIA)
    await w.after(hours=2)
    reply = await w.say("ada", "away until=2026-03-09 from=today", zone=INDIA)
    assert f"Tue 3 Mar 2026 to Mon 9 Mar 2026 ({FAR_EAST})" in text(reply)
    assert f"Your time zone: {FAR_EAST} Reminders" in text(await w.say("ada", "join", zone=INDIA))


async def test_a_zone_that_follows_the_platform_moves_with_it(w: World) -> None:
    await w.start()
    await w.say("ada", "join", zone=INDIA)
    assert f"Your time zone: {FAR_EAST} (from your browser)" in text(await w.say("ada", "join", zone=FAR_EAST))
