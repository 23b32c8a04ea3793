"""A text for everybody, under an address that others link to."""

from __future__ import annotations

from aiohttp import web

from bot.server.mount import Mount


def document(path: str, html: str) -> Mount:
    """Return what answers with a page at a path."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text=html, content_type="text/html", charset="utf-8")

    return Mount(path.strip("/"), lambda: [web.get(path, answer)], is_public=True)
