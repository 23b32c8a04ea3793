"""Decide which requests the dashboard answers, and whether it may send a cookie."""

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
    """The dashboard's access rules.

    Args:
        host: what the server listens on.
        public: the public address that the operator has set, without a path; None means this machine only.
        trusts_proxy: whether a proxy sets X-Forwarded-Proto.
    """

    host: str
    public: str | None = None
    trusts_proxy: bool = False

    def admit(self, request: web.Request) -> None:
        """Refuse requests for another host name, and forms from another site."""
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
        """Whether the browser's headers say that a form comes from our own pages; False without such headers."""
        origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
        if site is not None and site != "same-origin":
            return False
        ours = self.public or f"http://{request.headers.get('Host', '').lower()}"
        return origin == ours if origin is not None else site is not None

    def is_private(self, request: web.Request) -> bool:
        """Whether the connection protects a cookie."""
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
        """Return the cookie's name, with the port, because browsers send a cookie to all ports of its host."""
        name = _SECURE if self.is_secure else _LOCAL
        port = _PORT.search(self.public if self.public is not None else request.headers.get("Host", ""))
        return f"{name}-{port[1]}" if port else name

    def key(self, request: web.Request) -> str | None:
        """Return the visit key in a request."""
        return request.cookies.get(self.cookie_name(request)) if self.is_private(request) else None

    def keep(self, request: web.Request, response: web.Response, key: str) -> None:
        """Set the cookie with the visit's key."""
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
        """Delete the visit's cookie."""
        name = self.cookie_name(request)
        response.del_cookie(name, path="/", secure=self.is_secure, httponly=True, samesite="Lax")
