"""Sign the actions of buttons and forms, and run their commands by the same rules as in a chat.

A signed action stood on one of our pages, so a browser can send no other. A text field of a page may be as long as the
file that a chat would take instead.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Literal

from itsdangerous import BadData, URLSafeSerializer

from bot.commands.command import Command, ParamSpec
from bot.commands.form import Form
from bot.commands.parameter_types import Kind
from bot.commands.request import silent
from bot.dashboard.page_services import PageReader, PageServices
from bot.delivery.processed_events import SqlDrafts
from bot.features.dashboard_access.service import Visit
from bot.messages import attachment, markup
from bot.messages.call import DRAFT, INSTEAD, SEEN, Call
from bot.messages.errors import BadInput
from bot.messages.reply import Block, Button, Reply, Text
from bot.storage.unit_of_work import Work

LASTS = timedelta(hours=12)
"""How long a page's buttons work; processed events are remembered longer."""
Purpose = Literal["do", "form", "leave"]


class Unsealed(Exception):
    """The action was not signed by us for this visit."""


class Expired(Unsealed):
    """The action was signed too long ago."""


@dataclass(frozen=True)
class SignedAction:
    """What a button does.

    Args:
        call: what runs, or opens its form.
        back: the path of the page that it stands on.
        fields: the parameters that its form may fill.
        once: 8 characters, the same for every press of a button.
    """

    call: Call
    back: str
    fields: tuple[str, ...] = ()
    once: str = ""


class ActionSigner:
    """Signs and verifies actions of one visit.

    Args:
        key: the visit's own, unknown to its browser.
    """

    def __init__(self, key: bytes, now: datetime) -> None:
        self._key, self._now = key, now

    def close(self, purpose: Purpose, deed: SignedAction, over: Mapping[str, str] | None = None) -> str:
        """Return a signed action for a page, to be run once.

        Args:
            over: field values that must be sent unchanged with it; `open` needs the same values.
        """
        until = int((self._now + LASTS).timestamp())
        payload = [deed.call.pack(), deed.back, deed.fields, secrets.token_urlsafe(6), until]
        return str(self._serializer(purpose, over).dumps(payload))

    def open(self, purpose: Purpose, closed: str, over: Mapping[str, str] | None = None) -> SignedAction:
        """Return the action; raises Unsealed or Expired."""
        try:
            packed, back, fields, once, until = self._serializer(purpose, over).loads(closed)
            call = Call.unpack(packed)
        except (BadData, ValueError):
            raise Unsealed from None
        if self._now >= datetime.fromtimestamp(until, UTC):
            raise Expired
        return SignedAction(call, back, tuple(fields), once)

    def _serializer(self, purpose: Purpose, over: Mapping[str, str] | None) -> URLSafeSerializer:
        salt = json.dumps([purpose, None if over is None else sorted(over.items())])
        return URLSafeSerializer(self._key, salt, signer_kwargs={"digest_method": sha256})


@dataclass(frozen=True)
class Longhand:
    """A text field, and the file field that takes a text that is too long for it."""

    text: ParamSpec
    file: ParamSpec

    @classmethod
    def of(cls, command: Command | None, fields: Collection[str]) -> Longhand | None:
        """Return both fields of a form; None if it lacks one."""
        asked = [param for param in command.params if param.key in fields] if command is not None else []
        text = next((param for param in asked if param.says.long), None)
        file = next((param for param in asked if param.kind is Kind.FILE), None)
        return cls(text, file) if text is not None and file is not None else None

    def widened(self, form: Form) -> Form:
        """Return a form whose text field may be as long as a file, filled from either field."""
        values = {field.key: field.value for field in form.fields}
        opens = values[self.text.key] or attachment.parse(values[self.file.key]).text
        return replace(
            form,
            fields=tuple(
                replace(field, value=opens, max=self.file.characters) if field.key == self.text.key else field
                for field in form.fields
            ),
        )

    def sent(self, call: Call) -> Call:
        """Return a Call that carries a long text as a file; raise BadInput if the file is too long."""
        args, text = dict(call.args), call.args.get(self.text.key, "")
        if (raw := args.get(self.file.key, "")) and len(attachment.parse(raw).text) > self.file.characters:
            raise BadInput(
                f"The file is too large. The limit is {self.file.characters // 1000} kB.", field=self.file.key
            )
        if not raw and len(text) > self.text.characters:
            args[self.file.key] = args.pop(self.text.key)
        return replace(call, args=args)

    def written(self, call: Call) -> Call:
        """Return a Call with the file's text in the text field, so that its author can edit it."""
        args = dict(call.args)
        if raw := args.pop(self.file.key, ""):
            args[self.text.key] = attachment.parse(raw).text
        return replace(call, args=args)

    def told(self, reply: Reply) -> Reply:
        """Return a reply that names the text field instead of the file field."""
        head = f"**{self.file.head}**"

        def named(block: Block) -> Block:
            if not isinstance(block, Text) or not block.markdown.startswith(head):
                return block
            return Text(f"**{self.text.head}**{block.markdown.removeprefix(head)}")

        return replace(reply, blocks=tuple(map(named, reply.blocks)))

    def again(self, call: Call, reply: Reply) -> Call | None:
        """Return the Call to reopen the form with, after an error or a preview; None if the form is done."""
        targets = (button.target for button in reply.all_buttons if isinstance(button.target, Call))
        back = next(
            (target for target in targets if target.ask and target.name == call.name and DRAFT in target.args), None
        )
        if back is None:
            return None
        args = dict(self.written(call).args)
        if INSTEAD in back.args:  # its author has seen on what the preview rests
            args = {key: text for key, text in args.items() if key != SEEN} | {INSTEAD: back.args[INSTEAD]}
        return replace(call, args=args)


TYPED_MAX = 250_000

"""Characters of one field: as many as the longest file that a form takes."""

_ANEW = "You've changed the text. Check the new preview, then confirm."


class Acting:
    """Runs the commands of buttons and forms as the person who pressed them."""

    def __init__(self, desk: PageServices, reading: PageReader) -> None:
        self._desk, self._reading = desk, reading

    def wants_form(self, call: Call) -> bool:
        """Whether a Call opens a form."""
        return self._desk.dispatcher.plan(call).opens_form

    async def form(self, visit: Visit, deed: SignedAction) -> Form:
        """Return the form of an action; raise UserError if this person may not have it."""
        form = await self._desk.dispatcher.form(self._reading.invocation(visit, deed.call), deed.fields)
        form = _name_person(form)
        longhand = self._find_longhand(deed.call, [field.key for field in form.fields])
        return longhand.widened(form) if longhand is not None else form

    async def run(self, visit: Visit, deed: SignedAction, typed: Mapping[str, str]) -> Reply:
        """Run an action of a page's script with the typed values, each time that it is sent; return its reply."""
        call = replace(deed.call, args={**deed.call.args, **said_in(deed.fields, typed)}, ask=False)
        once = secrets.token_urlsafe(6)
        reply = await self._desk.dispatcher.answer(self._reading.invocation(visit, call, once), silent)
        assert reply is not None, "no event before has this key"
        return reply

    async def do(
        self, visit: Visit, deed: SignedAction, typed: Mapping[str, str], *, is_anew: bool = False
    ) -> Call | Reply | None:
        """Run an action once with the typed values; return the Call of the form for corrections, if any.

        The reply is stored under the action's `once`. A secret command's reply is returned and never stored.

        Args:
            is_anew: whether the confirmed preview differs from what is typed now.
        """
        values = said_in(deed.fields, typed)
        call = replace(deed.call, args={**deed.call.args, **values}, ask=False)
        longhand = self._find_longhand(call, deed.fields)
        sent = longhand.sent(call) if longhand is not None else call
        reply = await self._desk.dispatcher.answer(self._reading.invocation(visit, sent, deed.once), silent)
        if reply is None:
            return None
        command = self._desk.dispatcher.registry.find(call.name)
        if command is not None and command.secret:
            return reply
        again = _find_correction(reply) if deed.fields else None
        page_reply = reply if again is None else reply.without_buttons()
        if longhand is not None and (open_again := longhand.again(call, reply)) is not None:
            again = await self._store_reopened(visit, open_again)
            renamed = longhand.told(reply)
            lead = (Text(_ANEW),) if is_anew and reply.tone != "error" else ()
            page_reply = renamed.headed_by(*lead).filter_buttons(lambda button: not _opens_form(button))
        await self._keep(visit, deed, call, page_reply)
        return again

    def _find_longhand(self, call: Call, fields: Collection[str]) -> Longhand | None:
        return Longhand.of(self._desk.dispatcher.registry.find(call.name), fields)

    async def _store_reopened(self, visit: Visit, call: Call) -> Call:
        """Store a Call as a draft and return the Call that opens its form."""
        now = self._desk.clock.now()
        draft = await self._desk.database.run(
            lambda work: SqlDrafts().keep(work, visit.account_id, replace(call, ask=False), None, now)
        )
        return Call(call.name, {DRAFT: draft}, call.group, ask=True)

    async def _keep(self, visit: Visit, deed: SignedAction, call: Call, reply: Reply) -> None:
        """Store a reply for the next page, under a name that a second press leads to as well."""
        now, bare_call = self._desk.clock.now(), Call(call.name, group=call.group)

        def keep(work: Work) -> str:
            SqlDrafts().drop(work, deed.once, visit.account_id)
            return SqlDrafts().keep(work, visit.account_id, bare_call, reply, now, draft_id=deed.once)

        await self._desk.database.run(keep)


def _name_person(form: Form) -> Form:
    """Return a form that names its member in the note and carries their id."""
    named = {field.key: field for field in form.fields if field.kind is Kind.MEMBER and field.value and field.options}
    if not named:
        return form
    args = {**form.call.args, **{key: field.value for key, field in named.items()}}
    names = ", ".join(markup.escape(field.options[0].label, 80) for field in named.values())
    return replace(
        form,
        call=replace(form.call, args=args),
        note=f"About **{names}**. {form.note}".strip(),
        fields=tuple(field for field in form.fields if field.key not in named),
    )


def _find_correction(reply: Reply) -> Call | None:
    """Return the Call that reopens a form with its wrong values; None if nothing is wrong."""
    if reply.tone != "error":
        return None
    targets = (b.target for b in reply.all_buttons if isinstance(b.target, Call))
    return next((target for target in targets if target.ask and DRAFT in target.args), None)


def _opens_form(button: Button) -> bool:
    return isinstance(button.target, Call) and button.target.ask


def said_in(fields: Iterable[str], typed: Mapping[str, str]) -> dict[str, str]:
    """Return the typed values of fields, without empty ones."""
    return {key: text for key in fields if (text := _clean_text(typed.get(key, "")))}


def _clean_text(typed: str) -> str:
    if typed.startswith(attachment.BINARY_HEAD):
        return typed
    text = typed.replace("\r\n", "\n")
    return text if text.startswith(attachment.FILE_HEAD) else text[:TYPED_MAX].strip()
