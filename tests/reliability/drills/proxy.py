"""A TCP proxy that delays, cuts, swallows and leads elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


class Line:
    """What goes along one connection: all of it, unless a line of another kind follows it."""

    def asked(self, data: bytes) -> None:
        """Take notice of what the client says, before it goes on."""

    def may_answer(self, data: bytes) -> bool:
        """Return whether the client gets what comes back; if not, the connection is cut at both ends."""
        return True


class Proxy:
    """Stands between a process and what it speaks to.

    Args:
        to: a port of this machine, or the path of a socket; it may be changed, for connections that come later.
    """

    def __init__(self, to: int | Path) -> None:
        self.to, self.delay_s, self.passes = to, 0.0, asyncio.Event()
        self.passes.set()
        self.port = 0
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Listen no more, and end every connection."""
        self._server.close()
        self.cut()
        for task in self._tasks:
            task.cancel()

    def cut(self) -> None:
        """Cut every connection off."""
        for writer in self._writers:
            with suppress(Exception):
                writer.transport.abort()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if isinstance(self.to, Path):
                there, back = await asyncio.open_unix_connection(str(self.to))
            else:
                there, back = await asyncio.open_connection("127.0.0.1", self.to)
        except OSError:
            writer.transport.abort()
            return
        self._writers |= {writer, back}
        line = self.line()

        def goes_back(data: bytes) -> bool:
            if line.may_answer(data):
                return True
            for end in (writer, back):
                end.transport.abort()
            return False

        def goes_there(data: bytes) -> bool:
            line.asked(data)
            return True

        for source, target, may in ((reader, back, goes_there), (there, writer, goes_back)):
            task = asyncio.create_task(self._pass(source, target, may))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def line(self) -> Line:
        """Return what follows one connection."""
        return Line()

    async def _pass(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, may: Callable[[bytes], bool]
    ) -> None:
        with suppress(OSError):
            while data := await source.read(65536):
                await asyncio.sleep(self.delay_s)
                await self.passes.wait()
                if not may(data):
                    return
                target.write(data)
                await target.drain()
        with suppress(Exception):
            target.close()
