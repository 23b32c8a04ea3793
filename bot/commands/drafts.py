"""Nothing that was typed is lost: what no button can carry waits in a draft, and its button opens the form filled."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Generic, TypeVar

from bot.commands.command import Command
from bot.commands.context import Invocation
from bot.commands.parameter_types import BINARY, Kind
from bot.commands.permissions import WHOEVER
from bot.commands.ports import ANYBODY, Drafts, Identify, RunInTransaction
from bot.commands.refusals import show_typed
from bot.commands.registry import Registry
from bot.commands.request import Request
from bot.messages import markup
from bot.messages.call import PACKED_MAX, WRONG, Call
from bot.messages.errors import NotFound, UserError
from bot.messages.reply import Button, Reply, Text, say

W = TypeVar("W")

KEEP_S = 0.5
"""Time-out of storing a draft for a refusal."""


class Drafting(Generic[W]):
    """Keeps what people typed, and offers the way back to it.

    Args:
        run, identify, drafts: as the dispatcher has them.
    """

    def __init__(self, registry: Registry, run: RunInTransaction[W], identify: Identify[W], drafts: Drafts[W]) -> None:
        self._registry, self._run, self._identify, self._drafts = registry, run, identify, drafts

    async def fill(self, turn: Request) -> Request:
        """Return the turn with what its draft keeps; a click on Confirm carries an id, never prose."""
        call, draft = turn.call, turn.call.args["draft"]

        def read(work: W) -> tuple[Call, Reply | None] | None:
            actor = self._identify(work, turn.invocation, WHOEVER)
            return self._drafts.find(work, draft, actor.account_id, turn.now)

        stored = await self._run(read, writes=False)
        if stored is None:
            if turn.command.hidden:  # its name is no way to it
                is_question = turn.command.name == self._registry.aside
                since = "" if is_question else ", was corrected since,"
                advice = f" Please ask again with {markup.typed(self._registry.fallback)}." if is_question else ""
                raise NotFound(f"That's over an hour old{since} or for somebody else.{advice}")
            raise NotFound(
                f"That form is over an hour old, or you've corrected it since. Please start again with "
                f"{markup.typed(turn.command.name)}."
            )
        args = {**stored[0].args, **{k: v for k, v in call.args.items() if k != "draft"}}
        return replace(turn.calling(replace(call, args=args, group=call.group or stored[0].group)), draft=draft)

    async def offer_form(self, turn: Request) -> Reply:
        """Return the message whose button opens a command's form."""
        command, ask = turn.command, replace(turn.call, ask=True)
        if len(ask.pack()) > PACKED_MAX:
            ask = await self.keep_call(turn)
        usage = f"{command.summary} You can also type it: {markup.typed(command.example)}"
        return say(usage, buttons=(Button(command.title, ask, "primary"),)).settled("private")

    async def keep_call(self, turn: Request) -> Call:
        """Return the Call of a form that opens with what was typed, however long; it waits in a draft."""

        def keep(work: W) -> str:
            actor = self._identify(work, turn.invocation, WHOEVER)
            return self._drafts.keep(work, actor.account_id, _without_binary(turn.command, turn.call), None, turn.now)

        draft = await self._run(keep, writes=True)
        return Call(turn.command.name, {"draft": draft}, turn.call.group, ask=True)

    async def offer_retry(self, invocation: Invocation, reply: Reply, now: datetime) -> Reply:
        """Return a refusal with the way back into its form, or with what was typed if no draft can be stored."""
        command, call = self._registry.find(invocation.call.name), invocation.call
        if command is None or not command.form or not call.args or reply.all_buttons:
            return reply
        if "draft" in call.args:
            again = Call(call.name, {"draft": call.args["draft"]}, call.group, ask=True)
        elif len((again := replace(call, ask=True)).pack()) > PACKED_MAX:
            try:
                again = await asyncio.wait_for(self.keep_call(Request(command, invocation, now)), KEEP_S)
            except Exception:  # noqa: BLE001  (the person gets back what they typed)
                return show_typed(command, call, reply)
        return replace(reply, buttons=(Button("Try again", again, "primary"),))

    async def shorten(self, turn: Request, refusal: UserError) -> None:
        """Have buttons carry a draft: those too small for what was typed, and those of which one click is enough."""
        command = turn.command

        def needs_draft(target: Call | str) -> bool:
            is_choice = isinstance(target, Call) and target.name == command.name and not target.ask
            return isinstance(target, Call) and (len(target.pack()) > PACKED_MAX or (is_choice and command.writes))

        if not any(needs_draft(b.target) for b in refusal.buttons):
            return
        form_call = await self.keep_call(turn)

        def point_to_draft(target: Call) -> Call:
            own = (
                {k: v for k, v in target.args.items() if turn.call.args.get(k) != v}
                if target.name == form_call.name
                else {}
            )
            return replace(form_call, args={**own, **form_call.args}, group=target.group, ask=target.ask)

        refusal.buttons = tuple(
            replace(b, target=point_to_draft(b.target)) if isinstance(b.target, Call) and needs_draft(b.target) else b
            for b in refusal.buttons
        )

    async def explain_errors(self, turn: Request, errors: Mapping[str, str], buttons: tuple[Button, ...] = ()) -> Reply:
        """Return what is wrong with what was typed, with the way to correct it.

        Args:
            errors: sentences by field, "" for what is about none; the form that opens asks for each of these fields,
                and a file anew.
        """
        reply = say(*errors.values(), tone="error", buttons=buttons).settled("private")
        if not turn.command.form:
            return reply.followed_by(Text(f"Usage: {markup.typed(turn.command.usage)}"))
        wrong = [param for key in errors if (param := turn.command.param(key)) is not None]
        files = {param.key for param in wrong if param.kind is Kind.FILE}
        args = {key: value for key, value in turn.call.args.items() if key not in files}
        again = await self.keep_call(turn.calling(replace(turn.call, args=args)))
        if any(param not in turn.command.form_params for param in wrong):
            again = _add_fields(again, [param.key for param in wrong])
        return replace(reply, buttons=(Button("Correct it", again, "primary"), *buttons))

    async def keep_reply(self, invocation: Invocation, reply: Reply, now: datetime) -> Call:
        """Keep a reply for an hour, a public one for anybody; return the Call that shows it."""
        call = _without_binary(self._registry.find(invocation.call.name), invocation.call)

        def keep(work: W) -> str:
            whose = ANYBODY if reply.audience == "public" else self._identify(work, invocation, WHOEVER).account_id
            return self._drafts.keep(work, whose, call, reply, now)

        return Call("show", {"id": await self._run(keep, writes=True)})

    async def set_aside(self, invocation: Invocation, reply: Reply, now: datetime) -> Reply:
        """Keep a private reply where only a public one can be given; return a line with a "Show me" button."""
        button = Button("Show me", await self.keep_reply(invocation, reply, now), "primary")
        failed, done = "That didn't work. Only you can see why.", "Done! Only you can see the answer."
        line = failed if reply.tone == "error" else done if reply.tone == "good" else "Only you can see the answer."
        return say(line, buttons=(button,)).settled("public")


def _add_fields(call: Call, fields: Sequence[str]) -> Call:
    """Return the Call of a form that asks for these fields too, for as many as its button holds."""
    asking = replace(call, args={**call.args, WRONG: ",".join(fields)})
    return asking if len(asking.pack()) <= PACKED_MAX or len(fields) < 2 else _add_fields(call, fields[:-1])


def _without_binary(command: Command | None, call: Call) -> Call:
    """Return a Call without its picture or document, which is too large for a draft."""
    takes = command.file_param() if command is not None else None
    if takes is None or takes.kind not in BINARY:
        return call
    return replace(call, args={key: text for key, text in call.args.items() if key != takes.key})
