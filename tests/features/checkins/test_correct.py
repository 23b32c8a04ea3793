"""A moderator corrects a check-in: an append-only row that scoring knows, told once, and corrected back."""

from __future__ import annotations

from sqlalchemy import select

from bot.features.checkins.tables import CheckinChange
from bot.messages.call import Call
from tests.harness import World, text


async def test_a_check_in_is_corrected_with_a_reason_told_once_and_corrected_back(w: World) -> None:
    await w.begin("ada", "ben")
    await w.after(days=7)
    await w.say("ada", "checkin 300 read it unit=2")
    assert "Right time spent" in text(await w.say("mo", 'correct ada 2 "a slip"'))
    assert "has no check-in" in text(await w.say("mo", 'correct ben 2 "a slip" minutes=30'))

    reply = await w.say("mo", 'correct ada 2 "30 was meant" minutes=30')
    assert (reply.tone, reply.audience) == ("good", "private")
    assert "check-in from 300 minutes to 30 minutes" in text(reply)
    assert "Nothing changed" in text(await w.say("mo", 'correct ada 2 "30 was meant" minutes=30'))
    await w.tick()
    [told] = [post for post in await w.posts("@ada") if "changed your check-in" in text(post)]
    assert "from 300 minutes to 30 minutes. Reason: “30 was meant”" in text(told)

    before = text(await w.call("ada", Call("ledger")))
    assert "Reason: “30 was meant”." in before
    moved = await w.say("mo", 'correct ada 2 "it was for the first" to=1')
    assert "Unit 1" in text(moved)
    assert text(await w.call("ada", Call("ledger"))) != before
    back = await w.press("mo", "Undo correction", {"reason": "no, it was not"})
    assert back.tone == "good"
    chosen = select(CheckinChange.kind, CheckinChange.unit_id, CheckinChange.minutes).order_by(CheckinChange.id)
    rows = await w.app.database.run(lambda work: work.session.execute(chosen).all(), writes=False)
    assert [(kind, minutes) for kind, _, minutes in rows] == [("correct", 30)] * 3 and rows[0][1] == rows[2][1]
    record = text(await w.say("mo", "audit what=correct"))
    assert "corrected Ada's check-in for unit 2 (minutes: 30). Reason: “30 was meant”." in record
    assert "There is no ruling" in text(await w.say("mo", "lift ada 2 mistake"))


async def test_a_correction_stays_when_its_moderator_is_forgotten(w: World) -> None:
    await w.begin("ada", "ben")
    await w.say("mo", "cohort edit moderators=@ben confirm=yes")
    await w.say("ada", "checkin 300 read it")
    await w.say("ben", 'correct ada 1 "a slip" minutes=30')
    await w.say("ben", "privacy forget confirm=yes")
    assert "30 minutes" in text(await w.say("mo", 'correct ada 1 "more" minutes=45'))
