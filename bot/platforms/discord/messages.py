"""Mentions, replies and direct messages: free text on its way to the dispatcher and back."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

import discord

from bot.core import binding
from bot.core.context import Invocation, Place
from bot.core.dispatch import Dispatcher
from bot.core.refusal import fault
from bot.core.registry import Registry
from bot.core.reply import Reply
from bot.platforms.discord import events, limits, render
from bot.platforms.discord.exchange import SHOW_EVERY_S
from bot.platforms.discord.patience import patiently
from bot.platforms.discord.render import Payload
from bot.platforms.discord.wire import Wire

log = logging.getLogger(__name__)
_TYPING_S = 8.0
"""How long Discord shows that somebody is writing, less a spare."""
_AMENDED = timedelta(minutes=1)
_THREADS = {10, 11, 12}


class Messages:
    """Answers what people write to the bot."""

    def __init__(self, wire: Wire, registry: Registry, dispatcher: Dispatcher) -> None:
        self._wire, self._registry, self._dispatcher = wire, registry, dispatcher

    async def take(self, message: discord.Message, me: int) -> None:
        """Answer a message that is meant for the bot; nothing that goes wrong leaves this method."""
        if not events.addressed(message, me):
            return
        try:
            await self._answer(message, me)
        except discord.HTTPException as trouble:
            log.warning("a message could not be answered (status %d, code %d)", trouble.status, trouble.code)
        except Exception:
            log.exception("a message failed")

    async def take_edit(self, message: discord.Message, me: int) -> None:
        """Answer a message that was edited so soon that the edit says it; one that was answered stays answered."""
        edited_at = message.edited_at
        if edited_at is not None and edited_at - message.created_at <= _AMENDED:
            await self.take(message, me)

    async def _answer(self, message: discord.Message, me: int) -> None:
        call = events.said(self._registry, message.content, me, is_direct=message.guild is None)
        link = message.attachments[0].url if message.attachments else ""
        call = binding.with_file(self._registry.find(call.name), call, link)
        invocation = events.of_message(message, call, await self._place(message))
        conversation = Conversation(self._wire, message)
        is_public = invocation.place.is_direct or not self._dispatcher.is_private(call)

        async def show(reply: Reply) -> None:
            if is_public:
                await conversation.show(reply)

        answering = asyncio.create_task(self._dispatcher.answer(invocation, show))
        await asyncio.wait({answering}, timeout=limits.ACKNOWLEDGE_S)
        while not answering.done():
            await conversation.type_on()
            await asyncio.wait({answering}, timeout=_TYPING_S)
        reply = answering.result()
        if reply is not None:
            await conversation.say(await self._fit_for(invocation, reply))

    async def _fit_for(self, invocation: Invocation, reply: Reply) -> Reply:
        """Return what may be said where others read: a private answer waits behind a button; a form's does not.

        The button of a form opens it for whoever clicks, and its line says nothing about anyone.
        """
        if invocation.place.is_direct or reply.audience == "public" or self._dispatcher.wants_form(invocation.call):
            return reply
        try:
            return await self._dispatcher.set_aside(invocation, reply)
        except Exception:
            return fault("setting an answer aside")

    async def _place(self, message: discord.Message) -> Place:
        tenant = message.guild.id if message.guild else None
        channel = message.channel
        if tenant is not None and isinstance(channel, discord.PartialMessageable):
            told = await patiently(lambda: self._wire.channel(str(channel.id)))
            if told["type"] in _THREADS:
                return Place(events.NAME, str(tenant), str(told["parent_id"]), str(channel.id))
        return events.place(channel, tenant, message.author.id)


class Conversation:
    """The bot's one reply to a message."""

    def __init__(self, wire: Wire, message: discord.Message) -> None:
        self._wire, self._message, self._channel = wire, message, str(message.channel.id)
        self._said: str | None = None
        self._next_show = 0.0

    async def type_on(self) -> None:
        """Show that an answer is on its way."""
        try:
            await self._wire.type_in(self._channel)
        except discord.HTTPException:
            log.debug("typing was refused")

    async def show(self, reply: Reply) -> None:
        """Show an intermediate state."""
        now = asyncio.get_running_loop().time()
        if now >= self._next_show:
            self._next_show = now + SHOW_EVERY_S
            await self.say(reply)

    async def say(self, reply: Reply) -> None:
        """Reply, or bring the reply up to date; where the bot may not write the answer goes to the person alone."""
        body = render.message(reply, commands=self._wire.known)
        if self._said is not None:
            said = self._said
            await patiently(lambda: self._wire.edit(self._channel, said, body))
            return
        # the nonce makes a repeated request harmless
        body |= {"nonce": f"r{self._message.id}", "enforce_nonce": True}
        reference = {"message_id": str(self._message.id), "fail_if_not_exists": False}
        try:
            self._said = await self._send({**body, "message_reference": reference})
        except discord.Forbidden:
            if self._message.guild is None:
                raise
            self._channel = await self._wire.open_direct(str(self._message.author.id))
            self._said = await self._send(body)

    async def _send(self, body: Payload) -> str:
        return await patiently(lambda: self._wire.send(self._channel, body))
