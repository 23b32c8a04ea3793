"""The first minute on the local page: a cohort with every default and its first post at once."""

from __future__ import annotations

from bot.core.call import Call
from bot.core.reply import Reply
from bot.features.upkeep.begin import greeting
from tests.harness import World, text


async def greeted(w: World) -> Reply | None:
    return await w.app.database.run(lambda work: greeting(work, "local", "local"), writes=False)


async def test_where_nothing_runs_a_start_is_offered(w: World) -> None:
    reply = await greeted(w)
    assert reply is not None and reply.title == "Welcome to Trailmate"
    assert "Start a cohort here with every default" in text(reply)
    assert [b.label for b in reply.buttons] == ["Start a cohort here", "Choose the details"]


async def test_one_press_starts_a_cohort_whose_welcome_and_first_unit_come_at_once(w: World) -> None:
    reply = await greeted(w)
    assert reply is not None
    begun = await w.press("mo", "Start a cohort here", of=reply)
    assert (begun.title, begun.tone) == ("Study group has begun", "good")
    await w.tick()
    welcome, first = await w.posts()
    assert "The first unit is out: it stands below." in text(welcome)
    assert welcome.title == "Welcome to Study group" and first.title == "Unit 1 of 53: Python data structures"
    assert [title for title, _ in await w.threads()] == ["Unit 1 of 53: Python data structures"]
    assert (await w.press("mo", "Join it yourself", of=begun)).title == "You are in Study group"
    assert (await w.say("mo", "checkin 30 at once")).title == "Checked in"
    assert await greeted(w) is None


async def test_the_first_deadline_is_at_least_five_days_away(w: World) -> None:
    await w.after(days=4)
    await w.call("mo", Call("begin"))
    await w.tick()
    assert "Due Sun 15 Mar 2026, 21:00 (UTC)" in text((await w.posts())[-1])


async def test_only_a_moderator_starts_one_and_only_one(w: World) -> None:
    assert text(await w.call("ada", Call("begin"))).startswith("That is for moderators.")
    await w.call("mo", Call("begin"))
    again = await w.call("mo", Call("begin"))
    assert again.tone == "error" and "Study group lives there" in text(again)
