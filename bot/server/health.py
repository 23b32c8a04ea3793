"""`/healthz` and `/readyz`: one look for whatever watches over the process, or sends others to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.server.mount import Mount


def health(look: Callable[[], Awaitable[dict[str, Any]]]) -> Mount:
    """Return what answers both; of a look "ok" decides the status of the one and "ready" of the other, 200 or 503."""

    def telling(what: str) -> Handler:
        async def answer(_request: web.Request) -> web.Response:
            found = await look()
            return web.json_response(found, status=200 if found.get(what) else 503)

        return answer

    routes = [web.get("/healthz", telling("ok")), web.get("/readyz", telling("ready"))]
    return Mount("health", lambda: routes, is_public=True)
