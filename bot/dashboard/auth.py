"""How the dashboard is reached: which requests are answered, and whether a cookie may be sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web

from bot.features.dashboard_access.service import LASTS
from bot.server.guard import host_name, is_loopback

_SECURE, _LOCAL = "__Host-trailmate", "trailmate"
_PORTS = {"https": ":443", "http": ":80"}
_PORT = re.compile(r":(\d{1,5})$")


@dataclass(frozen=True)
class Door:
    """What stands before the dashboard.

    Args:
        host: what the server listens on.
        public: the address that whoever runs the bot says, without a path; None is this machine alone.
        trusts_proxy: whether X-Forwarded-Proto is the word of a proxy.
    """

    host: str
    public: str | None = None
    trusts_proxy: bool = False

    def admit(self, request: web.Request) -> None:
        """Refuse requests for another name, and forms that another site sends."""
        host = request.headers.get("Host", "").lower()
        if self.public is not None:
            parts = urlsplit(self.public)
            if host.removesuffix(_PORTS[parts.scheme]) != parts.netloc.removesuffix(_PORTS[parts.scheme]):
                raise web.HTTPForbidden(text=f"The dashboard is at {self.public}.")
        elif not (is_loopback(self.host) and is_loopback(host_name(host))):
            raise web.HTTPForbidden(text="Without TRAILMATE_PUBLIC_URL the dashboard opens on its own machine only.")
        if request.method not in {"GET", "HEAD"} and not self._is_own(request):
            raise web.HTTPForbidden(text="Another site may not use the dashboard.")

    def _is_own(self, request: web.Request) -> bool:
        """Whether the browser says that a form is from one of our own pages; what says nothing is no browser."""
        origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
        if site is not None and site != "same-origin":
            return False
        ours = self.public or f"http://{request.headers.get('Host', '').lower()}"
        return origin == ours if origin is not None else site is not None

    def is_private(self, request: web.Request) -> bool:
        """Whether nobody on the way can read a cookie."""
        if self.public is None or not self.is_secure:
            return True  # neither leaves this machine
        if self.trusts_proxy:
            schemes = request.headers.get("X-Forwarded-Proto", "").split(",")
            return {scheme.strip().lower() for scheme in schemes} == {"https"}
        return is_loopback(self.host)

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach it by TLS."""
        return self.public is not None and self.public.startswith("https:")

    def cookie_name(self, request: web.Request) -> str:
        """Return the cookie's name, which has the port: browsers send a cookie to all ports of its host."""
        name = _SECURE if self.is_secure else _LOCAL
        port = _PORT.search(self.public if self.public is not None else request.headers.get("Host", ""))
        return f"{name}-{port[1]}" if port else name

    def key(self, request: web.Request) -> str | None:
        """Return the key of a visit that a request carries."""
        return request.cookies.get(self.cookie_name(request)) if self.is_private(request) else None

    def keep(self, request: web.Request, response: web.Response, key: str) -> None:
        """Have the browser keep the key of its visit."""
        response.set_cookie(
            self.cookie_name(request),
            key,
            max_age=int(LASTS.total_seconds()),
            path="/",
            secure=self.is_secure,
            httponly=True,
            samesite="Lax",
        )

    def drop(self, request: web.Request, response: web.Response) -> None:
        """Have the browser forget its visit."""
        name = self.cookie_name(request)
        response.del_cookie(name, path="/", secure=self.is_secure, httponly=True, samesite="Lax")
