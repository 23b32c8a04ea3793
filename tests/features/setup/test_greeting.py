"""What stands where nobody knows the bot yet, and the first minute from there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.commands.context import Place
from bot.features.setup.greeting import greeting
from bot.messages.call import Call
from bot.messages.errors import TryLater
from bot.messages.reply import Reply
from tests.harness import World, text
from tests.kit import OTHER, ROOM


async def greeted(w: World) -> Reply | None:
    return await w.app.database.run(lambda work: greeting(work, w.app.library, "local", "local"), writes=False)


async def test_the_empty_page_asks_for_name_and_day_shows_the_first_post_and_starts(w: World) -> None:
    w.clock.move_to(w.clock.now() + timedelta(hours=3))
    reply = await greeted(w)
    assert reply is not None and reply.title == "Welcome to Trailmate"
    assert [b.label for b in reply.buttons] == ["Start a group", "Step by step"]
    assert "Statistics for everyday decisions: 8 units, 3 to 5 hours a unit" in text(reply)
    assert "a unit. Eight weeks for people who run a club, a shop or a household." in text(reply)
    assert "Your own: paste an outline or a table" in text(reply)
    step = await w.press("mo", "Start a group", {"name": "Night owls"}, of=reply, zone="UTC")
    assert step.title == "Set up a group, 6 of 6: first post"
    assert "Name: Night owls" in text(step) and "First post on: Mon 2 Mar 2026" in text(step)
    done = await w.press("mo", "Start the group", zone="UTC")
    assert (done.title, done.tone) == ("Night owls is set up", "good")
    await w.tick()
    assert [post.title for post in await w.posts()] == [
        "Welcome to Night owls",
        "Unit 1: Python data structures",
    ]
    await w.press("mo", "Join")
    assert "Checked in:" in text(await w.say("mo", "checkin 30 at once"))
    assert await greeted(w) is None


async def test_the_form_of_the_empty_page_lists_the_courses_and_takes_another(w: World) -> None:
    await w.call("mo", Call("manage course add", {"text": "# Club\n- One\n- Two", "confirm": "yes"}))
    reply = await greeted(w)
    ask = w.button("mo", "Start a group", reply).target
    assert isinstance(ask, Call)
    course = next(field for field in (await w.form("mo", ask)).fields if field.key == "course")
    assert course.value == "genai-2026" and {"Statistics for everyday decisions", "Club"} <= {
        option.label for option in course.options
    }
    step = await w.press("mo", "Start a group", {"name": "Owls", "course": "own-1"}, of=reply, zone="UTC")
    assert step.title.startswith("Set up a group, 6 of 6") and "Name: Owls" in text(step)
    assert "Course: Club" in text(step)
    other = await w.press("mo", "Change details", {"course": "rag"}, zone="UTC")
    assert "Name: Owls" in text(other) and "Course: RAG in eight weeks" in text(other)


async def test_where_no_zone_is_known_it_is_asked_for_beside_the_first_post(w: World) -> None:
    w.clock.move_to(w.clock.now() + timedelta(hours=14))
    step = await w.press("mo", "Start a group", {"name": "Night owls"}, of=await greeted(w))
    assert "use one time zone. Choose one" in text(step) and "Time zone: not chosen yet, shown in UTC" in text(step)
    assert [b.label for b in step.buttons] == [
        "Choose time zone",
        "Use UTC",
        "Change details",
        "Back",
        "Cancel",
    ]
    chosen = await w.press("mo", "Choose time zone", {"timezone": "Kiritimati"})  # a day ahead: still its today
    assert "Time zone: Pacific/Kiritimati First post on: Tue 3 Mar 2026" in text(chosen)
    assert chosen.buttons[0].label == "Start the group"
    taken = await w.press("mo", "Use UTC", of=step)
    assert "Time zone: UTC First post on: Mon 2 Mar 2026" in text(taken) and "never guess" not in text(taken)
    assert (await w.press("mo", "Start the group")).title == "Night owls is set up"


async def test_a_first_post_that_is_due_later_today_can_go_out_at_once(w: World) -> None:
    await w.press("mo", "Start a group", of=await greeted(w), zone="UTC")
    await w.press("mo", "Start the group", zone="UTC")
    await w.tick()
    assert len(await w.posts()) == 1
    await w.press("mo", "Post first unit")
    await w.press("mo", "Post it")
    await w.tick()
    assert len(await w.posts()) == 2


async def said(
    w: World, room: str = "", *, at: Place | None = None, platform: str = "discord", shown: bool = True
) -> Reply | None:
    into, told = Place(platform, "77", room), list[Reply]()

    async def tell(reply: Reply) -> bool:
        told.append(reply)
        return shown

    await w.app.arrived(into, at or into, tell)
    return told[0] if told else None


async def test_a_server_is_greeted_once_and_its_button_begins_a_setup(w: World) -> None:
    first = await said(w, at=Place("discord", "77", "123456"))
    assert first is not None and first.title == "Hello, I'm Trailmate"
    assert [b.label for b in first.buttons] == ["Set up", "See help"]
    assert await said(w) is None, "not at every restart, and not when the bot comes back"
    there: dict[str, Any] = {"platform": "discord", "tenant": "77", "room": "123456"}
    step = await w.press("mo", "Set up", of=first, **there)
    assert step.title.startswith("Set up a group, 1 of 6") and step.audience == "private"
    assert (await w.press("ada", "See help", of=first, **there)).title == "Help"


async def test_a_hello_that_could_not_be_shown_is_said_at_the_next_occasion(w: World) -> None:
    assert await said(w, ROOM, platform="slack")
    assert await said(w, OTHER, platform="slack", shown=False)
    assert await said(w, ROOM, platform="slack") is None
    assert await said(w, OTHER, platform="slack") is not None
    assert await said(w, OTHER, platform="slack") is None


async def test_a_server_in_which_somebody_has_spoken_to_the_bot_is_told_nothing(w: World) -> None:
    await w.say("mo", "setup", platform="discord", tenant="77", room="123456")
    assert await said(w) is None


async def test_who_is_greeted_alone_is_told_where_a_setup_begins(w: World) -> None:
    alone = await said(w, at=Place.direct("discord", None, "9"))
    assert alone is not None and [b.label for b in alone.buttons] == ["See help"]
    assert "run `setup` in the channel where it will meet" in text(alone)


async def test_a_channel_where_a_group_learns_offers_to_join_it(w: World) -> None:
    await w.say("mo", "cohort create name=Owls timezone=UTC confirm=yes", platform="slack", tenant="77", room=ROOM)
    there = await said(w, ROOM, platform="slack")
    assert there is not None and text(there).startswith("Hello again Owls meets in this channel.")
    joined = await w.press("ada", "Join", of=there, platform="slack", tenant="77", room=ROOM)
    assert joined.title == "You're in Owls"
    assert (await said(w, OTHER, platform="slack")) is not None, "each channel of a workspace by itself"
    assert await said(w, ROOM, platform="slack") is None


async def test_a_database_that_is_away_costs_a_hello_and_nothing_else(w: World, monkeypatch: Any) -> None:
    async def away(*_: Any, **__: Any) -> None:
        raise TryLater("Not now.")

    monkeypatch.setattr(w.app.database, "run", away)
    assert await said(w) is None
