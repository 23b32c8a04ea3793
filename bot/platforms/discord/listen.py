"""Pass Discord's events to the dispatcher and its answers back: interactions within three seconds, and messages."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import discord

from bot.chat.platform import CommandService
from bot.commands import parsing
from bot.commands.answer_location import AnswerLocation
from bot.commands.command import ParamSpec, SuggestedValue
from bot.commands.context import ConversationRef, Invocation, Place
from bot.commands.parameter_types import Kind, parse_date, parse_minutes, suggest_zones
from bot.commands.refusals import fault, unanswered, unread
from bot.commands.registry import Registry
from bot.messages import attachment, markup
from bot.messages.call import Call
from bot.messages.errors import BadInput, TryLater, UserError
from bot.messages.reply import Reply, say
from bot.platforms.discord import client, decode, form, limits, render, thread_roots
from bot.platforms.discord.answer import InteractionAnswer, MessageAnswer
from bot.platforms.discord.client import FAULTS, DiscordApi, describe_fault, retry_request
from bot.platforms.discord.render import Payload
from bot.platforms.discord.thread_roots import ThreadRootCache
from bot.understanding import intents

log = logging.getLogger(__name__)
_KINDS = discord.InteractionType
_BAD_BODY = 400
_TYPING_S = 8.0
"""How often to repeat the typing indicator, which Discord shows for ten seconds."""
_AMENDED = timedelta(minutes=1)
_THREADS = {10, 11, 12}


class Interactions:
    """Answers slash commands, clicks and forms."""

    def __init__(self, api: DiscordApi, registry: Registry, dispatcher: CommandService, heads: ThreadRootCache) -> None:
        self._api, self._registry, self._dispatcher, self._heads = api, registry, dispatcher, heads

    async def take(self, interaction: discord.Interaction[Any]) -> None:
        """Answer one interaction; errors are logged, not raised."""
        try:
            match interaction.type:
                case _KINDS.autocomplete:
                    await self._suggest(interaction)
                case _KINDS.application_command:
                    typed = decode.parse_slash_command(_read_data(interaction))
                    call = decode.upon(self._registry, _read_data(interaction)) or typed.call
                    await self._run(interaction, call, file=typed.file)
                case _KINDS.component:
                    call, tag = _read_click(str(_read_data(interaction)["custom_id"]))
                    await self._run(interaction, call, tag=tag)
                case _KINDS.modal_submit:
                    data = _read_data(interaction)
                    call = _read_form(str(data["custom_id"]), data["components"])
                    await self._run(interaction, call, is_form=True, file=decode.find_upload(data))
                case _:
                    pass
        except FAULTS as trouble:
            log.warning("an answer did not reach its reader (%s)", describe_fault(trouble))
        except Exception:
            log.exception("an interaction failed")

    async def _suggest(self, interaction: discord.Interaction[Any]) -> None:
        typed = decode.parse_slash_command(_read_data(interaction))
        value = typed.call.args.get(typed.focused, "")
        command = self._registry.find(typed.call.name)
        param = command.param(typed.focused) if command else None
        suggestions = []
        if param is not None and param.says.suggest is not None:
            suggestions = await self._dispatcher.suggest(decode.of_interaction(interaction, typed.call), param, value)
        elif param is not None:
            suggestions = suggest_fixed(param, value)
        data = {"choices": draw_choices(suggestions)}
        await self._api.respond(interaction.id, interaction.token, client.CHOICES, data)

    async def _run(
        self,
        interaction: discord.Interaction[Any],
        call: Call,
        *,
        tag: str | None = None,
        is_form: bool = False,
        file: Mapping[str, Any] | None = None,
    ) -> None:
        plan, thread = self._dispatcher.plan(call), _find_thread(interaction)
        invocation = decode.of_interaction(interaction, call, thread_roots.of_click(interaction.message, thread))
        exchange = InteractionAnswer(
            self._api,
            interaction,
            tag=tag,
            is_private=plan.is_private,
            is_direct=invocation.place.is_direct,
            is_form=is_form,
            thread=thread,
            location=AnswerLocation(self._dispatcher.stands, invocation),
        )
        # no form may answer a form: the dispatcher then gives a message with a button that opens it
        if not is_form and file is None and plan.opens_form:
            await self._open(invocation, exchange)
            return
        if plan.is_slow:
            await self._answer_slowly(invocation, exchange, interaction.client.user)
            return
        answering = asyncio.create_task(self._fetch_answer(invocation, exchange, file))
        await asyncio.wait({answering}, timeout=limits.ACKNOWLEDGE_S)
        if answering.done():
            if (reply := answering.result()) is not None:
                await _give_first(exchange, reply)
            return
        try:
            await exchange.defer(is_slow=False)
        finally:
            reply = await answering
        await exchange.finish(reply)

    async def _fetch_answer(
        self, invocation: Invocation, exchange: InteractionAnswer, file: Mapping[str, Any] | None
    ) -> Reply | None:
        """Fetch the file of an event, if any, and return the dispatcher's answer."""
        if file is not None:
            try:
                call = await attach_file(self._api, self._registry, invocation.call, file)
            except UserError as refusal:
                return await self._dispatcher.refused(invocation, refusal)
            invocation = replace(invocation, call=call)
        return await self._dispatcher.answer(invocation, exchange.show)

    async def _answer_slowly(
        self, invocation: Invocation, exchange: InteractionAnswer, me: discord.ClientUser | None
    ) -> None:
        """Promise an answer before the work begins, because the work would keep the processor busy."""
        try:
            await exchange.defer(is_slow=True)
        finally:
            reply = await self._dispatcher.answer(await self._with_thread_root(invocation), exchange.show)
        if reply is not None and reply.audience == "public" and me is not None:
            reply = self._heads.with_way_on(reply, invocation.strand.thread or invocation.place.thread, me.id)
        await exchange.finish(reply)

    async def _with_thread_root(self, invocation: Invocation) -> Invocation:
        """Return the invocation with the answer at the root of its thread, unless it is a click on an answer."""
        if invocation.strand.turn:
            return invocation
        head = await self._heads.of(invocation.place)
        return replace(invocation, strand=replace(head, thread=invocation.strand.thread))

    async def _open(self, invocation: Invocation, exchange: InteractionAnswer) -> None:
        try:
            modal = form.modal(await self._dispatcher.form(invocation))
        except UserError as refusal:
            await exchange.first(await self._dispatcher.refused(invocation, refusal))
            return
        except Exception:  # noqa: BLE001  (whoever clicked is told, with a reference)
            await exchange.first(fault(f"opening the form of {invocation.call.name}"))
            return
        await exchange.open(modal)


class Messages:
    """Answers what people write to the bot."""

    def __init__(self, api: DiscordApi, registry: Registry, dispatcher: CommandService, heads: ThreadRootCache) -> None:
        self._api, self._registry, self._dispatcher, self._heads = api, registry, dispatcher, heads
        self._underway: set[MessageAnswer] = set()

    async def take(self, message: discord.Message, me: int) -> None:
        """Answer a message that is meant for the bot; errors are logged, not raised."""
        if not decode.is_addressed(message, me):
            return
        try:
            await self._answer(message, me)
        except FAULTS as trouble:
            log.warning("a message could not be answered (%s)", describe_fault(trouble))
        except Exception:
            log.exception("a message failed")

    async def take_edit(self, message: discord.Message, me: int) -> None:
        """Answer a message that was edited within a minute of being sent; the dispatcher drops repetitions."""
        edited_at = message.edited_at
        if edited_at is not None and edited_at - message.created_at <= _AMENDED:
            await self.take(message, me)

    async def _answer(self, message: discord.Message, me: int) -> None:
        follows = await self._find_followed(message, me)
        is_direct, is_after = message.guild is None, bool(follows.turn)
        call = decode.parse_text(self._registry, message.content, me, is_direct=is_direct, follows=is_after)
        is_manners = message.guild is not None and intents.is_courtesy(self._registry, call)
        if is_manners and (call := intents.aside(call) or call).args.get("aloud") is None:
            return  # thanks want no line, and no notice
        for file in message.attachments[:1]:
            # the address of the file itself lasts a day, that of its message as long as it stands
            call = intents.with_file(self._registry, call, message.jump_url, file.filename)
        place = await self._find_place(message)
        if not follows.turn and self._dispatcher.plan(call).is_slow:
            follows = await self._heads.of(place)
        invocation = decode.of_message(message, call, place, follows)
        answer = MessageAnswer(self._api, message, AnswerLocation(self._dispatcher.stands, invocation))
        try:
            for attachment in message.attachments[:1]:
                call = await attach_file(self._api, self._registry, call, attachment.to_dict())
        except UserError as refusal:
            await answer.finish(
                await self._adapt_for_readers(invocation, await self._dispatcher.refused(invocation, refusal))
            )
            return
        self._underway.add(answer)
        try:
            await self._reply_to(answer, replace(invocation, call=call), me)
        finally:
            self._underway.discard(answer)
            answer.is_over.set()

    async def _find_followed(self, message: discord.Message, me: int) -> ConversationRef:
        """Return the answer that a message replies to; wait first if that answer is still being written."""
        replied = str(message.reference.message_id) if message.reference else ""
        underway = next((answer for answer in self._underway if answer.shown == replied), None)
        if underway is None:
            return thread_roots.of_reply(message, me)
        await underway.is_over.wait()
        return thread_roots.of_message(await self._api.message(str(message.channel.id), replied))

    async def _reply_to(self, answer: MessageAnswer, invocation: Invocation, me: int) -> None:
        is_public = invocation.place.is_direct or not self._dispatcher.plan(invocation.call).is_private

        async def show(reply: Reply) -> None:
            if is_public:
                await answer.show(reply)

        answering = asyncio.create_task(self._dispatcher.answer(invocation, show))
        await asyncio.wait({answering}, timeout=limits.ACKNOWLEDGE_S)
        while not answering.done():
            await answer.type_on()
            await asyncio.wait({answering}, timeout=_TYPING_S)
        reply = answering.result()
        if reply is None or reply == Reply():  # thanks that name nobody here
            return
        is_news_to_nobody = reply.is_limit or intents.is_greeting(self._registry, invocation.call)
        if is_news_to_nobody and not invocation.place.is_direct and answer.shown is None:
            if await answer.confide(reply):
                return
            if reply.is_limit:  # it tells nothing about anybody, and a button would ask for more work
                reply = replace(reply, audience="public")
        reply = await self._adapt_for_readers(invocation, reply)
        await answer.finish(self._heads.with_way_on(reply, invocation.place.thread, me))

    async def _adapt_for_readers(self, invocation: Invocation, reply: Reply) -> Reply:
        """Return a reply that others may read: a private answer is put behind a button if it is about a person."""
        plan = self._dispatcher.plan(invocation.call)
        if invocation.place.is_direct or reply.audience == "public" or plan.opens_form:
            return reply
        if not plan.is_private and reply.tone != "error":
            return reply  # a non-answer says nothing about anybody, and one line is shorter than a button to it
        if reply.is_busy:  # what cannot be kept cannot be set aside either
            return reply.without_buttons()
        try:
            return await self._dispatcher.set_aside(invocation, reply)
        except TryLater:
            command = self._registry.find(invocation.call.name)
            return say((unanswered() if command is None or command.writes else unread()).sentence)
        except Exception:  # noqa: BLE001  (whoever asked is told, with a reference)
            return fault("setting an answer aside", is_unkept=False)

    async def _find_place(self, message: discord.Message) -> Place:
        tenant = message.guild.id if message.guild else None
        channel = message.channel
        if tenant is not None and isinstance(channel, discord.PartialMessageable):
            found_channel = await retry_request(lambda: self._api.channel(str(channel.id)))
            if found_channel["type"] in _THREADS:
                return Place(decode.NAME, str(tenant), str(found_channel["parent_id"]), str(channel.id))
        return decode.place(channel, tenant, message.author.id)


async def _give_first(exchange: InteractionAnswer, reply: Reply) -> None:
    """Give the answer as the first response; send a fault's message if Discord finds the answer malformed."""
    try:
        await exchange.first(reply)
    except discord.HTTPException as trouble:
        if trouble.status != _BAD_BODY or trouble.code != client.INVALID_BODY:
            raise
        await exchange.first(fault("drawing an answer", is_unkept=False))


def _read_data(interaction: discord.Interaction[Any]) -> dict[str, Any]:
    return dict(interaction.data or {})


def _find_thread(interaction: discord.Interaction[Any]) -> str | None:
    """Return the id of the clicked message's thread, which is the message's id."""
    message = interaction.message
    return str(message.id) if message is not None and message.flags.has_thread else None


_UNREADABLE = Call("unreadable")
"""A Call that no command answers, so that the dispatcher explains what to do about an old button."""


def _read_click(custom_id: str) -> tuple[Call, str | None]:
    try:
        return render.read_button(custom_id)
    except ValueError:
        return _UNREADABLE, None


def _read_form(custom_id: str, components: list[dict[str, Any]]) -> Call:
    try:
        return form.read(custom_id, components)
    except ValueError:
        return _UNREADABLE


async def attach_file(api: DiscordApi, registry: Registry, call: Call, file: Mapping[str, Any]) -> Call:
    """Return a Call with the text of its attached file; raise UserError if the file cannot be taken."""
    name = str(file.get("filename") or "file")

    async def read() -> bytes:
        try:
            return await api.file(str(file.get("url") or ""))
        except discord.DiscordException:
            raise attachment.unfetched(name) from None

    return await parsing.attached(registry.find(call.name), call, name, int(file.get("size") or 0), read)


_TYPICAL_DAYS = ("today", "tomorrow", "next monday", "next friday", "in 1 week", "in 2 weeks", "in 4 weeks")
_TYPICAL_MINUTES = (15, 30, 45, 60, 90, 120, 180)


def suggest_fixed(param: ParamSpec, typed: str) -> list[SuggestedValue]:
    """Return suggestions that need no look-up: zones, lengths of time, days."""
    match param.kind:
        case Kind.ZONE:
            return [SuggestedValue(zone, zone) for zone in suggest_zones(typed, limits.LIMITS.choices)]
        case Kind.MINUTES:
            return _suggest_lengths(typed)
        case Kind.DATE:
            return [SuggestedValue(day, day) for day in _suggest_days(typed)]
        case _:
            return []


def _suggest_lengths(text: str) -> list[SuggestedValue]:
    try:
        typed = int(parse_minutes(text))
    except BadInput:
        typed = 0
    wanted = [typed] if typed else []
    wanted += [m for m in _TYPICAL_MINUTES if m not in wanted and (not text.strip() or str(m).startswith(text.strip()))]
    return [SuggestedValue(_format_length(m), str(m)) for m in wanted]


def _format_length(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else ""]
    return " ".join(p for p in parts if p)


def _suggest_days(text: str) -> list[str]:
    wanted = [day for day in _TYPICAL_DAYS if text.strip().lower() in day]
    try:
        parse_date(text, date(2026, 1, 1))
    except BadInput:
        return wanted
    return list(dict.fromkeys([text.strip(), *wanted]))


def draw_choices(suggested: Sequence[SuggestedValue]) -> list[Payload]:
    """Return suggestions for Discord, without values that are longer than Discord accepts."""
    fitting = [
        {
            "name": markup.clip(markup.clean(suggestion.label) or suggestion.value, limits.CHOICE),
            "value": suggestion.value,
        }
        for suggestion in suggested
        if 0 < len(suggestion.value) <= limits.CHOICE
    ]
    return fitting[: limits.LIMITS.choices]
