"""Answer a message: with one reply to it, or by direct message."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

import discord

from bot.base.throttle import Throttle
from bot.commands.answer_location import AnswerLocation
from bot.messages.reply import Reply
from bot.platforms.discord import answer, limits, render
from bot.platforms.discord.client import DiscordApi
from bot.platforms.discord.pictures import NONE_STANDING, Files, Standing, illustrated, undrawn
from bot.platforms.discord.render import Attachments, Payload
from bot.platforms.discord.retry import FAULTS, patiently

T = TypeVar("T")
log = logging.getLogger(__name__)


class Conversation:
    """The bot's one reply to a message: `said` is its id, once it stands."""

    def __init__(self, api: DiscordApi, message: discord.Message, location: AnswerLocation | None = None) -> None:
        self._api, self._message, self._channel = api, message, str(message.channel.id)
        self._location = location
        self.said: str | None = None
        self.is_over = asyncio.Event()
        self._pace = Throttle(self._show_state, answer.SHOW_EVERY_S)

    async def type_on(self) -> None:
        """Show that an answer is on its way."""
        try:
            async with asyncio.timeout(limits.TYPING_S):
                await self._api.type_in(self._channel)
        except FAULTS:
            log.debug("typing was refused")

    async def show(self, reply: Reply) -> None:
        """Show an intermediate state, at most every `answer.SHOW_EVERY_S`."""
        await self._pace.put(reply)

    async def _show_state(self, reply: Reply) -> None:
        await self._put(reply)
        if self._location is not None and self.said is not None:
            await self._location.passing(reply, self.said)

    async def say(self, reply: Reply) -> None:
        """Reply, or update the reply; if the bot may not write there, send the answer by direct message."""
        await self._pace.stop()
        await self._put(reply)
        if self._location is not None:
            await self._location.last(reply, self.said)

    async def confide(self, reply: Reply) -> bool:
        """Send a direct message; return whether the person accepts one from the bot."""
        try:
            direct = await self._api.open_direct(str(self._message.author.id))
            await self._send(reply, {"nonce": f"r{self._message.id}", "enforce_nonce": True}, direct)
        except discord.Forbidden:
            return False
        return True

    async def _put(self, reply: Reply) -> None:
        if (ref := self.said) is not None:
            standing = await self._api.standing(self._channel, ref, reply)
            await self._send_with_pictures(
                reply, lambda body, files: patiently(lambda: self._api.edit(self._channel, ref, body, files)), standing
            )
            return
        # the nonce makes a repeated request harmless
        once = {"nonce": f"r{self._message.id}", "enforce_nonce": True}
        reference = {"message_id": str(self._message.id), "fail_if_not_exists": False}
        try:
            self.said = await self._send(reply, {**once, "message_reference": reference}, self._channel)
        except discord.Forbidden:
            if self._message.guild is None:
                raise
            reader = str(self._message.author.id)
            self._channel = await self._api.open_direct(reader)
            if self._location is not None:
                self._location.moved(reader)
            self.said = await self._send(reply, once, self._channel)

    async def _send(self, reply: Reply, more: Payload, channel: str) -> str:
        return await self._send_with_pictures(
            reply, lambda body, files: patiently(lambda: self._api.send(channel, {**body, **more}, files))
        )

    async def _send_with_pictures(
        self, reply: Reply, give: Callable[[Payload, Files], Awaitable[T]], standing: Standing = NONE_STANDING
    ) -> T:
        def draw(attachments: Attachments) -> Payload:
            return render.message(reply, commands=self._api.known, attachments=attachments)

        pictures = await self._api.gallery.shown(undrawn(reply, standing), limits.PICTURES)
        may_attach = True if self._message.guild is None else self._api.may_attach(self._channel)
        return await illustrated(pictures, reply, draw, give, standing=standing, may_attach=may_attach)
