from __future__ import annotations

import socket

import pytest

from bot.core.context import Place
from bot.core.platform import Platform, Post, Refused
from bot.core.reply import say
from bot.platforms.web.adapter import LocalPage
from tests.platforms.local import Local
from tests.platforms.web.conftest import Served, greeting, serving


async def test_the_page_is_a_platform_that_serves_as_soon_as_it_says_so(served: Served) -> None:
    platform: Platform = served.page
    assert (platform.name, platform.prefix) == ("local", "")
    assert served.states == ["ready"]
    assert served.url.startswith("http://127.0.0.1:")
    response = await served.get("/")
    assert (response.status, response.content_type) == (200, "text/html")


async def test_a_port_in_use_is_one_sentence_that_names_the_setting() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(Refused, match=r"^The page needs port \d+ on 127.0.0.1, which is in use: .*TRAILMATE_PORT"):
            async with serving(port=taken.getsockname()[1]):
                pass


async def test_a_host_that_is_not_ours_is_one_sentence_too() -> None:
    with pytest.raises(Refused, match="TRAILMATE_HOST"):
        async with serving(host="192.0.2.1"):
            pass


async def test_health_is_200_while_all_is_well_and_503_when_not(served: Served) -> None:
    assert (await served.get("/healthz")).status == 200
    served.health["ok"] = False
    response = await served.get("/healthz")
    assert (response.status, (await response.json())["database"]) == (503, "ready")


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


async def test_a_page_without_anybody_to_speak_as_is_refused_at_once() -> None:
    local = Local()

    async def health() -> dict[str, object]:
        return {"ok": True}

    with pytest.raises(ValueError, match="somebody"):
        LocalPage(local.feed, port=0, clock=local.clock, health=health, greeting=greeting, people=())
