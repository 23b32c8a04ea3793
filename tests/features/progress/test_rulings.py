"""Excuse and void: a row with author and reason, told once, shown to the member, and harmless when repeated."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.features.people.tables import Account
from bot.features.progress.tables import Ruling
from tests.harness import MONDAY, World, text

NINE = MONDAY + timedelta(hours=1)


@pytest.fixture
async def second(w: World) -> World:
    """A cohort in its second week; Ada kept the first unit, Ben did not."""
    await w.start()
    for who in ("ada", "ben"):
        await w.say(who, "join")
    await w.to(NINE + timedelta(hours=1))
    await w.say("ada", "checkin 30 read it")
    await w.to(NINE + timedelta(weeks=1, hours=1))
    return w


async def rulings(w: World) -> list[tuple[str, str, str, str]]:
    chosen = select(Ruling.kind, Ruling.unit_id, Ruling.reason, Account.external_id).join(
        Account, Account.id == Ruling.author_id
    )
    found = await w.app.database.run(lambda work: work.session.execute(chosen).all(), writes=False)
    return [(kind, unit, reason, author) for kind, unit, reason, author in found]


async def test_an_excuse_is_a_row_with_author_and_reason(second: World) -> None:
    reply = await second.say("mo", 'excuse member=ben unit=1 reason="was ill"')
    assert reply.audience == "private"
    assert "Ben is excused from Unit 1 of 53: Python data structures." in text(reply)
    assert await rulings(second) == [("excuse", "py-data-structures", "was ill", "mo")]


async def test_an_excuse_is_told_once_and_shown_in_progress(second: World) -> None:
    await second.say("mo", 'excuse member=ben unit=1 reason="was ill"')
    told = text(await second.say("ben", "progress"))
    assert "A moderator excused you from Unit 1 of 53: Python data structures: was ill" in told
    assert "Unit 1 excused by a moderator: was ill" in told
    assert "Excused by a moderator" in told
    again = text(await second.say("ben", "progress"))
    assert "A moderator excused you" not in again
    assert "Unit 1 excused by a moderator: was ill" in again


async def test_an_excuse_holds_a_streak_and_adds_nothing(second: World) -> None:
    await second.to(NINE + timedelta(weeks=2, hours=1))  # Ada missed the second: a freeze went
    assert "0 freezes held" in text(await second.say("ada", "progress"))
    await second.say("mo", "excuse member=ada unit=2 reason=ill")
    said = text(await second.say("ada", "progress"))
    assert "Streak 1" in said
    assert "1 freeze held" in said


async def test_repeated_it_changes_nothing_and_tells_nobody(second: World) -> None:
    await second.say("mo", "excuse member=ben unit=1 reason=ill")
    reply = await second.say("mo", 'excuse member=ben unit=1 reason="another one"')
    assert "already is excused from" in text(reply)
    assert "nothing changed" in text(reply)
    assert [r[2] for r in await rulings(second)] == ["ill"]
    told = text(await second.say("ben", "progress"))
    assert told.count("A moderator excused you") == 1
    assert "another one" not in told


async def test_void_takes_points_and_streak_and_says_why(second: World) -> None:
    assert "10 points" in text(await second.say("ada", "progress"))
    reply = await second.say("mo", 'void member=ada unit=1 reason="copied"')
    assert "Ada has no credit for Unit 1 of 53" in text(reply)
    said = text(await second.say("ada", "progress"))
    assert "ruled that your check-in does not count for Unit 1 of 53: Python data structures: copied" in said
    assert "Unit 1 made void by a moderator: copied" in said
    assert "Streak 0" in said
    assert "0 points this season" in said


async def test_a_void_unit_leaves_the_count_the_report_and_the_board(second: World) -> None:
    await second.say("ben", "checkin 30 read it")
    await second.tick()
    assert "Checked in (1 of 2): Ben" in text(await second.say("mo", "report"))
    await second.say("mo", "void member=ben unit=2 reason=copied")
    assert "Checked in (0 of 2): nobody" in text(await second.say("mo", "report"))
    assert "Ben (you) 0" in text(await second.say("ben", "leaderboard week"))


@pytest.mark.parametrize("verb", ["excuse", "void"])
async def test_only_moderators_rule(second: World, verb: str) -> None:
    reply = await second.say("ada", f"{verb} member=ben unit=1 reason=because")
    assert "That is for moderators" in text(reply)
    assert await rulings(second) == []


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("excuse member=zoe unit=1 reason=ill", "is not a member"),
        ("excuse member=ben unit=9 reason=ill", "check in then"),
        ("void member=ben unit=77 reason=ill", "There is no unit 77"),
    ],
)
async def test_whom_or_what_nobody_knows_is_refused_and_what_was_typed_is_kept(
    second: World, line: str, reason: str
) -> None:
    reply = await second.say("mo", line)
    assert reply.tone == "error"
    assert reason in text(reply).replace("opens", "opens")
    assert [b.label for b in reply.buttons] == ["Correct it"]
    assert await rulings(second) == []


async def test_a_ruling_without_a_reason_asks_for_it(second: World) -> None:
    reply = await second.say("mo", "excuse member=ben unit=1")
    assert [b.label for b in reply.buttons] == ["Excuse a member"]
    ruled = await second.press("mo", "Excuse a member", {"reason": "ill"})
    assert "Ben is excused" in text(ruled)


async def test_a_hostile_reason_stays_text(second: World) -> None:
    await second.say("mo", 'excuse member=ben unit=1 reason="@everyone [x](https://evil.example)"')
    said = await second.say("ben", "progress")
    assert "](https://evil" not in "".join(str(b) for b in said.blocks).replace("\\\\](", "")


async def test_an_excuse_takes_a_member_out_of_reminders_and_the_summary_of_the_missing(second: World) -> None:
    await second.say("ben", "settings reminders=yes")
    await second.say("mo", "excuse member=ben unit=2 reason=ill")
    await second.to(NINE + timedelta(weeks=2))
    assert await second.posts("@ben") == []
