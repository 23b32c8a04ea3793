"""Excuse and void: a row with author and reason, told once, shown to the member, and harmless when repeated."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.features.checkins.tables import Ruling
from bot.features.people.tables import AccountRow
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.reply import Text
from tests.harness import MONDAY, World, lived, text

pytestmark = pytest.mark.long

NINE = MONDAY + timedelta(hours=1)


async def week(w: World) -> None:
    """Live into a group's second week; Ada kept the first unit, Ben did not."""
    await w.start()
    for who in ("ada", "ben"):
        await w.say(who, "join")
    await w.to(NINE + timedelta(hours=1))
    await w.say("ada", "checkin 30 read it")
    await w.to(NINE + timedelta(weeks=1, hours=1))


@pytest.fixture
async def second(tmp_path: Path) -> AsyncIterator[World]:
    async with lived(tmp_path, week) as w:
        yield w


async def rulings(w: World) -> list[tuple[str, str, str, str]]:
    chosen = select(Ruling.kind, Ruling.unit_id, Ruling.reason, AccountRow.external_id).join(
        AccountRow, AccountRow.id == Ruling.author_id
    )
    found = await w.app.database.run(lambda work: work.session.execute(chosen).all(), writes=False)
    return [(kind, unit, reason, author) for kind, unit, reason, author in found]


async def test_an_excuse_is_a_row_with_author_and_reason(second: World) -> None:
    reply = await second.say("mo", 'excuse member=ben unit=1 reason="was ill"')
    assert reply.audience == "private"
    assert "I've excused Ben from Unit 1: Python data structures." in text(reply)
    assert await rulings(second) == [("excuse", "py-data-structures", "was ill", "mo")]


@pytest.mark.parametrize("account", ["123456789012345678", "U0123ABCD"])
async def test_who_is_no_member_is_named_as_the_platform_shows_them(second: World, account: str) -> None:
    reply = await second.say("mo", f"excuse member=<@{account}> unit=1 reason=ill")
    assert "That person is not a member of Night owls." in text(reply) and account not in text(reply)
    assert any(
        markup.name(account, "That person") in block.markdown for block in reply.blocks if isinstance(block, Text)
    )


async def test_an_excuse_is_told_once_and_shown_in_progress(second: World) -> None:
    await second.say("mo", 'excuse member=ben unit=1 reason="was ill"')
    await second.tick()
    [told] = await second.posts("@ben")
    assert (
        "A moderator excused you from Unit 1: Python data structures. Reason: “was ill”. Your streak is safe."
        in text(told)
    )
    for _ in range(2):
        said = text(await second.call("ben", Call("ledger")))
        assert said.count("was ill") == 1
        assert "Excused by a moderator. Reason: “was ill”." in said


async def test_an_excuse_holds_a_streak_and_adds_nothing(second: World) -> None:
    await second.to(NINE + timedelta(weeks=2, hours=1))  # Ada missed the second: a freeze went
    assert "Freezes: 0" in text(await second.say("ada", "progress"))
    await second.say("mo", "excuse member=ada unit=2 reason=ill")
    said = text(await second.say("ada", "progress"))
    assert "Streak 1" in said
    assert "Freezes: 1" in said


async def test_repeated_it_changes_nothing_and_tells_nobody(second: World) -> None:
    await second.say("mo", "excuse member=ben unit=1 reason=ill")
    reply = await second.say("mo", 'excuse member=ben unit=1 reason="another one"')
    assert "is already excused from" in text(reply)
    assert "Nothing changed" in text(reply)
    assert [r[2] for r in await rulings(second)] == ["ill"]
    await second.tick()
    [told] = await second.posts("@ben")
    assert "another one" not in text(told)


async def test_void_takes_points_and_streak_and_says_why(second: World) -> None:
    assert "10 points" in text(await second.say("ada", "progress"))
    asked = await second.say("mo", 'void member=ada unit=1 reason="copied"')
    assert (asked.title, "your reason: “copied”" in text(asked)) == ("Void this unit?", True)
    assert "10 points" in text(await second.say("ada", "progress"))
    reply = await second.press("mo", "Void unit", of=asked)
    assert "Ada no longer gets credit for Unit 1:" in text(reply)
    await second.tick()
    told = text((await second.posts("@ada"))[-1])
    assert "decided that your check-in doesn't count for Unit 1: Python data structures. Reason: “copied”" in told
    said = text(await second.call("ada", Call("ledger")))
    assert "A moderator decided that this unit doesn't count." in said and said.count("copied") == 1
    said = text(await second.say("ada", "progress"))
    assert "Streak 0" in said
    assert "0 points this season" in said


async def test_what_a_void_says_is_no_reason_of_an_earlier_correction(second: World) -> None:
    await second.say("mo", "correct member=ada unit=1 minutes=20 reason=typo")
    await second.say("mo", "void member=ada unit=1 reason=copied confirm=yes")
    said = text(await second.call("ada", Call("ledger")))
    assert "Reason: “copied”" in said and "typo" not in said and "Not checked in" not in said


async def test_a_void_unit_leaves_the_count_the_report_and_the_board(second: World) -> None:
    await second.say("ben", "checkin 30 read it")
    await second.tick()
    assert "Checked in (1 of 2): Ben" in text(await second.say("mo", "report"))
    await second.say("mo", "void member=ben unit=2 reason=copied")
    await second.press("mo", "Void unit")
    assert "Checked in: 0 of 2" in text(await second.say("mo", "report"))
    assert "Ben (you) 0" in text(await second.say("ben", "leaderboard week"))


@pytest.mark.parametrize("verb", ["excuse", "void"])
async def test_only_moderators_rule(second: World, verb: str) -> None:
    reply = await second.say("ada", f"{verb} member=ben unit=1 reason=because")
    assert "Only moderators can do that" in text(reply)
    assert await rulings(second) == []


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("excuse member=zoe unit=1 reason=ill", "is not a member"),
        ("excuse member=ben unit=9 reason=ill", "You can't rule on it before then."),
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
    assert "I've excused Ben" in text(ruled)


async def test_a_hostile_reason_stays_text(second: World) -> None:
    await second.say("mo", 'excuse member=ben unit=1 reason="@everyone [x](https://evil.example)"')
    await second.tick()
    [said] = await second.posts("@ben")
    assert "](https://evil" not in "".join(str(b) for b in said.blocks).replace("\\\\](", "")


async def test_an_excuse_takes_a_member_out_of_reminders_and_the_summary_of_the_missing(second: World) -> None:
    await second.say("ben", "settings reminders=yes")
    await second.say("mo", "excuse member=ben unit=2 reason=ill")
    await second.to(NINE + timedelta(weeks=2))
    assert [p.title for p in await second.posts("@ben")] == ["Night owls"]


async def test_void_has_its_own_example_and_excuse_keeps_its_own(w: World) -> None:
    assert "was ill" not in text(await w.say("mo", "help void"))
    assert "was ill, told us late" in text(await w.say("mo", "help excuse"))


async def test_both_rulings_are_lifted_and_may_come_again_and_every_row_stays(second: World) -> None:
    await second.say("mo", "excuse member=ben unit=1 reason=ill")
    lifted = await second.say("mo", 'lift member=ben unit=1 reason="was well after all"')
    assert "I've lifted the ruling on Ben's Unit 1:" in text(lifted)
    assert "Excused" not in text(await second.call("ben", Call("ledger")))
    await second.say("mo", "void member=ada unit=1 reason=copied")
    await second.press("mo", "Void unit")
    assert "0 points this season" in text(await second.say("ada", "progress"))
    await second.press("mo", "Undo void", {"reason": "it was theirs"})
    assert "10 points" in text(await second.say("ada", "progress"))
    await second.tick()
    assert "lifted the ruling on Unit 1: Python data structures. Reason: “it was theirs”" in text(
        (await second.posts("@ada"))[-1]
    )
    await second.say("mo", "excuse member=ben unit=1 reason=again")
    assert "Reason: “again”." in text(await second.call("ben", Call("ledger")))
    assert [r[0] for r in await rulings(second)] == ["excuse", "lift", "void", "lift", "excuse"]


async def test_where_nothing_is_ruled_nothing_is_lifted(second: World) -> None:
    reply = await second.say("mo", "lift member=ben unit=1 reason=because")
    assert "There is no ruling on Unit 1: Python data structures for Ben" in text(reply)
    assert await rulings(second) == []


async def test_they_are_told_outside_their_quiet_hours_and_the_moderator_reads_when(second: World) -> None:
    await second.to(NINE + timedelta(weeks=1, hours=14))
    reply = await second.say("mo", "excuse member=ben unit=1 reason=ill")
    assert "I'll message them when their quiet hours end, Tue 10 Mar 2026, 08:00 (UTC)" in text(reply)
    await second.after(hours=8)
    assert await second.posts("@ben") == []
    second.clock.move_to(NINE + timedelta(weeks=1, hours=23))
    await second.tick()
    assert len(await second.posts("@ben")) == 1
    assert "I've messaged them" in text(await second.say("mo", "lift member=ben unit=1 reason=slip"))


async def test_a_check_in_on_a_voided_unit_is_kept_for_the_record_and_says_that_it_earns_nothing(second: World) -> None:
    await second.say("mo", "void member=ben unit=2 reason=copied confirm=yes")
    receipt = await second.say("ben", "checkin 30 unit=2 once more")
    assert text(receipt).startswith("Noted: ")
    assert "because a moderator decided that this unit doesn't count. Reason: “copied”" in text(receipt)
    assert "0 points" in text(await second.say("ben", "progress"))
