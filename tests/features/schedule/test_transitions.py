"""What happens to people when the bot was down: late posts, waiting posts, longer graces, and no spam."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.cluster.process_registry import ProcessRegistry
from bot.features.schedule.outage_detection import Heard, find_last_beat
from bot.features.schedule.tables import Outage
from bot.messages.call import Call
from bot.messages.reply import Reply
from bot.runtime.heartbeat import Heartbeat
from tests.examples import sample
from tests.harness import MONDAY, World, text

pytestmark = pytest.mark.long

NINE = MONDAY + timedelta(hours=1)
DEADLINE = datetime(2026, 3, 8, 21, tzinfo=UTC)
GRACE_END = datetime(2026, 3, 9, 9, tzinfo=UTC)


async def units(w: World) -> list[Reply]:
    return [p for p in await w.posts() if p.title.startswith("Unit")]


async def told_mo(w: World) -> list[Reply]:
    """Return what Mo was told by direct message, apart from the weekly digest and the question who leads."""
    told = await w.posts("@mo")
    return [p for p in told if not p.title.startswith("Weekly digest") and "No moderator has changed" not in text(p)]


async def about_outages(w: World) -> list[str]:
    return [text(p) for p in await w.posts() if "I was offline" in text(p)]


async def test_after_three_hours_the_post_goes_out_marked_late_with_its_own_deadline(w: World) -> None:
    await w.start()
    await w.say("ada", "join")
    await w.outage(hours=4)
    [post] = await units(w)
    assert text(post).startswith("Unit 1: Python data structures Late: this was due Mon 2 Mar 2026, 09:00 (UTC).")
    assert "Due Sun 8 Mar 2026, 21:00" in text(post)
    assert len(await w.threads()) == 1
    assert await told_mo(w) == []


async def test_a_few_minutes_are_neither_late_nor_an_outage(w: World) -> None:
    await w.start()
    await w.to(NINE - timedelta(minutes=1))
    await w.outage(minutes=9)
    assert "Late" not in text((await units(w))[0])
    await w.to(DEADLINE - timedelta(minutes=5))
    await w.outage(minutes=9)
    assert await about_outages(w) == []


async def test_after_thirty_hours_the_post_waits_for_the_next_slot_and_moderators_are_told(w: World) -> None:
    await w.start()
    await w.say("ada", "join")
    await w.outage(hours=31)
    assert await units(w) == []
    [told] = await told_mo(w)
    assert "Unit 1:" in text(told)
    assert "was due Mon 2 Mar 2026, 09:00 (UTC), but I was offline for over a day" in text(told)
    assert "I'll post it Mon 9 Mar 2026, 09:00 (UTC)" in text(told)
    await w.to(GRACE_END - timedelta(minutes=1))
    assert await units(w) == []
    await w.after(minutes=1)
    [post] = await units(w)
    assert "Late" not in text(post)
    assert "Due Sun 15 Mar 2026, 21:00" in text(post)
    assert len(await told_mo(w)) == 1


async def test_the_waiting_post_can_be_posted_today_from_its_notice(w: World) -> None:
    await w.start()
    await w.outage(hours=31)
    [told] = await told_mo(w)
    w.last["mo"] = told
    await w.press("mo", "See next post")
    await w.press("mo", "Post now")
    await w.press("mo", "Post it")
    await w.tick()
    [post] = await units(w)
    assert "Late" not in text(post)
    assert "Due Sun 15 Mar 2026, 21:00" in text(post)
    await w.to(GRACE_END + timedelta(hours=1))
    assert len(await units(w)) == 1


async def test_after_three_weeks_one_post_at_most_and_one_notice(w: World) -> None:
    await w.start()
    await w.say("ada", "join")
    await w.say("ada", "settings reminders=yes")
    await w.to(NINE + timedelta(hours=1))
    before = len(await w.posts())
    await w.outage(days=22, hours=3)
    await w.after(hours=2)
    assert len(await units(w)) == 1
    assert await w.posts("@ada") == []
    assert len(await told_mo(w)) == 1
    assert len(await w.posts()) == before + 1
    [grace] = await about_outages(w)
    assert "Unit 1" in grace
    assert all(len(messages) == 1 for _, messages in await w.threads())
    await w.to(NINE + timedelta(days=28))
    assert [u.title[:6] for u in await units(w)] == ["Unit 1", "Unit 2"]
    assert len(await told_mo(w)) == 1


async def test_a_bot_that_comes_back_within_a_day_of_a_later_turn_posts_at_once(w: World) -> None:
    await w.start()
    await w.to(NINE + timedelta(hours=1))
    await w.outage(days=14, hours=5)
    [_, second] = await units(w)
    assert "Unit 2" in second.title
    assert "Late: this was due Mon 16 Mar 2026, 09:00" in text(second)
    [told] = await told_mo(w)
    assert "I'm posting it now" in text(told)
    assert "waits" not in text(told)


@pytest.mark.parametrize(
    ("from_at", "hours"),
    sample(
        [
            (DEADLINE - timedelta(hours=2), 4),  # over the deadline
            (DEADLINE - timedelta(hours=20), 9),  # ends within the twelve hours before
            (DEADLINE + timedelta(hours=3), 2),  # inside the grace
            (GRACE_END - timedelta(minutes=30), 3),  # over the end of the grace
        ],
        2,
    ),
)
async def test_an_outage_near_a_deadline_lengthens_the_grace_to_twelve_hours_after_the_return(
    w: World, from_at: datetime, hours: float
) -> None:
    await w.start()
    await w.say("ada", "join")
    await w.to(from_at)
    await w.outage(hours=hours)
    back = from_at + timedelta(hours=hours)
    ends = back + timedelta(hours=12)
    if ends <= GRACE_END:
        assert await about_outages(w) == []
        return
    [told] = await about_outages(w)
    assert f"{ends.day} Mar 2026, {ends:%H:%M} (UTC)" in told
    await w.to(ends - timedelta(minutes=1))
    assert "Checked in late" in text(await w.say("ada", "checkin unit=1 30 late but kept"))
    progress = await w.record("ada")
    assert "The bot was offline from" in progress
    assert f"{ends.day} Mar 2026, {ends:%H:%M}" in progress
    assert "Streak 1" in progress


async def test_when_the_longer_grace_ends_a_missed_unit_is_missed(w: World) -> None:
    await w.start()
    await w.say("ada", "join")
    await w.to(DEADLINE - timedelta(hours=1))
    await w.outage(hours=14)
    ends = DEADLINE + timedelta(hours=25)
    await w.to(ends - timedelta(minutes=1))
    assert "Open, not checked in" in text(await w.call("ada", Call("ledger")))
    await w.to(ends)
    assert "Not checked in before the late period ended" in text(await w.call("ada", Call("ledger")))


@pytest.mark.nightly
async def test_the_next_round_stays_on_the_calendar_after_a_longer_grace(w: World) -> None:
    await w.start()
    await w.to(DEADLINE)
    await w.outage(hours=11)
    assert len(await about_outages(w)) == 1
    await w.to(GRACE_END)
    [_, second] = await units(w)
    assert "Late" not in text(second)
    assert "Due Sun 15 Mar 2026, 21:00" in text(second)


@pytest.mark.nightly
async def test_a_keeper_in_the_longer_grace_comes_into_the_summary_that_is_already_out(w: World) -> None:
    await w.start()
    for who in ("ada", "ben", "cy", "dev", "eve"):
        await w.say(who, "join")
    await w.to(DEADLINE)
    await w.outage(hours=11)
    await w.to(GRACE_END)
    thread = (await w.threads())[1][1]
    assert not any("Completed" in text(message) for message in thread)
    await w.say("ada", "checkin unit=1 30 better late")
    await w.tick()
    assert text((await w.threads())[1][1][-1]).startswith("Completed unit 1: Ada. 🎉")


@pytest.mark.nightly
async def test_a_streak_saved_by_a_longer_grace_costs_no_freeze(w: World) -> None:
    await w.start()
    await w.say("ada", "join")
    await w.to(NINE + timedelta(hours=1))
    await w.say("ada", "checkin 30 first unit")
    second = DEADLINE + timedelta(weeks=1)
    await w.to(second + timedelta(hours=11))
    await w.outage(hours=4)
    await w.after(hours=6)
    await w.say("ada", "checkin unit=2 30 second unit")
    await w.after(hours=8)
    progress = await w.record("ada")
    assert "Streak 2" in progress
    assert "Freezes: 1" in progress
    assert "A freeze saved" not in progress


async def test_an_outage_far_from_any_deadline_is_told_to_nobody(w: World) -> None:
    await w.start()
    await w.to(NINE + timedelta(days=1))
    before = len(await w.posts())
    await w.outage(days=2)
    assert len(await w.posts()) == before


async def test_each_outage_is_told_once_although_ticks_repeat(w: World) -> None:
    await w.start()
    await w.to(DEADLINE)
    await w.outage(hours=2)
    for _ in range(3):
        await w.tick()
    assert len(await about_outages(w)) == 1
    await w.outage(hours=1)
    assert len(await about_outages(w)) == 2
    last = (await about_outages(w))[-1]
    assert "late period of Unit 1: Python data structures to Mon 9 Mar 2026, 12:00" in last


async def test_reminders_that_an_old_outage_swallowed_are_never_sent(w: World) -> None:
    await w.start()
    await w.say("ada", "join")
    await w.say("ada", "settings reminders=yes")
    await w.to(DEADLINE - timedelta(hours=30))
    await w.outage(hours=40)
    await w.after(hours=1)
    assert await w.posts("@ada") == []
    [(_, thread), *_] = await w.threads()
    assert len(thread) == 1


async def test_a_reminder_that_is_still_of_use_goes_out_once_marked_late(w: World) -> None:
    await w.start()
    await w.say("ada", "join")
    await w.say("ada", "settings reminders=yes")
    await w.to(DEADLINE - timedelta(hours=30))
    await w.outage(hours=28)
    [reminder] = await w.posts("@ada")
    assert "Late: this was due Sat 7 Mar 2026, 21:00" in text(reminder)
    await w.to(GRACE_END)
    assert len(await w.posts("@ada")) == 1


async def test_a_held_unit_is_not_touched_by_an_outage(w: World) -> None:
    await w.start()
    await w.say("ada", "join")
    await w.to(NINE + timedelta(days=3))
    await w.say("mo", "cohort pause from=now confirm=yes")
    await w.to(DEADLINE - timedelta(hours=1))
    await w.outage(hours=5)
    assert await about_outages(w) == []


async def outages(w: World) -> list[timedelta]:
    return await w.app.database.run(
        lambda work: [o.until_at - o.from_at for o in work.session.scalars(select(Outage))], writes=False
    )


async def test_a_clock_that_is_set_under_a_running_bot_is_no_absence(w: World) -> None:
    seconds = [0.0]
    w.app.tick, w.app.pulse = replace(w.app.tick, watches_gaps=True), Heartbeat(lambda: seconds[0])
    await w.start()
    await w.app.run_tick()
    for days in (2, -2):
        seconds[0] += 5
        w.set_clock(days=days)
        await w.app.run_tick()
    assert await outages(w) == []
    seconds[0] += 3600
    w.set_clock(hours=1)
    await w.app.run_tick()
    assert await outages(w) == [timedelta(hours=1)]


async def test_a_tick_of_a_clock_that_was_far_ahead_hides_no_later_outage(w: World) -> None:
    await w.start()
    now = w.clock.now()
    w.set_clock(days=400)
    await w.app.tick.step(w.app.database, w.clock.now())
    w.set_clock(days=-400)
    await w.tick()
    assert await w.app.database.run(lambda work: find_last_beat(work.session), writes=False) == now
    before = await outages(w)
    await w.outage(hours=2)
    assert [*before, timedelta(hours=2)] == await outages(w)


async def test_while_no_process_takes_what_people_say_the_bot_is_away_though_it_ticks(w: World) -> None:
    seconds, other = [0.0], ProcessRegistry({"gateway"}, "other")
    w.app.tick, w.app.pulse = replace(w.app.tick, watches_gaps=True), Heartbeat(lambda: seconds[0])
    w.app.presence = ProcessRegistry({"worker"}, "one")
    await w.start()
    await other.beat(w.app.database)
    await w.app.run_tick()
    await w.app.database.run(other.leave)
    for _ in range(12):
        seconds[0] += 300
        w.set_clock(hours=1 / 12)
        await w.app.run_tick()
    assert await outages(w) == []
    await other.beat(w.app.database)
    await w.app.run_tick()
    assert await outages(w) == [timedelta(hours=1)]


async def test_while_another_process_ticks_one_that_was_away_is_no_outage(w: World) -> None:
    tick = replace(w.app.tick, watches_gaps=True)
    await w.start()
    await tick.step(w.app.database, w.clock.now(), Heard(5))
    for _ in range(4):
        w.set_clock(hours=0.1)
        await tick.step(w.app.database, w.clock.now(), Heard(360))
    await tick.step(w.app.database, w.clock.now(), Heard(4 * 360))
    assert await outages(w) == []
