"""Slack for drills: any of several sockets gets an event, another what nobody acknowledged; answers go wrong."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from contextlib import suppress
from typing import Any, Literal

from aiohttp import web

from tests.platforms.slack.stub import APP_TOKEN, BOT_TOKEN, TEAM, StubSlack

ROOMS = ("C1", "C2", "C3")
Trouble = Literal["429", "500", "malformed", "cut", "cut after", "slow"]
TROUBLES: tuple[Trouble, ...] = ("429", "500", "malformed", "cut", "cut after", "slow")
SLOW_S = 20.0


class Slack(StubSlack):
    """A workspace with three rooms, in which each person of an unknown name is a guest and `UMO` an admin."""

    def __init__(self) -> None:
        super().__init__()
        self.channels = {room: {"id": room, "name": room.lower(), "is_member": True} for room in ROOMS}
        self.messages = {room: [] for room in ROOMS}
        self.users["UMO"] = {"id": "UMO", "name": "mo", "is_admin": True, "profile": {"display_name": "Mo"}}
        self.users["UADA"] = {"id": "UADA", "name": "ada", "tz": "Europe/Berlin", "profile": {"display_name": "Ada"}}
        self.answered: Counter[str] = Counter()
        self.said: dict[str, str] = {}
        self.again = 0
        self.troubles: list[tuple[str, Trouble]] = []
        self.closed: dict[str, str] = {}

    @property
    def settings(self) -> dict[str, str]:
        """What a bot is told to come here."""
        return {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, "SLACK_API_URL": self.api_url}

    def upset(self, method: str, *troubles: Trouble) -> None:
        """Have the next calls of a method go wrong, each in its way."""
        self.troubles += [(method, trouble) for trouble in troubles]

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        trouble = next((trouble for trouble in self.troubles if trouble[0] == method), None)
        if trouble is None:
            return await super()._api(request)
        self.troubles.remove(trouble)
        match trouble[1]:
            case "429":
                return web.Response(status=429, headers={"Retry-After": "1"})
            case "500":
                return web.Response(status=500, text="<html>oops</html>")
            case "malformed":
                return web.Response(text='{"ok": tr', content_type="application/json")
            case "slow":
                await asyncio.sleep(SLOW_S)
                return web.Response(status=504)
            case "cut after":
                await super()._api(request)
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    def _chat_postMessage(self, body: dict[str, Any]) -> dict[str, Any]:
        if trouble := self.closed.get(body["channel"]):
            return {"ok": False, "error": trouble}
        return super()._chat_postMessage(body)

    async def event(self, kind: str, **more: Any) -> None:
        """Have something happen in the workspace."""
        payload = {"type": "event_callback", "team_id": TEAM, "event": {"type": kind, **more}, "event_id": self.ts()}
        await self.envelope("events_api", payload)

    async def _hook(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        answer = await super()._hook(request)
        self.answered[name] += 1
        self.said[name] = str(self.responses[-1].get("text", ""))
        return answer

    async def command(self, name: str, text: str = "help", who: str = "", room: str = "C1", *, tries: int = 20) -> bool:
        """Have somebody type `/study`; False if nobody has acknowledged it.

        Args:
            name: of this event: the same again is the same event.
        """
        who = who or f"U{hash(name) % 9}"
        payload = {
            "command": "/study",
            "text": text,
            "team_id": TEAM,
            "channel_id": room,
            "user_id": who,
            "user_name": who.lower(),
            "trigger_id": f"{name}.1.x",
            "response_url": self.url(name),
        }
        for _ in range(tries):
            if self.sockets:
                waiting = self._acks[name] = asyncio.get_running_loop().create_future()
                with suppress(Exception):
                    socket = random.choice(self.sockets)
                    await socket.send_json({"type": "slash_commands", "envelope_id": name, "payload": payload})
                    await asyncio.wait_for(waiting, 3)
                    return True
                self.again += 1
            await asyncio.sleep(0.5)
        return False

    async def told(self, name: str, text: str, who: str, room: str = "C1", within_s: float = 15.0) -> str:
        """Have somebody type `/study`, and return what they are answered."""
        assert await self.command(name, text, who, room), f"{name!r} was not acknowledged"
        await self.until(lambda: self.answered[name], within_s)
        return self.said[name]

    def posts(self, room: str = "C1") -> list[str]:
        """Return what stands in a room."""
        return [str(message.get("text", "")) for message in self.messages[room]]
