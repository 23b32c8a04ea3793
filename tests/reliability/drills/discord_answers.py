"""Discord answering badly: it refuses for a while, fails, speaks nonsense, cuts, is silent."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import web

from bot.platforms.discord.limits import REQUEST_S
from tests.reliability.drills.discord import GUILD, OPEN, Discord, answered
from tests.reliability.drills.frame import Scene, drill

Trouble = Literal[
    "429", "429 of all", "500", "500 after", "502", "malformed", "text", "cut", "cut after", "silent", "silent after"
]
"""What goes wrong with one request; with `after` and with nonsense it has been carried out all the same."""
TROUBLES: tuple[Trouble, ...] = (
    "429",
    "500",
    "500 after",
    "502",
    "malformed",
    "text",
    "cut",
    "cut after",
    "silent",
    "silent after",
)
UNDONE = {"429", "429 of all", "500", "502", "cut", "silent"}
SILENT_S, WAIT_S = 40.0, 1.2
KINDS = {
    r"POST channels/(\d+)/messages": "post",
    r"POST channels/(\d+)/messages/\d+/threads": "thread",
    r"POST interactions/(\d+)/.*": "callback",
    r"PATCH webhooks/\d+/t(\d+)/messages/.*": "edit",
}


@dataclass
class Upset(Discord):
    """A Discord of which some requests go wrong, each once.

    Args:
        troubles: what goes wrong with the next request of a kind, of a channel or an event.
        threads: on which messages a thread was opened, as often as it was.
        edits: what the promised answers to events became.
    """

    troubles: dict[tuple[str, str], Trouble] = field(default_factory=dict)
    threads: list[str] = field(default_factory=list)
    edits: dict[str, str] = field(default_factory=dict)

    async def rest(self, request: web.Request) -> web.Response:
        """Answer a request, or fail to."""
        asked = f"{request.method} {request.match_info['path']}"
        found = ((kind, re.fullmatch(pattern, asked)) for pattern, kind in KINDS.items())
        trouble = next((self.troubles.pop((kind, one[1]), None) for kind, one in found if one), None)
        return await (self._fails(request, trouble) if trouble else self._carried_out(request))

    async def _fails(self, request: web.Request, trouble: Trouble) -> web.Response:
        if trouble not in UNDONE:
            await self._carried_out(request)
        match trouble:
            case "429" | "429 of all":
                is_global = trouble == "429 of all"
                said = answered({"message": "slow down", "retry_after": WAIT_S, "global": is_global}, 429)
                said.headers["Retry-After"] = str(WAIT_S)
                if is_global:
                    said.headers["X-RateLimit-Global"] = "true"
                return said
            case "500" | "500 after":
                return answered({"message": "500: Internal Server Error", "code": 0}, 500)
            case "502":
                return web.Response(status=502, text="<html>Bad Gateway</html>", content_type="text/html")
            case "text":
                return web.Response(text="<html>Everything works</html>", content_type="text/html")
            case "malformed":
                return web.Response(body=b'{"id": "70', headers={"Content-Type": "application/json"})
            case "silent" | "silent after":
                await asyncio.sleep(SILENT_S)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    async def _carried_out(self, request: web.Request) -> web.Response:
        path = request.match_info["path"]
        if match := re.fullmatch(r"channels/\d+/messages/(\d+)/threads", path):
            if match[1] in self.threads:
                return answered({"message": "A thread has already been created for this message", "code": 160004}, 400)
            self.threads.append(match[1])
            return answered({"id": match[1], "type": 11, "name": "t"})
        if (match := re.match(r"webhooks/\d+/t(\d+)/messages", path)) and request.method == "PATCH":
            self.edits[match[1]] = await request.text()
        return await super().rest(request)


@drill(
    does="Discord answers posts, threads and replies with 429 (also global), 500, 502, half a JSON, a cut, silence",
    sees="Each post and thread is there once within 40 s, each answer within 20 s. Other channels don't wait",
    holds="Each row `sent`, with the message's id",
)
async def discord_answers_badly(s: Scene) -> None:
    discord, many = Upset(), len(TROUBLES)
    rooms, others, heard = ([str(first + n) for n in range(many)] for first in (2000, 3000, 4000))
    discord.rooms |= {room: [] for room in (*rooms, *others, *heard)}
    await discord.start(s)
    await s.live()
    await s.bot().begin(said="discord is ready")
    for room, other, trouble in zip(rooms, others, TROUBLES, strict=True):
        discord.troubles |= {("post", room): trouble, ("thread", other): trouble}
        s.announce(f"post in {room}", room, "discord", GUILD)
        s.announce(f"post in {other}", other, "discord", GUILD, opens="A thread")
    await asyncio.sleep(1)
    s.announce(f"post in {OPEN}", OPEN, "discord", GUILD)
    await s.until(lambda: discord.has(OPEN, f"post in {OPEN}"), 4, "another room has its post at once")
    async with asyncio.TaskGroup() as group:
        for n, room in enumerate(heard):
            group.create_task(_answered(s, discord, n, room))
    sent = "state = 'sent' AND sent_ref IS NOT NULL AND platform = 'discord'"
    await s.until(lambda: s.count("outbox", sent) > 2 * many, 20, "all are sent")
    discord.troubles["post", OPEN] = "429 of all"
    s.announce("post then", OPEN, "discord", GUILD)
    await s.until(lambda: discord.has(OPEN, "post then"), 20, "the post after a 429 of all")
    await asyncio.sleep(REQUEST_S + 2)  # for what is said once more because nobody said that it had arrived
    assert not discord.troubles, f"each trouble was met: {discord.troubles}"
    standing = {room: discord.has(room, f"post in {room}") for room in (*rooms, *others, OPEN)}
    assert set(standing.values()) == {1}, standing
    opened = [one["id"] for one in discord.sent if one["channel_id"] in others]
    assert sorted(discord.threads) == sorted(opened), (discord.threads, opened)
    replies = [len(discord.replies(f"32{n:02}")) for n in range(many)]
    assert set(replies) == {1}, replies


async def _answered(s: Scene, discord: Upset, n: int, room: str) -> None:
    """See that a command, a slow one and a message are answered, whatever becomes of the first try."""
    typed, asked, written, trouble = f"31{n:02}", f"33{n:02}", f"32{n:02}", TROUBLES[n]
    discord.troubles |= {("callback", typed): trouble, ("edit", asked): trouble, ("post", room): trouble}
    at = time.monotonic()
    await discord.typed(typed)
    await discord.typed(asked, "ask", question="what is a tuple?")
    await discord.written(written, "help", room)
    await s.until(lambda: typed in discord.answered, 4, f"an answer after {trouble}")
    await s.until(lambda: "uple" in discord.edits.get(asked, ""), 20, f"what was promised, after {trouble}")
    await s.until(lambda: discord.replies(written), 20, f"a reply after {trouble}")
    print(f"{trouble}: {time.monotonic() - at:.1f} s")
