"""Who is connected to the server: at most so many, few idle ones of one address, and none that asks for nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Handler, Middleware

from bot.server import guard

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
    """Says in a line that what came is no request: neither is its sender told of our insides, nor the log of theirs."""

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
