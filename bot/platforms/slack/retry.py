"""Retry the requests of answers after a temporary fault."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias, TypeVar

from bot.messages.reply import Reply, Text
from bot.platforms.slack.client import ApiError, SlackApi
from bot.platforms.slack.deliver import find, marked
from bot.platforms.slack.pictures import send_with_fallback
from bot.platforms.slack.render import SlackMessage

PATIENCE_S, FAULT_S = 60.0, 1.0
"""How long an answer waits in all if Slack asks to, and how long after a fault."""

_TWICE = Text("_This may stand here twice: Slack did not say whether it had arrived._")
T = TypeVar("T")
Request: TypeAlias = Callable[[], Awaitable[T]]


async def patiently(
    once: Request[T], after_fault: Request[T], within_s: float = PATIENCE_S, fault_s: float | None = None
) -> T:
    """Make a request; repeat it after short waits that Slack asks for, and once after a fault.

    Args:
        after_fault: makes the request if it may have been carried out already.
        within_s: the longest wait in all.
        fault_s: the wait after a fault, if not `FAULT_S`.
    """
    waited, doing, may_fail = 0.0, once, True
    while True:
        try:
            return await doing()
        except ApiError as error:
            if error.after_s is not None:
                pause = error.after_s
            elif error.is_unsure and may_fail:
                pause, doing, may_fail = FAULT_S if fault_s is None else fault_s, after_fault, False
            else:
                raise
            if waited + pause > within_s:
                raise
        waited += pause
        await asyncio.sleep(pause)


class Once:
    """Sends one message without silent duplicates: it looks for an earlier try, or notes a possible duplicate.

    The message goes out without pictures and tables if Slack refuses them.
    """

    def __init__(self, api: SlackApi) -> None:
        self._api, self._tag, self._since = api, secrets.token_urlsafe(15), time.time()
        self._may_stand = False

    def noted(self, reply: Reply) -> Reply:
        """Return the reply with a note if an earlier try may have arrived."""
        return reply.followed_by(_TWICE) if self._may_stand else reply

    async def findably(
        self,
        message: SlackMessage,
        send: Callable[[SlackMessage, dict[str, Any]], Awaitable[str | None]],
        channel: str,
        thread: str | None,
        within_s: float = PATIENCE_S,
    ) -> str | None:
        """Send a public message with a tag, and look for the tag before a retry; return its id, if known."""

        async def give(message: SlackMessage) -> str | None:
            async def once() -> str | None:
                return await self._look(channel, thread) or await self._noting(send(message, marked(self._tag)))

            return await patiently(once, once, within_s)

        ref = await send_with_fallback(message, give)
        self._may_stand = False
        return ref

    async def unfindably(
        self,
        reply: Reply,
        draw: Callable[[Reply], SlackMessage],
        send: Callable[[SlackMessage], Awaitable[Any]],
        within_s: float = PATIENCE_S,
    ) -> None:
        """Send a message that only one person sees, which cannot be looked for; a retry says so."""

        async def once() -> None:
            await self._noting(send_with_fallback(draw(self.noted(reply)), send))

        await patiently(once, once, within_s)
        self._may_stand = False

    async def _noting(self, sending: Awaitable[T]) -> T:
        try:
            return await sending
        except ApiError as error:
            self._may_stand = self._may_stand or error.is_unsure
            raise

    async def _look(self, channel: str, thread: str | None) -> str | None:
        """Return the id of an earlier try; None if there is none or the bot cannot look, at the risk of a duplicate."""
        if not self._may_stand:
            return None
        try:
            return await find(self._api, channel, thread, self._tag, self._since)
        except ApiError as error:
            if error.after_s is not None:
                raise
            return None
