"""Recognise follow-ups among channel messages that do not mention the bot."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from bot.commands.registry import Registry
from bot.messages.call import Call
from bot.platforms.slack import decode
from bot.platforms.slack.decode import Payload, Route
from bot.understanding import hearing
from bot.understanding.thread_participants import Bystanders


class Overhearing:
    """Distinguishes messages to the bot from messages between people.

    Args:
        team: the workspace.
        bot_user: the bot's own id, as mentions spell it.
    """

    def __init__(self, registry: Registry, team: str, bot_user: str) -> None:
        self._registry, self._team, self._bot_user = registry, team, bot_user
        self._bystanders = Bystanders()
        self._underway: dict[tuple[str, str], list[asyncio.Event]] = {}

    def follow_up(self, event: Payload) -> Call | None:
        """Return the Call of a line that may follow up an answer in its thread; None for any other line."""
        text = str(event.get("text") or "")
        # a line that names the bot comes as a mention too
        is_mention = f"<@{self._bot_user}" in text
        if not event.get("thread_ts") or is_mention or event.get("edited") or not decode.is_said(event):
            return None
        route = decode.message_route(event)
        thread = route.place(self._team)
        call = hearing.carry_on(self._registry, decode.spelled(text))
        if call is None or self._bystanders.are_talking(thread, route.user):
            self._bystanders.note(thread, route.user)
            return None
        return call

    @contextmanager
    def answering(self, route: Route) -> Iterator[None]:
        """Note that the bot is answering here; the next message may be for it and waits until it has answered."""
        self._bystanders.heard(route.place(self._team))
        thread = route.channel, route.reply_in or route.thread or ""
        done = asyncio.Event()
        self._underway.setdefault(thread, []).append(done)
        try:
            yield
        finally:
            done.set()
            self._underway[thread].remove(done)
            if not self._underway[thread]:
                del self._underway[thread]

    async def settled(self, route: Route) -> None:
        """Wait for answers under way in a thread, because a follow-up needs the finished answer."""
        for done in list(self._underway.get((route.channel, route.thread or ""), ())):
            await done.wait()
