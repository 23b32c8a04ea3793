"""Answer what the browser sends: lines, clicks and forms, all as Calls."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, TypeAlias

from bot.base.clock import Clock
from bot.chat.feed import Feed
from bot.chat.platform import CommandService
from bot.commands import parsing
from bot.commands.answer_location import AnswerLocation
from bot.commands.command import Command
from bot.commands.context import ConversationRef, Place
from bot.commands.form import Form
from bot.commands.refusals import old_button, old_form, refused
from bot.commands.registry import Registry
from bot.commands.request import silent
from bot.messages import markup
from bot.messages.call import DRAFT, WRONG, Call
from bot.messages.errors import UserError
from bot.messages.reply import Reply, say
from bot.platforms.reply_channel import ReplyChannel, ThreadParticipants
from bot.platforms.web import limits
from bot.platforms.web.decode import Submission
from bot.understanding import intents

Wake: TypeAlias = Callable[[Place], None]
Whisper: TypeAlias = Callable[[Submission, Reply], None]
_PACE_S = 0.5
"""Seconds between two states of a slow answer."""


@dataclass(frozen=True)
class BrowserAction:
    """What the browser does next.

    `form` opens a form; `errors` and `refused` keep it open; `private` shows an answer in this browser only; `posted`
    means that the room changed, and its reply is for this browser only; `nothing` is a repetition.
    """

    do: Literal["form", "errors", "refused", "private", "posted", "nothing"]
    reply: Reply | None = None
    form: Form | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    line: str = ""


class WebCallRunner:
    """Runs Calls for the page.

    Args:
        wake: called with a place whose messages changed.
        whisper: shows a person an intermediate state of their private answer, by the submission's key.
    """

    def __init__(
        self,
        registry: Registry,
        dispatcher: CommandService,
        feed: Feed,
        clock: Clock,
        *,
        wake: Wake,
        whisper: Whisper,
    ) -> None:
        self.registry, self.dispatcher, self._feed, self._clock = registry, dispatcher, feed, clock
        self._wake, self._whisper = wake, whisper
        self._participants = ThreadParticipants()

    async def line(self, submission: Submission, text: str) -> BrowserAction:
        """Answer a typed line, or post it to the room if it is meant for the people there."""
        submission = await self._with_thread_root(submission)
        call: Call | None
        if submission.place.is_direct:
            call = intents.hear(self.registry, text, "direct", intents.NAMED, follows=True)
        else:
            call = intents.overhear(self.registry, text, follows=bool(submission.strand.turn))
            call = call or await self._find_follow_up(submission, text)
        if call is None:
            return await self._talk(submission, text.strip())
        if self.dispatcher.plan(call).opens_form:
            return await self.form(submission, call)
        return await self._run(submission, call, text.strip())

    async def _with_thread_root(self, submission: Submission) -> Submission:
        """Return the submission with the answer at the root of its thread, if there is one."""
        head = await self._feed.find(submission.place.thread) if submission.place.thread else None
        if head is None or head.room != submission.place.room or not head.reply.turn:
            return submission
        return replace(submission, strand=ConversationRef(head.reply.turn, begins=True))

    async def _find_follow_up(self, submission: Submission, text: str) -> Call | None:
        """Return the Call of a line that follows up an answer in its thread; None if it is meant for people."""
        call = intents.carry_on(self.registry, text) if submission.place.thread else None
        if call is None or self._participants.are_talking(submission.place, submission.person.id):
            self._participants.note(submission.place, submission.person.id)
            return None
        return call if await self.dispatcher.carries_on(submission.invocation(call)) else None

    async def _talk(self, submission: Submission, line: str) -> BrowserAction:
        """Post a line to the room under the person's name, and suggest privately what the bot can do about it."""
        await _post_line(self._feed, submission, line)
        self._wake(submission.place)
        remark = intents.remark(self.registry, line)
        aside = await self.dispatcher.answer(submission.invocation(remark), silent) if remark else None
        return BrowserAction("posted", aside if aside is not None and aside.blocks else None)

    async def click(self, submission: Submission, packed: str) -> BrowserAction:
        """Answer a button: its form if it asks for one, else its reply."""
        try:
            call = Call.unpack(packed)
        except ValueError:
            return BrowserAction("private", refused(old_button()))
        submission = await self._check_clicked(submission, lambda target: target == call)
        return await (
            self.form(submission, call) if self.dispatcher.plan(call).opens_form else self._run(submission, call, "")
        )

    async def form(self, submission: Submission, call: Call) -> BrowserAction:
        """Return the form of a Call."""
        try:
            return BrowserAction("form", form=await self.dispatcher.form(submission.invocation(call)))
        except UserError as refusal:
            return BrowserAction("private", await self.dispatcher.refused(submission.invocation(call), refusal))

    async def submit(self, submission: Submission, packed: str, values: Mapping[str, str]) -> BrowserAction:
        """Run a form's Call with the typed values; errors are returned by field."""
        try:
            call = Call.unpack(packed)
        except ValueError:
            return BrowserAction("refused", refused(old_form()))
        command = self.registry.find(call.name)
        if command is None:
            return BrowserAction("refused", refused(old_form()))
        submission = await self._check_clicked(
            submission,
            lambda target: self.dispatcher.plan(target).opens_form and is_opened_by(target, command, call),
        )
        call = replace(call, args={**call.args, **values}, ask=False)
        errors = find_errors(command, call, self._clock.now().date())
        if errors:
            return BrowserAction("errors", errors=errors)
        return await self._run(submission, call, parsing.written(command, call), fields=values)

    async def _check_clicked(self, submission: Submission, is_meant: Callable[[Call], bool]) -> Submission:
        """Return the submission, without its message if that has no such button: a browser can send anything."""
        if submission.ref is None:
            return submission
        message, place = await self._feed.find(submission.ref), submission.place
        # a thread also shows its root message
        if message is None or message.room != place.room:
            return replace(submission, ref=None)
        is_here = message.thread == place.thread or (message.thread is None and message.ref == place.thread)
        targets = [b.target for b in message.reply.all_buttons if isinstance(b.target, Call)]
        if not is_here or not any(map(is_meant, targets)):
            return replace(submission, ref=None)
        return replace(submission, strand=ConversationRef(message.reply.turn))

    async def _run(
        self, submission: Submission, call: Call, line: str, *, fields: Collection[str] | None = None
    ) -> BrowserAction:
        is_private = self.dispatcher.plan(call).is_private and not submission.place.is_direct
        command = self.registry.find(call.name)
        line = "" if command is None or command.hidden else line
        answer = PageAnswer(self._feed, submission, line, self._wake, self._whisper if is_private else None)
        invocation = submission.invocation(call)
        answer.location = AnswerLocation(self.dispatcher.stands, invocation)
        try:
            reply = await self.dispatcher.answer(invocation, answer.show)
        finally:
            await answer.stop()
        if reply is None:
            return BrowserAction("nothing")
        if fields is not None and reply.tone == "error":
            await answer.finish(None)
            return BrowserAction("refused", without_way_back(reply, fields))
        await answer.finish(reply)
        if answer.ref is None:
            return BrowserAction("private", reply, line=line)
        if answer.ref != submission.ref:
            self._participants.clear(submission.place)
        return BrowserAction("posted")


class PageAnswer(ReplyChannel):
    """A question and its answer in a room, written as soon as there is something to show.

    Args:
        line: the question; "" if it is not shown.
        whisper: shows the states to the person only.
    """

    def __init__(self, feed: Feed, submission: Submission, line: str, wake: Wake, whisper: Whisper | None) -> None:
        super().__init__(_PACE_S)
        self._feed, self._submission, self._line, self._wake = feed, submission, line, wake
        self._whisper, self._question = whisper, ""

    async def _show_state(self, reply: Reply) -> None:
        if self._whisper is not None:
            self._whisper(self._submission, reply)
        else:
            await super()._show_state(reply)

    async def _give(self, reply: Reply | None) -> None:
        clicked, is_direct = self._submission.ref, self._submission.place.is_direct
        if reply is not None and clicked is not None and reply.may_replace(is_shared=not is_direct):
            await self._withdraw()
            self.shown = clicked
            await self._put(reply)
        elif reply is not None and (reply.audience == "public" or is_direct):
            await self._put(reply)
        else:
            await self._withdraw()

    async def _send(self, reply: Reply) -> str:
        submission, place = self._submission, self._submission.place
        if self._line:
            self._question = await _post_line(self._feed, submission, self._line)
        sent = await self._feed.add(f"{submission.event}:answer", place.room, place.thread, reply)
        self._wake(place)
        return sent

    async def _edit(self, ref: str, reply: Reply) -> None:
        await self._feed.edit(ref, reply)
        self._wake(self._submission.place)

    async def _withdraw(self) -> None:
        if self.shown is not None:
            for ref in filter(None, (self._question, self.shown)):
                await self._feed.remove(ref)
            self.shown = None
            self._wake(self._submission.place)


async def _post_line(feed: Feed, submission: Submission, line: str) -> str:
    words, place = say(markup.escape(line, limits.LINE, lines=True)), submission.place
    return await feed.add(f"{submission.event}:said", place.room, place.thread, words, submission.person.name)


def find_errors(command: Command, call: Call, today: date) -> Mapping[str, str]:
    """Return the errors of the values by field key."""
    match parsing.plan(command, call, today):
        case parsing.Wrong(errors):
            labels = {p.key: f"**{p.head}**: " for p in command.params}
            return {key: _capitalise(text.removeprefix(labels.get(key, ""))) for key, text in errors.items()}
        case parsing.NeedsForm(missing) if missing:
            wanted = (p for p in command.params if p.key in missing)
            return {p.key: f"This is missing. Example: `{p.example}`" for p in wanted}
        case parsing.NeedsForm():
            return {"": "Nothing is filled in."}
        case _:
            return {}


def is_opened_by(target: Call, command: Command, form: Call) -> bool:
    """Whether a button opens this form; arguments other than fields and draft must be equal."""
    if (target.name, target.group) != (form.name, form.group):
        return False
    fields = {DRAFT, WRONG, *(p.key for p in command.form_params)}
    return all(form.args.get(key) == text for key, text in target.args.items() if key not in fields)


def _reopens(target: Call | str, fields: Collection[str]) -> bool:
    return isinstance(target, Call) and target.ask and DRAFT in target.args and set(target.wrong) <= set(fields)


def _capitalise(text: str) -> str:
    return text[:1].upper() + text[1:]


def without_way_back(reply: Reply, fields: Collection[str]) -> Reply:
    """Return a form's refusal without the button that reopens the form, which is still open.

    Args:
        fields: the fields of the form; a button to another field stays.
    """
    return reply.filter_buttons(lambda button: not _reopens(button.target, fields))
