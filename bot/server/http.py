"""The bot's one server: it owns the address, bounds the connections, and answers with what is mounted."""

from __future__ import annotations

import asyncio
import errno
import logging
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Handler, Middleware

from bot.chat.platform import Refused, ReportState
from bot.server import guard
from bot.server.mount import Mount

MOST = 200
MOST_IDLE = 50
"""Idle connections of one address: a proxy keeps fewer in reserve, and no address can take all places."""
BACKLOG = 32
IDLE_S, LOOK_S = 10.0, 1.0
"""How long a connection may be open without a whole request, the first one or the next."""
_TELL_S = 60.0

_SPOKEN: Mapping[str, Any] = {"access_log": None, "auto_decompress": False}
"""No request is logged, and no page of ours compresses what it sends."""
log = logging.getLogger(__name__)


class Connections:
    """Bounds the connections of one server; half a request holds a place for `IDLE_S` at most."""

    def __init__(self) -> None:
        self._most = _count_affordable()
        self._n_refused, self._told_at = 0, -_TELL_S
        self._busy: set[asyncio.BaseProtocol] = set()
        self._idle_since: dict[asyncio.BaseProtocol, float] = {}

    async def listen(self, server: web.Server, host: str, port: int) -> asyncio.Server:
        """Listen like asyncio, but refuse connections above the limit."""

        loop = asyncio.get_running_loop()
        coming: set[asyncio.BaseProtocol] = set()  # accepted, but not yet known to the server

        def close_idle(newest: web.RequestHandler) -> None:
            """Close the oldest idle connection of an address that has too many with its newest one."""
            address = _read_address(newest)
            idle = [
                connection
                for connection in server.connections
                if connection not in self._busy and _read_address(connection) == address
            ]
            if len(idle) > MOST_IDLE:
                idle[0].force_close()

        def admit() -> asyncio.BaseProtocol:
            if len(server.connections) + len(coming) >= self._most:
                self._n_refused += 1
                return _NoRoom()
            speaker = _Speaker(server, close_idle, loop=loop, **_SPOKEN)
            coming.add(speaker)
            loop.call_soon(coming.discard, speaker)
            return speaker

        return await loop.create_server(admit, host, port, backlog=BACKLOG)

    async def watch(self, server: web.Server) -> None:
        """Close connections that are idle for too long, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_S)
            now = asyncio.get_running_loop().time()
            self._log_refused(now)
            idle = [connection for connection in server.connections if connection not in self._busy]
            self._idle_since = {connection: self._idle_since.get(connection, now) for connection in idle}
            for connection in idle:
                if now - self._idle_since[connection] > IDLE_S:
                    connection.force_close()

    def _log_refused(self, now: float) -> None:
        """Log the number of refused connections, at most once a minute."""
        if self._n_refused and now - self._told_at >= _TELL_S:
            warning = "%d connections were turned away: no more than %d are taken at a time"
            log.warning(warning, self._n_refused, self._most)
            self._n_refused, self._told_at = 0, now

    @property
    def counted(self) -> Middleware:
        """The middleware that knows which connections are being answered."""

        @web.middleware
        async def count(request: web.Request, handler: Handler) -> web.StreamResponse:
            connection = request.protocol
            self._busy.add(connection)  # it answers one request after the other
            try:
                return await handler(request)
            finally:
                self._busy.discard(connection)
                self._idle_since.pop(connection, None)

        return count


class _Speaker(web.RequestHandler):
    """Answers a malformed request in one line: the reply shows no internals, and the log none of its content."""

    __slots__ = ("_close_idle",)

    def __init__(self, server: web.Server, close_idle: Callable[[web.RequestHandler], None], **how: Any) -> None:
        super().__init__(server, **how)
        self._close_idle = close_idle

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._close_idle(self)

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


class _NoRoom(asyncio.Protocol):
    """Hangs up."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            transport.abort()


def _read_address(connection: web.RequestHandler) -> str | None:
    peer = connection.transport.get_extra_info("peername") if connection.transport is not None else None
    return peer[0] if peer else None


def _count_affordable() -> int:
    """Return how many connections leave three quarters of the process's file handles to the rest of the bot."""
    with suppress(ImportError):  # Windows has no such limit
        import resource

        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft != resource.RLIM_INFINITY:
            return min(MOST, max(8, soft // 4))
    return MOST


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
