"""What stands before all that is mounted: who may ask, and what every answer carries."""

from __future__ import annotations

import re
from collections.abc import Iterable

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Handler, Middleware

from bot.base.event import event
from bot.commands.refusals import fault, refused
from bot.messages.errors import TryLater, UserError
from bot.server.mount import Mount

_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([^\s:,\[\]]*))(?::\d{1,5})?", re.IGNORECASE)
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
WITH_FORMS = {
    "Content-Security-Policy": _POLICY.replace("form-action 'none'", "form-action 'self'"),
    # a browser that may not say where a form comes from says that it comes from nowhere
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Headers of a page that sends forms, and shows what is one person's own."""
MALFORMED = "That is no request that can be read."
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
SERVER = {"Server": "Trailmate"}
"""In the place of aiohttp's header, which tells the versions of Python and of itself."""


def is_loopback(host: str) -> bool:
    """Whether a server on this host can be reached from this machine only."""
    return host.strip("[]").lower() in _LOOPBACK


def is_shared_with(host: str, public: str | None) -> bool:
    """Whether others than this machine can reach a server, itself or through a proxy that may send any Host."""
    return not is_loopback(host) or (public is not None and not is_loopback(public))


def host_name(header: str) -> str:
    """Return the name in a Host header, without its port; "" where it is none."""
    match = _HOST.fullmatch(header)
    return (match[1] or match[2] or "").lower() if match else ""


def door(host: str, offered: Iterable[str], public: str | None = None) -> Middleware:
    """Return the middleware that stands before everything.

    Args:
        host: what the server listens on.
        offered: paths that are there, for who asks another machine for the page.
        public: the name under which a proxy on this machine passes others on.
    """
    there, ours = ", ".join(offered), ", ".join(filter(None, (public, "127.0.0.1", "localhost")))
    is_shared = is_shared_with(host, public)

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        if is_shared and request.match_info.http_exception is not None:
            raise web.HTTPNotFound(text=f"The page answers on 127.0.0.1 only; this server offers {there}.")
        # a name that someone else's DNS points here is not ours
        name = host_name(request.headers.get("Host", ""))
        if is_loopback(host) and not is_loopback(name) and name != public:
            raise web.HTTPForbidden(text=f"This server answers to the names {ours} only.")
        return await handler(request)

    return guard


def guarded(mount: Mount, answer: Handler) -> Handler:
    """Return a handler behind its mount's guard; its errors become sentences."""

    async def handle(request: web.Request) -> web.StreamResponse:
        mount.admit(request)
        with event():
            return await answer_or_refuse(request)

    async def answer_or_refuse(request: web.Request) -> web.StreamResponse:
        try:
            return await answer(request)
        except UserError as refusal:
            status = 503 if isinstance(refusal, TryLater) else 400
            return web.Response(text=refused(refusal).plain(), status=status)
        except web.HTTPException:
            raise
        except (HttpProcessingError, web.RequestPayloadError):
            return web.Response(text=MALFORMED, status=400)
        except Exception:  # noqa: BLE001  (whoever asked is told, with a reference)
            # what was to be read or written is not there to be named: the path has no text of a person
            is_unkept = request.method in ("GET", "HEAD")
            reply = fault(f"answering {request.method} on the {mount.name}", is_unkept=is_unkept)
            return web.Response(text=reply.plain(), status=500)

    return handle


def malformed() -> web.Response:
    """Return what is answered to bytes that are no request."""
    return web.Response(text=MALFORMED, status=400, headers={**_HEADERS, **SERVER})


async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Put the security headers on every response, errors and files included."""
    response.headers.update(SERVER)
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
