"""A Discord and a Slack that take requests no faster than they say, and count what they refuse.

python -m benchmarks.strict discord|slack

Prints its port. Limits are as strict as they can be read: in no second, wherever it begins, more than is allowed.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any

from aiohttp import web

ANSWER_S = 0.03
"""How long an answer takes, as it does at the end of a line."""
OWNER = {"id": "1", "username": "mo", "discriminator": "0", "avatar": None}
NAMED = {"id": "9", "name": "Trailmate", "description": "", "icon": None, "summary": "", "verify_key": ""}
APP = {**NAMED, "bot_public": True, "bot_require_code_grant": False, "owner": OWNER}


class Window:
    """At most so many in any span of so many seconds."""

    def __init__(self, most: int, span_s: float) -> None:
        self.most, self.span_s = most, span_s
        self._past: deque[float] = deque()

    def wait_s(self, now: float) -> float:
        """Return 0 where one more may pass, else the seconds until then."""
        while self._past and self._past[0] <= now - self.span_s:
            self._past.popleft()
        return 0.0 if len(self._past) < self.most else self._past[0] + self.span_s - now

    def note(self, now: float) -> int:
        """Let one pass and return how many more may."""
        self._past.append(now)
        return self.most - len(self._past)


class Partner:
    """What both have in common: when requests came, how many were refused, and when interactions were answered."""

    def __init__(self) -> None:
        self.at: list[float] = []
        self.posts = self.refused = 0
        self.answered: dict[str, float] = {}
        self.ids = itertools.count(1000)

    async def stats(self, _: web.Request) -> web.Response:
        """Return what was counted."""
        return said({"at": self.at, "posts": self.posts, "refused": self.refused, "answered": self.answered})


def said(body: Any, status: int = 200, **headers: str) -> web.Response:
    """Return a body as JSON that says just that of itself, as the SDK wants it."""
    also = {name.replace("_", "-"): value for name, value in headers.items()}
    whole = {"Content-Type": "application/json", "Via": "1.1 strict", **also}
    return web.Response(body=json.dumps(body), status=status, headers=whole)


class Discord(Partner):
    """50 requests in any second, 5 in any five of one route and room; interactions apart from both."""

    def __init__(self) -> None:
        super().__init__()
        self._all = Window(50, 1.0)
        self._rooms: dict[str, Window] = defaultdict(lambda: Window(5, 5.0))

    async def take(self, request: web.Request) -> web.Response:
        """Answer a request."""
        now, path = time.monotonic(), request.path.rpartition("/v10")[2]
        parts = path.strip("/").split("/")
        if parts[0] in {"interactions", "webhooks"}:
            self.answered.setdefault(parts[1], now)
            return web.Response(status=204) if parts[-1] == "callback" else said({"id": str(next(self.ids))})
        if (wait_s := self._all.wait_s(now)) > 0:
            self.refused += 1
            body = {"message": "You are being rate limited.", "retry_after": wait_s, "global": True}
            return said(body, 429, Retry_After=f"{wait_s:.3f}", X_RateLimit_Global="true")
        route = f"{request.method} {path}"
        window, bucket = self._rooms[route], request.method + parts[0] + str(len(parts))
        if (wait_s := window.wait_s(now)) > 0:
            self.refused += 1
            body = {"message": "You are being rate limited.", "retry_after": wait_s, "global": False}
            return said(body, 429, Retry_After=f"{wait_s:.3f}", X_RateLimit_Bucket=bucket)
        self._all.note(now)
        left = window.note(now)
        self.at.append(now)
        await request.read()
        await asyncio.sleep(ANSWER_S)
        limit = {"X_RateLimit_Limit": "5", "X_RateLimit_Remaining": str(left), "X_RateLimit_Reset_After": "5"}
        return said(self._answer(request.method, parts), **limit, X_RateLimit_Bucket=bucket)

    def _answer(self, method: str, parts: list[str]) -> Any:
        if parts == ["users", "@me"]:
            return {"id": "9", "username": "trailmate", "discriminator": "0", "avatar": None, "bot": True}
        if parts[-1] == "commands":
            return []
        if method == "GET" and parts[0] == "channels":
            return {"id": parts[1], "type": 0}
        if parts[0] == "oauth2" or parts[0] == "applications":
            return APP
        self.posts += 1
        return {"id": str(next(self.ids))}


class Slack(Partner):
    """One message in any second of one channel, and 300 in any minute of the workspace."""

    def __init__(self) -> None:
        super().__init__()
        self._all = Window(300, 60.0)
        self._rooms: dict[str, Window] = defaultdict(lambda: Window(1, 1.0))

    async def take(self, request: web.Request) -> web.Response:
        """Answer a request."""
        now, method = time.monotonic(), request.path.rpartition("/")[2]
        if request.path.startswith("/hook/"):
            self.answered.setdefault(method, now)
            return web.Response(text="ok")
        given = dict(await request.post()) or (await request.json() if request.can_read_body else {})
        if method != "chat.postMessage":
            return said({"ok": True, "team_id": "T1", "team": "Acme", "user_id": "U0BOT", "bot_id": "B1"})
        room = self._rooms[str(given["channel"])]
        if (wait_s := max(self._all.wait_s(now), room.wait_s(now))) > 0:
            self.refused += 1
            return said({"ok": False, "error": "ratelimited"}, 429, Retry_After=str(int(wait_s) + 1))
        for window in (self._all, room):
            window.note(now)
        self.at.append(now)
        self.posts += 1
        await asyncio.sleep(ANSWER_S)
        return said({"ok": True, "ts": f"{next(self.ids)}.0001", "channel": given["channel"]})


PARTNERS: dict[str, Callable[[], Discord | Slack]] = {"discord": Discord, "slack": Slack}


async def main() -> None:
    """Serve until stopped."""
    partner = PARTNERS[sys.argv[1]]()
    app = web.Application()
    app.router.add_get("/stats", partner.stats)
    app.router.add_route("*", "/{path:.*}", partner.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
