"""Server-sent events, which tell open pages about changes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping

from aiohttp import web

_ALIVE_S = 15.0
_WAITING = 200
_HEADERS = {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # a buffering proxy would hold the events back
}


class Streams:
    """The open event streams of all browsers."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[str | None]] = set()
        self._closed = False

    def open(self) -> None:
        """Accept streams, also after `close`."""
        self._closed = False

    def publish(self, event: str, data: Mapping[str, object]) -> None:
        """Send an event to every open page; close a stream that nobody reads; its page reconnects."""
        text = f"event: {event}\ndata: {json.dumps(data)}\n\n"
        for queue in list(self._queues):
            if queue.qsize() >= _WAITING:
                self._queues.discard(queue)
                queue.put_nowait(None)
            else:
                queue.put_nowait(text)

    def close(self) -> None:
        """End every stream, and accept no more."""
        self._closed = True
        for queue in self._queues:
            queue.put_nowait(None)

    async def serve(self, request: web.Request, hello: Mapping[str, object]) -> web.StreamResponse:
        """Send events to one browser until it leaves; `hello` is the first event."""
        response = web.StreamResponse(headers=_HEADERS)
        try:
            await response.prepare(request)
        except ConnectionResetError:  # the browser has closed the page already
            return response
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        if self._closed:
            return response
        self._queues.add(queue)
        try:
            await response.write(f"retry: 1500\nevent: hello\ndata: {json.dumps(hello)}\n\n".encode())
            while True:
                try:
                    text = await asyncio.wait_for(queue.get(), _ALIVE_S)
                except TimeoutError:
                    text = ": still here\n\n"
                if text is None:
                    break
                await response.write(text.encode())
        except ConnectionResetError:
            pass
        finally:
            self._queues.discard(queue)
        return response
