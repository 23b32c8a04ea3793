"""`/healthz`, `/readyz`, `/livez`: for whatever watches over the process, sends others to it, or starts it again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.server.mount import Mount


def health(look: Callable[[], Awaitable[dict[str, Any]]]) -> Mount:
    """Return what answers all three.

    Of a look "ok" decides the status of `/healthz` and "ready" of `/readyz`, 200 or 503. `/livez` looks at nothing: its
    answer says that the loop goes round, and a new start would mend nothing else.
    """

    def telling(what: str) -> Handler:
        async def answer(_request: web.Request) -> web.Response:
            found = await look()
            return web.json_response(found, status=200 if found.get(what) else 503)

        return answer

    async def alive(_request: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    routes = [
        web.get("/healthz", telling("ok")),
        web.get("/readyz", telling("ready")),
        web.get("/livez", alive),
    ]
    return Mount("health", lambda: routes, is_public=True)
