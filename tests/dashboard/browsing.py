"""Somebody at a browser, without one: the dashboard of a whole bot over real HTTP, cookies and redirects included."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from html import unescape

import aiohttp
from yarl import URL

from tests.harness import World


@dataclass
class Shown:
    """What came back."""

    status: int
    html: str
    headers: Mapping[str, str]
    url: str

    @property
    def text(self) -> str:
        """What is to be read on it."""
        bare = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", self.html, flags=re.DOTALL)
        return re.sub(r"\s+", " ", unescape(bare))

    def button(self, label: str) -> tuple[str, str]:
        """Return where a button of this label leads, and what it carries: a form's field, or nothing for a link."""
        forms = re.findall(
            r'<form method="post" action="([^"]+)"[^>]*>\s*<input type="hidden" name="\w+" value="([^"]+)">'
            r"\s*<button[^>]*>(.*?)</button>",
            self.html,
        )
        links = [
            (to, "", inner)
            for to, inner in re.findall(r'<a class="button[^"]*" href="([^"]+)"[^>]*>(.*?)</a>', self.html)
        ]
        for to, carried, inner in [*forms, *links]:
            if unescape(re.sub(r"<[^>]+>", "", inner)).startswith(label):
                return unescape(to), carried
        raise AssertionError(f"no button {label!r} among {[inner for *_, inner in [*forms, *links]]}")

    @property
    def filled(self) -> dict[str, str]:
        """What stands in the lines of the page's form, and what is chosen in it."""
        found = re.findall(r'<input id="f-(\w+)"[^>]* value="([^"]*)"', self.html)
        for key, options in re.findall(r'<select id="f-(\w+)"(.*?)</select>', self.html, re.DOTALL):
            found += [(key, value) for value in re.findall(r'<option value="([^"]*)" selected>', options)]
        return {key: unescape(value) for key, value in found if value}

    @property
    def written(self) -> str:
        """What stands in the large field of the page's form."""
        match = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", self.html, re.DOTALL)
        assert match, self.text
        return unescape(match[1])

    def beside(self, label: str) -> str:
        """Return what a button of this label carries that sends the form beside it along; "" if there is none."""
        found = re.findall(r'<button type="submit" form="fill" name="sure" value="([^"]+)"[^>]*>(.*?)<', self.html)
        return next((carried for carried, said in found if said == label), "")

    @property
    def carried(self) -> str:
        """What the form of the page carries."""
        match = re.search(r'class="panel-card fill">\s*<input type="hidden" name="do" value="([^"]+)"', self.html)
        assert match, self.html
        return match[1]


@dataclass
class Browser:
    """One browser with its cookies.

    Args:
        headers: what it sends with each request, for attacks.
    """

    base: str
    http: aiohttp.ClientSession
    headers: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str, **headers: str) -> Shown:
        """Ask for a page."""
        return await self._ask("GET", path, None, headers)

    async def post(
        self, path: str, values: Mapping[str, str] | aiohttp.FormData, *, follow: bool = True, **headers: str
    ) -> Shown:
        """Send a form as a page of ours does."""
        own = {"Origin": self.base, "Sec-Fetch-Site": "same-origin", **headers}
        return await self._ask("POST", path, values, own, follow=follow)

    async def press(self, page: Shown, label: str, **values: str) -> Shown:
        """Press a button of a page; `values` fill the form that it opens."""
        if sure := page.beside(label):
            sent = {"do": page.carried, "sure": sure, **page.filled, "text": page.written, **values}
            return await self.post("/dashboard/do", sent)
        to, carried = page.button(label)
        if carried:
            return await self.post(to, {"do": carried})
        opened = await self.get(to)
        assert opened.status == 200, opened.text
        return await self.post("/dashboard/do", {"do": opened.carried, **opened.filled, **values}) if values else opened

    async def enter(self, link: str) -> Shown:
        """Open a link, and press Continue."""
        seen = await self.get(URL(link).path)
        assert seen.status == 200, seen.text
        return await self.post("/dashboard/enter", {"token": link.rsplit("/", 1)[1]})

    async def _ask(
        self,
        method: str,
        path: str,
        values: Mapping[str, str] | aiohttp.FormData | None,
        headers: Mapping[str, str],
        *,
        follow: bool = True,
    ) -> Shown:
        given = {name.replace("_", "-"): text for name, text in {**self.headers, **headers}.items()}
        url = URL(self.base + path, encoded=True)
        async with self.http.request(method, url, data=values, headers=given, allow_redirects=follow) as answer:
            return Shown(answer.status, await answer.text(errors="replace"), answer.headers, str(answer.url))


@dataclass
class Site:
    """The bot's server, with as many browsers as are opened."""

    w: World
    base: str
    opened: list[aiohttp.ClientSession] = field(default_factory=list)

    def browser(self, **headers: str) -> Browser:
        """Open a browser of its own."""
        self.opened.append(aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)))
        return Browser(self.base, self.opened[-1], headers)

    async def link(self, who: str, **account: str) -> str:
        """Have somebody ask for their link in the chat."""
        reply = await self.w.say(who, "dashboard", **account)
        target = self.w.button(who, "Open dashboard", reply).target
        assert isinstance(target, str)
        return target

    async def signed_in(self, who: str) -> tuple[Browser, Shown]:
        """Open a browser in which somebody is signed in, and the page that they see."""
        browser = self.browser()
        return browser, await browser.enter(await self.link(who))


@asynccontextmanager
async def served(w: World) -> AsyncIterator[Site]:
    """Run the server of a bot until the block ends."""
    states: list[str] = []
    running = asyncio.create_task(w.app.server.run(states.append))
    site = None
    try:
        while not states and not running.done():
            await asyncio.sleep(0.01)
        if running.done():
            running.result()
        site = Site(w, f"http://127.0.0.1:{str(w.app.server.url).rsplit(':', 1)[1]}")
        yield site
    finally:
        for http in site.opened if site else ():
            await http.close()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
