"""A mount: the routes that a part of the bot gives the server. Mounts for pictures and for a fixed page stand here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from functools import cache

from aiohttp import web

from bot.messages.picture import PATH, Gallery
from bot.messages.reply import Image


def admit_anybody(request: web.Request) -> None:
    """Refuse nobody."""


def end_nothing() -> None:
    """Leave nothing open."""


@dataclass(frozen=True)
class Mount:
    """Routes with what stands before them.

    Args:
        name: how the log calls it.
        routes: asked for at each start of the server.
        admit: raises an HTTPException for a request that may not be answered.
        is_public: whether other machines may ask for it; if not, it is there only where the server is on loopback.
        end: ends the answers that stay open, when the server ends.
    """

    name: str
    routes: Callable[[], Iterable[web.RouteDef]]
    admit: Callable[[web.Request], None] = admit_anybody
    is_public: bool = False
    end: Callable[[], None] = end_nothing


def mount_document(path: str, render: Callable[[], str]) -> Mount:
    """Return what answers with a page at a path; the page is rendered once it is asked for."""
    document = cache(render)

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text=document(), content_type="text/html", charset="utf-8")

    return Mount(path.strip("/"), lambda: [web.get(path, answer)], is_public=True)


_HEADERS = {
    # opened by itself, a drawing is a document: it may style itself, and nothing else
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
    "Cache-Control": "private, max-age=300",
}


def mount_pictures(gallery: Gallery) -> Mount:
    """Return what answers with the pictures that replies name."""
    return Mount("pictures", lambda: [web.get(PATH + "/{drawing}", serve_picture(gallery))])


def serve_picture(gallery: Gallery) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return a handler that serves a picture."""

    async def answer(request: web.Request) -> web.Response:
        image = Image(request.match_info["drawing"], request.query, "", "")
        picture = await gallery.find(image)
        if picture is None:
            raise web.HTTPNotFound(text="There is no such picture.")
        if picture.svg is not None:
            return web.Response(body=picture.svg, content_type="image/svg+xml", charset="utf-8", headers=_HEADERS)
        return web.Response(body=picture.png, content_type="image/png", headers=_HEADERS)

    return answer
