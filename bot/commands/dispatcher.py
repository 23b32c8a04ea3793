"""Dispatch an event to its command: drop repeats, find the actor, check the role, run one transaction."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Generic, TypeVar

from bot.base.clock import Clock
from bot.base.event import event
from bot.base.observer import NOBODY, Ending, Observer
from bot.commands import parsing
from bot.commands.answer_location import Stands, untold
from bot.commands.command import ParamSpec, SuggestedValue, needs_of
from bot.commands.context import Context, Invocation
from bot.commands.drafts import Drafting
from bot.commands.form import Form, Opening, form_of, opening
from bot.commands.in_flight import InFlight, PerUserQueue, QueueFull
from bot.commands.parameter_types import Kind
from bot.commands.ports import (
    AuditChange,
    CheckAccess,
    Drafts,
    Epilogue,
    Identify,
    Inbox,
    IsFollowUp,
    Provide,
    Report,
    RunInTransaction,
    Show,
)
from bot.commands.refusals import (
    add_notices,
    busy,
    fault,
    not_allowed,
    old_button,
    old_form,
    on_field,
    refused,
    unproven,
)
from bot.commands.registry import Registry
from bot.commands.request import Request, silent
from bot.commands.room_access import LOOK_S, retry_with_access
from bot.messages import markup
from bot.messages.call import MORE, PACKED_MAX, Call
from bot.messages.errors import BadInput, MaybeSaved, NotAllowed, NotFound, TryLater, UserError
from bot.messages.paging import Fits, show_page, split_reply, turn_to
from bot.messages.reply import Button, Reply, Text

T = TypeVar("T")
W = TypeVar("W")
log = logging.getLogger(__name__)
INITIAL_S, SUGGEST_S = 0.5, 1.0
RESOLVE_S = (2.0, 5.0, 10.0, 20.0, *(30.0,) * 58)
"""Waits between checks of a commit whose outcome is unknown; half an hour in all."""
GLANCE_S = 0.6
"""Time-out of an access check while a form or a suggestion waits for it."""
SLOW_LEASE = timedelta(minutes=5)


class Dispatcher(Generic[W]):
    """Answers invocations. W is the app's unit of work.

    Args:
        registry: the commands.
        run, identify, supply, inbox, drafts, epilogue, look, carries_on, note, stands, observer: given by the app.
        report: tells a person later whether a commit of unknown outcome was saved.
        clock: the clock of every command.
        is_shared: whether other processes may get the same event; then the keys of reads are stored too.

    `fits` has a check for each platform whether one message holds a reply; a platform without one holds any.
    """

    def __init__(
        self,
        registry: Registry,
        *,
        run: RunInTransaction[W],
        identify: Identify[W],
        supply: Provide[W],
        inbox: Inbox[W],
        drafts: Drafts[W],
        clock: Clock,
        epilogue: Epilogue[W] | None = None,
        look: CheckAccess | None = None,
        carries_on: IsFollowUp | None = None,
        note: AuditChange[W] | None = None,
        report: Report[W] | None = None,
        stands: Stands = untold,
        is_shared: bool = False,
        observer: Observer = NOBODY,
    ) -> None:
        self._epilogue, self._look, self._follows, self.stands = epilogue, look, carries_on, stands
        self._note, self._observer, self._is_shared = note, observer, is_shared
        self._report, self._resolving = report, set[asyncio.Task[None]]()
        self.initial_s, self.suggest_s = INITIAL_S, SUGGEST_S
        self._run, self._identify, self._supply = run, identify, supply
        self._inbox, self._drafts, self._clock = inbox, drafts, clock
        self._drafting = Drafting(registry, run, identify, drafts)
        self.fits: Mapping[str, Fits] = {}
        self.registry, self._traffic = registry, InFlight()
        self._slow_turns = PerUserQueue(2, 5, "You have {} questions waiting. Please wait until I've answered some.")
        self._quick_turns = PerUserQueue(2, 30, "You have {} messages waiting. Please send the next one in a moment.")

    async def drain(self, seconds: float) -> bool:
        """Wait for events in flight; return False if some aren't done in time."""
        return await self._traffic.drain(seconds)

    def wants_form(self, call: Call) -> bool:
        """Whether this Call opens a form; adapters check this before they acknowledge. No I/O."""
        command = self.registry.find(call.name)
        if command is None or ("draft" in call.args and not call.ask):
            return False
        return isinstance(parsing.plan(command, self.registry.present(call), date(2026, 1, 1)), parsing.NeedsForm)

    def is_private(self, call: Call) -> bool:
        """Whether the answer is for the caller alone, as declared."""
        command = self.registry.find(call.name)
        return command is None or command.private or MORE in call.args

    def is_slow(self, call: Call) -> bool:
        """Whether the adapter should acknowledge first and answer later."""
        command = self.registry.find(call.name)
        return command is not None and command.slow and not command.in_place

    async def carries_on(self, invocation: Invocation) -> bool:
        """Whether a line without a mention continues the bot's answer; False on any error."""
        try:
            return self._follows is not None and await self._follows(invocation)
        except Exception:  # noqa: BLE001  (who wants an answer names the bot)
            fault("checking whether a line continues an answer")
            return False

    async def answer(self, invocation: Invocation, show: Show) -> Reply | None:
        """Return the answer to an event with its audience decided; None for an event already answered.

        A Call that wants a form gets a button that opens it. An adapter that can open forms checks
        `wants_form` first.
        """
        invocation = replace(invocation, call=self.registry.present(invocation.call))
        page = invocation.call.args.get(MORE, "")
        if page:
            args = {key: value for key, value in invocation.call.args.items() if key != MORE}
            invocation = replace(invocation, call=replace(invocation.call, args=args))
        began, command = time.perf_counter(), self.registry.find(invocation.call.name)
        with event(), self._traffic.counted():
            reply, ending = await self._answer_once(invocation, show)
        self._observer.commanded(command.name if command else "", ending, time.perf_counter() - began)
        if reply is None:
            return None
        if ending == "answered":
            reply = reply.settled("private" if self.is_private(invocation.call) else "public")
        return await self._pick_page(invocation, reply, int(page) if page.isdecimal() else 0)

    async def _pick_page(self, invocation: Invocation, reply: Reply, number: int) -> Reply:
        """Return the requested page of a reply that is too large for one message, by default the first.

        If the Call only reads, the page buttons repeat it. Otherwise the reply is stored for an hour and the
        buttons show that.
        """
        fits = self.fits.get(invocation.account.platform)
        pages = split_reply(reply, fits) if fits is not None else (reply,)
        if len(pages) == 1:
            return reply
        current = min(max(number, 1), len(pages))
        command, call = self.registry.find(invocation.call.name), invocation.call
        if command is None or command.writes or command.slow or len(show_page(call, len(pages)).pack()) > PACKED_MAX:
            try:
                call = await self._drafting.keep_reply(invocation, reply, self._clock.now())
            except Exception:  # noqa: BLE001  (the first page is shown without the rest)
                fault(f"keeping the rest of an answer to {call.name}")
                return pages[current - 1].followed_by(
                    Text("_I could not keep the rest. Please ask again in a minute._")
                )
        page = turn_to(pages, current, call)
        # further pages of a public answer are private to the person who turns them
        return replace(page, audience="private", replaces=True) if number else page

    async def _answer_once(self, invocation: Invocation, show: Show) -> tuple[Reply | None, Ending]:
        if not self._traffic.admit(invocation.key):
            return None, "repeated"
        command, account = self.registry.find(invocation.call.name), invocation.account
        turns = self._slow_turns if self.is_slow(invocation.call) else self._quick_turns
        try:
            async with turns.turn((account.platform, account.scope, account.id), self._traffic):
                reply = await self._seeing(invocation, lambda seeing: self._answer(seeing, show))
            return reply, "repeated" if reply is None else "answered"
        except QueueFull as refusal:
            self._traffic.forget(invocation.key)
            return refused(refusal), "refused"  # no draft: a flood of refused events must cost no transaction
        except UserError as refusal:
            self._traffic.forget(invocation.key)
            reply = await self.refused(invocation, refusal)
            if isinstance(refusal, MaybeSaved) and command is not None and command.writes and not command.slow:
                task = asyncio.create_task(self._resolve(invocation), name="resolve a commit")
                self._resolving.add(task)
                task.add_done_callback(self._resolving.discard)
                reply = reply.followed_by(Text("I'll message you when I know."))
            if not isinstance(refusal, TryLater):
                return reply, "refused"
            return await self._drafting.offer_retry(invocation, reply, self._clock.now()), "busy"
        except Exception:  # noqa: BLE001  (the caller gets a reference to the log)
            self._traffic.forget(invocation.key)
            may_be_kept = command is not None and command.slow and command.writes
            message = fault(f"answering {invocation.call.name}", is_unkept=not may_be_kept)
            return await self._drafting.offer_retry(invocation, message, self._clock.now()), "failed"

    async def _resolve(self, invocation: Invocation) -> None:
        """Tell a person the outcome of a commit that got no response, once the database is back."""

        def resolve(work: W) -> None:
            # the key commits with the command's changes: if it can be taken here, they were not saved and never will be
            is_kept = not self._inbox.accept(work, invocation.key, self._clock.now())
            if self._report is not None:
                self._report(work, invocation, is_kept)

        for wait_s in RESOLVE_S:
            await asyncio.sleep(wait_s)
            try:
                await self._run(resolve, writes=True)
            except TryLater:
                continue
            except Exception:  # noqa: BLE001  (the person was told to look)
                fault("finding out what became of a commit")
            return

    async def _seeing(
        self, invocation: Invocation, attempt: Callable[[Invocation], Awaitable[T]], within_s: float = LOOK_S
    ) -> T:
        return await retry_with_access(self._look, invocation, attempt, within_s)

    async def _answer(self, invocation: Invocation, show: Show) -> Reply | None:
        command = self.registry.find(invocation.call.name)
        if command is None:
            raise old_button()
        turn = Request(command, invocation, self._clock.now(), show)
        if not turn.call.ask and turn.call.args.get("draft", ""):
            turn = await self._drafting.fill(turn)
        match turn.plan:
            case parsing.NeedsForm():
                return await self._drafting.offer_form(turn)
            case parsing.Wrong(errors):
                self._traffic.forget(turn.invocation.key)  # nothing was done, so that it may come again
                return await self._drafting.explain_errors(turn, errors)
        try:
            if command.slow:
                return await self._run_slow(turn)
            if not command.writes:
                return await self._read(turn)
            return await self._run(lambda work: self._act(turn, work), writes=True)
        except (BadInput, NotFound) as refusal:  # what was typed is kept wherever one of its fields is wrong
            if not command.form or (isinstance(refusal, NotFound) and refusal.field is None):
                await self._drafting.shorten(turn, refusal)
                raise
            errors = {refusal.field or "": on_field(command, refusal)}
            return await self._drafting.explain_errors(turn, errors, refusal.buttons)

    def _build_context(self, turn: Request, work: W) -> Context:
        command, account = turn.command, turn.invocation.account
        actor = self._identify(work, turn.invocation, command.policy, turn.group_named)
        if not command.allows(actor.roles) and (account.is_unproven or not command.policy.refuses_itself):
            raise unproven() if account.is_unproven else not_allowed(command, actor, turn.invocation.place)
        return turn.context(actor)

    def _act(self, turn: Request, work: W) -> Reply | None:
        if not self._inbox.accept(work, turn.invocation.key, turn.now):
            return None
        if turn.draft and not self._inbox.accept(work, f"draft:{turn.draft}", turn.now):
            raise NotAllowed("That's already done. A second click changes nothing.")
        ctx, reply = self._run_command(turn, work)
        self._audit_change(turn, work, ctx, reply)
        return self._add_notices(turn, work, ctx, reply)

    def _audit_change(self, turn: Request, work: W, ctx: Context, reply: Reply) -> None:
        if self._note is not None and turn.command.is_deed(reply):
            self._note(work, ctx, turn.command, turn.args_on(ctx.today))

    async def _read(self, turn: Request) -> Reply | None:
        """Answer on a read-only connection; a pending notice costs a second, writing transaction."""

        def read(work: W) -> tuple[Context, Reply, Reply | None]:
            ctx, reply = self._run_command(turn, work)
            return ctx, reply, self._add_notices(turn, work, ctx, reply)

        ctx, reply, ended = await self._run(read, writes=False)
        if self._is_shared and not await self._run(
            lambda work: self._inbox.accept(work, turn.invocation.key, turn.now), writes=True
        ):
            return None
        return ended or await self._run(lambda work: self._add_notices(turn, work, ctx, reply), writes=True)

    def _run_command(self, turn: Request, work: W) -> tuple[Context, Reply]:
        ctx, command = self._build_context(turn, work), turn.command
        reply = command.run(ctx, **turn.args_on(ctx.today), **self._supply(command.needs, work, turn.show))
        assert isinstance(reply, Reply)
        return ctx, reply

    def _add_notices(self, turn: Request, work: W, ctx: Context, reply: Reply) -> Reply | None:
        if self._epilogue and turn.command.private and (reply.audience or "private") == "private":
            return self._epilogue(work, ctx, reply)
        return reply

    async def _run_slow(self, turn: Request) -> Reply | None:
        command, key = turn.command, turn.invocation.key

        def begin(work: W) -> Context | None:
            is_ours = self._inbox.claim(work, key, turn.now, turn.now + SLOW_LEASE)
            return self._build_context(turn, work) if is_ours else None

        ctx = await self._run(begin, writes=True)
        if ctx is None:
            return None

        def run(seeing: Invocation) -> Awaitable[Reply]:
            given = {**turn.args_on(ctx.today), **self._supply(command.needs, None, turn.show)}
            return self._traffic.unless_ending(command.run(replace(ctx, sight=seeing.sight), **given))

        reply = await self._seeing(turn.invocation, run)  # rooms are come upon in what is read first, before it acts
        assert isinstance(reply, Reply)

        def finish(work: W) -> None:
            self._inbox.finish(work, key, turn.now)
            self._audit_change(turn, work, ctx, reply)

        try:
            await self._run(finish, writes=True)
        except TryLater as trouble:  # what it did is done, and its answer is at hand
            log.error("%s was answered, and that is not noted: %s", command.name, type(trouble).__name__)
        return reply

    async def refused(self, invocation: Invocation, refusal: UserError) -> Reply:
        """Return the private message of a refusal, with the reader's pending notices."""
        reply, command = refused(refusal), self.registry.find(invocation.call.name)
        if self._epilogue is None or command is None or isinstance(refusal, TryLater):
            return reply
        turn = Request(command, invocation, self._clock.now())
        return await add_notices(turn, reply, self._epilogue, self._run, self._identify)

    async def form(self, invocation: Invocation, keys: Collection[str] = ()) -> Form:
        """Return the form that a Call asks for, filled from its arguments, a draft, or the command's own reading.

        Args:
            keys: the parameters of the form, if not the command's own.
        """
        command = self.registry.find(invocation.call.name)
        if command is None:
            raise old_form()
        invocation = replace(invocation, call=self.registry.present(invocation.call))
        command = command.asking(keys)
        if not command.form_params:
            raise NotFound(f"There's nothing to fill in. Type it instead: {markup.typed(command.example)}")
        turn = Request(command, invocation, self._clock.now())
        draft = turn.call.args.get("draft", "")
        held = self._drafting.find_held(invocation, turn.now)
        given = {k: v for k, v in turn.call.args.items() if k != "draft"}
        call = replace(turn.call, ask=False, args={**(held.args if held else {}), **given})
        opened = Opening(call.args)
        if command.initial is not None or command.role != "anyone" or draft:
            # check permissions now, so that nobody fills in a form in vain
            try:
                opened = await self._glance(
                    turn, lambda seeing, work: self._read_opening(seeing, work, call.args, draft), self.initial_s
                )
            except NotFound as refusal:
                await self._drafting.shorten(turn, refusal)
                raise
            except (TimeoutError, TryLater) as trouble:
                if draft and held is None:
                    # an empty form would hide what waits in the draft
                    raise busy(Button("Try again", invocation.call, "primary")) from trouble
                log.warning("the form of %s opened as it is: it was not read in %.1f s", command.name, self.initial_s)
        return form_of(command, replace(call, args=opened.values), opened)

    def _read_opening(self, turn: Request, work: W, given: Mapping[str, str], draft: str) -> Opening:
        """Return the first values of a form, from its Call, its draft and the command's `initial`."""
        command, ctx = turn.command, self._build_context(turn, work)
        stored = self._drafts.find(work, draft, ctx.actor.account_id, turn.now)
        # `initial` may depend on values of the draft
        values = {**(stored[0].args if stored else {}), **given}
        ctx = replace(ctx, call=replace(ctx.call, args=values))
        if command.initial is not None:
            values = {**command.initial(ctx, **self._supply(needs_of(command.initial), work, silent)), **values}
        return opening(command, ctx, values, lambda param, typed: self._suggest_values(param, typed, work, ctx))

    async def _glance(self, turn: Request, read: Callable[[Request, W], T], within_s: float) -> T:

        def attempt(seeing: Invocation) -> Awaitable[T]:
            known = turn.seeing(seeing.sight)
            return asyncio.wait_for(self._run(lambda work: read(known, work), writes=False), within_s)

        return await self._seeing(turn.invocation, attempt, GLANCE_S)

    def _suggest_values(self, param: ParamSpec, typed: str, work: W, ctx: Context) -> list[SuggestedValue]:
        assert param.says.suggest is not None
        return param.says.suggest(ctx, typed, **self._supply(needs_of(param.says.suggest), work, silent))

    async def suggest(self, invocation: Invocation, param: ParamSpec, text: str) -> list[SuggestedValue]:
        """Return suggestions for a half-typed value; an empty list on any trouble or after a second."""
        command = self.registry.find(invocation.call.name)
        if command is None or param.says.suggest is None:
            return []
        invocation = replace(invocation, call=self.registry.present(invocation.call))

        def read(seeing: Request, work: W) -> list[SuggestedValue]:
            named = None if param.kind is Kind.GROUP else seeing.group_named
            actor = self._identify(work, seeing.invocation, command.policy, named)
            if not command.allows(actor.roles):
                return []
            return self._suggest_values(param, text, work, seeing.context(actor))

        try:
            return await self._glance(Request(command, invocation, self._clock.now()), read, self.suggest_s)
        except Exception as trouble:  # noqa: BLE001  (a form goes on without suggestions)
            if not isinstance(trouble, UserError | TimeoutError):
                fault(f"suggesting {param.key} of {command.name}")
            return []

    async def set_aside(self, invocation: Invocation, reply: Reply) -> Reply:
        """Store a private reply for a platform that can only answer in public; return a "Show me" button."""
        return await self._drafting.set_aside(invocation, reply, self._clock.now())
