"""`/healthz`: one look for whatever watches over the process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.server.mount import Mount


def health(look: Callable[[], Awaitable[dict[str, Any]]]) -> Mount:
    """Return what answers `/healthz`; the "ok" of a look decides the status, 200 or 503."""

    async def answer(_request: web.Request) -> web.Response:
        found = await look()
        return web.json_response(found, status=200 if found.get("ok") else 503)

    return Mount("health", lambda: [web.get("/healthz", answer)], is_public=True)
