"""Slash commands, clicks and forms on their way to the dispatcher and back, within Discord's three seconds."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import discord

from bot.core.call import Call
from bot.core.context import Invocation
from bot.core.dispatch import Dispatcher
from bot.core.errors import UserError
from bot.core.refusal import fault
from bot.core.registry import Registry
from bot.core.reply import Reply
from bot.platforms.discord import commands, events, forms, limits, render, wire
from bot.platforms.discord.exchange import Exchange
from bot.platforms.discord.wire import Wire

log = logging.getLogger(__name__)
_KINDS = discord.InteractionType
_LOST = "an answer did not reach its reader (status %d, code %d)"
_BAD_BODY = 400


class Answers:
    """Answers interactions."""

    def __init__(self, wire: Wire, registry: Registry, dispatcher: Dispatcher) -> None:
        self._wire, self._registry, self._dispatcher = wire, registry, dispatcher

    async def take(self, interaction: discord.Interaction[Any]) -> None:
        """Answer one interaction; nothing that goes wrong leaves this method."""
        try:
            match interaction.type:
                case _KINDS.autocomplete:
                    await self._suggest(interaction)
                case _KINDS.application_command:
                    await self._run(interaction, commands.read(_data(interaction)).call)
                case _KINDS.component:
                    call, tag = _clicked(str(_data(interaction)["custom_id"]))
                    await self._run(interaction, call, tag=tag)
                case _KINDS.modal_submit:
                    data = _data(interaction)
                    call = _submitted(str(data["custom_id"]), data["components"])
                    await self._run(interaction, call, is_form=True)
                case _:
                    pass
        except discord.HTTPException as trouble:
            log.warning(_LOST, trouble.status, trouble.code)
        except Exception:
            log.exception("an interaction failed")

    async def _suggest(self, interaction: discord.Interaction[Any]) -> None:
        typed = commands.read(_data(interaction))
        said = typed.call.args.get(typed.focused, "")
        command = self._registry.find(typed.call.name)
        param = command.param(typed.focused) if command else None
        found = []
        if param is not None and param.says.suggest is not None:
            found = await self._dispatcher.suggest(events.of_interaction(interaction, typed.call), param, said)
        elif param is not None:
            found = commands.fixed(param, said)
        data = {"choices": commands.choices(found)}
        await self._wire.respond(interaction.id, interaction.token, wire.CHOICES, data)

    async def _run(
        self, interaction: discord.Interaction[Any], call: Call, *, tag: str | None = None, is_form: bool = False
    ) -> None:
        invocation = events.of_interaction(interaction, call)
        exchange = Exchange(
            self._wire,
            interaction,
            tag=tag,
            is_private=self._dispatcher.is_private(call),
            is_direct=invocation.place.is_direct,
            is_form=is_form,
            thread=_thread_of(interaction),
        )
        # no form may answer a form: the dispatcher then gives a message with a button that opens it
        if not is_form and self._dispatcher.wants_form(call):
            await self._open(invocation, exchange)
            return
        if self._dispatcher.is_slow(call):
            await self._slowly(invocation, exchange)
            return
        answering = asyncio.create_task(self._dispatcher.answer(invocation, exchange.show))
        await asyncio.wait({answering}, timeout=limits.ACKNOWLEDGE_S)
        if answering.done():
            if (reply := answering.result()) is not None:
                await _first(exchange, reply)
            return
        try:
            await exchange.defer(is_slow=False)
        finally:
            reply = await answering
        await exchange.finish(reply)

    async def _slowly(self, invocation: Invocation, exchange: Exchange) -> None:
        """Promise before the work begins: what it computes would take the processor from the promise."""
        try:
            await exchange.defer(is_slow=True)
        finally:
            reply = await self._dispatcher.answer(invocation, exchange.show)
        await exchange.finish(reply)

    async def _open(self, invocation: Invocation, exchange: Exchange) -> None:
        try:
            modal = forms.modal(await self._dispatcher.form(invocation))
        except UserError as refusal:
            await exchange.first(await self._dispatcher.refused(invocation, refusal))
            return
        except Exception:
            await exchange.first(fault(f"opening the form of {invocation.call.name}"))
            return
        await exchange.open(modal)


async def _first(exchange: Exchange, reply: Reply) -> None:
    """Give the answer as the first response; one that Discord finds malformed is replaced by a fault's message."""
    try:
        await exchange.first(reply)
    except discord.HTTPException as trouble:
        if trouble.status != _BAD_BODY or trouble.code != wire.INVALID_BODY:
            raise
        await exchange.first(fault("drawing an answer"))


def _data(interaction: discord.Interaction[Any]) -> dict[str, Any]:
    return dict(interaction.data or {})


def _thread_of(interaction: discord.Interaction[Any]) -> str | None:
    """Return the id of the thread that hangs on the clicked message, which is the message's own."""
    message = interaction.message
    return str(message.id) if message is not None and message.flags.has_thread else None


_UNREADABLE = Call("unreadable")
"""A Call that no command answers, so that the dispatcher says what to do about an old button."""


def _clicked(custom_id: str) -> tuple[Call, str | None]:
    try:
        return render.read_button(custom_id)
    except ValueError:
        return _UNREADABLE, None


def _submitted(custom_id: str, components: list[dict[str, Any]]) -> Call:
    try:
        return forms.read(custom_id, components)
    except ValueError:
        return _UNREADABLE
