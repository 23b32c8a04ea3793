"""Slack as it asks over HTTP: it signs what it sends, and installs the app as a browser does."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Self
from urllib.parse import urlencode

import aiohttp

from bot.base.clock import SystemClock
from bot.chat.installs import Install, Sealed
from bot.commands.context import Place
from bot.platforms.slack.http import HttpSlack
from bot.platforms.slack.token import TokenSource
from bot.server.http import Server
from tests.platforms.slack.stub import StubSlack
from tests.platforms.slack.world import World

SECRET, PUBLIC = "8f742231b10e8888abcd99yyyzzz85a5", "https://study.example"
HOST = "study.example"


def signed(body: str, *, secret: str = SECRET, age_s: int = 0) -> dict[str, str]:
    """Return the headers with which Slack sends a body."""
    at = str(int(time.time()) - age_s)
    mark = hmac.new(secret.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={mark}"}


def spelled(kind: str, payload: Mapping[str, Any]) -> tuple[str, str]:
    """Return a payload as the body of a request, with its type."""
    form = "application/x-www-form-urlencoded"
    if kind == "events_api":
        return json.dumps(payload), "application/json"
    if kind == "slash_commands":
        return urlencode(payload), form
    return urlencode({"payload": json.dumps(payload)}), form


class SlackOverHttp(StubSlack):
    """The same Slack, which asks instead of being dialled."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[tuple[int, str]] = []
        self.at = ""

    async def post(self, body: str, headers: Mapping[str, str], path: str = "/slack/events") -> tuple[int, str]:
        """Send a body as it is."""
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.at + path, data=body.encode(), headers={"Host": HOST, **headers}) as response,
        ):
            self.answers.append((response.status, await response.text()))
        return self.answers[-1]

    async def envelope(self, kind: str, payload: dict[str, Any], seconds: float = 3.0) -> Any:
        """Send an event and return what the app acknowledges it with."""
        body, form = spelled(kind, payload)
        status, text = await asyncio.wait_for(self.post(body, {"Content-Type": form, **signed(body)}), seconds)
        assert status == 200, text
        return json.loads(text) if text.startswith("{") else text or None


class MemoryInstalls:
    """What is kept of installs, in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, Install] = {}
        self.keys: set[str] = set()
        self.unread: set[str] = set()

    async def find(self, tenant: str) -> Install | None:
        if tenant in self.unread:
            raise Sealed("Add that key behind the others.")
        return self.kept.get(tenant)

    async def keep(self, install: Install) -> None:
        at = SystemClock().now()
        self.kept[install.tenant] = Install(
            install.tenant, install.name, install.token, install.bot_user, install.bot_id, at
        )

    async def remove(self, tenant: str, until: Any) -> bool:
        self.unread.discard(tenant)
        return self.kept.pop(tenant, None) is not None

    async def sealed(self) -> list[str]:
        return sorted(self.unread)

    async def once(self, key: str) -> bool:
        is_new = key not in self.keys
        self.keys.add(key)
        return is_new

    async def release(self, key: str) -> None:
        self.keys.discard(key)


class Site:
    """The platform on its server, and the world behind it."""

    def __init__(self, slack: SlackOverHttp, source: TokenSource) -> None:
        self.slack, self.world = slack, World()
        self.usable: list[Place] = []
        self.installs = MemoryInstalls()
        self.states: list[str] = []
        self.platform = HttpSlack(SECRET, source, api_url=slack.api_url, report_usable=self._note)
        self.server = Server("127.0.0.1", 0, [self.platform.mount], HOST)

    async def _note(self, place: Place) -> None:
        self.usable.append(place)

    async def __aenter__(self) -> Self:
        self.tasks = [
            asyncio.create_task(self.server.run(lambda _: None)),
            asyncio.create_task(self.platform.run(self.world.registry, self.world.dispatcher, self.states.append)),
        ]
        await self.slack.until(lambda: self.server.url and "ready" in self.states)
        self.slack.at = self.server.url or ""
        return self

    async def __aexit__(self, *_: object) -> None:
        self.world.gate.open.set()
        for task in self.tasks:
            task.cancel()
        for task in self.tasks:
            with suppress(asyncio.CancelledError):
                await task
