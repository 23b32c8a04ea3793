"""Weeks that are lived with pledges, in zones whose clocks change meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.messages.call import Call
from tests.harness import World, text

BERLIN, YORK = "Europe/Berlin", "America/New_York"


async def came(w: World, who: str, zone: str) -> list[str]:
    return [f"{m.at.astimezone(ZoneInfo(zone)):%a %d %b %H:%M}" for m in await w.messages(f"@{who}")]


async def test_two_zones_across_a_change_of_clocks(w: World) -> None:
    w.clock._at = datetime(2026, 3, 23, 7, tzinfo=UTC)  # Berlin's clocks go ahead on the 29th, New York's have
    await w.start(BERLIN)
    for who, zone in (("ada", BERLIN), ("ben", YORK)):
        await w.say(who, "join", zone=zone)
    await w.after(hours=2)
    assert "(Europe/Berlin)" in text(await w.say("ada", "pledge two pages, Sa 19 Uhr", zone=BERLIN))
    await w.say("ben", "pledge two pages, Saturday 7pm", zone=YORK)
    await w.say("ada", "checkin 30 one page", zone=BERLIN)
    await w.press("ada", "Undo", zone=BERLIN)
    await w.after(weeks=1)
    for who, zone in (("ada", BERLIN), ("ben", YORK)):
        await w.say(who, "pledge", zone=zone)
        await w.press(who, "Use it again", zone=zone)
    await w.after(weeks=1)
    # six o'clock is over for Ada; for Ben it lies in quiet hours, so the evening before brings it
    await w.say("ada", "pledge four pages, heute um 6 Uhr", zone=BERLIN)
    await w.say("ben", "pledge four pages, tomorrow at 6am", zone=YORK)
    await w.after(days=2)
    assert await came(w, "ada", BERLIN) == ["Sat 28 Mar 19:00", "Sat 04 Apr 19:00"]
    assert await came(w, "ben", YORK) == ["Sat 28 Mar 19:00", "Sat 04 Apr 19:00", "Mon 06 Apr 21:45"]


async def test_who_is_away_or_paused_hears_of_a_pledge_when_they_are_back(w: World) -> None:
    await w.begin("ada", "ben")
    for who in ("ada", "ben"):
        await w.say(who, "pledge two pages, Wed 7pm")
    await w.say("ada", "away from=2026-03-04 until=2026-03-05")
    await w.say("ben", "checkin 30 two pages at once")
    await w.to(datetime(2026, 3, 8, 20, tzinfo=UTC) + timedelta(minutes=30))
    assert await came(w, "ada", "UTC") == ["Fri 06 Mar 08:00"]
    assert await came(w, "ben", "UTC") == []


async def test_a_time_that_was_pledged_counts_for_more_than_what_was_said_before(w: World) -> None:
    await w.begin("ada", "ben", "chloe")
    await w.after(weeks=4)  # all of them rest by now
    await w.say("ada", "away from=2026-04-05 until=2026-04-06")  # the day of the deadline
    unit = w.button("ben", "Check in", (await w.posts())[-1]).target
    assert isinstance(unit, Call)
    for who in ("ben", "chloe"):
        await w.call(who, Call("mute", {"unit": unit.args["unit"]}))
    for who in ("ada", "ben"):
        await w.say(who, "pledge two pages, Wed 7pm")
    await w.say("chloe", "pledge two pages, Wed 7pm")
    await w.call("chloe", Call("mute", {"unit": unit.args["unit"]}))
    await w.after(days=6)
    assert await came(w, "ada", "UTC") == await came(w, "ben", "UTC") == ["Wed 01 Apr 19:00"]
    assert await came(w, "chloe", "UTC") == []


async def test_the_post_counts_pledges_and_the_next_one_those_that_were_kept_and_nobody_elses(w: World) -> None:
    w.app.tick = replace(w.app.tick, count_every_s=0)
    await w.begin("ada", "ben", "chloe", "dev", "eve", extra='rhythm="mon 09:00 - fri 18:00"')
    [(_, (start, *_))] = await w.threads()
    for who in ("ada", "ben"):
        await w.press(who, "Make a plan", {"text": "two pages"}, of=start)
    await w.after(minutes=2)
    assert "0 of 5 checked in, 2 have a plan" in text((await w.posts())[-1])
    for who in ("ada", "chloe"):
        await w.say(who, "checkin 30 two pages")
    await w.after(minutes=2)
    assert "2 of 5 checked in, 2 have a plan" in text((await w.posts())[-1])
    await w.to(datetime(2026, 3, 16, 8, 59, tzinfo=UTC))
    assert "2 of 5 checked in, 1 of them had a plan" in text((await w.posts())[-1])
    await w.after(minutes=2)
    newest, recap = text((await w.posts())[-1]), text((await w.threads())[-1][1][-1])
    assert "Completed unit 1: Ada and Chloe. 🎉 One of them had a plan for it." in recap
    assert "0 of 5 checked in" in newest and "pledged" not in newest
