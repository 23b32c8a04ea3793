"""Dispatch an event to its command through a chain of middleware.

Each middleware takes a request and the handler of what stands after it. `Dispatcher` lists them in their order; the
last one runs the command in one unit of work.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
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
from bot.commands.request import CallPlan, Request, silent
from bot.commands.room_access import retry_with_access
from bot.messages import markup
from bot.messages.call import MORE, PACKED_MAX, Call
from bot.messages.errors import BadInput, MaybeSaved, NotAllowed, NotFound, TryLater, UserError
from bot.messages.paging import Fits, show_page, split_reply, turn_to
from bot.messages.reply import Button, Reply, Text

T = TypeVar("T")
W = TypeVar("W")
log = logging.getLogger(__name__)
RESOLVE_S = (2.0, 5.0, 10.0, 20.0, *(30.0,) * 58)
"""Waits between checks of a commit whose outcome is unknown; half an hour in all."""
SLOW_LEASE = timedelta(minutes=5)
FORM_S, SUGGEST_S = 0.5, 1.0
"""Time-outs of the first values of a form, and of suggestions."""
ACCESS_S = 0.6
"""Time-out of an access check that either of them waits for."""


Handler = Callable[[Request], Awaitable[Reply | None]]
"""Answers a request; None if its event was answered before."""
Middleware = Callable[[Request, Handler], Awaitable[Reply | None]]
"""Answers a request through the handler of what stands after it."""


def chain(middleware: Sequence[Middleware], last: Handler) -> Handler:
    """Return the handler that runs the middleware in their order, then `last`."""
    handle = last
    for step in reversed(middleware):
        handle = partial(_run_step, step, handle)
    return handle


def _run_step(step: Middleware, handle: Handler, request: Request) -> Awaitable[Reply | None]:
    return step(request, handle)


class Dispatcher(Generic[W]):
    """Answers invocations. W is the app's unit of work.

    Args:
        registry: the commands.
        run, identify, supply, inbox, drafts, epilogue, look, carries_on, note, stands, observer: given by the app.
        report: tells a person later whether a commit of unknown outcome was saved.
        clock: the clock of every command.
        is_shared: whether other processes may get the same event; then the keys of reads are stored too.

    `fits` has a check for each platform whether one message holds a reply; a platform without one holds any.
    `form_s` and `suggest_s` are the time-outs of `form` and `suggest`.
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
        self._run, self._identify, self._supply = run, identify, supply
        self._inbox, self._clock = inbox, clock
        self._drafting, self.drafts = Drafting(registry, run, identify, drafts), drafts
        self.form_s, self.suggest_s = FORM_S, SUGGEST_S
        self.fits: Mapping[str, Fits] = {}
        self.registry, self._traffic = registry, InFlight()
        self._slow_turns = PerUserQueue(2, 5, "You have {} questions waiting. Please wait until I've answered some.")
        self._quick_turns = PerUserQueue(2, 30, "You have {} messages waiting. Please send the next one in a moment.")
        self._handle = chain(
            (
                self._count,
                self._show_one_page,
                self._explain_refusals,
                self._measure,
                self._deduplicate,
                self._limit,
                self._check_access,
                self._fill_in,
            ),
            self._run_command,
        )

    def plan(self, call: Call) -> CallPlan:
        """Return what an adapter has to know of a Call before it acknowledges it. No I/O."""
        command = self.registry.find(call.name)
        if command is None:
            return CallPlan(opens_form=False, is_private=True, is_slow=False)
        opens_form = ("draft" not in call.args or call.ask) and isinstance(
            parsing.plan(command, self.registry.present(call), date(2026, 1, 1)), parsing.NeedsForm
        )
        return CallPlan(opens_form, command.private or MORE in call.args, command.answers_later)

    async def carries_on(self, invocation: Invocation) -> bool:
        """Whether a line without a mention continues the bot's answer; False on any error."""
        try:
            return self._follows is not None and await self._follows(invocation)
        except Exception:  # noqa: BLE001  (who wants an answer names the bot)
            fault("checking whether a line continues an answer")
            return False

    async def answer(self, invocation: Invocation, show: Show) -> Reply | None:
        """Return the answer to an event with its audience decided; None for an event already answered.

        A Call that wants a form gets a button that opens it. An adapter that can open forms asks `plan` first.
        """
        invocation = replace(invocation, call=self.registry.present(invocation.call))
        command = self.registry.find(invocation.call.name)
        if command is None:
            self._observer.commanded("", "refused", 0.0)
            return refused(old_button())
        return await self._handle(Request(command, invocation, self._clock.now(), show))

    async def form(self, invocation: Invocation, keys: Collection[str] = ()) -> Form:
        """Return the form that a Call asks for, filled from its arguments, a draft, or the command's own reading.

        Args:
            keys: the parameters of the form, if not the command's own.

        Raises:
            UserError: this person may not use the form.
        """
        command = self.registry.find(invocation.call.name)
        if command is None:
            raise old_form()
        invocation = replace(invocation, call=self.registry.present(invocation.call))
        command = command.asking(keys)
        if not command.form_params:
            raise NotFound(f"There's nothing to fill in. Type it instead: {markup.typed(command.example)}")
        request = Request(command, invocation, self._clock.now())
        draft = request.call.args.get("draft", "")
        given = {k: v for k, v in request.call.args.items() if k != "draft"}
        call = replace(request.call, ask=False, args=given)
        opened = Opening(call.args)
        if command.initial is not None or command.role != "anyone" or draft:
            # check permissions now, so that nobody fills in a form in vain
            try:
                opened = await self._read_in_time(
                    request, lambda seeing, work: self._read_values(seeing, work, call.args, draft), self.form_s
                )
            except NotFound as refusal:
                await self._drafting.shorten(request, refusal)
                raise
            except (TimeoutError, TryLater) as trouble:
                if draft:
                    # an empty form would hide what waits in the draft
                    raise busy(Button("Try again", invocation.call, "primary")) from trouble
                log.warning("the form of %s opened as it is: it was not read in %.1f s", command.name, self.form_s)
        return form_of(command, replace(call, args=opened.values), opened)

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
            return await self._read_in_time(Request(command, invocation, self._clock.now()), read, self.suggest_s)
        except Exception as trouble:  # noqa: BLE001  (a form goes on without suggestions)
            if not isinstance(trouble, UserError | TimeoutError):
                fault(f"suggesting {param.key} of {command.name}")
            return []

    async def set_aside(self, invocation: Invocation, reply: Reply) -> Reply:
        """Store a private reply for a platform that can only answer in public; return a "Show me" button."""
        return await self._drafting.set_aside(invocation, reply, self._clock.now())

    async def refused(self, invocation: Invocation, refusal: UserError) -> Reply:
        """Return the private message of a refusal, with the reader's pending notices."""
        reply, command = refused(refusal), self.registry.find(invocation.call.name)
        if self._epilogue is None or command is None or isinstance(refusal, TryLater):
            return reply
        request = Request(command, invocation, self._clock.now())
        return await add_notices(request, reply, self._epilogue, self._run, self._identify)

    async def drain(self, seconds: float) -> bool:
        """Wait for events in flight; return False if some aren't done in time."""
        return await self._traffic.drain(seconds)

    # the chain, in its order

    async def _count(self, request: Request, handle: Handler) -> Reply | None:
        """Count the event as in flight, and give it a reference for the log."""
        with event(), self._traffic.counted():
            return await handle(request)

    async def _show_one_page(self, request: Request, handle: Handler) -> Reply | None:
        """Return the page of a reply that the Call asks for, by default the first.

        If the Call only reads, the page buttons repeat it. Otherwise the reply is stored for an hour and the
        buttons show that.
        """
        number = request.call.args.get(MORE, "")
        if number:
            args = {key: value for key, value in request.call.args.items() if key != MORE}
            request = request.calling(replace(request.call, args=args))
        reply, fits = await handle(request), self.fits.get(request.invocation.account.platform)
        if reply is None or fits is None or len(pages := split_reply(reply, fits)) == 1:
            return reply
        current = min(max(int(number) if number.isdecimal() else 1, 1), len(pages))
        command, call = request.command, request.call
        if command.writes or command.slow or len(show_page(call, len(pages)).pack()) > PACKED_MAX:
            try:
                call = await self._drafting.keep_reply(request.invocation, reply, self._clock.now())
            except Exception:  # noqa: BLE001  (the first page is shown without the rest)
                fault(f"keeping the rest of an answer to {call.name}")
                return pages[current - 1].followed_by(
                    Text("_I could not keep the rest. Please ask again in a minute._")
                )
        page = turn_to(pages, current, call)
        # further pages of a public answer are private to the person who turns them
        return replace(page, audience="private", replaces=True) if number else page

    async def _explain_refusals(self, request: Request, handle: Handler) -> Reply | None:
        """Answer a refusal with its sentence and a fault with a reference; what was typed stays a click away."""
        command, invocation = request.command, request.invocation
        try:
            return await handle(request)
        except QueueFull as refusal:
            return refused(refusal)  # no draft: a flood of refused events must cost no transaction
        except UserError as refusal:
            reply = await self.refused(invocation, refusal)
            if isinstance(refusal, MaybeSaved) and command.writes and not command.slow:
                task = asyncio.create_task(self._resolve(invocation), name="resolve a commit")
                self._resolving.add(task)
                task.add_done_callback(self._resolving.discard)
                reply = reply.followed_by(Text("I'll message you when I know."))
            if not isinstance(refusal, TryLater):
                return reply
        except Exception:  # noqa: BLE001  (the caller gets a reference to the log)
            may_be_kept = command.slow and command.writes
            reply = fault(f"answering {invocation.call.name}", is_unkept=not may_be_kept)
        return await self._drafting.offer_retry(invocation, reply, self._clock.now())

    async def _measure(self, request: Request, handle: Handler) -> Reply | None:
        """Report how the event ended and how long it took."""
        began = time.perf_counter()
        ending: Ending = "failed"
        try:
            reply = await handle(request)
            ending = "repeated" if reply is None else "answered"
            return reply
        except UserError as refusal:
            ending = "busy" if isinstance(refusal, TryLater) and not isinstance(refusal, QueueFull) else "refused"
            raise
        finally:
            self._observer.commanded(request.command.name, ending, time.perf_counter() - began)

    async def _deduplicate(self, request: Request, handle: Handler) -> Reply | None:
        """Drop an event that this process has answered; what failed may come again."""
        key = request.invocation.key
        if not self._traffic.admit(key):
            return None
        try:
            return await handle(request)
        except Exception:
            self._traffic.forget(key)
            raise

    async def _limit(self, request: Request, handle: Handler) -> Reply | None:
        """Run a few events of each account at once, and queue its others."""
        account = request.invocation.account
        turns = self._slow_turns if request.command.answers_later else self._quick_turns
        async with turns.turn((account.platform, account.scope, account.id), self._traffic):
            return await handle(replace(request, now=self._clock.now()))

    async def _check_access(self, request: Request, handle: Handler) -> Reply | None:
        """Ask the platform which channels the caller sees, if the answer depends on that."""
        return await retry_with_access(
            self._look, request.invocation, lambda seeing: handle(request.seeing(seeing.sight))
        )

    async def _fill_in(self, request: Request, handle: Handler) -> Reply | None:
        """Add what a draft keeps; without all values, offer the form or say what is wrong with them."""
        command = request.command
        if not request.call.ask and request.call.args.get("draft", ""):
            request = await self._drafting.fill(request)
        match request.plan:
            case parsing.NeedsForm():
                return await self._drafting.offer_form(request)
            case parsing.Wrong(errors):
                self._traffic.forget(request.invocation.key)  # nothing was done, so that it may come again
                return await self._drafting.explain_errors(request, errors)
        try:
            return await handle(request)
        except (BadInput, NotFound) as refusal:  # what was typed is kept wherever one of its fields is wrong
            if not command.form or (isinstance(refusal, NotFound) and refusal.field is None):
                await self._drafting.shorten(request, refusal)
                raise
            errors = {refusal.field or "": on_field(command, refusal)}
            return await self._drafting.explain_errors(request, errors, refusal.buttons)

    async def _run_command(self, request: Request) -> Reply | None:
        """Run the command, as it works: slowly, only reading, or in one transaction."""
        if request.command.slow:
            reply = await self._run_slow(request)
        elif request.command.writes:
            reply = await self._run(partial(self._write, request), writes=True)
        else:
            reply = await self._read(request)
        return reply and reply.settled("private" if request.command.private else "public")

    # in one unit of work

    def _write(self, request: Request, work: W) -> Reply | None:
        if not self._inbox.accept(work, request.invocation.key, request.now):
            return None
        if request.draft and not self._inbox.accept(work, f"draft:{request.draft}", request.now):
            raise NotAllowed("That's already done. A second click changes nothing.")
        ctx, reply = self._run_function(request, work)
        self._audit(request, work, ctx, reply)
        return self._add_notices(request, work, ctx, reply)

    def _authorize(self, request: Request, work: W) -> Context:
        command, invocation = request.command, request.invocation
        actor = self._identify(work, invocation, command.policy, request.group_named)
        is_unproven = invocation.account.is_unproven
        if not command.allows(actor.roles) and (is_unproven or not command.policy.refuses_itself):
            raise unproven() if is_unproven else not_allowed(command, actor, invocation.place)
        return request.context(actor)

    def _run_function(self, request: Request, work: W) -> tuple[Context, Reply]:
        ctx, command = self._authorize(request, work), request.command
        reply = command.run(ctx, **request.args_on(ctx.today), **self._supply(command.needs, work, request.show))
        assert isinstance(reply, Reply)
        return ctx, reply

    def _audit(self, request: Request, work: W, ctx: Context, reply: Reply) -> None:
        if self._note is not None and request.command.is_deed(reply):
            self._note(work, ctx, request.command, request.args_on(ctx.today))

    def _add_notices(self, request: Request, work: W, ctx: Context, reply: Reply) -> Reply | None:
        if self._epilogue and request.command.private and (reply.audience or "private") == "private":
            return self._epilogue(work, ctx, reply)
        return reply

    # in more than one

    async def _read(self, request: Request) -> Reply | None:
        """Answer on a read-only connection; a pending notice costs a second, writing transaction."""

        def read(work: W) -> tuple[Context, Reply, Reply | None]:
            ctx, reply = self._run_function(request, work)
            return ctx, reply, self._add_notices(request, work, ctx, reply)

        ctx, reply, ended = await self._run(read, writes=False)
        if self._is_shared and not await self._run(
            lambda work: self._inbox.accept(work, request.invocation.key, request.now), writes=True
        ):
            return None
        return ended or await self._run(lambda work: self._add_notices(request, work, ctx, reply), writes=True)

    async def _run_slow(self, request: Request) -> Reply | None:
        """Claim the event, run the command without a transaction, and close the claim with the audit entry."""
        command, key = request.command, request.invocation.key

        def begin(work: W) -> Context | None:
            is_ours = self._inbox.claim(work, key, request.now, request.now + SLOW_LEASE)
            return self._authorize(request, work) if is_ours else None

        ctx = await self._run(begin, writes=True)
        if ctx is None:
            return None

        is_marked = False

        def mark_answered(work: W) -> None:
            nonlocal is_marked
            is_marked = True
            self._inbox.finish(work, key, request.now)

        def run(seeing: Invocation) -> Awaitable[Reply]:
            given = {**request.args_on(ctx.today), **self._supply(command.needs, None, request.show)}
            seen = replace(ctx, sight=seeing.sight, mark_answered=mark_answered)
            return self._traffic.unless_ending(command.run(seen, **given))

        # rooms are come upon in what is read first, before it acts
        reply = await retry_with_access(self._look, request.invocation, run)
        assert isinstance(reply, Reply)
        if is_marked and not command.is_deed(reply):
            return reply

        def finish(work: W) -> None:
            self._inbox.finish(work, key, request.now)
            self._audit(request, work, ctx, reply)

        try:
            await self._run(finish, writes=True)
        except TryLater as trouble:  # what it did is done, and its answer is at hand
            log.error("%s was answered, and that is not noted: %s", command.name, type(trouble).__name__)
        return reply

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

    # forms and suggestions, which change nothing

    async def _read_in_time(self, request: Request, read: Callable[[Request, W], T], within_s: float) -> T:
        def attempt(seeing: Invocation) -> Awaitable[T]:
            known = request.seeing(seeing.sight)
            return asyncio.wait_for(self._run(lambda work: read(known, work), writes=False), within_s)

        return await retry_with_access(self._look, request.invocation, attempt, ACCESS_S)

    def _read_values(self, request: Request, work: W, given: Mapping[str, str], draft: str) -> Opening:
        """Return the first values of a form, from its Call, its draft and the command's `initial`."""
        command, ctx = request.command, self._authorize(request, work)
        stored = self.drafts.find(work, draft, ctx.actor.account_id, request.now)
        # `initial` may depend on values of the draft
        values = {**(stored[0].args if stored else {}), **given}
        ctx = replace(ctx, call=replace(ctx.call, args=values))
        if command.initial is not None:
            values = {**command.initial(ctx, **self._supply(needs_of(command.initial), work, silent)), **values}
        return opening(command, ctx, values, lambda param, typed: self._suggest_values(param, typed, work, ctx))

    def _suggest_values(self, param: ParamSpec, typed: str, work: W, ctx: Context) -> list[SuggestedValue]:
        assert param.says.suggest is not None
        return param.says.suggest(ctx, typed, **self._supply(needs_of(param.says.suggest), work, silent))
