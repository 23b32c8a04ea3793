"""From a pressed button to what the command said: no rule is here that a chat would not have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.core.call import DRAFT, Call
from bot.core.form import Form
from bot.core.reply import Reply
from bot.core.turn import silent
from bot.dashboard.reading import Desk, Reading
from bot.dashboard.seal import Deed
from bot.db.inbox import SqlDrafts
from bot.db.work import Work
from bot.features.dashboard.service import Visit

TYPED_MAX = 4000
"""Characters of one field."""


class Acting:
    """Runs the commands of buttons and forms as the person who pressed them."""

    def __init__(self, desk: Desk, reading: Reading) -> None:
        self._desk, self._reading = desk, reading

    def wants_form(self, call: Call) -> bool:
        """Whether a Call opens a form."""
        return self._desk.dispatcher.wants_form(call)

    async def form(self, visit: Visit, deed: Deed) -> Form:
        """Return the form of a deed; raises UserError where there is none for this person."""
        return await self._desk.dispatcher.form(self._reading.invocation(visit, deed.call), deed.fields)

    async def do(self, visit: Visit, deed: Deed, typed: Mapping[str, str]) -> Call | None:
        """Run a deed with what was typed into its fields, once; return the form in which that is corrected, if any.

        The answer waits under the deed's own name.
        """
        values = {key: text for key in deed.fields if (text := _text(typed.get(key, "")))}
        call = replace(deed.call, args={**deed.call.args, **values}, ask=False)
        said = await self._desk.dispatcher.answer(self._reading.invocation(visit, call, deed.once), silent)
        if said is None:
            return None
        again = _to_correct(said) if deed.fields else None
        await self._keep(visit, deed, call, said if again is None else replace(said, buttons=()))
        return again

    async def _keep(self, visit: Visit, deed: Deed, call: Call, said: Reply) -> None:
        """Keep an answer for the page that is shown next, under a name that a second press leads to as well."""
        now, kept = self._desk.clock.now(), Call(call.name, cohort=call.cohort)

        def keep(work: Work) -> str:
            SqlDrafts().drop(work, deed.once, visit.account_id)
            return SqlDrafts().keep(work, visit.account_id, kept, said, now, draft_id=deed.once)

        await self._desk.database.run(keep)


def _to_correct(said: Reply) -> Call | None:
    """Return the form that opens with what was typed and is wrong."""
    if said.tone != "error":
        return None
    targets = (b.target for b in said.buttons if isinstance(b.target, Call))
    return next((one for one in targets if one.ask and DRAFT in one.args), None)


def _text(typed: str) -> str:
    return typed.replace("\r\n", "\n")[:TYPED_MAX].strip()
