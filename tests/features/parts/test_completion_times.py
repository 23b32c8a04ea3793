"""The pace of those who finished: kept by their season, told to the next one, and given away by a moderator alone."""

from __future__ import annotations

from datetime import timedelta

from bot.messages.call import Call
from bot.messages.reply import Listing
from tests.harness import MONDAY, World, text

NINE = MONDAY + timedelta(hours=1)
FIVE = ("ada", "ben", "cy", "dev", "eva")
TOLD = "People who finished had completed 1 of 1 in this part by now."


async def test_a_season_leaves_its_pace_to_the_next_where_five_have_finished(w: World) -> None:
    await w.begin(*FIVE, "zoe", extra="first_unit=58")
    for who in FIVE:
        await w.say(who, "checkin 30 read")
    assert "There are no completion times yet." in text(await w.say("mo", "cohort pace"))
    await w.to(NINE + timedelta(weeks=1, hours=1))
    assert TOLD not in text(await w.call("ada", Call("ledger")))
    asked = await w.say("mo", "cohort pace")
    assert "of 5 finishers" in text(asked) and "names nobody" in text(asked)
    given = await w.press("mo", "Export times", of=asked)
    assert [block.code for block in given.blocks if isinstance(block, Listing)] == [
        "finishers: 5\nkept:\n  ops-versioning: 100"
    ]
    await w.start(name="Night owls 2", extra="first_unit=58 members=same")
    await w.after(weeks=2)
    assert TOLD in text(await w.call("zoe", Call("ledger")))


async def test_four_finishers_leave_none(w: World) -> None:
    await w.begin(*FIVE, extra="first_unit=58")
    for who in FIVE[:4]:
        await w.say(who, "checkin 30 read")
    await w.to(NINE + timedelta(weeks=1, hours=1))
    assert "There are no completion times yet." in text(await w.say("mo", "cohort pace"))
