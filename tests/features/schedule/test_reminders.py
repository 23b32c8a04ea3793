"""Direct reminders: only to those who want one and need one, in their waking hours, one a local day at most."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.chat.feed import RoomMessage
from bot.chat.platform import Gone
from bot.delivery.outbox import OutboxRow
from tests.examples import sample
from tests.harness import MONDAY, World, text
from tests.kit import OTHER, ROOM, Partner

pytestmark = pytest.mark.long

NINE = MONDAY + timedelta(hours=1)
DEADLINE = datetime(2026, 3, 8, 21, tzinfo=UTC)
HERE: dict[str, Any] = {"platform": "slack", "tenant": "T1", "room": ROOM}
THERE: dict[str, Any] = {"platform": "slack", "tenant": "T1", "room": OTHER}


async def joined(w: World, who: str = "ada", *settings: str) -> None:
    await w.say(who, "join")
    await w.say(who, " ".join(["settings reminders=yes", *settings]))


async def got(w: World, who: str = "ada") -> list[RoomMessage]:
    return await w.messages(f"@{who}")


async def test_two_reminders_a_day_and_three_hours_before(w: World) -> None:
    await w.start()
    await joined(w)
    await w.to(DEADLINE + timedelta(hours=13))
    at = [m.at for m in await got(w)]
    assert at == [DEADLINE - timedelta(days=1), DEADLINE - timedelta(hours=3)]


async def test_a_reminder_names_unit_group_deadline_and_the_short_exercise(w: World) -> None:
    await w.start()
    await joined(w)
    await w.to(DEADLINE - timedelta(hours=20))
    [reminder] = await w.posts("@ada")
    said = text(reminder)
    assert "Unit 1: Python data structures in Night owls is due Sun 8 Mar 2026, 21:00 (UTC)." in said
    assert "Short of time?" in said
    assert [b.label for b in reminder.buttons] == ["Check in", "Mute this week", "Stop reminders"]
    assert "Late" not in said


async def test_nobody_is_written_to_who_did_not_ask_for_it(w: World) -> None:
    await w.start()
    await w.say("ada", "join")
    await joined(w, "ben")
    await w.say("ben", "settings reminders=no")
    await w.to(DEADLINE)
    assert await got(w) == await got(w, "ben") == []


async def test_whoever_has_checked_in_is_left_alone(w: World) -> None:
    await w.start()
    await joined(w)
    await joined(w, "ben")
    await w.to(NINE + timedelta(days=1))
    await w.say("ada", "checkin 30 done early")
    await w.to(DEADLINE - timedelta(hours=23))
    await w.say("ben", "checkin 30 done after the first")
    await w.to(DEADLINE)
    assert await got(w) == []
    assert len(await got(w, "ben")) == 1


async def test_an_undone_check_in_is_reminded_again(w: World) -> None:
    await w.start()
    await joined(w)
    await w.to(NINE + timedelta(days=1))
    await w.say("ada", "checkin 30 not really")
    await w.say("ada", "undo")
    await w.to(DEADLINE)
    assert len(await got(w)) == 2


@pytest.mark.parametrize("line", sample(["away until=2026-03-10", "away from=2026-03-08 until=2026-03-08"], 2))
async def test_whoever_is_away_is_left_alone(w: World, line: str) -> None:
    await w.start()
    await joined(w)
    await w.to(NINE + timedelta(days=1))
    await w.say("ada", line)
    await w.to(DEADLINE)
    assert await got(w) == []


async def test_whoever_came_back_is_reminded(w: World) -> None:
    await w.start()
    await joined(w)
    await w.to(NINE + timedelta(days=1))
    await w.say("ada", "away until=2026-03-10")
    await w.to(NINE + timedelta(days=2))
    await w.say("ada", "away until=today")
    await w.to(DEADLINE)
    assert len(await got(w)) == 2


async def test_whoever_is_excused_is_left_alone(w: World) -> None:
    await w.start()
    await joined(w)
    await w.to(NINE + timedelta(days=1))
    await w.say("mo", "excuse member=ada unit=1 reason=ill")
    await w.to(DEADLINE)
    assert [m.reply.title for m in await got(w)] == ["Night owls"]  # that they were excused, and no reminder


async def test_not_this_week_silences_one_unit(w: World) -> None:
    await w.start()
    await joined(w)
    await w.to(DEADLINE - timedelta(hours=20))
    w.last["ada"] = (await w.posts("@ada"))[-1]
    assert "No more reminders for unit 1" in text(await w.press("ada", "Mute this week"))
    await w.to(DEADLINE + timedelta(days=1))
    assert len(await got(w)) == 1
    await w.to(DEADLINE + timedelta(weeks=1))
    assert len(await got(w)) == 3


async def test_stop_ends_them_all(w: World) -> None:
    await w.start()
    await joined(w)
    await w.to(DEADLINE - timedelta(hours=20))
    w.last["ada"] = (await w.posts("@ada"))[-1]
    await w.press("ada", "Stop")
    await w.to(DEADLINE + timedelta(weeks=1))
    assert len(await got(w)) == 1


async def test_whoever_left_is_left_alone(w: World) -> None:
    await w.start()
    await joined(w)
    await w.to(NINE + timedelta(days=1))
    await w.say("ada", "leave")
    await w.to(DEADLINE)
    assert await got(w) == []


@pytest.mark.nightly
async def test_whoever_rests_is_left_alone_until_a_check_in_wakes_them(w: World) -> None:
    await w.start()
    await joined(w)
    await w.to(NINE + timedelta(weeks=4))
    before = len(await got(w))
    assert before == 8
    await w.to(DEADLINE + timedelta(weeks=4))
    assert len(await got(w)) == before
    await w.say("ada", "checkin unit=5 30 back")
    await w.to(DEADLINE + timedelta(weeks=5))
    assert len(await got(w)) == before + 2


async def test_one_in_quiet_hours_goes_before_they_begin(w: World) -> None:
    await w.start(extra='rhythm="mon 09:00 - sun 10:00"')
    await joined(w, "ada", "zone=UTC")
    await w.to(DEADLINE)
    assert [f"{m.at:%a %H:%M}" for m in await got(w)] == ["Sat 10:00"]
    # the second one, at 07:00 on Sunday, would go at 21:45 on Saturday: the same day, so the two are one


async def test_quiet_hours_are_the_members_not_the_groups(w: World) -> None:
    await w.start("Europe/Berlin")  # due 20:00 UTC
    await joined(w, "ada", "zone=Asia/Kolkata")  # there 01:30 and, three hours before, 22:30
    await joined(w, "ben", "zone=Pacific/Pago_Pago")  # there 09:00 and, three hours before, 06:00
    await w.to(DEADLINE)
    assert [f"{m.at:%a %H:%M}" for m in await got(w)] == ["Sat 16:15", "Sun 16:15"]
    # a day before is Saturday 20:00 UTC, 01:30 in Kolkata: moved to 21:45 there; three hours before likewise.
    # Ben's second would go at 21:45 on Saturday, where he had the first one at 09:00: the two are one.
    assert [f"{m.at:%a %H:%M}" for m in await got(w, "ben")] == ["Sat 20:00"]


async def test_own_quiet_hours_are_kept(w: World) -> None:
    await w.start()
    await joined(w, "ada", 'quiet="17:00 - 19:00"')
    await w.to(DEADLINE)
    assert [f"{m.at:%a %H:%M}" for m in await got(w)] == ["Sat 21:00", "Sun 16:45"]


@pytest.mark.parametrize(
    "zone",
    [
        "Pacific/Kiritimati",
        *(
            pytest.param(zone, marks=pytest.mark.nightly)
            for zone in ("Europe/Berlin", "Pacific/Pago_Pago", "Asia/Kolkata")
        ),
    ],
)
async def test_at_most_one_a_local_day_outside_quiet_hours_and_before_the_deadline(w: World, zone: str) -> None:
    await w.start()
    await joined(w, "ada", f"zone={zone}")
    for _ in range(3):
        await w.after(weeks=1)
    local = [m.at.astimezone(ZoneInfo(zone)) for m in await got(w)]
    assert 3 <= len(local) <= 6
    assert len({at.date() for at in local}) == len(local)
    assert all(8 <= at.hour < 22 for at in local)
    for message in await got(w):
        deadline = next(DEADLINE + timedelta(weeks=n) for n in range(9) if DEADLINE + timedelta(weeks=n) > message.at)
        assert deadline - message.at <= timedelta(days=2)


async def test_whoever_asks_late_gets_one_that_is_not_called_late(w: World) -> None:
    await w.start()
    await w.to(DEADLINE - timedelta(hours=6))
    await joined(w)
    await w.tick()
    [reminder] = await w.posts("@ada")
    assert "Late" not in text(reminder)
    await w.to(DEADLINE)
    assert len(await got(w)) == 1


async def test_in_quiet_hours_nobody_is_written_to_and_the_morning_brings_it(w: World) -> None:
    await w.start()
    await w.to(DEADLINE - timedelta(hours=19))  # Sunday 02:00
    await joined(w)
    await w.tick()
    assert await got(w) == []
    await w.to(DEADLINE)
    assert [f"{m.at:%a %H:%M}" for m in await got(w)] == ["Sun 08:00"]


async def test_one_that_was_queued_is_dropped_if_its_member_checks_in_first(w: World) -> None:
    await w.start()
    await joined(w)
    await w.to(DEADLINE - timedelta(days=1, minutes=1))
    w.clock.move_to(DEADLINE - timedelta(days=1))
    await w.app.tick.step(w.app.database, w.clock.now())
    await w.say("ada", "checkin 30 between queue and post")
    await w.tick()
    assert await got(w) == []
    chosen = select(OutboxRow.state).where(OutboxRow.key.like("%direct:1d%"))
    assert await w.app.database.run(lambda work: work.session.scalar(chosen), writes=False) == "skipped"


@pytest.mark.parametrize("line", sample(["away until=2026-03-09", "settings reminders=no", "leave"], 3))
async def test_one_that_was_queued_is_dropped_if_its_member_no_longer_needs_it(w: World, line: str) -> None:
    await w.start()
    await joined(w)
    await w.to(DEADLINE - timedelta(days=1, minutes=1))
    w.clock.move_to(DEADLINE - timedelta(days=1))
    await w.app.tick.step(w.app.database, w.clock.now())
    await w.say("ada", line)
    await w.tick()
    assert await got(w) == []


@pytest.mark.nightly
async def test_a_member_of_two_groups_hears_of_both_on_two_days(wide: World, partner: Partner) -> None:
    await wide.start(name="One", **HERE)
    await wide.start(name="Two", **THERE)
    for where in (HERE, THERE):
        await wide.say("ada", "join", **where)
        await wide.say("ada", "settings reminders=yes zone=UTC", **where)
    await wide.to(DEADLINE)
    told = [text(p.reply) for p in partner.sent if p.place.room == "@ada"]
    assert len(told) == 2
    assert "in One" in told[0]
    assert "in Two" in told[1]


async def test_a_closed_direct_message_is_told_at_the_next_command_and_to_the_doctor(
    wide: World, partner: Partner
) -> None:
    await wide.start(**HERE)
    await wide.say("ada", "join", **HERE)
    await wide.say("ada", "settings reminders=yes zone=UTC", **HERE)
    partner.troubles["@ada"] = Gone("cannot message this person")
    await wide.to(DEADLINE)
    assert "direct messages are closed" in text(await wide.say("ada", "progress", **HERE))
    assert "I can't send direct messages to Ada." in text(await wide.say("mo", "doctor", **HERE))
    assert [p for p in partner.sent if p.place.room == "@mo"] == []
    partner.troubles.clear()
    await wide.to(DEADLINE + timedelta(weeks=1))
    assert any(p.place.room == "@ada" for p in partner.sent)
    assert "Direct messages are closed" not in text(await wide.say("mo", "doctor", **HERE))


async def test_a_paused_group_is_not_reminded(w: World) -> None:
    await w.start()
    await joined(w)
    await w.to(NINE + timedelta(days=2))
    await w.say("mo", "cohort pause weeks=1 from=now confirm=yes")
    await w.to(DEADLINE + timedelta(hours=1))
    assert await got(w) == []
    await w.to(DEADLINE + timedelta(weeks=1))
    assert [m.at for m in await got(w)] == [
        DEADLINE + timedelta(days=6),
        DEADLINE + timedelta(days=6, hours=21),
    ]


async def test_a_reminder_says_what_a_check_in_brings_and_the_last_one_says_that_it_is_the_last(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "settings reminders=yes")
    await w.say("ada", "checkin 30 read it")
    await w.to(MONDAY + timedelta(days=13, hours=12))
    first, last = (await w.posts("@ada"))[-2:]
    assert (first.title, last.title) == ("Still open for you", "Last reminder for this unit")
    for reminder in (first, last):
        assert "Check in to make it a streak of 2. No time this week? A freeze protects your streak." in text(reminder)
    assert "Short of time?" in text(first) and "Half an hour is enough:" in text(last)


async def test_a_reminder_of_the_first_unit_says_what_a_check_in_begins(w: World) -> None:
    await w.begin("ada")
    await w.say("ada", "settings reminders=yes")
    await w.to(MONDAY + timedelta(days=6, hours=12))
    assert "Your next check-in starts a streak." in text((await w.posts("@ada"))[0])
