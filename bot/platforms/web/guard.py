"""Keep other web pages away from the local page."""

from __future__ import annotations

import hmac
from collections.abc import Callable

from aiohttp import web

TOKEN_HEADER = "X-Trailmate-Token"  # noqa: S105  the header's name
KNOWN = 8
"""Number of tokens that a page may send, as in `page.js`."""
_ELSEWHERE = "Another site may not use the page."


def own_pages(token: str) -> Callable[[web.Request], None]:
    """Return a check that admits only our own pages.

    Args:
        token: the token in each page of this process. A POST without it is refused with the token in a header, which
            another site cannot read. A page that talks to several processes sends all tokens that it knows.
    """

    def admit(request: web.Request) -> None:
        is_visit = request.path == "/"
        if not is_visit and request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
            raise web.HTTPForbidden(text=_ELSEWHERE)
        if request.method not in {"GET", "HEAD"}:
            _check_sender(request, token)

    return admit


def _check_sender(request: web.Request, token: str) -> None:
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{request.headers.get('Host', '')}":
        raise web.HTTPForbidden(text=_ELSEWHERE)
    given = request.headers.get(TOKEN_HEADER, "").encode(errors="surrogateescape")  # a header may hold any byte
    if not any(hmac.compare_digest(part, token.encode()) for part in given.split()[:KNOWN]):
        raise web.HTTPForbidden(text="This page is from before a restart. Reload it.", headers={TOKEN_HEADER: token})
