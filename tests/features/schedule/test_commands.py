"""A unit that is out gets a later deadline, and all that follows from it follows."""

from __future__ import annotations

from datetime import timedelta

from bot.messages.call import Call
from tests.harness import MONDAY, World, text

NINE = MONDAY + timedelta(hours=1)


async def test_a_deadline_moves_later_with_all_that_follows(w: World) -> None:
    await w.begin("ada")
    await w.to(NINE + timedelta(days=2))
    early = text(await w.say("mo", "schedule extend '2026-03-07 20:00'"))
    assert "can only move later" in early and "two months" in early
    assert "can only move later" in text(await w.say("mo", "schedule extend '2026-09-07 20:00'"))
    assert "isn't open" in text(await w.say("mo", "schedule extend '2026-03-11 20:00' unit=5"))
    before = text(await w.say("ada", "progress"))
    asked = await w.say("mo", "schedule extend '2026-03-11 20:00' reason=exams")
    assert "due Wed 11 Mar 2026, 20:00 (UTC) (was Sun 8 Mar 2026, 21:00 (UTC))" in text(asked)
    assert "Unit 2" in text(asked) and "starts Mon 16 Mar 2026, 09:00 (UTC) (was Mon 9 Mar 2026, 09:00 (UTC))" in text(
        asked
    )
    assert text(await w.say("ada", "progress")) == before
    assert (await w.press("mo", "Confirm", of=asked)).tone == "good"
    await w.after(minutes=3)
    told = text((await w.posts())[-1])
    assert "New dates" in told and "due Wed 11 Mar 2026, 20:00" in told and "Reason: exams" in told
    assert "Wed 11 Mar 2026, 20:00" in text(next(post for post in await w.posts() if "Unit 1" in (post.title or "")))
    await w.to(NINE + timedelta(days=9))  # the Wednesday, before the new deadline
    assert "Unit 2" not in str([post.title for post in await w.posts()])
    assert "Unit 1" in text(await w.say("ada", "checkin 30 in time after all"))
    again = await w.say("mo", "schedule extend '2026-03-12 20:00' confirm=yes")
    assert again.tone == "good"
    await w.to(NINE + timedelta(days=14, minutes=1))
    assert any("Unit 2" in (post.title or "") for post in await w.posts())
    assert "10 points this season" in (said := await w.record("ada"))
    assert "exams. A moderator extended the deadline. Late period until Fri 13 Mar 2026, 08:00 (UTC)." in said


async def test_a_deadline_that_a_pause_holds_is_not_moved_and_keeps_its_time_when_the_pause_ends(w: World) -> None:
    await w.begin("ada")
    await w.to(NINE + timedelta(days=1))
    assert (await w.say("mo", "schedule extend '2026-03-10 20:00' confirm=yes")).tone == "good"
    assert (await w.say("mo", "cohort pause now weeks=1 confirm=yes")).tone == "good"
    assert (await w.say("mo", "schedule extend '2026-03-18 20:00' confirm=yes")).tone == "good"
    assert (await w.say("mo", "cohort resume")).tone == "good"
    assert "Wed 11 Mar 2026, 20:00" in text(await w.say("ada", "progress"))


async def test_skip_and_restore_without_a_unit_open_a_form(w: World) -> None:
    await w.begin("ada")
    for command, label in (("skip", "Skip a unit"), ("restore", "Restore a unit")):
        (form,) = (await w.say("mo", f"manage schedule {command}")).buttons
        assert form.label == label and isinstance(form.target, Call) and form.target.ask
