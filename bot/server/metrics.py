"""`/metrics`: for this machine, and elsewhere for who brings the token; under the public name there is none."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from bot.server.guard import host_name, is_shared_with
from bot.server.mount import Mount

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
