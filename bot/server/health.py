"""`/healthz`, `/readyz`, `/livez`: for whatever watches over the process, sends others to it, or starts it again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.server.guard import is_shared_with
from bot.server.metrics import bears_token
from bot.server.mount import Mount


def health(
    look: Callable[[], Awaitable[dict[str, Any]]], host: str, public: str | None = None, token: str | None = None
) -> Mount:
    """Return the health routes.

    The result's "ok" decides the status of `/healthz` and its "ready" that of `/readyz`: 200 or 503. `/livez` checks
    nothing: its answer shows that the event loop runs, which is all that a restart could fix.

    Args:
        host: what the server listens on.
        public: the public address at a proxy.
        token: required to read details if other machines can reach the routes.
    """
    is_shared = is_shared_with(host, public)

    def telling(what: str) -> Handler:
        async def answer(request: web.Request) -> web.Response:
            status = await look()
            is_full = not is_shared or bears_token(request, token)
            visible = status if is_full else {what: bool(status.get(what))}
            return web.json_response(visible, status=200 if status.get(what) else 503)

        return answer

    async def alive(_request: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    routes = [
        web.get("/healthz", telling("ok")),
        web.get("/readyz", telling("ready")),
        web.get("/livez", alive),
    ]
    return Mount("health", lambda: routes, is_public=True)
