"""What stands before all that is mounted: who may ask, and what every answer carries."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.core.errors import TryLater, UserError
from bot.core.refusal import fault, refused
from bot.server.mount import Mount

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


def is_loopback(host: str) -> bool:
    """Whether a server on this host can be reached from this machine only."""
    return host.strip("[]").lower() in _LOOPBACK


def host_name(header: str) -> str:
    """Return the name in a Host header, without its port."""
    name = header[: header.find("]") + 1] if header.startswith("[") else header.split(":", 1)[0]
    return name.strip("[]").lower()


def door(host: str, offered: Iterable[str]) -> Middleware:
    """Return the middleware that stands before everything.

    Args:
        host: what the server listens on.
        offered: paths that are there, for who asks another machine for the page.
    """
    there = ", ".join(offered)

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not is_loopback(host):
            if request.match_info.http_exception is not None:
                raise web.HTTPNotFound(text=f"The page answers on 127.0.0.1 only; this server offers {there}.")
        # a name that someone else's DNS points here is not ours
        elif not is_loopback(host_name(request.headers.get("Host", ""))):
            raise web.HTTPForbidden(text="The page answers to the names 127.0.0.1 and localhost only.")
        return await handler(request)

    return guard


def guarded(mount: Mount, answer: Handler) -> Handler:
    """Return an answer behind its mount's own guard; what it raises becomes a sentence."""

    async def handle(request: web.Request) -> web.StreamResponse:
        mount.admit(request)
        try:
            return await answer(request)
        except UserError as refusal:
            status = 503 if isinstance(refusal, TryLater) else 400
            return web.Response(text=refused(refusal).plain(), status=status)
        except web.HTTPException:
            raise
        except Exception:  # noqa: BLE001  (whoever asked is told, with a reference)
            # what was to be read or written is not there to be named: the path has no text of a person
            return web.Response(text=fault(f"answering {request.method} on the {mount.name}").plain(), status=500)

    return handle


async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Put the security headers on every response, errors and files included."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
