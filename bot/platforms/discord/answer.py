"""Answer an interaction with its first response and the messages that follow, and a message with one reply.

The first response fixes whether a message is private. A click can be promised an edit and still get a private message.
A command cannot: a promise with the wrong audience is replaced by a follow-up and then deleted.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, Literal, TypeVar

import discord

from bot.commands.answer_location import AnswerLocation
from bot.messages import markup
from bot.messages.picture import Picture
from bot.messages.reply import Image, Reply, say
from bot.platforms.discord import client, limits, render
from bot.platforms.discord.client import FAULTS, SERVER_ERROR, DiscordApi, retry_request
from bot.platforms.discord.pictures import NONE_STANDING, Files, Standing, files_of, illustrated, undrawn
from bot.platforms.discord.render import NO_ATTACHMENTS, Attachments, Payload
from bot.platforms.reply_channel import ReplyChannel

T = TypeVar("T")
log = logging.getLogger(__name__)
SHOW_EVERY_S = 1.2
"""The least time between two intermediate states of a slow answer."""

_ORIGINAL = "@original"
_FOR_YOU = say("Only the person who asked can see the answer.")
_FOR_ALL = say("I've posted the answer below.")


class InteractionAnswer(ReplyChannel):
    """Answers one interaction.

    Args:
        tag: the mark of the clicked post, kept when the click edits it.
        is_private: whether a reply without an audience is only for the caller.
        is_direct: whether the room is a direct message, where nothing has to be hidden.
        is_form: whether the interaction is a submitted form.
        thread: the thread of the clicked post, which takes answers for everyone.
        location: told where the answer stands.
    """

    def __init__(
        self,
        api: DiscordApi,
        interaction: discord.Interaction[Any],
        *,
        tag: str | None,
        is_private: bool,
        is_direct: bool,
        is_form: bool,
        thread: str | None = None,
        location: AnswerLocation | None = None,
    ) -> None:
        super().__init__(SHOW_EVERY_S, location)
        self._api, self._tag = api, tag
        self._ref: str | None = None
        self._is_private, self._is_direct, self._is_form = is_private, is_direct, is_form
        self._below = None if is_private else thread
        self._id, self._token, self._app = interaction.id, interaction.token, interaction.application_id
        source = interaction.message
        self._has_source = source is not None
        self._standing: Standing = (
            files_of(attachment.to_dict() for attachment in source.attachments) if source else NONE_STANDING
        )
        self._may_attach = True if interaction.app_permissions.attach_files else None
        self._is_shared = source is not None and not source.flags.ephemeral and not is_direct
        self._promised: Literal["nothing", "message", "edit"] = "nothing"
        self._is_hidden = False
        self._drawing: tuple[Reply, asyncio.Task[Mapping[Image, Picture]]] | None = None

    def _hides(self, reply: Reply) -> bool:
        audience = reply.audience or ("private" if self._is_private else "public")
        return audience == "private" and not self._is_direct

    def _may_edit(self, reply: Reply) -> bool:
        settled = reply.settled("private" if self._is_private else "public")
        return settled.may_replace(is_shared=self._is_shared)

    def _build_body(self, reply: Reply, attachments: Attachments = NO_ATTACHMENTS, *, hidden: bool = False) -> Payload:
        keeps = self._tag if self._may_edit(reply) else None
        body = render.message(reply, tag=keeps, commands=self._api.known, attachments=attachments)
        if keeps:
            body["allowed_mentions"] = render.NOBODY  # an answer never notifies, not even one that edits a post
        return render.hidden(body) if hidden else body

    async def _send_with_pictures(
        self,
        reply: Reply,
        give: Callable[[Payload, Files], Awaitable[T]],
        *,
        hidden: bool = False,
        standing: Standing = NONE_STANDING,
    ) -> T:
        pictures = await self._draw(reply, standing)
        body = partial(self._build_body, reply, hidden=hidden)
        return await illustrated(pictures, reply, body, give, standing=standing, may_attach=self._may_attach)

    def _draw(self, reply: Reply, standing: Standing) -> asyncio.Task[Mapping[Image, Picture]]:
        """Return the task that draws the pictures which are not on the message yet; it is started once."""
        missing = undrawn(reply, standing)
        if self._drawing is None or self._drawing[0] != missing:
            self._drawing = missing, asyncio.ensure_future(self._api.gallery.draw_all(missing, limits.PICTURES))
        return self._drawing[1]

    async def _has_drawn(self, reply: Reply) -> bool:
        """Whether a reply's pictures are drawn in time for the first response."""
        standing = self._standing if self._has_source and self._may_edit(reply) else NONE_STANDING
        done, _ = await asyncio.wait({self._draw(reply, standing)}, timeout=limits.ACKNOWLEDGE_S)
        return bool(done)

    async def open(self, modal: Payload) -> None:
        """Open a form as the first response."""
        await self._api.respond(self._id, self._token, client.MODAL, modal)

    async def first(self, reply: Reply) -> None:
        """Answer with the first response, or promise an answer if its pictures take too long."""
        if self._goes_into_thread(reply):
            await self.defer(is_slow=True)
            await self.finish(reply)
        elif not await self._has_drawn(reply):
            await self.defer(is_slow=False, is_hidden=self._hides(reply))
            await self.finish(reply)
        elif self._has_source and self._may_edit(reply):
            give = partial(self._api.respond, self._id, self._token, client.UPDATE)
            await self._send_with_pictures(reply, give, standing=self._standing)
        else:
            give = partial(self._api.respond, self._id, self._token, client.MESSAGE)
            await self._send_with_pictures(reply, give, hidden=self._hides(reply))

    async def defer(self, *, is_slow: bool, is_hidden: bool | None = None) -> None:
        """Promise an answer: a message, or after a click an edit that may still become a message.

        A form with a slow answer is promised a message, so that its sender sees that something is on its way.

        Args:
            is_hidden: whether only the caller will see it; None if that is unknown.
        """
        if self._has_source and not (is_slow and (self._is_form or self._below)):
            self._promised = "edit"
            await self._api.respond(self._id, self._token, client.LATER_UPDATE)
            return
        if is_hidden is None:
            is_hidden = (self._is_private or self._below is not None) and not self._is_direct
        self._promised, self._is_hidden = "message", is_hidden
        data = {"flags": render.HIDDEN} if self._is_hidden else None
        await self._api.respond(self._id, self._token, client.LATER, data)
        self.shown = _ORIGINAL

    @property
    def ref(self) -> str | None:
        """The id of the answer; None if only the caller sees it."""
        return self._ref

    async def show(self, reply: Reply) -> None:
        """Show an intermediate state of a slow answer, but nothing before the promise."""
        if self._promised == "edit" or self.shown is not None:
            await super().show(reply)

    async def _show_state(self, reply: Reply) -> None:
        if self._is_hidden and self._goes_into_thread(reply) and self.shown is not None:
            await self._edit(self.shown, reply)
        else:
            await super()._show_state(reply)

    async def _give(self, reply: Reply | None) -> None:
        if reply is not None and self._goes_into_thread(reply):
            reply = await self._say_in_thread(reply)
        await super()._give(reply)

    async def _withdraw(self) -> None:
        if self.shown == _ORIGINAL:
            await self._api.delete_answer(self._app, self._token)

    def _goes_into_thread(self, reply: Reply) -> bool:
        return self._below is not None and not reply.replaces and not self._hides(reply)

    async def _say_in_thread(self, reply: Reply) -> Reply:
        """Answer in the post's thread and return a pointer to it; return the reply itself if the thread refuses it."""
        assert self._below is not None
        # the nonce makes a repeated request harmless
        once = {"nonce": f"i{self._id}", "enforce_nonce": True}
        thread = self._below
        try:
            ref = await self._send_with_pictures(
                reply, lambda body, files: self._api.send(thread, {**body, **once}, files)
            )
        except discord.HTTPException as trouble:
            if trouble.status >= SERVER_ERROR:
                raise
            return reply
        self._ref, self.thread = ref, thread
        return say(f"The answer is in {markup.room(thread, 'the thread')}.").settled("private")

    async def _put(self, reply: Reply) -> None:
        if self._promised == "edit" and self._may_edit(reply):
            await self._take_away()
            standing, self._standing = self._standing, NONE_STANDING  # the next edit finds other files
            await self._send_with_pictures(reply, partial(self._edit_message, _ORIGINAL), standing=standing)
        elif self.shown is not None and self._hides(reply) != self._is_hidden:
            await self._overtake(self.shown, reply)
        else:
            await super()._put(reply)

    async def _send(self, reply: Reply) -> str:
        self._is_hidden = self._hides(reply)
        give = partial(self._api.follow_up, self._app, self._token)
        sent = await self._send_with_pictures(reply, give, hidden=self._is_hidden)
        self._set_ref(sent)
        return sent

    async def _edit_message(self, message: str, body: Payload, files: Files) -> None:
        self._set_ref(await self._api.edit_answer(self._app, self._token, body, message, files))

    def _set_ref(self, ref: str) -> None:
        if self.thread is None:
            self._ref = None if self._is_hidden else ref

    async def _edit(self, ref: str, reply: Reply) -> None:
        try:
            await self._send_with_pictures(reply, partial(self._edit_message, ref))
        except discord.NotFound:
            self.shown = await self._send(reply)  # somebody has dismissed it meanwhile

    async def _overtake(self, old: str, reply: Reply) -> None:
        """Replace a message that has the wrong audience.

        The neutral line goes first, because a follow-up to an open promise would become the promised message.
        """
        line = _FOR_YOU if self._hides(reply) else _FOR_ALL
        with suppress(discord.NotFound):
            await self._api.edit_answer(self._app, self._token, self._build_body(line), old)
        self.shown = await self._send(reply)
        with suppress(discord.NotFound):
            await self._api.delete_answer(self._app, self._token, old)

    async def _take_away(self) -> None:
        if self.shown is not None:
            message, self.shown = self.shown, None
            with suppress(discord.NotFound):
                await self._api.delete_answer(self._app, self._token, message)


class MessageAnswer(ReplyChannel):
    """The bot's one reply to a message; if the bot may not write there, a direct message."""

    def __init__(self, api: DiscordApi, message: discord.Message, location: AnswerLocation | None = None) -> None:
        super().__init__(SHOW_EVERY_S, location)
        self._api, self._message, self._channel = api, message, str(message.channel.id)
        self.is_over = asyncio.Event()

    async def type_on(self) -> None:
        """Show that an answer is on its way."""
        try:
            async with asyncio.timeout(limits.TYPING_S):
                await self._api.type_in(self._channel)
        except FAULTS:
            log.debug("typing was refused")

    async def confide(self, reply: Reply) -> bool:
        """Send a direct message; return whether the person accepts one from the bot."""
        try:
            await self._send_to(await self._api.open_direct(str(self._message.author.id)), reply)
        except discord.Forbidden:
            return False
        return True

    async def _send(self, reply: Reply) -> str:
        reference = {"message_id": str(self._message.id), "fail_if_not_exists": False}
        try:
            return await self._send_to(self._channel, reply, {"message_reference": reference})
        except discord.Forbidden:
            if self._message.guild is None:
                raise
        reader = str(self._message.author.id)
        self._channel = await self._api.open_direct(reader)
        if self.location is not None:
            self.location.moved(reader)
        return await self._send_to(self._channel, reply)

    async def _send_to(self, channel: str, reply: Reply, more: Payload | None = None) -> str:
        # the nonce makes a repeated request harmless
        once = {"nonce": f"r{self._message.id}", "enforce_nonce": True, **(more or {})}
        return await self._send_with_pictures(
            reply, lambda body, files: self._api.send(channel, {**body, **once}, files)
        )

    async def _edit(self, ref: str, reply: Reply) -> None:
        standing = await self._api.standing(self._channel, ref, reply)
        await self._send_with_pictures(
            reply, lambda body, files: self._api.edit(self._channel, ref, body, files), standing
        )

    async def _withdraw(self) -> None:
        """Do nothing: nothing is shown of an event that was answered before."""

    async def _send_with_pictures(
        self, reply: Reply, give: Callable[[Payload, Files], Awaitable[T]], standing: Standing = NONE_STANDING
    ) -> T:
        def draw(attachments: Attachments) -> Payload:
            return render.message(reply, commands=self._api.known, attachments=attachments)

        async def give_with_retries(body: Payload, files: Files) -> T:
            return await retry_request(lambda: give(body, files))

        pictures = await self._api.gallery.draw_all(undrawn(reply, standing), limits.PICTURES)
        may_attach = True if self._message.guild is None else self._api.may_attach(self._channel)
        return await illustrated(pictures, reply, draw, give_with_retries, standing=standing, may_attach=may_attach)
