"""The bot's one server: it owns the address, bounds the connections of each peer, and answers with what is mounted."""

from __future__ import annotations

import asyncio
import errno
import logging
from collections import Counter
from collections.abc import Iterable
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.chat.platform import Refused, ReportState
from bot.server import guard
from bot.server.mount import Mount

MOST = 200
"""Connections of one address, such as that of a proxy."""
IDLE_S = 150.0
"""How long a connection may be open without a whole request.

A proxy should close an idle connection first: nginx does after 60 s, Caddy after 120 s.
"""

log = logging.getLogger(__name__)


class _Connection(web.RequestHandler):
    """Closes at once if its address has too many; answers a malformed request in one line.

    The reply shows no internals, and the log none of its content.
    """

    __slots__ = ("_address", "_connections")

    def __init__(self, server: web.Server, connections: Counter[str], loop: asyncio.AbstractEventLoop) -> None:
        # no request is logged, and no page of ours compresses what it sends
        options: dict[str, Any] = {"access_log": None, "auto_decompress": False, "keepalive_timeout": IDLE_S}
        super().__init__(server, loop=loop, **options)
        self._connections, self._address = connections, ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._address = (transport.get_extra_info("peername") or ("",))[0]
        self._connections[self._address] += 1
        if self._connections[self._address] > MOST and isinstance(transport, asyncio.Transport):
            transport.abort()

    def connection_lost(self, exc: BaseException | None) -> None:
        super().connection_lost(exc)
        self._connections[self._address] -= 1
        if not self._connections[self._address]:
            del self._connections[self._address]

    def handle_error(
        self, request: web.BaseRequest, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> web.StreamResponse:
        """Answer what went wrong before anything of ours was asked."""
        if not isinstance(exc, HttpProcessingError) or request.writer.output_size:
            unexpected = super().handle_error(request, status, exc, message)
            unexpected.headers.update(guard.SERVER)
            return unexpected
        log.info("a malformed request was refused (%s)", type(exc).__name__)
        response = guard.malformed()
        response.force_close()
        return response


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
        runner = web.AppRunner(self._make_app(), access_log=None, shutdown_timeout=_LEAVE_S)
        await runner.setup()
        assert runner.server is not None
        listening: asyncio.Server | None = None
        try:
            listening = await self._listen(runner.server)
            report("ready")
            await asyncio.get_running_loop().create_future()
        finally:
            if listening is not None:
                listening.close()
            for mount in self._mounts:
                mount.end()
            await runner.cleanup()

    def _make_app(self) -> web.Application:
        routes = [(mount, route) for mount in self._mounts for route in mount.routes()]
        offered = {mount.name: route.path for mount, route in reversed(routes)}  # of each the first
        door = guard.door(self._host, reversed(offered.values()), self._public)
        app = web.Application(middlewares=[door], client_max_size=BODY)
        app.on_response_prepare.append(guard.add_headers)
        app.add_routes(
            web.RouteDef(route.method, route.path, guard.guarded(mount, route.handler), route.kwargs)
            for mount, route in routes
        )
        return app

    async def _listen(self, server: web.Server) -> asyncio.Server:
        loop, connections = asyncio.get_running_loop(), Counter[str]()
        try:
            listening = await loop.create_server(lambda: _Connection(server, connections, loop), self._host, self._port)
        except OSError as trouble:
            where = f"port {self._port} on {self._host}"
            if trouble.errno == errno.EADDRINUSE:
                raise Refused(f"The page needs {where}, which is in use: set TRAILMATE_PORT to a free one.") from None
            raise Refused(f"The page cannot have {where}: set TRAILMATE_HOST or TRAILMATE_PORT.") from None
        host = f"[{self._host}]" if ":" in self._host else self._host
        self.url = f"http://{host}:{listening.sockets[0].getsockname()[1]}"
        return listening
