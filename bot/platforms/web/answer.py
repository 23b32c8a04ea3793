"""From what the browser sends to what it is told: a line, a click and a form are all Calls."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from bot.base.clock import Clock
from bot.base.throttle import Throttle
from bot.chat.feed import Feed
from bot.chat.platform import CommandService
from bot.commands import parsing
from bot.commands.answer_location import AnswerLocation
from bot.commands.context import ConversationRef, Place
from bot.commands.form import Form
from bot.commands.refusals import refused
from bot.commands.registry import Registry
from bot.commands.request import silent
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.errors import NotFound, UserError
from bot.messages.reply import Reply, say
from bot.platforms.web import form, limits
from bot.platforms.web.decode import Submission
from bot.understanding import hearing
from bot.understanding.thread_participants import Bystanders

_PACE_S = 0.5
"""Seconds between two states of a slow answer."""


@dataclass(frozen=True)
class BrowserAction:
    """What the browser does next.

    `form` opens one; `errors` and `refused` keep it open; `private` shows an answer to this browser alone; `posted`
    has changed the room, and a reply with it is for this browser alone; `nothing` is a repeat.
    """

    do: Literal["form", "errors", "refused", "private", "posted", "nothing"]
    reply: Reply | None = None
    form: Form | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    line: str = ""


class WebCallRunner:
    """Runs Calls for the page.

    Args:
        wake: told of a place whose messages have changed.
        whisper: shows a person a passing state of their private answer, by the submission's key.
    """

    def __init__(
        self,
        registry: Registry,
        dispatcher: CommandService,
        feed: Feed,
        clock: Clock,
        *,
        wake: Callable[[Place], None],
        whisper: Callable[[Submission, Reply], None],
    ) -> None:
        self.registry, self.dispatcher, self._feed, self._clock = registry, dispatcher, feed, clock
        self._wake, self._whisper = wake, whisper
        self._bystanders = Bystanders()

    async def line(self, said: Submission, text: str) -> BrowserAction:
        """Answer a typed line, or say it to the room where it is meant for the people there."""
        said = await self._headed(said)
        call: Call | None
        if said.place.is_direct:
            call = hearing.hear(self.registry, text, "direct", hearing.NAMED, follows=True)
        else:
            call = hearing.overhear(self.registry, text, follows=bool(said.strand.turn))
            call = call or await self._follow_up(said, text)
        if call is None:
            return await self._talk(said, text.strip())
        if self.dispatcher.wants_form(call):
            return await self.form(said, call)
        return await self._run(said, call, text.strip())

    async def _headed(self, said: Submission) -> Submission:
        """Return what was said in a thread with the answer on which the thread hangs, if it hangs on one."""
        head = await self._feed.find(said.place.thread) if said.place.thread else None
        if head is None or head.room != said.place.room or not head.reply.turn:
            return said
        return replace(said, strand=ConversationRef(head.reply.turn, begins=True))

    async def _follow_up(self, said: Submission, text: str) -> Call | None:
        """Return the Call of a line that goes on with an answer in its thread; None if it is said to people."""
        call = hearing.carry_on(self.registry, text) if said.place.thread else None
        if call is None or self._bystanders.are_talking(said.place, said.person.id):
            self._bystanders.note(said.place, said.person.id)
            return None
        return call if await self.dispatcher.carries_on(said.invocation(call)) else None

    async def _talk(self, said: Submission, line: str) -> BrowserAction:
        """Say a line to the room under the person's name; what the bot could do about it is whispered to them alone."""
        words = say(markup.escape(line, limits.LINE, lines=True))
        await self._feed.add(f"{said.event}:said", said.place.room, said.place.thread, words, said.person.name)
        self._wake(said.place)
        remark = hearing.remark(self.registry, line)
        aside = await self.dispatcher.answer(said.invocation(remark), silent) if remark else None
        return BrowserAction("posted", aside if aside is not None and aside.blocks else None)

    async def click(self, said: Submission, packed: str) -> BrowserAction:
        """Answer a button: its form if it asks for one, else its reply."""
        try:
            call = Call.unpack(packed)
        except ValueError:
            return BrowserAction("private", refused(NotFound("That button is from a version I no longer know.")))
        said = await self._upon(said, lambda target: target == call)
        return await (self.form(said, call) if self.dispatcher.wants_form(call) else self._run(said, call, ""))

    async def form(self, said: Submission, call: Call) -> BrowserAction:
        """Return the form that a Call asks for."""
        try:
            return BrowserAction("form", form=await self.dispatcher.form(said.invocation(call)))
        except UserError as refusal:
            return BrowserAction("private", await self.dispatcher.refused(said.invocation(call), refusal))

    async def submit(self, said: Submission, packed: str, values: Mapping[str, str]) -> BrowserAction:
        """Run a form's Call with what was typed into it; what is wrong comes back beside its field."""
        try:
            call = Call.unpack(packed)
        except ValueError:
            return BrowserAction("refused", refused(NotFound("That form is from a version I no longer know.")))
        command = self.registry.find(call.name)
        if command is None:
            return BrowserAction("refused", refused(NotFound("That form is from a version I no longer know.")))
        wants_form = self.dispatcher.wants_form
        said = await self._upon(said, lambda it: wants_form(it) and form.is_opened_by(it, command, call))
        call = replace(call, args={**call.args, **values}, ask=False)
        errors = form.errors(command, call, self._clock.now().date())
        if errors:
            return BrowserAction("errors", errors=errors)
        return await self._run(said, call, parsing.written(command, call), shown=values)

    async def _upon(self, said: Submission, is_meant: Callable[[Call], bool]) -> Submission:
        """Return what was said, without its message where that has no such button: a browser can send anything."""
        if said.ref is None:
            return said
        message, place = await self._feed.find(said.ref), said.place
        # a thread shows the message that it hangs on above what stands in it
        if message is None or message.room != place.room:
            return replace(said, ref=None)
        is_here = message.thread == place.thread or (message.thread is None and message.ref == place.thread)
        targets = [b.target for b in message.reply.all_buttons if isinstance(b.target, Call)]
        if not is_here or not any(map(is_meant, targets)):
            return replace(said, ref=None)
        return replace(said, strand=ConversationRef(message.reply.turn))

    async def _run(
        self, said: Submission, call: Call, line: str, *, shown: Collection[str] | None = None
    ) -> BrowserAction:
        is_private = self.dispatcher.is_private(call) and not said.place.is_direct
        line = line if self._is_shown(call) else ""
        exchange = _Exchange(self._feed, said, line, self._wake)
        told = AnswerLocation(self.dispatcher.stands, said.invocation(call))

        async def show(reply: Reply) -> None:
            if is_private:
                self._whisper(said, reply)
            else:
                await told.passing(reply, await exchange.put(reply))

        pace = Throttle(show, _PACE_S)
        try:
            reply = await self.dispatcher.answer(said.invocation(call), pace.put)
        finally:
            await pace.stop()
        if reply is None:
            return BrowserAction("nothing")
        if shown is not None and reply.tone == "error":
            await exchange.withdraw()
            return BrowserAction("refused", form.without_way_back(reply, shown))
        if said.ref is not None and reply.may_replace(is_shared=not said.place.is_direct):
            await exchange.withdraw()
            await self._feed.edit(said.ref, reply)
            self._wake(said.place)
            await told.last(reply, said.ref)
            return BrowserAction("posted")
        if reply.audience == "public" or said.place.is_direct:
            self._bystanders.heard(said.place)
            await told.last(reply, await exchange.put(reply))
            return BrowserAction("posted")
        await exchange.withdraw()
        await told.last(reply, None)
        return BrowserAction("private", reply, line=line)

    def _is_shown(self, call: Call) -> bool:
        command = self.registry.find(call.name)
        return command is not None and not command.hidden


class _Exchange:
    """A question and its answer in a room, written when there is something to show."""

    def __init__(self, feed: Feed, said: Submission, line: str, wake: Callable[[Place], None]) -> None:
        self._feed, self._said, self._line, self._wake = feed, said, line, wake
        self._refs: list[str] = []

    async def put(self, reply: Reply) -> str:
        """Write both, or bring the answer up to date; return where the answer stands."""
        said, place = self._said, self._said.place
        if self._refs:
            await self._feed.edit(self._refs[-1], reply)
        else:
            if self._line:
                question = say(markup.escape(self._line, limits.LINE, lines=True))
                add = self._feed.add(f"{said.event}:said", place.room, place.thread, question, said.person.name)
                self._refs.append(await add)
            self._refs.append(await self._feed.add(f"{said.event}:answer", place.room, place.thread, reply))
        self._wake(place)
        return self._refs[-1]

    async def withdraw(self) -> None:
        """Take back what a passing state had written."""
        for ref in self._refs:
            await self._feed.remove(ref)
        if self._refs:
            self._wake(self._said.place)
