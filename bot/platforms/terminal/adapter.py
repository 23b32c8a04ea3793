"""Talk to the local platform by lines of text, from a keyboard or a script."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import tempfile
import unicodedata
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from bot.base.event import event
from bot.base.safe_traceback import trace
from bot.chat.feed import Feed, RoomMessage
from bot.chat.platform import CommandService
from bot.commands import parsing
from bot.commands.command import OTHER, Command
from bot.commands.context import MODERATES, Account, ConversationRef, Invocation, Place
from bot.commands.form import Form, FormField
from bot.commands.parameter_types import BINARY
from bot.commands.registry import Registry
from bot.commands.request import silent
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.characters import make_valid
from bot.messages.errors import BadInput, UserError
from bot.messages.reply import UNREADABLE, Actions, Button, File, Reply, Text, say
from bot.understanding import intents


def saved(reply: Reply) -> Reply:
    """Write a reply's files into a new folder and return the reply with their paths; unchanged if writing fails."""
    if not reply.files:
        return reply
    with contextlib.suppress(OSError):
        folder = Path(tempfile.mkdtemp(prefix="trailmate-"))
        for file in reply.files:
            (folder / file.name).write_bytes(file.data)
        notices = {file: Text(f"Saved as {markup.escape(str(folder / file.name), 500)}") for file in reply.files}
        return replace(reply, blocks=tuple(notices[b] if isinstance(b, File) else b for b in reply.blocks))
    return reply


log = logging.getLogger(__name__)

PLATFORM, GENERAL = "local", "general"

_ANY_DAY = date(2026, 1, 1)

"""A date for checking only a value's form; the dispatcher parses the value again with the real date."""

_STOP = "cancel"

_HOW_TO_STOP = f"Type `{_STOP}` to stop."


def slug(name: str) -> str:
    """Return the account id of a name: `Ada Lovelace` is `ada-lovelace`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "guest"


@dataclass(frozen=True)
class _Press:
    """A printed button, with its stored message and its turn, if any."""

    button: Button
    ref: str | None
    turn: str


async def chat(
    registry: Registry,
    dispatcher: CommandService,
    feed: Feed,
    *,
    name: str,
    moderates: bool,
    lines: AsyncIterator[str] | TextIO,
    out: TextIO,
    zone: str | None,
    after_line: Callable[[], Awaitable[None]],
    find_zone: Callable[[str], Awaitable[str | None]] | None = None,
) -> None:
    """Answer lines until their end or `quit`.

    Args:
        name: the speaker; a guest until they join.
        lines: input lines; a terminal gets a prompt.
        zone: IANA zone of the person's computer, for printed times unless they have chosen another.
        after_line: runs after each line, before new posts are printed.
        find_zone: returns the IANA zone that an account has chosen, or None.
    """
    grants = frozenset({MODERATES}) if moderates else frozenset[str]()
    account = Account(
        PLATFORM, PLATFORM, slug(name), markup.clean(name)[:80], zone, grants, zone_source="your computer"
    )
    source = _Lines(lines, out)
    await _Chat(registry, dispatcher, feed, account, source, out, after_line, find_zone).run()


class _Lines:
    """Lines from an iterator or a file; a terminal is prompted."""

    def __init__(self, lines: AsyncIterator[str] | TextIO, out: TextIO) -> None:
        for stream in (lines, out):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="replace")  # whatever a keyboard sends, and whatever a terminal can show
        self._lines, self._out = lines, out

    async def next(self, prompt: str) -> str | None:
        """Return the next line without its end, or None after the last."""
        if isinstance(self._lines, AsyncIterator):
            try:
                return make_valid((await anext(self._lines)).rstrip("\r\n"))
            except StopAsyncIteration:
                return None
        if self._lines.isatty():
            self._out.write(prompt)
            self._out.flush()
        line = await asyncio.to_thread(self._lines.readline)
        return make_valid(line.rstrip("\r\n")) if line else None


class _Chat:
    def __init__(
        self,
        registry: Registry,
        dispatcher: CommandService,
        feed: Feed,
        account: Account,
        lines: _Lines,
        out: TextIO,
        after_line: Callable[[], Awaitable[None]],
        find_zone: Callable[[str], Awaitable[str | None]] | None = None,
    ) -> None:
        self._find_zone, self._zone = find_zone, account.zone
        self._registry, self._dispatcher, self._feed = registry, dispatcher, feed
        self._account, self._lines, self._out, self._after_line = account, lines, out, after_line
        self._place = Place(PLATFORM, PLATFORM, GENERAL)
        self._presses: list[_Press] = []
        self._seen: set[str] = set()
        self._turn = ""
        self._next: str | None = None

    async def run(self) -> None:
        """Read lines, answer them and print new posts, until the end."""
        self._seen.update(m.ref for _, m in await self._list_posts())
        await self._take_zone()
        while (line := self._next or await self._lines.next(f"{self._account.id}> ")) is not None:
            text, self._next = line.strip(), None
            if text.lower() in {"quit", "exit"}:
                break
            if not text:
                continue
            await self._answer(text)
            await self._after_line()
            await self._print_posts()

    async def _take_zone(self) -> None:
        """Use the zone that the person has chosen, if any."""
        own = await self._find_zone(self._account.id) if self._find_zone is not None else None
        self._zone = own or self._account.zone

    async def _answer(self, text: str) -> None:
        number = re.fullmatch(r"(?:press\s+)?(\d{1,3})", text, re.IGNORECASE)
        labelled = [press for press in self._presses if press.button.label.casefold() == text.casefold()]
        if len(labelled) == 1 and intents.named(self._registry, text) is None:  # such as the letter of a choice
            await self._press(labelled[0])
            return
        if number is None:
            # a line that names a command starts over; any other line may follow up the last answer
            turn = self._turn if intents.named(self._registry, text) is None else ""
            call = intents.hear(self._registry, text, "mention", intents.NAMED, follows=bool(turn))
            with event():
                await self._run_call(call, None, text, turn)
            return
        at = int(number[1]) - 1
        if not 0 <= at < len(self._presses):
            self._print(f"There is no button {number[1]} now.")
            return
        await self._press(self._presses[at])

    async def _press(self, press: _Press) -> None:
        if isinstance(press.button.target, str):
            self._print(press.button.target)
        else:
            with event():
                await self._run_call(press.button.target, press.ref, "", press.turn)

    async def _run_call(self, call: Call, ref: str | None, line: str, turn: str) -> None:
        key = f"local:{uuid.uuid4()}"
        invocation = Invocation(call, self._account, self._place, key, strand=ConversationRef(turn))
        if self._dispatcher.plan(call).opens_form:
            filled = await self._fill(invocation)
            if filled is None:
                return
            invocation = replace(invocation, call=filled)
            command = self._registry.find(filled.name)
            line = line or (parsing.written(command, filled) if command else "")
        reply = await self._dispatcher.answer(invocation, silent)
        if reply is None:
            return
        await self._take_zone()
        if ref is not None and reply.may_replace(is_shared=True):
            await self._feed.edit(ref, reply)
        elif reply.audience == "public":
            ref = await self._publish(invocation, reply, line)
        else:
            ref = None
        self._presses = []
        self._turn = reply.turn or self._turn
        self._print_reply(reply, ref)

    async def _publish(self, invocation: Invocation, reply: Reply, line: str) -> str:
        command = self._registry.find(invocation.call.name)
        if line and command is not None and not command.hidden:
            question = say(markup.escape(line, 4000, lines=True))
            author = self._account.name
            self._seen.add(await self._feed.add(f"{invocation.key}:said", GENERAL, None, question, author))
        ref = await self._feed.add(f"{invocation.key}:answer", GENERAL, None, reply)
        self._seen.add(ref)
        return ref

    # a form, line by line

    async def _fill(self, invocation: Invocation) -> Call | None:
        """Ask for the fields that the line did not give, or for all if the Call asks for the form."""
        call = invocation.call
        try:
            form = await self._dispatcher.form(invocation)
        except UserError as refusal:
            self._presses = []
            self._print_reply(await self._dispatcher.refused(invocation, refusal), None)
            return None
        command = self._registry.find(call.name)
        assert command is not None
        given = {p.key for key in call.args if (p := command.param(key)) is not None} if not call.ask else set()
        return await self._ask_all(command, form.without_folded(), given)

    async def _ask_all(self, command: Command, form: Form, given: set[str]) -> Call | None:
        if form.note:
            self._print(say(form.note).plain(self._zone))
        self._print(f"{form.title}: press Enter to keep the value in brackets. {_HOW_TO_STOP}")
        values = {f.key: f.value for f in form.fields if f.key in given}
        for field in form.fields:
            if field.key in given or field.extends or field.kind in BINARY:  # any value can be typed here
                continue
            text = await self._ask(command, field)
            if text is None:
                self._print("Cancelled. Nothing was changed.")
                return None
            values[field.key] = text
        return replace(form.call, args={**form.call.args, **values}, ask=False)

    async def _ask(self, command: Command, field: FormField) -> str | None:
        """Return the field's text, or its default for an empty line; None to stop, also if the line is a command."""
        param = command.param(field.key)
        assert param is not None
        label = "\n".join(
            [_format_label(field), *(f"  {o.value}  {o.label}" for o in field.options if o.value != OTHER)]
        )
        while True:
            self._print(label)
            line = await self._lines.next("> ")
            if line is None or line.strip().lower() == _STOP:
                return None
            if self._leaves(field, line.strip()):
                self._next = line
                return None
            text = line.strip() or field.value
            if not text:
                if not field.required:
                    return ""
                self._print(f"{markup.end_sentence(f'This is needed. Example: {field.example}')} {_HOW_TO_STOP}")
                continue
            try:
                parsing.value(param, text, _ANY_DAY)
            except BadInput as wrong:
                self._print(f"{say(wrong.sentence).plain(self._zone)}\n{_HOW_TO_STOP}")
                continue
            return text

    def _leaves(self, field: FormField, line: str) -> bool:
        """Whether a line in a form is a command and not a value; a choice may have the name of a command."""
        if not line or line.lower() in {
            option.lower() for option in (*field.choices, *(o.value for o in field.options))
        }:
            return False
        call = intents.named(self._registry, line)
        return call is not None and (line.startswith("/") or intents.is_addressed_to_bot(self._registry, call, line))

    # printing

    def _print(self, text: str) -> None:
        self._out.write(markup.clean(text) + "\n")
        self._out.flush()

    def _print_reply(self, reply: Reply, ref: str | None, before: str = "") -> None:
        """Print a reply; the buttons of an `Actions` block stand directly below the block before it."""
        part = Reply(title=reply.title)
        for block in (*saved(reply).blocks, Actions(reply.buttons)):
            if not isinstance(block, Actions):
                part = part.followed_by(block)
                continue
            if text := part.plain(self._zone):
                self._print("\n".join(before + line for line in text.split("\n")))
            self._print_buttons(block, ref, reply.turn, before)
            part = Reply()

    def _print_buttons(self, actions: Actions, ref: str | None, turn: str, before: str) -> None:
        for button in actions.buttons:
            self._presses.append(_Press(button, ref, turn))
            if isinstance(button.target, str):
                self._print(f"{before}[{button.label}]  {button.target}")
            else:
                self._print(f"{before}[{button.label}]  press: {len(self._presses)}")

    async def _print_posts(self) -> None:
        for where, message in await self._list_posts():
            if message.ref not in self._seen:
                self._seen.add(message.ref)
                author = f"{message.author}: " if message.author else ""
                self._print_message(message, f"{where} | {author}")

    def _print_message(self, message: RoomMessage, before: str) -> None:
        """Print a stored message; if it cannot be drawn, print a notice, so that the others are printed."""
        try:
            message.reply.plain(self._zone)
        except Exception as fault:  # noqa: BLE001  (the other messages are printed all the same)
            log.error("message %s cannot be drawn\n%s", message.ref, trace(fault))
            message = replace(message, reply=UNREADABLE)
        self._print_reply(message.reply, message.ref, before)

    async def _list_posts(self) -> list[tuple[str, RoomMessage]]:
        """Return the messages that this person can read: #general, its threads, direct messages."""
        posts = []
        for message in await self._feed.list_messages(GENERAL):
            posts.append(("#general", message))
            if message.thread_title:
                where = f"#general, {markup.clip(message.thread_title, 40)}"
                posts += [(where, m) for m in await self._feed.list_messages(GENERAL, message.ref)]
        direct = await self._feed.list_messages(f"@{self._account.id}")
        return [*posts, *(("direct message", m) for m in direct)]


def _format_label(field: FormField) -> str:
    label = f"{field.label} ({', '.join(field.choices)})" if field.choices else field.label
    if field.value:
        return f"{label} [{' '.join(field.value.split())}]"
    return label if field.required else f"{label} [skip]"
