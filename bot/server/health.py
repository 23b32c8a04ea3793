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
    """Return what answers all three.

    Of a look "ok" decides the status of `/healthz` and "ready" of `/readyz`, 200 or 503. `/livez` looks at nothing: its
    answer says that the loop goes round, and a new start would mend nothing else.

    Args:
        host: what the server listens on.
        public: the name under which a proxy passes others on.
        token: if others than this machine may ask, only requests with this token read more than whether it is well.
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
