"""Pictures for pages: each under a fixed path, as an SVG where there is one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.messages.picture import PATH, Gallery
from bot.messages.reply import Image
from bot.server.mount import Mount

_HEADERS = {
    # opened by itself, a drawing is a document: it may style itself, and nothing else
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
    "Cache-Control": "private, max-age=300",
}


def pictures(gallery: Gallery) -> Mount:
    """Return what answers with the pictures that replies name."""
    return Mount("pictures", lambda: [web.get(PATH + "/{drawing}", drawer(gallery))])


def drawer(gallery: Gallery) -> Callable[[web.Request], Awaitable[web.Response]]:
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
