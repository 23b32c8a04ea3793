"""Response URLs, by which an event can be answered for half an hour."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Any

from bot.platforms.slack.client import SPENT, ApiError, SlackApi

URL_USES, URL_YOUNG_S = 4, 29 * 60.0
"""Limits below Slack's five uses and 30 minutes.

Source: https://docs.slack.dev/interactivity/handling-user-interaction, November 2026.
"""


class ResponseUrls:
    """Counts the uses and the age of each response_url."""

    def __init__(self, api: SlackApi) -> None:
        self._api = api
        self._known: OrderedDict[str, tuple[int, float]] = OrderedDict()

    async def post(self, url: str, body: dict[str, Any]) -> None:
        """Post to a response_url; raise ApiError if that fails or the URL is old or used up."""
        now = asyncio.get_running_loop().time()
        uses, since = self._known.get(url, (0, now))
        if not url or uses >= URL_USES or now - since > URL_YOUNG_S:
            raise ApiError(SPENT)
        self._known[url] = (uses + 1, since)
        while len(self._known) > 5000:
            self._known.popitem(last=False)
        await self._api.respond(url, body)

    def note(self, url: str) -> None:
        """Remember when a URL was first seen."""
        if url:
            self._known.setdefault(url, (0, asyncio.get_running_loop().time()))
