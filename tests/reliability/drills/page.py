"""People on the local page of a bot, as their browsers are: over HTTP alone."""

from __future__ import annotations

import html
import re
from typing import Self
from uuid import uuid4

import aiohttp

from tests.reliability.drills.bot import Bot

PATIENCE_S = 40.0


class Page:
    """The page of a bot that may end and begin again meanwhile."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(PATIENCE_S))
        self._tokens: dict[str, str] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.close()

    async def say(self, who: str, line: str, key: str = "") -> str:
        """Have somebody type a line; return what they alone are told, what the room says if it is for all, and
        "(nothing)" for a repeated line.

        Args:
            key: the browser's own for this line; the same again is the same line sent again.

        Raises:
            aiohttp.ClientError: the bot went away, or was not there.
        """
        said = {"as": who, "room": "general", "zone": "Europe/Berlin", "key": key or str(uuid4()), "text": line}
        address = self.bot.address
        headers = {"X-Trailmate-Token": await self._token(address)}
        async with self._http.post(address + "/say", json=said, headers=headers) as answer:
            if answer.status != 200:
                return await answer.text()
            told = await answer.json()
        return await self.room(who) if told["do"] == "posted" else plain(told.get("html") or f"({told['do']})")

    async def room(self, who: str = "ada") -> str:
        """Return what stands in #general."""
        async with self._http.get(self.bot.address + "/room/general", params={"as": who}) as answer:
            return plain(await answer.text())

    async def _token(self, address: str) -> str:
        if address not in self._tokens:
            async with self._http.get(address) as answer:
                self._tokens = {address: (await answer.text()).split('name="token" content="')[1].split('"')[0]}
        return self._tokens[address]


def plain(text: str) -> str:
    """Return the words of HTML."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())
