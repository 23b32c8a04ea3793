"""A post says when it is due: a group that sleeps until then misses nothing, and a post of one's own needs no more."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from bot.delivery.outbox import Announcement
from bot.delivery.scheduled_post import Effect, ScheduledPost
from bot.features.groups import message_keys
from bot.features.groups.calendar.rhythm import local_instant
from bot.features.groups.snapshot import GroupSnapshot
from bot.features.groups.tables import Group
from bot.messages.reply import say
from tests.harness import MONDAY, World, text, world
from tests.kit import OTHER, ROOM, Partner

pytestmark = pytest.mark.long

HERE = {"platform": "slack", "tenant": "T1", "room": ROOM}
THERE = {"platform": "slack", "tenant": "T1", "room": OTHER}
BERLIN = ZoneInfo("Europe/Berlin")
EIGHT = time(20)


def digest(snapshot: GroupSnapshot) -> Iterator[Effect]:
    """Say something at eight in the evening."""
    day = snapshot.now.astimezone(snapshot.timeline.zone).date()
    at = local_instant(day, EIGHT, snapshot.timeline.zone)
    if at <= snapshot.now:
        yield Announcement(
            message_keys.make_key(snapshot.group.id, "digest", day), snapshot.place, say("The day in short"), at
        )


def next_digest(snapshot: GroupSnapshot) -> datetime:
    """Return the next eight in the evening."""
    zone = snapshot.timeline.zone
    day = snapshot.now.astimezone(zone).date()
    at = local_instant(day, EIGHT, zone)
    return at if at > snapshot.now else local_instant(day + timedelta(days=1), EIGHT, zone)


DIGEST = ScheduledPost("digest", digest, next_digest)


async def test_a_digest_at_eight_comes_in_its_minute_on_every_day_also_when_the_clocks_change(tmp_path: Path) -> None:
    async with world(tmp_path, at=datetime(2026, 3, 27, 8, 0, tzinfo=UTC)) as w:
        await w.start("Europe/Berlin")
        w.app.tick = replace(w.app.tick, posts=(*w.app.tick.posts, DIGEST))
        await w.say("ada", "join")
        await w.to(datetime(2026, 4, 1, 8, 0, tzinfo=UTC))
        said = [m for m in await w.messages() if "The day in short" in text(m.reply)]
    came = [m.at.astimezone(BERLIN) for m in said]
    assert [(at.month, at.day) for at in came] == [(3, 27), (3, 28), (3, 29), (3, 30), (3, 31)]
    assert {(at.hour, at.minute) for at in came} == {(20, 0)}
    assert not any("Late" in text(m.reply) for m in said)


async def wake_at(w: World) -> datetime:
    chosen = select(Group.wake_at)
    at: datetime | None = await w.app.database.run(lambda work: work.session.scalar(chosen), writes=False)
    assert at is not None
    return at


async def due_at(w: World, at: datetime) -> list[Effect]:
    """Return what a look at an instant would find."""
    look = await w.app.database.run(lambda work: w.app.tick._look(work, 1, at, "look"), writes=False)
    return list(look.effects)


PEOPLE = {
    "ada": "settings reminders=yes",
    "ben": 'settings reminders=yes timezone=Asia/Kolkata quiet="17:00 - 19:00"',
    "chloe": 'settings reminders=yes timezone=America/New_York quiet="09:00 - 23:30"',
    "dev": 'settings reminders=yes timezone=Pacific/Auckland quiet="00:00 - 00:00"',
}
LINES = (
    "checkin 30 read it",
    "checkin 30 read it",
    "away until=tomorrow",
    'away until="in 1 week"',
    "away until=today",
    'settings quiet="20:00 - 08:00"',
    'settings quiet="00:00 - 00:00"',
    "settings timezone=Europe/Berlin",
)
RULED = ("cohort pause weeks=1 from=now confirm=yes", "cohort resume confirm=yes", "cohort pause from=now confirm=yes")


@pytest.mark.parametrize(
    ("seed", "weeks"), [(1, 2), *(pytest.param(seed, 5, marks=pytest.mark.nightly) for seed in (1, 2, 3))]
)
async def test_between_two_wakings_there_is_never_anything_due(tmp_path: Path, seed: int, weeks: int) -> None:
    chance = random.Random(seed)
    async with world(tmp_path, at=datetime(2026, 3, 16, 8, 0, tzinfo=UTC)) as w:
        await w.start(chance.choice(["UTC", "Europe/Berlin", "America/New_York"]), extra="first_unit=56")
        for who, line in PEOPLE.items():
            await w.say(who, "join")
            await w.say(who, line)
        until = w.clock.now() + timedelta(weeks=weeks)
        while w.clock.now() < until:
            await w.tick()
            now, ahead = w.clock.now(), await wake_at(w)
            assert await due_at(w, now) == []
            moments = [now + (ahead - now) * chance.random() for _ in range(4)]
            for at in (*moments, ahead - timedelta(seconds=1)):
                assert await due_at(w, at) == [], (at, ahead)
            w.clock.move_to(ahead)
            if chance.random() < 0.25:
                w.clock.move_to(now + (ahead - now) * chance.random())
                if chance.random() < 0.2:
                    await w.say("mo", chance.choice(RULED))
                else:
                    await w.say(chance.choice(list(PEOPLE)), chance.choice(LINES))


def busy() -> OperationalError:
    cause = sqlite3.OperationalError("locked")
    cause.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return OperationalError("SELECT 1", None, cause)


@pytest.mark.parametrize("fault", [ZeroDivisionError("no such thing"), busy()])
async def test_the_fault_of_one_group_is_its_own(
    wide: World, partner: Partner, fault: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    await wide.start(name="Broken", **HERE)
    await wide.start(name="Sound", **THERE)

    def fail(snapshot: GroupSnapshot) -> Iterator[Effect]:
        if snapshot.group.name == "Broken":
            raise fault
        return iter(())

    whole = wide.app.tick
    wide.app.tick = replace(whole, posts=(ScheduledPost("broken", fail, lambda _: None), *whole.posts))
    wide.clock.move_to(MONDAY + timedelta(hours=1))
    await wide.tick()
    assert [p.title[:6] for p in partner.posts(OTHER)] == ["Welcom", "Unit 1"]
    assert [p.title[:6] for p in partner.posts(ROOM)] == ["Welcom"]
    assert "the scheduled post 'broken' failed" in caplog.text
    wide.app.tick = whole
    await wide.after(minutes=5)
    assert [p.title[:6] for p in partner.posts(ROOM)] == ["Welcom", "Unit 1"]


async def between_look_and_store(w: World, statement: str) -> None:
    """Tick while somebody else changes the database once, after the tick has looked and before it has stored."""
    file, left = w.app.settings.data_dir / "trailmate.db", [statement]

    def interfere(snapshot: GroupSnapshot) -> Iterator[Effect]:
        snapshot.timeline, snapshot.group.room  # noqa: B018  (what the look has seen)
        while left:
            with closing(sqlite3.connect(file)) as connection, connection:
                connection.execute(left.pop())
        return iter(())

    whole = w.app.tick
    w.app.tick = replace(whole, posts=(*whole.posts, ScheduledPost("interfering", interfere, lambda _: None)))
    await w.tick()
    w.app.tick = whole
    assert not left


async def test_a_room_that_is_left_while_the_tick_looks_gets_no_post(wide: World, partner: Partner) -> None:
    await wide.start(**HERE)
    wide.clock.move_to(MONDAY + timedelta(hours=1))
    await between_look_and_store(wide, f"UPDATE study_group SET room = '{OTHER}'")
    assert [p.title[:6] for p in partner.posts(ROOM)] == ["Welcom"]
    await wide.tick()
    assert [p.title[:6] for p in partner.posts(OTHER)] == ["Unit 1"]


async def test_a_group_that_is_woken_while_the_tick_looks_is_looked_at_again(w: World) -> None:
    await w.start()
    w.clock.move_to(MONDAY + timedelta(hours=1))
    await between_look_and_store(w, "UPDATE study_group SET wake_at = '2026-03-02 08:59:59.000000'")
    assert await wake_at(w) < w.clock.now()
    assert len(await w.posts()) == 2  # what was due went out all the same
    await w.tick()
    assert await wake_at(w) > w.clock.now()


async def test_many_reminders_are_stored_a_few_at_a_time(w: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await w.start()
    for number in range(7):
        await w.say(f"p{number}", "join")
        await w.say(f"p{number}", "settings reminders=yes")
    await w.to(datetime(2026, 3, 7, 20, 59, tzinfo=UTC))
    monkeypatch.setattr("bot.features.schedule.service.AT_ONCE", 3)
    stored: list[int] = []
    whole = w.app.tick._store
    monkeypatch.setattr(
        type(w.app.tick),
        "_store",
        lambda _, *a, **k: stored.append(len(a[3])) or whole(*a, **k),  # type: ignore[func-returns-value]
    )
    await w.after(minutes=1)
    assert sum(stored) >= 8  # seven reminders, and the one in the thread
    assert max(stored) == 3
    assert all([len(await w.posts(f"@p{number}")) == 1 for number in range(7)])
