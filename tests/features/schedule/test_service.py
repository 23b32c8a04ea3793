"""The tick: each thing once, however often it looks, however many look, whatever the clock does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy import text as text_of

from bot.chat.platform import DeliveryUnknown, Gone
from bot.delivery.outbox import OutboxRow
from bot.delivery.scheduled_post import Effect
from bot.features.groups.service import Groups
from bot.features.groups.snapshot import GroupSnapshot
from bot.features.groups.tables import Group, Occurrence
from bot.features.schedule import posts
from bot.features.schedule.service import LEASE, LONGEST_SLEEP
from bot.storage import engine as engines
from bot.storage.unit_of_work import Work
from tests.harness import MONDAY, World, text, world
from tests.kit import OTHER, ROOM, Partner
from tests.storage.fixtures import run_alone

pytestmark = pytest.mark.long

NINE = MONDAY + timedelta(hours=1)
HERE: dict[str, Any] = {"platform": "slack", "tenant": "T1", "room": ROOM}
THERE: dict[str, Any] = {"platform": "slack", "tenant": "T1", "room": OTHER}


async def keys(w: World, like: str) -> list[str]:
    chosen = select(OutboxRow.key).where(OutboxRow.key.like(like)).order_by(OutboxRow.id)
    return await w.app.database.run(lambda work: list(work.session.scalars(chosen)), writes=False)


async def count_occurrences(w: World) -> int:
    counted = select(func.count()).select_from(Occurrence)
    return await w.app.database.run(lambda work: work.session.scalar(counted) or 0, writes=False)


async def test_post_thread_and_thread_start_come_once_although_ticks_repeat(w: World) -> None:
    await w.start()
    w.clock.move_to(NINE)
    for _ in range(20):
        await w.tick()
    assert len(await w.posts()) == 2  # welcome and unit
    [(_, thread)] = await w.threads()
    assert len(thread) == 1


async def test_two_processes_on_one_database_post_once(tmp_path: Path) -> None:
    async with world(tmp_path) as one, world(tmp_path) as two:
        await one.start()
        await one.say("ada", "join")
        await one.say("ada", "settings reminders=yes")
        for at in (NINE, NINE + timedelta(days=5, hours=12), NINE + timedelta(weeks=1)):
            for each in (one, two):
                each.clock.move_to(at)
            await asyncio.gather(*(each.tick() for each in (one, two, one, two)))
        units = [p for p in await one.posts() if p.title.startswith("Unit")]
        assert [u.title[:6] for u in units] == ["Unit 1", "Unit 2"]
        assert [len(messages) for _, messages in await one.threads()] == [
            2,
            2,
        ]
        assert len(await two.posts("@ada")) == 1
        assert await count_occurrences(two) == 2


async def test_a_clock_that_steps_back_and_forth_brings_nothing_twice(w: World) -> None:
    await w.start()
    await w.to(NINE + timedelta(minutes=2))
    for step_s in (-3600, -90000, 60, 7200, -5, 3600):
        w.clock._at += timedelta(seconds=step_s)
        await w.tick()
    w.clock.move_to(NINE + timedelta(hours=3))
    await w.tick()
    assert len(await w.posts()) == 2
    assert [len(messages) for _, messages in await w.threads()] == [1]
    await w.to(NINE + timedelta(weeks=1))
    assert len(await w.posts()) == 3


async def test_a_moved_hour_or_a_moved_room_cannot_post_a_unit_twice(wide: World, partner: Partner) -> None:
    await wide.start(**HERE)
    await wide.to(NINE)
    await wide.say("mo", 'cohort edit rhythm="mon 11:00 - sun 21:00" confirm=yes', **HERE)
    await wide.say("mo", f"cohort edit channel={OTHER} confirm=yes", **HERE)
    await wide.after(hours=5)
    assert len([p for p in partner.posts(ROOM) if p.title.startswith("Unit")]) == 1
    assert [p.title[:9] for p in partner.posts(OTHER)] == ["New dates"]
    await wide.to(MONDAY + timedelta(weeks=1, hours=3))
    assert [p.title[:6] for p in partner.posts(OTHER)][1:] == ["Unit 2"]


@pytest.mark.nightly
async def test_after_a_move_the_running_thread_goes_on_where_it_is(wide: World, partner: Partner) -> None:
    await wide.start(**HERE)
    await wide.to(NINE)
    await wide.say("mo", f"cohort edit channel={OTHER} confirm=yes", **HERE)
    await wide.after(days=6)
    reminder = next(p for p in partner.sent if "thread:1d" in p.key)
    post = next(p for p in partner.sent if p.key.endswith(":post"))
    assert (reminder.place.room, reminder.place.thread) == (ROOM, f"t-m{partner.sent.index(post) + 1}")


async def test_a_post_that_may_have_arrived_is_looked_for_and_not_repeated(w: World) -> None:
    await w.start()
    w.clock.move_to(NINE)
    relay = w.app.relays["local"]
    real, calls = relay._deliver, []

    async def lose_the_answer(post: Any, again: bool) -> Any:
        sent = await real(post, again)
        calls.append(again)
        if len(calls) == 1:
            raise DeliveryUnknown
        return sent

    relay._deliver = lose_the_answer
    machine = [datetime.now(UTC)]
    relay._real_now = lambda: machine[0]
    await w.tick()
    machine[0] += timedelta(minutes=5)
    await w.tick()
    assert calls[:2] == [False, True]
    assert len(await w.posts()) == 2


async def test_the_count_line_is_edited_once_a_minute_however_many_check_in(wide: World, partner: Partner) -> None:
    machine = [datetime.now(UTC)]
    wide.app.relays["slack"]._real_now = lambda: machine[0]
    wide.app.database.real_now = lambda: machine[0]
    await wide.start(**HERE)
    names = [f"p{i}" for i in range(8)]
    for who in names:
        await wide.say(who, "join", **HERE)
    await wide.to(NINE)
    for who in names[:4]:
        await wide.say(who, "checkin 30 read it", **HERE)
        machine[0] += timedelta(seconds=5)
        await wide.tick()
    assert [text(e).count("1 of 8 checked in") for e in partner.posts(action="edit")] == [1]
    machine[0] += timedelta(seconds=60)
    await wide.tick()
    for who in names[4:]:
        await wide.say(who, "checkin 30 read it", **HERE)
        machine[0] += timedelta(seconds=5)
        await wide.tick()
    assert len(partner.posts(action="edit")) == 2
    assert "4 of 8 checked in" in text(partner.posts(action="edit")[-1])
    machine[0] += timedelta(seconds=60)
    await wide.tick()
    assert "8 of 8 checked in" in text(partner.posts(action="edit")[-1])
    assert len(partner.posts(action="edit")) == 3
    machine[0] += timedelta(seconds=600)
    await wide.tick()
    assert len(partner.posts(action="edit")) == 3


@pytest.mark.nightly
async def test_the_count_leaves_out_those_who_rest(w: World) -> None:
    await w.start()
    names = ("ada", "chloe", "dev", "eve", "fay")
    for who in (*names, "ben"):
        await w.say(who, "join")
    await w.to(NINE + timedelta(weeks=3, hours=1))
    for who in names:
        await w.say(who, "checkin 30 read it")
    await w.to(NINE + timedelta(weeks=4, hours=1))
    assert "0 of 5 checked in" in text((await w.posts())[-1])
    await w.say("ben", "checkin 30 back again")
    await w.tick()
    assert "1 of 6 checked in" in text((await w.posts())[-1])


async def test_a_group_whose_schedule_fails_does_not_stop_the_others(
    wide: World, partner: Partner, caplog: pytest.LogCaptureFixture
) -> None:
    await wide.start(name="Broken", **HERE)
    await wide.start(name="Sound", **THERE)

    def break_one(snapshot: GroupSnapshot) -> Iterator[Effect]:
        if snapshot.group.name == "Broken":
            raise RuntimeError("no such thing")
        yield from posts.WEEKLY.due(snapshot)

    whole = wide.app.tick
    wide.app.tick = replace(whole, posts=(replace(posts.WEEKLY, due=break_one),))
    await wide.to(NINE)
    assert [p.title[:6] for p in partner.posts(OTHER)] == ["Welcom", "Unit 1"]
    assert [p.title[:6] for p in partner.posts(ROOM)] == ["Welcom"]
    assert "the others go on" in caplog.text
    wide.app.tick = whole
    await wide.after(minutes=5)
    assert [p.title[:6] for p in partner.posts(ROOM)] == ["Welcom", "Unit 1"]


async def test_on_postgresql_a_group_that_another_process_has_is_passed_over(
    tmp_path: Path, postgres_url: str, partner: Partner
) -> None:
    run_alone(postgres_url, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    async with world(tmp_path, chat=partner, TRAILMATE_DATABASE_URL=postgres_url) as w:
        await w.start(name="Taken", **HERE)
        await w.start(name="Free", **THERE)
        w.clock.move_to(NINE)
        with engines.single(postgres_url).begin() as other:
            other.execute(text_of("SELECT id FROM study_group WHERE name = 'Taken' FOR UPDATE"))
            await asyncio.wait_for(w.tick(), 20)
        assert [p.title[:6] for p in partner.posts(OTHER)] == ["Welcom", "Unit 1"]
        assert [p.title[:6] for p in partner.posts(ROOM)] == ["Welcom"]
        await w.tick()
        assert [p.title[:6] for p in partner.posts(ROOM)] == ["Welcom", "Unit 1"]


@pytest.mark.nightly
async def test_on_postgresql_a_change_wakes_a_group_that_was_leased_after_it_was_read(
    tmp_path: Path, postgres_url: str
) -> None:
    run_alone(postgres_url, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    async with world(tmp_path, TRAILMATE_DATABASE_URL=postgres_url) as w:
        await w.start()
        now = w.clock.now()

        def lease(until: datetime) -> None:
            with engines.single(postgres_url).begin() as other:
                other.execute(update(Group).values(wake_at=until))

        def change(work: Work) -> datetime | None:
            group = work.session.get_one(Group, 1)
            assert group.wake_at == now
            lease(now + LEASE)
            Groups(work, w.app.library).wake(group, now)
            return group.wake_at

        lease(now)
        assert await w.app.database.run(change) == now
        assert await w.app.database.run(lambda work: work.session.get_one(Group, 1).wake_at, writes=False) == now


async def test_a_roadmap_that_was_taken_away_is_logged_and_hurts_nobody(
    w: World, caplog: pytest.LogCaptureFixture
) -> None:
    await w.start()
    w.app.tick = replace(w.app.tick, library={})
    w.clock.move_to(NINE)
    await w.tick()
    assert "restore or fix the folder genai-2026" in caplog.text
    assert len(await w.posts()) == 1


@pytest.mark.nightly
async def test_many_groups_of_many_tenants_open_in_the_same_tick(wide: World, partner: Partner) -> None:
    for i in range(12):
        await wide.start(name=f"GroupSnapshot {i}", platform="slack", tenant=f"T{i % 3}", room=f"C100000{i:02}")
    await wide.to(NINE)
    opened = [p for p in partner.sent if p.reply.title.startswith("Unit 1")]
    assert len({(p.place.tenant, p.place.room) for p in opened}) == len(opened) == 12


async def test_the_schedule_sleeps_between_instants_and_at_most_half_a_day(w: World) -> None:
    w.app.tick = replace(w.app.tick, longest_sleep=LONGEST_SLEEP)
    await w.start()
    await w.to(NINE)
    wake = select(Group.wake_at)
    at = await w.app.database.run(lambda work: work.session.scalar(wake), writes=False)
    assert at is not None
    assert timedelta(0) < at - w.clock.now() <= timedelta(hours=12)
    looked = await w.app.tick.step(w.app.database, w.clock.now())
    assert looked == 0


async def test_a_room_that_is_gone_is_told_to_the_moderator_once_until_it_is_mended(
    wide: World, partner: Partner
) -> None:
    await wide.start(**HERE)
    await wide.say("ada", "join", **HERE)
    partner.troubles[ROOM] = Gone("I am not in the channel any more. Invite me again.")
    await wide.to(NINE + timedelta(days=7, hours=3))
    told = [p for p in partner.sent if p.place.room == "@mo" and "trouble" in p.key]
    assert len(told) == 1
    assert text(told[0].reply).startswith("A post is stuck I can't post in the channel of Night owls. I am not in")
    del partner.troubles[ROOM]
    reply = await wide.say("mo", "doctor", **HERE)
    assert "The channel looks fine now, so I'm sending them again." in text(reply)
    assert "are on hold" not in text(reply)
    await wide.tick()
    assert "Unit 2" in partner.posts(ROOM)[-1].title


async def test_a_moderator_whose_messages_are_closed_hears_of_trouble_in_the_next_answer(
    wide: World, partner: Partner
) -> None:
    await wide.start(name="**Owls** [x](https://evil.example)", **HERE)
    partner.troubles[ROOM] = partner.troubles["@mo"] = Gone("closed to me")
    await wide.to(NINE)
    partner.troubles.clear()
    reply = await wide.say("mo", "cohort edit reminders=off confirm=yes", **HERE)
    reply = await wide.say("mo", "join", **HERE)
    assert "A post is stuck" in text(reply)
    assert "your direct messages are closed" in text(reply)
    assert "](https://evil" not in "".join(str(b) for b in reply.blocks).replace("\\\\](", "")
    assert "A post is stuck" not in text(await wide.say("mo", "join", **HERE))


async def test_keys_of_posts_name_the_unit_and_no_date(w: World) -> None:
    await w.start()
    await w.to(NINE + timedelta(days=6))
    made = await keys(w, "c1:%")
    assert len(made) == len(set(made)) >= 4
    assert not any("2026" in key for key in made)


async def test_a_look_that_another_process_has_overtaken_stores_nothing(w: World) -> None:
    await w.start()
    tick, run = w.app.tick, w.app.database.run
    now = NINE + LEASE
    await run(lambda work: tick._take(work, 1, NINE, "slow"))
    look = await run(lambda work: tick._look(work, 1, NINE, "slow"), writes=False)
    assert look.effects
    assert await run(lambda work: tick._take(work, 1, NINE, "early")) is None
    await run(lambda work: tick._take(work, 1, now, "heir"))
    assert not await run(lambda work: tick._store(1, NINE, look, look.effects, work, is_last=True))
    heir = await run(lambda work: tick._look(work, 1, now, "heir"), writes=False)
    assert await run(lambda work: tick._store(1, now, heir, heir.effects, work, is_last=True))
