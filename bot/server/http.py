"""The bot's one server: it owns the address, and answers with what is mounted."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Iterable

from aiohttp import web

from bot.chat.platform import Refused, ReportState
from bot.server import guard
from bot.server.connections import Connections
from bot.server.mount import Mount

_LEAVE_S = 2.0
"""Seconds that open requests have when the server ends."""

BODY = 256 * 1024
"""Bytes of a request."""


class Server:
    """Serves mounts.

    Args:
        host: on anything but loopback only public mounts are there.
        port: 0 takes a free one; `url` says which.
        public: the name under which a proxy passes others on; only public mounts are there then, as the proxy may send
            this machine's own name.
    """

    def __init__(self, host: str, port: int, mounts: Iterable[Mount], public: str | None = None) -> None:
        self.url: str | None = None
        self._host, self._port, self._public = host, port, public
        self._mounts = [m for m in mounts if m.is_public or not guard.is_shared_with(host, public)]

    async def run(self, report: ReportState) -> None:
        """Serve until cancelled; a port that cannot be had raises Refused."""
        connections = Connections()
        runner = web.AppRunner(
            self._make_app(connections),
            access_log=None,
            shutdown_timeout=_LEAVE_S,
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
            for mount in self._mounts:
                mount.end()
            await runner.cleanup()

    def _make_app(self, connections: Connections) -> web.Application:
        routes = [(mount, route) for mount in self._mounts for route in mount.routes()]
        offered = {mount.name: route.path for mount, route in reversed(routes)}  # of each the first
        door = guard.door(self._host, reversed(offered.values()), self._public)
        app = web.Application(middlewares=[connections.counted, door], client_max_size=BODY)
        app.on_response_prepare.append(guard.add_headers)
        app.add_routes(
            web.RouteDef(route.method, route.path, guard.guarded(mount, route.handler), route.kwargs)
            for mount, route in routes
        )
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
