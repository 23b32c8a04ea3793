"""States of an answer on the page: every open page is told by an event, and finds what there is by then."""

from __future__ import annotations

import asyncio

from tests.platforms.web.conftest import Served


async def told(stream: asyncio.StreamReader | object, served: Served, seen: list[str]) -> None:
    """Follow the events of a page, and note what its room says of the answer each time."""
    while True:
        event = await stream.readuntil(b"\n\n")  # type: ignore[union-attr]
        if b"event: room" in event:
            html = await served.room(**{"as": "ben"})
            seen.append(next((text for text in ("chain rule", "One. Two.", "One.") if text in html), ""))


async def test_others_see_the_states_of_an_answer_by_events_and_then_the_answer(served: Served) -> None:
    response, seen = await served.get("/events"), list[str]()
    await response.content.readuntil(b"\n\n")
    following = asyncio.create_task(told(response.content, served, seen))
    await served.post("/say", {"text": "trailmate, what does it trickle?"})
    await asyncio.sleep(0.3)
    following.cancel()
    assert list(dict.fromkeys(text for text in seen if text)) == ["One.", "One. Two.", "chain rule"]
    answers = await served.local.feed.list_messages("general")
    assert len(answers) == 2


async def test_who_asks_in_private_sees_the_states_alone(served: Served) -> None:
    await served.post("/say", {"text": "ask what does it trickle?", "room": "@ada"})
    _, answer = await served.local.feed.list_messages("@ada")
    assert "chain rule" in answer.reply.plain()
