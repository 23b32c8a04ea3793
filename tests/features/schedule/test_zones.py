"""The weekly post comes in its local minute, in every zone, through gap and overlap weeks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.chat.feed import RoomMessage
from tests.examples import sample
from tests.harness import World, text

pytestmark = pytest.mark.long

ZONES = (
    "Europe/Berlin",
    *(
        pytest.param(zone, marks=pytest.mark.nightly)
        for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kolkata", "America/New_York")
    ),
)


async def units(w: World) -> list[RoomMessage]:
    return [m for m in await w.messages() if m.reply.title.startswith("Unit")]


def walls(messages: list[RoomMessage], zone: str) -> list[str]:
    return [f"{m.at.astimezone(ZoneInfo(zone)):%a %d %b %H:%M}" for m in messages]


@pytest.mark.parametrize("zone", ZONES)
async def test_five_weeks_of_posts_come_monday_at_nine_there(w: World, zone: str) -> None:
    await w.start(zone, extra='start="next monday"')  # through New York's gap on 8 March and Berlin's on 29 March
    for _ in range(6):
        await w.after(weeks=1)
    came = walls(await units(w), zone)
    assert came[:5] == [f"Mon {d} 09:00" for d in ("09 Mar", "16 Mar", "23 Mar", "30 Mar", "06 Apr")]
    for message in await units(w):
        due = message.at.astimezone(ZoneInfo(zone)).date() + timedelta(days=6)
        assert f"Due Sun {due.day} {due:%b} 2026, 21:00 ({zone})" in text(message.reply)


@pytest.mark.parametrize("zone", ZONES)
async def test_the_posts_minute_is_neither_before_nor_after(w: World, zone: str) -> None:
    await w.start(zone, extra='rhythm="wed 07:43 - tue 12:00" start=2026-03-11')
    at = datetime(2026, 3, 11, 7, 43, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    await w.to(at - timedelta(seconds=1))
    assert await units(w) == []
    await w.to(at)
    assert [m.at for m in await units(w)] == [at]


@pytest.mark.parametrize(
    ("zone", "first", "expected"),
    sample(
        [
            # a Sunday's 02:30 that does not exist is 03:30
            ("Europe/Berlin", date(2026, 3, 22), ["Sun 22 Mar 02:30", "Sun 29 Mar 03:30", "Sun 05 Apr 02:30"]),
            ("America/New_York", date(2026, 3, 1), ["Sun 01 Mar 02:30", "Sun 08 Mar 03:30", "Sun 15 Mar 02:30"]),
            # one that exists twice is the first
            ("Europe/Berlin", date(2026, 10, 18), ["Sun 18 Oct 02:30", "Sun 25 Oct 02:30", "Sun 01 Nov 02:30"]),
        ],
        3,
    ),
)
async def test_a_gap_shifts_the_post_and_an_overlap_posts_once(
    w: World, zone: str, first: date, expected: list[str]
) -> None:
    w.clock._at = datetime(first.year, first.month, first.day, 12, tzinfo=UTC) - timedelta(days=3)
    await w.start(zone, extra=f'rhythm="sun 02:30 - sat 13:00" start={first.isoformat()}')
    for _ in range(18):
        await w.after(days=1)
    await w.after(hours=23)
    assert walls(await units(w), zone) == expected
    assert len({m.reply.title for m in await units(w)}) == 3


async def test_the_first_pass_of_an_overlap_hour_is_the_one(w: World) -> None:
    w.clock._at = datetime(2026, 10, 30, tzinfo=UTC)
    await w.start("America/New_York", extra='rhythm="sun 01:30 - sat 13:00" start=2026-11-01')
    first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    await w.to(first)
    assert [m.at for m in await units(w)] == [first]
    await w.to(first + timedelta(hours=1))
    assert len(await units(w)) == 1


async def test_start_today_after_the_hour_posts_at_once_with_five_days_at_least(w: World) -> None:
    w.clock._at = datetime(2026, 3, 5, 15, 17, tzinfo=UTC)  # a Thursday
    await w.start("UTC", extra="start=today")
    [post] = await units(w)
    assert post.at == w.clock.now()
    assert "Late" not in text(post.reply)
    assert "Due Sun 15 Mar 2026, 21:00" in text(post.reply)


async def test_start_today_before_the_hour_waits_for_it(w: World) -> None:
    await w.start("UTC", extra="start=today")
    assert await units(w) == []
    await w.after(hours=1)
    assert walls(await units(w), "UTC") == ["Mon 02 Mar 09:00"]


@pytest.mark.parametrize(
    ("zone", "at", "day"),
    [
        ("Pacific/Kiritimati", datetime(2026, 3, 2, 11, tzinfo=UTC), "Tue 3 Mar 2026"),
        ("Pacific/Pago_Pago", datetime(2026, 3, 2, 8, tzinfo=UTC), "Sun 1 Mar 2026"),
    ],
)
async def test_today_is_the_groups_day_wherever_its_moderator_lives(
    w: World, zone: str, at: datetime, day: str
) -> None:
    w.clock._at = at
    preview = await w.say("mo", f"cohort create name=Far timezone={zone} start=today", zone="UTC")
    assert day in text(preview)
    await w.press("mo", "Confirm", zone="UTC")
    assert day in text(await w.say("mo", "cohort status"))


@pytest.mark.nightly
async def test_two_weeks_pace_posts_every_second_monday(w: World) -> None:
    await w.start("Europe/Berlin", extra='pace="2 weeks" start="next monday"')
    for _ in range(6):
        await w.after(weeks=1)
    assert walls(await units(w), "Europe/Berlin") == ["Mon 09 Mar 09:00", "Mon 23 Mar 09:00", "Mon 06 Apr 09:00"]
    assert "Due Sun 22 Mar 2026, 21:00" in text((await units(w))[0].reply)


async def test_by_the_calendar_units_before_the_start_are_named_and_never_missed(w: World) -> None:
    preview = await w.say("mo", "cohort create name=Owls timezone=UTC pace=calendar")
    assert "come before the start. They never count as missed." in text(preview)
    before = int(text(preview).split("units 1 to ")[1].split()[0])
    await w.press("mo", "Confirm")
    await w.say("ada", "join")
    await w.after(hours=2)
    [first] = await units(w)
    assert first.reply.title.startswith(f"Unit {before + 1}:")
    assert f"{58 - before} units remain" in text(preview)
    await w.say("ada", "checkin 30 read it")
    progress = text(await w.say("ada", "progress"))
    assert "Streak 1" in progress
    assert "missed" not in progress
    assert "isn't part of this group's course" in text(await w.say("ada", "checkin unit=1 30 before"))


async def test_a_first_unit_is_where_the_group_begins(w: World) -> None:
    await w.start(extra="first_unit=7")
    await w.after(hours=1)
    assert [m.reply.title[:6] for m in await units(w)] == ["Unit 7"]
    await w.after(weeks=2)  # a free week lies between two legs
    assert [m.reply.title[:6] for m in await units(w)] == ["Unit 7", "Unit 8"]
