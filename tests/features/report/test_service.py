"""The report: who has checked in, who has not, who is away, fading or resting, and by which rule."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.features.checkins.tables import MemberStanding
from bot.features.report.service import NAMES
from tests.harness import MONDAY, World, text

pytestmark = pytest.mark.long

NINE = MONDAY + timedelta(hours=1)


async def test_the_running_week_is_told_by_name_without_a_ping(w: World) -> None:
    await w.start()
    for who in ("ada", "ben", "chloe", "dev"):
        await w.say(who, "join")
    await w.to(NINE + timedelta(hours=1))
    await w.say("ada", "checkin 30 read it")
    await w.say("chloe", "away until=2026-03-12")
    reply = await w.say("mo", "report")
    assert reply.audience == "private"
    said = text(reply)
    assert "Checked in (1 of 4): Ada" in said
    assert "Not yet: Ben, Dev" in said
    assert "Away: Chloe" in said
    assert "is due Sun 8 Mar 2026, 21:00" in said
    assert not any("\x02p|" in str(block) for block in reply.blocks)


async def test_who_is_excused_from_the_running_unit_is_not_missing(w: World) -> None:
    await w.start()
    for who in ("ada", "ben"):
        await w.say(who, "join")
    await w.to(NINE + timedelta(hours=1))
    await w.say("mo", "excuse ben 1 was ill")
    said = text(await w.say("mo", "report"))
    assert "Not yet: Ada Excused: Ben" in said


async def test_aliases_are_for_the_board_and_the_report_names_people(w: World) -> None:
    await w.start()
    await w.say("ada", "join")
    await w.say("ada", "settings alias=Owl shown=no")
    await w.to(NINE + timedelta(hours=1))
    assert "Not yet: Ada" in text(await w.say("mo", "report"))


@pytest.mark.nightly
async def test_people_stand_in_the_order_of_the_names_that_are_told(w: World) -> None:
    await w.begin("ada", "ben", "cy")
    await w.say("ada", "settings alias=Zebra")
    await w.say("cy", "settings alias=Aardvark")
    assert "Not yet: Ada, Ben, Cy" in text(await w.say("mo", "report"))
    await w.after(weeks=3)
    w.clock.move_to(w.clock.now() + timedelta(days=6, hours=23))  # rows are out of date until the schedule looks
    assert "Ada, Ben, Cy" in text(await w.say("mo", "report"))


@pytest.mark.nightly
async def test_fading_names_the_rule_and_resting_the_other(w: World) -> None:
    await w.start()
    for who in ("ada", "ben", "chloe"):
        await w.say(who, "join")
    for week in range(6):
        await w.to(NINE + timedelta(weeks=week, hours=1))
        await w.say("ada", "checkin 30 read it")
        if week < 2:
            await w.say("ben", "checkin 30 read it")
        if week == 4:
            said = text(await w.say("mo", "report"))
            why = "Missed units 3 and 4 after completing 2 of the 2 units before."
            assert f"Checking in less (a kind message helps now) - Ben: {why}" in said
            assert "Missed four units in a row (any check-in brings them back) Chloe" in said
            assert "of 2)" in said
    await w.to(NINE + timedelta(weeks=6, hours=1))
    said = text(await w.say("mo", "report"))
    assert "Checking in less" not in said
    assert "brings them back) Ben, Chloe" in said
    await w.say("chloe", "checkin 30 awake")
    assert "brings them back) Ben" in text(await w.say("mo", "report"))


@pytest.mark.parametrize("line", ["report", "preview", "doctor"])
async def test_it_is_for_moderators(w: World, line: str) -> None:
    await w.start()
    await w.say("ada", "join")
    assert "Only moderators can do that" in text(await w.say("ada", line))


async def test_an_empty_group_is_told_how_to_fill_it(w: World) -> None:
    await w.start()
    assert "Nobody has joined yet" in text(await w.say("mo", "report"))


async def test_without_a_group_it_says_how_to_start_one(w: World) -> None:
    assert "There's no group here yet" in text(await w.say("mo", "report"))


async def test_whoever_left_is_in_no_list(w: World) -> None:
    await w.start()
    for who in ("ada", "ben"):
        await w.say(who, "join")
    await w.say("ben", "leave")
    await w.to(NINE + timedelta(hours=1))
    assert "Ben" not in text(await w.say("mo", "report"))


async def test_between_the_last_unit_and_the_closing_post_it_says_who_kept_it(w: World) -> None:
    await w.start(extra="first_unit=58")
    for who in ("ada", "ben"):
        await w.say(who, "join")
    await w.to(NINE + timedelta(hours=1))
    await w.say("ada", "checkin 30 read it")
    await w.to(NINE + timedelta(weeks=1, minutes=1))
    said = text(await w.say("mo", "report"))
    assert "I'll post the closing message" in said
    assert "Checked in (1 of 2): Ada" in said and "Not yet: Ben" in said


async def test_many_are_counted_and_the_first_of_them_named(w: World) -> None:
    await w.start()
    for number in range(NAMES + 3):
        await w.say(f"member{number:02}", "join")
    await w.to(NINE + timedelta(hours=1))
    await w.say("member42", "checkin 30 read it")
    said = text(await w.say("mo", "report"))
    assert "Checked in (1 of 43): Member42" in said
    assert "Not yet: Member00, Member01" in said and "Member39 and 2 more" in said


@pytest.mark.nightly
async def test_it_reads_the_same_from_rows_that_are_out_of_date(w: World) -> None:
    await w.begin("ada", "ben", "chloe", "dev", "eve")
    for _ in range(4):
        await w.say("ada", "checkin 30 read it")
        await w.after(days=7)
    await w.say("ada", "checkin 30 read it")
    await w.say("chloe", "away until=2026-04-20")
    await w.say("mo", "excuse dev 5 was ill")
    by_index = text(await w.say("mo", "report"))
    await w.app.database.run(lambda work: work.session.execute(update(MemberStanding).values(basis="")))
    assert text(await w.say("mo", "report")) == by_index
    assert "Missed four units in a row" in by_index and "Away: Chloe" in by_index and "Excused: Dev" in by_index
