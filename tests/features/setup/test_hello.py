"""What stands where nobody knows the bot yet, and the first minute from there."""

from __future__ import annotations

from datetime import timedelta

from bot.core.reply import Reply
from bot.features.setup.hello import greeting
from tests.harness import World, text


async def greeted(w: World) -> Reply | None:
    return await w.app.database.run(lambda work: greeting(work, "local", "local"), writes=False)


async def test_the_empty_page_asks_for_name_and_day_shows_the_first_post_and_starts(w: World) -> None:
    w.clock.move_to(w.clock.now() + timedelta(hours=3))
    reply = await greeted(w)
    assert reply is not None and reply.title == "Welcome to Trailmate"
    assert [b.label for b in reply.buttons] == ["Start a cohort here", "Step by step"]
    step = await w.press("mo", "Start a cohort here", {"name": "Night owls"}, of=reply, zone="UTC")
    assert step.title == "Set up a group, 6 of 6: the first post"
    assert "Name: Night owls" in text(step) and "First post on: Mon 2 Mar 2026" in text(step)
    done = await w.press("mo", "Start the group", zone="UTC")
    assert (done.title, done.tone) == ("Night owls is set up", "good")
    await w.tick()
    assert [post.title for post in await w.posts()] == ["Welcome to Night owls", "Unit 1 of 53: Python data structures"]
    await w.press("mo", "Join it yourself")
    assert (await w.say("mo", "checkin 30 at once")).title == "Checked in"
    assert await greeted(w) is None


async def test_where_no_zone_is_known_it_is_asked_for_before_anything_starts(w: World) -> None:
    reply = await greeted(w)
    step = await w.press("mo", "Start a cohort here", {"name": "Night owls"}, of=reply)
    assert "I never guess it" in text(step) and [b.label for b in step.buttons][-2:] == ["Mend that", "Cancel"]
    assert (await w.press("mo", "Mend that")).title.endswith("time zone")


async def test_a_first_post_that_is_due_later_today_can_go_out_at_once(w: World) -> None:
    await w.press("mo", "Start a cohort here", of=await greeted(w), zone="UTC")
    await w.press("mo", "Start the group", zone="UTC")
    await w.tick()
    assert len(await w.posts()) == 1
    await w.press("mo", "Post the first unit now")
    await w.press("mo", "Post it")
    await w.tick()
    assert len(await w.posts()) == 2
