"""Serve certificates whose owners made them public, each at an unguessable address."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from aiohttp import web

from bot.base.rate_limiter import LocalLimiterStore, Rate
from bot.dashboard.auth import Door
from bot.dashboard.page_services import PageServices
from bot.dashboard.render import DashboardViews
from bot.drawing.certificate_card import CERTIFICATE, CertificateCard
from bot.features.parts.service import PATH, CertificateLinks, make_card
from bot.messages.picture import Gallery
from bot.messages.reply import Image
from bot.server.mount import Mount

_KEY = re.compile(r"[\w-]{20,40}")
_HEADERS = {"Cache-Control": "public, max-age=300", "X-Robots-Tag": "noindex, nofollow"}
_RATE, _PICTURES = Rate(10, 40), 64
"""Requests of everybody together, and drawn pictures that a process remembers."""
_NONE = "This certificate isn't public, or its link has been removed."


@dataclass(frozen=True)
class PublicCertificates:
    """Answers anybody who has a certificate's link, while there is a public address."""

    desk: PageServices
    door: Door
    gallery: Gallery
    limiter: LocalLimiterStore = field(default_factory=LocalLimiterStore)
    pictures: dict[str, bytes] = field(default_factory=dict)

    @property
    def mount(self) -> Mount:
        """The certificates, for the server."""
        return Mount("certificate", self._list_routes, self.door.admit, is_public=True)

    def _list_routes(self) -> list[web.RouteDef]:
        return [web.get(PATH + r"/{key}.png", self.picture), web.get(PATH + r"/{key}", self.page)]

    async def page(self, request: web.Request) -> web.Response:
        """Return the page of a certificate, with its picture for networks."""
        card = await self._find(request)
        url = f"{self.door.public}{PATH}/{request.match_info['key']}"
        html = DashboardViews().certificate(card, url)
        return web.Response(text=html, content_type="text/html", headers={**_HEADERS, "Cache-Control": "no-store"})

    async def picture(self, request: web.Request) -> web.Response:
        """Return the picture of a certificate."""
        card, key = await self._find(request), request.match_info["key"]
        if key not in self.pictures:
            picture = await self.gallery.find(Image(CERTIFICATE, card.data(), "", ""), is_for_chat=True)
            if picture is None:
                raise web.HTTPServiceUnavailable(text="I can't draw the picture right now. Try again in a minute.")
            if len(self.pictures) >= _PICTURES:
                self.pictures.clear()
            self.pictures[key] = picture.png
        return web.Response(body=self.pictures[key], content_type="image/png", headers=_HEADERS)

    async def _find(self, request: web.Request) -> CertificateCard:
        key = request.match_info["key"]
        if await self.limiter.take("certificate", _RATE, 1, 0) > 0:
            raise web.HTTPTooManyRequests(text="Too many people look at certificates. Try again in a minute.")
        if self.door.public is not None and _KEY.fullmatch(key):
            link = await self.desk.database.run(lambda work: CertificateLinks(work).find_public(key), writes=False)
            if link is not None:
                return make_card(link)
        raise web.HTTPNotFound(text=_NONE)
