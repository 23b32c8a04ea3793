"""Open a form filled with what is known, and suggest values while somebody types."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import replace
from typing import Generic, TypeVar

from bot.base.clock import Clock
from bot.commands.command import ParamSpec, SuggestedValue, needs_of
from bot.commands.context import Context, Invocation
from bot.commands.drafts import Drafting
from bot.commands.form import Form, Opening, form_of, opening
from bot.commands.parameter_types import Kind
from bot.commands.ports import CheckAccess, Drafts, Identify, Provide, RunInTransaction
from bot.commands.refusals import busy, fault, old_form
from bot.commands.registry import Registry
from bot.commands.request import Request, silent
from bot.commands.room_access import retry_with_access
from bot.messages import markup
from bot.messages.errors import NotFound, TryLater, UserError
from bot.messages.reply import Button

T = TypeVar("T")
W = TypeVar("W")
log = logging.getLogger(__name__)
INITIAL_S, SUGGEST_S = 0.5, 1.0
"""Time-outs of the first values of a form, and of suggestions."""
ACCESS_S = 0.6
"""Time-out of an access check that either of them waits for."""


class FormOpener(Generic[W]):
    """Opens forms and suggests values; neither changes anything.

    Args:
        authorize: returns the context of a request, or raises if its caller may not run the command.
        registry, run, identify, supply, drafts, drafting, look, clock: as the dispatcher has them.
    """

    def __init__(
        self,
        registry: Registry,
        *,
        run: RunInTransaction[W],
        authorize: Callable[[Request, W], Context],
        identify: Identify[W],
        supply: Provide[W],
        drafts: Drafts[W],
        drafting: Drafting[W],
        look: CheckAccess | None,
        clock: Clock,
    ) -> None:
        self._registry, self._run, self._authorize, self._identify = registry, run, authorize, identify
        self._supply, self.drafts, self._drafting, self._look, self._clock = supply, drafts, drafting, look, clock
        self.initial_s, self.suggest_s = INITIAL_S, SUGGEST_S

    async def open(self, invocation: Invocation, keys: Collection[str] = ()) -> Form:
        """Return the form that a Call asks for, filled from its arguments, a draft, or the command's own reading.

        Args:
            keys: the parameters of the form, if not the command's own.
        """
        command = self._registry.find(invocation.call.name)
        if command is None:
            raise old_form()
        invocation = replace(invocation, call=self._registry.present(invocation.call))
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
                opened = await self._read(
                    request, lambda seeing, work: self._read_values(seeing, work, call.args, draft), self.initial_s
                )
            except NotFound as refusal:
                await self._drafting.shorten(request, refusal)
                raise
            except (TimeoutError, TryLater) as trouble:
                if draft:
                    # an empty form would hide what waits in the draft
                    raise busy(Button("Try again", invocation.call, "primary")) from trouble
                log.warning("the form of %s opened as it is: it was not read in %.1f s", command.name, self.initial_s)
        return form_of(command, replace(call, args=opened.values), opened)

    async def suggest(self, invocation: Invocation, param: ParamSpec, text: str) -> list[SuggestedValue]:
        """Return suggestions for a half-typed value; an empty list on any trouble or after a second."""
        command = self._registry.find(invocation.call.name)
        if command is None or param.says.suggest is None:
            return []
        invocation = replace(invocation, call=self._registry.present(invocation.call))

        def read(seeing: Request, work: W) -> list[SuggestedValue]:
            named = None if param.kind is Kind.GROUP else seeing.group_named
            actor = self._identify(work, seeing.invocation, command.policy, named)
            if not command.allows(actor.roles):
                return []
            return self._suggest_values(param, text, work, seeing.context(actor))

        try:
            return await self._read(Request(command, invocation, self._clock.now()), read, self.suggest_s)
        except Exception as trouble:  # noqa: BLE001  (a form goes on without suggestions)
            if not isinstance(trouble, UserError | TimeoutError):
                fault(f"suggesting {param.key} of {command.name}")
            return []

    async def _read(self, request: Request, read: Callable[[Request, W], T], within_s: float) -> T:
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
