"""The local page as a chat platform: a small server for this machine alone."""

from __future__ import annotations

import asyncio
import errno
import secrets
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiohttp import web

from bot.core.clock import Clock
from bot.core.context import Account, Place
from bot.core.feed import Feed
from bot.core.platform import Desk, Finding, Findings, Post, Refused, ReportState, Sent
from bot.core.registry import Registry
from bot.core.reply import Reply
from bot.core.sight import View
from bot.platforms.web import guard, limits
from bot.platforms.web.answer import Answering
from bot.platforms.web.connections import Connections
from bot.platforms.web.decode import Said
from bot.platforms.web.deliver import deliver
from bot.platforms.web.demo import DemoTime
from bot.platforms.web.listen import Routes
from bot.platforms.web.people import NAME, DemoControls, Person
from bot.platforms.web.render import Views
from bot.platforms.web.stream import Streams

_LEAVE_S = 2.0
"""Seconds that open requests have when the server ends."""


class LocalPage:
    """Serves the page.

    Args:
        host: anything but loopback offers `/healthz` and nothing else.
        port: 0 takes a free one; `url` says which.
        health: what `/healthz` answers; its "ok" decides the status.
        greeting: what #general says while it is empty.
        people: whom the page can speak as, in order.
        demo: moves time, if this is the demo.
    """

    name = NAME
    prefix = ""
    limits = limits.LIMITS

    def __init__(
        self,
        feed: Feed,
        *,
        host: str = "127.0.0.1",
        port: int,
        clock: Clock,
        health: Callable[[], Awaitable[dict[str, Any]]],
        greeting: Callable[[], Awaitable[Reply | None]],
        people: Sequence[Person],
        demo: DemoControls | None = None,
        title: str = "Trailmate",
    ) -> None:
        if not people:
            raise ValueError("the page needs somebody to speak as")
        self.url: str | None = None
        self._feed, self._host, self._port, self._clock = feed, host, port, clock
        self._health, self._greeting, self._people, self._demo = health, greeting, tuple(people), demo
        self._views = Views(feed, clock, self._people, title)
        self._streams = Streams()

    async def run(self, registry: Registry, dispatcher: Desk, report: ReportState) -> None:
        """Serve until cancelled; a port that cannot be had raises Refused."""
        self._streams = Streams()
        connections = Connections()
        app = self._app(registry, dispatcher, connections)
        runner = web.AppRunner(
            app,
            access_log=None,
            shutdown_timeout=_LEAVE_S,
            auto_decompress=False,  # no page of ours compresses what it sends
        )
        await runner.setup()
        assert runner.server is not None
        listening: asyncio.Server | None = None
        try:
            listening = await self._listen(connections, runner.server)
            report("ready")
            await connections.watch(runner.server)
        finally:
            if listening is not None:
                listening.close()
            self._streams.close()
            await runner.cleanup()

    def _app(self, registry: Registry, dispatcher: Desk, connections: Connections) -> web.Application:
        token = secrets.token_urlsafe(24)
        middlewares = [connections.counted, guard.doors(self._host, token), guard.tell_faults]
        app = web.Application(middlewares=middlewares, client_max_size=limits.BODY)
        app.on_response_prepare.append(guard.add_headers)
        app.router.add_get("/healthz", self._healthz)
        if guard.is_loopback(self._host):
            answering = Answering(registry, dispatcher, self._feed, self._clock, wake=self._wake, whisper=self._whisper)
            time = DemoTime(self._demo, self._streams)
            Routes(answering, self._views, self._streams, time, self._people, self._greeting, token).add_to(app)
        return app

    async def _listen(self, connections: Connections, server: web.Server) -> asyncio.Server:
        try:
            listening = await connections.listen(server, self._host, self._port)
        except OSError as trouble:
            where = f"port {self._port} on {self._host}"
            if trouble.errno == errno.EADDRINUSE:
                raise Refused(f"The page needs {where}, which is in use: set TRAILMATE_PORT to a free one.") from None
            raise Refused(f"The page cannot have {where}: set TRAILMATE_HOST or TRAILMATE_PORT.") from None
        host = f"[{self._host}]" if ":" in self._host else self._host
        self.url = f"http://{host}:{listening.sockets[0].getsockname()[1]}"
        return listening

    async def _healthz(self, request: web.Request) -> web.Response:
        health = await self._health()
        return web.json_response(health, status=200 if health.get("ok") else 503)

    async def deliver(self, post: Post, again: bool) -> Sent:
        """Write the post into the Feed, which keeps each key once, and tell the open pages."""
        sent = await deliver(self._feed, post)
        self._wake(post.place)
        return sent

    async def inspect(self, place: Place) -> Findings:
        """Say that all is well: the page asks nobody for permission."""
        return (Finding(True, "The local page needs no permissions."),)

    async def inspect_role(self, place: Place, role_id: str) -> Findings:
        """Say nothing: the page has no roles."""
        return ()

    async def prepare(self, place: Place) -> None:
        """Do nothing: every room of the page takes posts."""

    async def sees(self, account: Account, rooms: frozenset[Place]) -> View:
        """Say that everybody sees everything: whoever reaches the page runs the bot."""
        return View(seen=rooms)

    def _wake(self, place: Place) -> None:
        self._streams.publish("room", {"room": place.room, "thread": place.thread})

    def _whisper(self, said: Said, reply: Reply) -> None:
        html = self._views.private(reply, said.zone, "", said.key)
        self._streams.publish("whisper", {"as": said.person.id, "key": said.key, "html": html})
