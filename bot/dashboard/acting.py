"""From a pressed button to what the command said: no rule is here that a chat would not have."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from bot.core import markup
from bot.core.call import DRAFT, Call
from bot.core.form import Form
from bot.core.reply import Button, Reply, Text
from bot.core.turn import silent
from bot.core.values import Kind
from bot.dashboard.longhand import Longhand
from bot.dashboard.reading import Desk, Reading
from bot.dashboard.seal import Deed
from bot.db.inbox import SqlDrafts
from bot.db.work import Work
from bot.features.dashboard.service import Visit

TYPED_MAX = 100_000
"""Characters of one field: as many as the longest file that a form takes."""
_ANEW = "You have changed it since, so nothing is kept yet: this is what it becomes now."


class Acting:
    """Runs the commands of buttons and forms as the person who pressed them."""

    def __init__(self, desk: Desk, reading: Reading) -> None:
        self._desk, self._reading = desk, reading

    def wants_form(self, call: Call) -> bool:
        """Whether a Call opens a form."""
        return self._desk.dispatcher.wants_form(call)

    async def form(self, visit: Visit, deed: Deed) -> Form:
        """Return the form of a deed; raises UserError where there is none for this person."""
        form = await self._desk.dispatcher.form(self._reading.invocation(visit, deed.call), deed.fields)
        form = _about_whom(form)
        longhand = self._longhand(deed.call, [one.key for one in form.fields])
        return longhand.widened(form) if longhand is not None else form

    async def do(
        self, visit: Visit, deed: Deed, typed: Mapping[str, str], *, is_anew: bool = False
    ) -> Call | Reply | None:
        """Run a deed with what was typed into its fields, once; return the form in which that is corrected, if any.

        The answer waits under the deed's own name; a secret one is returned, and kept nowhere.

        Args:
            is_anew: whether an earlier preview was confirmed, of something else than what was typed.
        """
        values = said_in(deed.fields, typed)
        call = replace(deed.call, args={**deed.call.args, **values}, ask=False)
        longhand = self._longhand(call, deed.fields)
        sent = longhand.sent(call) if longhand is not None else call
        said = await self._desk.dispatcher.answer(self._reading.invocation(visit, sent, deed.once), silent)
        if said is None:
            return None
        command = self._desk.dispatcher.registry.find(call.name)
        if command is not None and command.secret:
            return said
        again = _to_correct(said) if deed.fields else None
        shown = said if again is None else said.without_buttons()
        if longhand is not None and (open_again := longhand.again(call, said)) is not None:
            again = await self._reopened(visit, open_again)
            told = longhand.told(said)
            lead = (Text(_ANEW),) if is_anew and said.tone != "error" else ()
            shown = told.headed_by(*lead).filter_buttons(lambda button: not _opens_form(button))
        await self._keep(visit, deed, call, shown)
        return again

    def _longhand(self, call: Call, fields: Collection[str]) -> Longhand | None:
        return Longhand.of(self._desk.dispatcher.registry.find(call.name), fields)

    async def _reopened(self, visit: Visit, call: Call) -> Call:
        """Return the form that opens with all that a Call says."""
        now = self._desk.clock.now()
        draft = await self._desk.database.run(
            lambda work: SqlDrafts().keep(work, visit.account_id, replace(call, ask=False), None, now)
        )
        return Call(call.name, {DRAFT: draft}, call.cohort, ask=True)

    async def _keep(self, visit: Visit, deed: Deed, call: Call, said: Reply) -> None:
        """Keep an answer for the page that is shown next, under a name that a second press leads to as well."""
        now, kept = self._desk.clock.now(), Call(call.name, cohort=call.cohort)

        def keep(work: Work) -> str:
            SqlDrafts().drop(work, deed.once, visit.account_id)
            return SqlDrafts().keep(work, visit.account_id, kept, said, now, draft_id=deed.once)

        await self._desk.database.run(keep)


def _about_whom(form: Form) -> Form:
    """Return a form that names the person whom it is about, and carries their id."""
    named = {one.key: one for one in form.fields if one.kind is Kind.MEMBER and one.value and one.options}
    if not named:
        return form
    args = {**form.call.args, **{key: one.value for key, one in named.items()}}
    names = ", ".join(markup.escape(one.options[0].label, 80) for one in named.values())
    return replace(
        form,
        call=replace(form.call, args=args),
        note=f"About **{names}**. {form.note}".strip(),
        fields=tuple(one for one in form.fields if one.key not in named),
    )


def _to_correct(said: Reply) -> Call | None:
    """Return the form that opens with what was typed and is wrong."""
    if said.tone != "error":
        return None
    targets = (b.target for b in said.all_buttons if isinstance(b.target, Call))
    return next((one for one in targets if one.ask and DRAFT in one.args), None)


def _opens_form(one: Button) -> bool:
    return isinstance(one.target, Call) and one.target.ask


def said_in(fields: Iterable[str], typed: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed into fields, without those that are empty."""
    return {key: text for key in fields if (text := _text(typed.get(key, "")))}


def _text(typed: str) -> str:
    return typed.replace("\r\n", "\n")[:TYPED_MAX].strip()
