"""What happens to people on a platform that no process was connected to, while all else went on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from bot.cluster.process_registry import ProcessRegistry
from bot.delivery.outbox import OutboxRow
from bot.features.schedule.outage_detection import GAP, Heard, store_beat
from bot.features.schedule.tables import Beat, Outage, PlatformBeat, PlatformOutage
from bot.messages.reply import Reply
from bot.runtime.heartbeat import Heartbeat
from bot.storage.unit_of_work import Work
from tests.harness import MONDAY, World, text

pytestmark = pytest.mark.long

DISCORD: dict[str, Any] = {"platform": "discord", "tenant": "1", "room": "1001"}
SLACK: dict[str, Any] = {"platform": "slack", "tenant": "T1", "room": "C1"}
DEADLINE = datetime(2026, 3, 8, 21, tzinfo=UTC)
STEP = timedelta(minutes=9)
NONE: frozenset[str] = frozenset()
BOTH = frozenset({"discord", "slack"})


@dataclass
class Processes:
    """A worker that ticks, and gateways that are connected to platforms or not, as time goes by."""

    w: World
    seconds: float = 0.0
    gateways: dict[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    async def begin(cls, w: World, **gateways: frozenset[str]) -> Processes:
        """Have a group on each platform with Ada in it, and gateways that are connected so."""
        made = cls(w, gateways=gateways)
        w.app.tick = replace(w.app.tick, watches_gaps=True)
        w.app.pulse, w.app.presence = Heartbeat(lambda: made.seconds), ProcessRegistry({"worker"}, "worker")
        for where in (DISCORD, SLACK):
            await w.start(name=f"Owls of {where['platform']}", **where)
            await w.say("ada", "join", **where)
            await w.say("ada", "settings reminders=yes", **where)
        await made.tick()
        return made

    async def tick(self) -> None:
        for name, ready in self.gateways.items():
            await ProcessRegistry({"gateway"}, name).beat(self.w.app.database, sorted(ready))
        await self.w.app.run_tick()

    async def to(self, at: datetime, **gateways: frozenset[str]) -> None:
        """Let it be so late, with gateways that are connected so from now on.

        While all is connected it is quick: as if the clock were set from one thing that is due to the next.
        """
        self.gateways |= gateways
        await self.tick()
        while (now := self.w.clock.now()) < at:
            is_whole = frozenset().union(*self.gateways.values()) == BOTH
            due = await self.w._next_due() if is_whole else None
            until = min(at, max(due, now + timedelta(seconds=5)) if due is not None else now + STEP)
            self.seconds += 5 if is_whole else (until - now).total_seconds()
            self.w.clock.move_to(until)
            await self.tick()

    async def read(self, row: type[Any]) -> list[Any]:
        return await self.w.app.database.run(
            lambda work: [*work.session.scalars(select(row).order_by(row.id))], writes=False
        )

    async def queued(self, where: dict[str, Any], room: str | None = None) -> list[Reply]:
        """Return what was to be posted in a room."""
        rows = [one for one in await self.read(OutboxRow) if one.platform == where["platform"] and one.action == "post"]
        return [Reply.from_json(row.reply) for row in rows if row.room == (room or where["room"])]

    async def about(self, where: dict[str, Any]) -> list[str]:
        return [text(one) for one in await self.queued(where) if "I was" in text(one)]


async def test_while_one_of_two_gateways_is_connected_there_is_no_outage(w: World) -> None:
    bot = await Processes.begin(w, one=BOTH, two=BOTH)
    await bot.to(MONDAY + timedelta(hours=2), one=NONE)
    await bot.to(MONDAY + timedelta(hours=3), one=BOTH, two=frozenset({"discord"}))
    assert await bot.read(PlatformOutage) == []


async def test_a_platform_that_nobody_was_connected_to_was_away_and_no_other(w: World) -> None:
    bot = await Processes.begin(w, one=BOTH)
    await bot.to(DEADLINE - timedelta(hours=1))
    await bot.to(DEADLINE + timedelta(hours=2), one=frozenset({"slack"}))
    await bot.to(DEADLINE + timedelta(hours=2, minutes=5), one=BOTH)
    [outage] = await bot.read(PlatformOutage)
    assert outage.platform == "discord"
    assert (outage.from_at, outage.until_at) == (DEADLINE - timedelta(hours=1), DEADLINE + timedelta(hours=2))
    assert await bot.read(Outage) == []
    [told] = await bot.about(DISCORD)
    assert told.startswith("I was not connected to Discord from Sun 8 Mar 2026, 20:00 (UTC) to Sun 8 Mar 2026, 23:00")
    assert "late period of Unit 1: Python data structures to Mon 9 Mar 2026, 11:00 (UTC)" in told
    assert await bot.about(SLACK) == []


async def test_the_longer_grace_saves_a_streak_there_alone(w: World) -> None:
    bot = await Processes.begin(w, one=BOTH)
    await bot.to(DEADLINE)
    await bot.to(DEADLINE + timedelta(hours=6), one=frozenset({"slack"}))
    await bot.to(DEADLINE + timedelta(hours=17), one=BOTH)
    kept = text(await w.say("ada", "checkin unit=1 30 late but kept", **DISCORD))
    assert "Checked in late" in kept
    progress = await w.record("ada", **DISCORD)
    assert "Streak 1" in progress
    assert "The bot was not connected to Discord from 2026-03-08 21:00 to 2026-03-09 03:00 UTC." in progress
    assert "Checked in late" not in text(await w.say("ada", "checkin unit=1 30 too late", **SLACK))
    assert "Streak 1" not in text(await w.say("ada", "progress", **SLACK))


async def test_a_unit_whose_hour_came_meanwhile_opens_late_and_only_there(w: World) -> None:
    bot = await Processes.begin(w, one=BOTH)
    await bot.to(MONDAY + timedelta(minutes=30))
    await bot.to(MONDAY + timedelta(hours=4), one=frozenset({"slack"}))
    assert [one.title for one in await bot.queued(DISCORD) if one.title.startswith("Unit")] == []
    assert len([one for one in await bot.queued(SLACK) if one.title.startswith("Unit")]) == 1
    await bot.to(MONDAY + timedelta(hours=4, minutes=5), one=BOTH)
    [post] = [one for one in await bot.queued(DISCORD) if one.title.startswith("Unit")]
    assert "Due Sun 8 Mar 2026, 21:00" in text(post)


@pytest.mark.nightly
async def test_reminders_that_fell_into_it_are_one_that_says_when_it_was_due(w: World) -> None:
    bot = await Processes.begin(w, one=BOTH)
    await bot.to(DEADLINE - timedelta(hours=30))
    await bot.to(DEADLINE - timedelta(hours=2), one=frozenset({"slack"}))
    assert await bot.queued(DISCORD, "@ada") == []
    await bot.to(DEADLINE - timedelta(hours=1), one=BOTH)
    direct = [one for one in await bot.read(OutboxRow) if ":direct:" in one.key]
    [late] = [one for one in direct if one.platform == "discord"]
    assert late.due_at == DEADLINE - timedelta(days=1)
    assert all(one.due_at < DEADLINE - timedelta(hours=1) for one in direct if one.platform == "slack")


async def test_the_doctor_tells_of_it_for_a_day_and_while_it_lasts(w: World) -> None:
    bot = await Processes.begin(w, one=BOTH)
    await bot.to(MONDAY + timedelta(hours=3), one=frozenset({"discord"}))
    there = text(await w.say("mo", "doctor", **SLACK))
    assert (
        "✗ I've had no connection to Slack since 2026-03-02 08:00 UTC. Its groups are waiting. Ask the bot's operator"
        in there
    )
    assert "since" not in text(await w.say("mo", "doctor", **DISCORD))
    await bot.to(MONDAY + timedelta(hours=4), one=BOTH)
    told = "✓ I was not connected to Slack from 2026-03-02 08:00 to 2026-03-02 11:00 UTC."
    assert told in text(await w.say("mo", "doctor", **SLACK))
    await bot.to(MONDAY + timedelta(hours=28))
    assert told not in text(await w.say("mo", "doctor", **SLACK))


def noted(work: Work) -> tuple[list[timedelta], list[tuple[str, timedelta]]]:
    """Return how long each outage was, as a whole and of a platform."""
    whole = [row.until_at - row.from_at for row in work.session.scalars(select(Outage).order_by(Outage.id))]
    own = work.session.scalars(select(PlatformOutage).order_by(PlatformOutage.id))
    return whole, [(one.platform, one.until_at - one.from_at) for one in own]


async def lived(w: World, *beats: tuple[timedelta, Heard]) -> tuple[list[timedelta], list[tuple[str, timedelta]]]:
    """Have ticks at these times after the first find who is heard so, and return the outages."""
    for after, heard in beats:
        await w.app.database.run(partial(store_beat, now=MONDAY + after, heard=heard, watches_gaps=True))
    return await w.app.database.run(noted, writes=False)


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


async def test_what_a_whole_outage_took_is_not_told_of_a_platform_again(w: World) -> None:
    there, nowhere = Heard(platforms={"slack": None}), Heard()
    assert await lived(w, (minutes(0), there), (minutes(60), nowhere), (minutes(62), there)) == ([minutes(60)], [])
    assert await lived(w, (minutes(80), nowhere), (minutes(85), there)) == ([minutes(60), minutes(18)], [])


async def test_a_platform_that_was_away_before_and_after_a_whole_outage_was_away_all_the_time(w: World) -> None:
    there, nowhere = Heard(platforms={"slack": None}), Heard()
    alone = [(minutes(after), nowhere) for after in (9, 18, 60)]
    found = await lived(w, (minutes(0), there), *alone, (minutes(65), there))
    assert found == ([minutes(42)], [("slack", minutes(65))])


async def test_a_clock_that_is_set_is_no_outage_of_a_platform(w: World) -> None:
    def there(since_s: float | None) -> Heard:
        return Heard(since_s, {"slack": since_s})

    day = timedelta(days=1)
    assert await lived(w, (minutes(0), there(None)), (day, there(5)), (minutes(1), there(5))) == ([], [])
    assert await lived(w, (minutes(31), there(1800))) == ([minutes(30)], [])


async def test_how_long_is_an_outage(w: World) -> None:
    slack, steps = Heard(platforms={"slack": None}), (minutes(5), minutes(10))
    quiet = [(after, Heard()) for after in steps]
    assert await lived(w, (minutes(0), slack), *quiet, (GAP, slack)) == ([], [])
    later = [(minutes(10) + after, Heard()) for after in steps]
    assert await lived(w, *later, (GAP + minutes(10.1), slack)) == ([], [("slack", minutes(10.1))])
    beats = await w.app.database.run(lambda work: [*work.session.scalars(select(PlatformBeat.at))], writes=False)
    last = await w.app.database.run(lambda work: work.session.get_one(Beat, 1).at, writes=False)
    assert beats == [last]
