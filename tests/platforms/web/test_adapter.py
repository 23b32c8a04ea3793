from __future__ import annotations

import asyncio

import pytest

from bot.chat.platform import Platform, Post
from bot.commands.context import Place
from bot.messages.reply import say
from bot.platforms.web.adapter import LocalPage
from tests.platforms.local import Local
from tests.platforms.web.conftest import Served, greeting


async def test_the_page_is_a_platform_that_is_there_as_soon_as_it_runs(served: Served) -> None:
    platform: Platform = served.page
    assert (platform.name, platform.prefix) == ("local", "")
    states: list[str] = []
    running = asyncio.create_task(platform.run(served.local.registry, served.local.dispatcher, states.append))
    await asyncio.sleep(0)
    assert (states, running.done()) == (["ready"], False)
    running.cancel()
    response = await served.get("/")
    assert (response.status, response.content_type) == (200, "text/html")


async def test_a_delivered_post_is_in_the_room_and_open_pages_hear_of_it(served: Served) -> None:
    response = await served.get("/events")
    await response.content.readuntil(b"\n\n")
    place = Place("local", "local", "general")
    sent = await served.page.deliver(Post("k", "t" * 20, "post", place, say("Unit 7"), thread_title="Seven"), False)
    assert b"event: room" in await response.content.readuntil(b"\n\n")
    response.close()
    html = await served.room()
    assert "Unit 7" in html
    assert f'href="#general/{sent.ref}"' in html
    assert (await served.page.inspect(place))[0].ok


def test_a_page_without_anybody_to_speak_as_is_refused_at_once() -> None:
    local = Local()
    with pytest.raises(ValueError, match="somebody"):
        LocalPage(local.feed, clock=local.clock, greeting=greeting, people=())
