"""Health checks (`/healthz`, `/readyz`, `/livez`) and `/metrics`.

`/metrics` answers this machine, and others if they bring the token; there is none under the public name.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler
from prometheus_client import CONTENT_TYPE_LATEST

from bot.server.guard import host_name, is_shared_with
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


PATH = "/metrics"


def metrics(page: Callable[[], Awaitable[bytes]], host: str, public: str | None, token: str | None) -> Mount:
    """Return what answers with the page.

    Args:
        host: what the server listens on.
        public: the name under which a proxy passes others on.
        token: asked for wherever others than this machine may ask; without one they are not answered.
    """
    is_shared = is_shared_with(host, public)

    def admit(request: web.Request) -> None:
        if public is not None and host_name(request.headers.get("Host", "")) == public:
            raise web.HTTPNotFound(text="There is no such page.")
        if is_shared and not bears_token(request, token):
            raise web.HTTPUnauthorized(
                text="Send TRAILMATE_METRICS_TOKEN as a Bearer token.", headers={"WWW-Authenticate": "Bearer"}
            )

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=await page(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return Mount("metrics", lambda: [web.get(PATH, answer)], admit, is_public=token is not None)


def bears_token(request: web.Request, token: str | None) -> bool:
    """Whether a request brings the token; none does if there is none."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if token is None or scheme.lower() != "bearer":
        return False
    # a header may hold any byte
    return hmac.compare_digest(given.strip().encode(errors="surrogateescape"), token.encode())
