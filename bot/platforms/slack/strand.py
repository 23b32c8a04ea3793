"""With which answer of the bot a line goes on: the one that was clicked on, or that heads its thread.

An answer names its turn on a button of its own, so that nothing has to be remembered of where it stands.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from bot.core.call import Call, turn_on
from bot.core.context import Strand
from bot.platforms.slack.client import Api, ApiError, settle
from bot.platforms.slack.decode import Payload, Route

_THREADS = 1000
"""Threads of which it is remembered on what they hang."""
_LOOK_S = 2.0
"""How long an answer waits to learn what it goes on with."""


class Heads:
    """The answers on which threads hang; each thread is looked up once.

    Args:
        bot_user: the bot's own id: threads on what others have said are not looked up.
    """

    def __init__(self, api: Api, bot_user: str) -> None:
        self._api, self._bot_user = api, bot_user
        self._turns: OrderedDict[tuple[str, str], str] = OrderedDict()

    async def of(self, body: Payload, route: Route) -> Strand:
        """Return what an event goes on with, and where its answer will stand."""
        if route.thread is not None:
            turn = turn_on(_calls(body.get("message"))) or await self._heading(body.get("event") or {}, route)
            return Strand(turn, begins=bool(turn) and route.origin == "message")
        begins = route.origin == "message" and route.reply_in is not None
        return Strand(turn_on(_calls(body.get("message"))), route.reply_in, begins)

    async def _heading(self, event: Payload, route: Route) -> str:
        """Return the turn whose answer heads the thread; "" if it is none, or cannot be looked at in time."""
        assert route.thread is not None
        at = (route.channel, route.thread)
        if str(event.get("parent_user_id") or self._bot_user) != self._bot_user:
            return ""
        if at not in self._turns:
            look = self._api.posts.conversations_replies(channel=route.channel, ts=route.thread, limit=1)
            try:
                found = await asyncio.wait_for(settle(look), _LOOK_S)
            except (ApiError, TimeoutError):
                return ""
            heads = [one for one in found.get("messages") or () if str(one.get("ts")) == route.thread]
            self._turns[at] = turn_on(_calls(heads))
            if len(self._turns) > _THREADS:
                self._turns.popitem(last=False)
        return self._turns[at]


def _calls(drawn: Any) -> Iterator[Call]:
    """Yield the Calls of a message's buttons, however deep they lie."""
    if isinstance(drawn, list):
        for one in drawn:
            yield from _calls(one)
    elif isinstance(drawn, Mapping):
        packed = drawn.get("value")
        if isinstance(packed, str):
            with suppress(ValueError):
                yield Call.unpack(packed)
        for inside in ("blocks", "elements", "accessory", "options"):
            yield from _calls(drawn.get(inside))
