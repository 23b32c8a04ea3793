"""A member goes over to another group of their server with their record, and back, without anything counting twice."""

from __future__ import annotations

from sqlalchemy import func, select

from bot.features.checkins.tables import Checkin, CheckinChange, Ruling
from bot.features.groups.tables import Away
from bot.messages.call import Call
from tests.harness import World, text

BIRDS = 'cohort create name="Early birds" timezone=UTC confirm=yes'


async def counts(w: World) -> list[int]:
    """Return how many rows of each kind there are, in all groups."""
    tables = (Checkin, CheckinChange, Ruling, Away)
    read = [select(func.count()).select_from(table) for table in tables]
    return await w.app.database.run(lambda work: [work.session.scalars(one).one() for one in read], writes=False)


async def test_a_member_goes_over_with_their_record_and_back_without_doubling(w: World) -> None:
    await w.begin("ada", "ben")
    await w.say("mo", BIRDS, room="birds")
    await w.say("cleo", "join", room="birds")
    await w.say("ada", "settings alias=Wombat reminders=yes")
    await w.say("ada", "checkin 45 read two papers")
    await w.say("ada", "checkin 20 wrong unit")
    await w.say("ada", "undo")
    await w.say("ada", "away from=today until=tomorrow reason=surgery")
    await w.after(days=14)
    await w.say("mo", "excuse ada 2 was ill")
    await w.say("ben", "checkin 30 too")
    board = text(await w.say("ben", "progress"))

    asked = await w.say("ada", "transfer Early")
    assert asked.tone == "warn" and "Which group" in text(await w.say("ada", "transfer nowhere"))
    assert "one check-in, one ruling, one absence" in text(await w.say("ada", "transfer Early"))
    assert "thanks, buddies" in text(asked)
    done = await w.press("ada", "Move")
    assert done.title == "You're in Early birds"
    assert await counts(w) == [4, 1, 2, 2]

    there = text(await w.say("ada", "progress", room="birds"))
    assert "Streak 1" in there and "surgery" in there and text(await w.say("ben", "progress")) == board
    assert "not a member" in text(await w.say("mo", 'void ada 1 "no"'))
    assert "Ada came with one check-in, one ruling, one absence from another group" in text(
        await w.say("mo", "audit what=transfer", room="birds")
    )
    assert "Came from another group" in text(await w.say("mo", "report", room="birds"))

    await w.say("mo", 'correct ada 1 "it was 30" minutes=30', room="birds")
    await w.say("ada", 'transfer "Night owls" confirm=yes', room="birds")
    assert await counts(w) == [4, 3, 4, 2]  # the correction alone has come back, with its reason
    back = text(await w.call("ada", Call("ledger")))
    assert "it was 30" in back
    await w.say("ada", "transfer Early confirm=yes")
    assert await counts(w) == [4, 3, 4, 2]
    await w.say("ada", "privacy forget confirm=yes")
    assert "a former member came with" in text(await w.say("mo", "audit", room="birds"))


async def test_a_group_whose_room_is_closed_to_somebody_is_neither_named_nor_reached(w: World) -> None:
    await w.begin("ada")
    await w.say("mo", BIRDS, room="birds")
    w.eyes.hidden["ada"] = {"birds"}
    for named in ("Early birds", "Early", "2", "nothing"):
        refused = text(await w.say("ada", f'transfer "{named}" confirm=yes'))
        assert "no other group here on the same course" in refused and "Early birds" not in refused
    assert await w.suggestions("ada", "transfer", "to") == []
    assert "no other group" not in text(await w.say("ada", "progress"))


async def test_what_was_missed_comes_along_and_what_the_other_group_had_sooner_does_not(w: World) -> None:
    await w.begin("ada", "ben")
    await w.say("ada", "checkin 30 one")
    await w.after(days=21)
    await w.say("mo", BIRDS, room="birds")
    await w.after(days=8)
    before = text(await w.call("ada", Call("ledger")))
    await w.say("ada", "transfer Early confirm=yes")
    there = text(await w.call("ada", Call("ledger"), room="birds"))
    assert before and "Closed before joining" not in there
    await w.say("ben", "checkin 30 five")
    asked = text(await w.say("ben", "transfer Early"))
    assert "for units that Early birds hasn't opened" in asked
