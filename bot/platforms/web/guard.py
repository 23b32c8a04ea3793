"""What keeps other machines and other web pages away from the local page."""

from __future__ import annotations

import hmac

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.core.errors import TryLater, UserError
from bot.core.refusal import fault, refused

TOKEN_HEADER = "X-Trailmate-Token"  # noqa: S105  the header's name
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_OPEN = "/healthz"
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


def doors(host: str, token: str) -> Middleware:
    """Return the middleware that stands before every route.

    Args:
        host: what the server listens on; anything but loopback leaves `/healthz` alone.
        token: what each page of this process carries; a POST without it is refused.
    """
    alone = not is_loopback(host)

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        if alone:
            if request.path == _OPEN:
                return await handler(request)
            raise web.HTTPNotFound(text="The page answers on 127.0.0.1 only; this server offers /healthz.")
        # a name that someone else's DNS points here is not ours
        if not is_loopback(host_name(request.headers.get("Host", ""))):
            raise web.HTTPForbidden(text="The page answers to the names 127.0.0.1 and localhost only.")
        is_visit = request.path in {"/", _OPEN}
        if not is_visit and request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
            raise web.HTTPForbidden(text="Another site may not use the page.")
        if request.method not in {"GET", "HEAD"}:
            _check_sender(request, token)
        return await handler(request)

    return guard


def _check_sender(request: web.Request, token: str) -> None:
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{request.headers.get('Host', '')}":
        raise web.HTTPForbidden(text="Another site may not use the page.")
    given = request.headers.get(TOKEN_HEADER, "").encode(errors="surrogateescape")  # a header may hold any byte
    if not hmac.compare_digest(given, token.encode()):
        raise web.HTTPForbidden(text="This page is from before a restart. Reload it.")


@web.middleware
async def tell_faults(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer what a route raises with a sentence, which the page's script shows."""
    try:
        return await handler(request)
    except UserError as refusal:
        status = 503 if isinstance(refusal, TryLater) else 400
        return web.Response(text=refused(refusal).plain(), status=status)
    except web.HTTPException:
        raise
    except Exception:
        # what was to be read or written is not there to be named: the path has no text of a person
        return web.Response(text=fault(f"answering {request.method} on the page").plain(), status=500)


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Put the security headers on every response, errors and files included."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
