from __future__ import annotations

from datetime import timedelta

from bot.chat.platform import Post
from bot.commands.context import Place
from bot.messages import markup
from bot.messages.reply import Reply, Table, say
from tests.platforms.web.conftest import Served

GENERAL = Place("local", "local", "general")
EVIL = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


async def test_an_empty_room_shows_the_greeting_until_somebody_says_something(served: Served) -> None:
    shown = await served.room()
    assert "Welcome to Trailmate" in shown and "trailmate demo" in shown and "any of the people listed here" in shown
    assert "Start a group" in await served.room()
    await served.local.feed.add("a", "general", None, say("Hello"), "Ada")
    assert "Welcome to Trailmate" not in await served.room()


async def test_names_titles_and_texts_of_others_are_escaped_everywhere(served: Served) -> None:
    feed = served.local.feed
    ref = await feed.add("a", "general", None, say(EVIL, title=EVIL), EVIL)
    await feed.open_thread(ref, EVIL)
    await feed.add("b", "general", ref, say(EVIL), EVIL)
    for html in (
        await served.room(),
        await served.room(f"general/{ref}"),
        await (await served.get("/rooms")).text(),
    ):
        assert "<script" not in html
        assert "<img" not in html


async def test_a_message_that_cannot_be_drawn_says_so_and_the_room_is_shown(served: Served) -> None:
    broken = say("never seen")
    object.__setattr__(broken, "blocks", (object(),))
    await served.local.feed.add("a", "general", None, broken, "Ada")
    await served.local.feed.add("b", "general", None, say("Still here"), "Ben")
    html = await served.room()
    assert "This message cannot be shown." in html
    assert "Still here" in html


async def test_half_a_character_in_a_line_leaves_the_room_as_it_was_but_for_that_character(served: Served) -> None:
    assert (await served.post("/say", {"text": "what is a tok\ud800en?"}))["do"] == "posted"
    assert "what is a tok\ufffden?" in await served.room()


async def test_days_are_those_of_the_browsers_zone(served: Served) -> None:
    local = served.local
    local.clock.move_to(local.clock.now() + timedelta(hours=10))
    await local.feed.add("a", "general", None, say("late"), "Ada")  # 19:00 UTC, 04:00 on the next day in Tokyo
    assert "day-2026-11-23" in await served.room(zone="UTC")
    tokyo = await served.room(zone="Asia/Tokyo")
    assert "day-2026-11-24" in tokyo
    assert "Today" in tokyo
    assert ">04:00</time>" in tokyo


async def test_lines_of_one_person_stand_together_for_five_minutes(served: Served) -> None:
    local = served.local
    for n, minutes in enumerate((2, 6, 0)):
        await local.feed.add(f"k{n}", "general", None, say(f"line {n}"), "Ada")
        local.clock.move_to(local.clock.now() + timedelta(minutes=minutes))
    assert (await served.room()).count("message said joined") == 1


async def test_a_thread_shows_its_first_message_and_its_replies(served: Served) -> None:
    post = Post("a", "t" * 20, "post", GENERAL, say("Unit 7 opens"), thread_title="Unit 7")
    thread = (await served.page.deliver(post, False)).thread
    assert thread is not None
    place = Place("local", "local", "general", thread)
    await served.page.deliver(Post("b", "t" * 20, "post", place, say("The prompt")), False)
    assert "1 reply" in await served.room()
    assert "The prompt" not in await served.room()
    html = await served.room(f"general/{thread}")
    assert html.index("Unit 7 opens") < html.index("1 reply") < html.index("The prompt")
    assert 'data-heading="Unit 7"' in html
    assert "no longer here" in await served.room("general/999")
    rooms = await (await served.get("/rooms")).text()
    assert 'aria-label="1 reply"' in rooms


async def test_a_thread_keeps_its_first_message_and_counts_all_replies_however_much_is_said(served: Served) -> None:
    feed = served.local.feed
    ref = await feed.add("week", "general", None, say("Unit 7 opens"))
    await feed.open_thread(ref, "Unit 7")
    for n in range(120):
        await feed.add(f"reply {n}", "general", ref, say(f"reply {n}"))
    assert 'class="thread-count">99+ replies' in await served.room()
    for n in range(120):
        await feed.add(f"line {n}", "general", None, say(f"line {n}"))
    html = await served.room(f"general/{ref}")
    assert html.index("Unit 7 opens") < html.index("120 replies") < html.index("reply 119")
    assert "no longer here" not in html
    assert "no longer here" in await served.room(f"general/{ref}0000")
    reply = (await feed.list_messages("general", ref))[-1].ref
    assert "no longer here" in await served.room(f"general/{reply}")


async def test_rooms_and_threads_are_counted_at_once_however_many_there_are(served: Served) -> None:
    feed = served.local.feed
    for n in range(12):
        await feed.open_thread(await feed.add(f"week {n}", "general", None, say("week")), f"Unit {n}")
    for path in ("/rooms", "/room/general"):
        feed.looks.clear()
        assert (await served.get(path)).status == 200
        assert feed.looks == ["list_messages", "tally"]


async def test_a_direct_message_is_read_by_its_person_only(served: Served) -> None:
    place = Place("local", "local", "@ben")
    await served.page.deliver(Post("a", "t" * 20, "post", place, say("One day left")), False)
    assert "One day left" in await served.room("@ben", **{"as": "ben"})
    assert (await served.get("/room/@ben")).status == 404
    assert 'data-newest-of="ben" data-newest="1"' in await (await served.get("/rooms")).text()


async def test_a_forms_fields_have_labels_help_and_lists(served: Served) -> None:
    response = await served.get("/form", packed="1:settings!")
    told = await response.json()
    html = told["html"]
    assert told["do"] == "form"
    assert '<label for="f-zone">Time zone' in html
    assert 'value="Europe/Berlin"' in html
    assert '<option value="no" selected>no</option>' in html
    assert html.count("<select") == 2
    checkin = (await (await served.get("/form", packed="1:checkin!?minutes=45&note=a%3Cb")).json())["html"]
    assert "a&lt;b</textarea>" in checkin
    assert 'maxlength="500"' in checkin
    assert 'aria-required="true"' in checkin


async def test_a_table_with_hostile_cells_stays_a_table(served: Served) -> None:
    await served.local.feed.add("a", "general", None, Reply((Table(("Name",), ((EVIL,),)),)))
    assert "<script" not in await served.room()


async def test_the_page_lists_every_shown_command_with_its_summary(served: Served) -> None:
    html = await (await served.get("/")).text()
    for command in served.local.registry.shown:
        assert f'data-name="{command.name}"' in html
        assert str(markup.escape(command.summary)).replace("'", "&#39;").replace("\\", "") in html
    assert 'data-name="remove"' not in html
