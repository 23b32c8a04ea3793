"""Show, export and forget a person's data, state how data is handled, and read private answers.

The statement is made of what the features declare.
"""

from __future__ import annotations

import asyncio
from typing import Annotated

from bot.commands.command import Command, IntentPattern, Param, command
from bot.commands.context import Context
from bot.delivery.outbox import OutboxRow
from bot.delivery.outbox_lease import read_message
from bot.delivery.processed_events import SqlDrafts
from bot.delivery.relay import REST
from bot.features.feature import Features
from bot.features.groups.params import CONFIRM
from bot.features.people.tables import AccountRow
from bot.features.privacy import export as portable
from bot.features.privacy import forget as forgetting
from bot.features.privacy import wording
from bot.features.privacy.forget import Forgotten, note_forgotten
from bot.features.token_budget.service import Meter
from bot.messages.errors import MaybeSaved, NotFound, TryLater
from bot.messages.reply import Reply
from bot.storage.unit_of_work import Database, Work

STATEMENT_TITLE = "Privacy"
STATEMENT_PATH = "/privacy"


ABOUT_ME = (
    r"^what do(?:es)? (?:you|it|trailmate|the bot) (?:keep|know|store|save|remember|collect|record) (?:about|of|on) me",
    r"^what (?:data|info(?:rmation)?)(?: of mine| about me)?"
    r" do you (?:keep|have|store|collect|know)(?: (?:about|on|of) me)?",
    r"^(?:is|are) my data (?:safe|private|stored)",
    r"^(?:do|does|will|are|is) (?:you|it|trailmate|the bot|this bot)(?: also| ever)?"
    r" (?:stor|keep|sav|logg?|record|remember|read|collect|track)(?:e|ing)? (?:all )?(?:of )?(?:my|our)"
    r" (?:messages?|questions?|chats?|conversations?|data|answers?|dms?|direct messages)",
    r"^who (?:can )?sees? (?:my )?(?:data|record|check[ -]?ins?|notes|answers|questions|what i (?:ask|write|do|say))",
    r"see my (?:own )?(?:data|account)",
)
"""How people ask what is known of them."""
TAKE_ALONG = (r"(?:export|get|download|take) (?:all )?(?:of )?my (?:own )?(?:data|account|record)",)
_MINE = (
    r"(?:everything|(?:all )?(?:of )?(?:(?:the|my|any|personal|own) )*(?:data|information|records?|account|history))"
)
FORGETS = IntentPattern(
    r"^\W*(?:(?:please|pls|can you|could you|i want (?:you )?to|just)\W+)*"
    rf"(?:(?:delete|erase|remove|wipe|forget|clear|purge) (?:{_MINE}(?: that)?(?: (?:you|it|the bot)(?:'ve| have| has)?"
    r"(?: got| stored?| saved?| know| keep| kept)?)?(?: (?:about|on|of|from) (?:me|mine))?|me)\b"
    r"(?: (?:completely|entirely|again|now|please|from (?:here|your (?:system|records|database))))*|be forgotten)\W*$",
    "Delete my data",
    "I can delete your data. You'll see a preview first.",
)
FORGET_ME = (
    r"(?:delete|erase|remove|wipe) (?:all )?(?:of )?my (?:own )?(?:data|account|record)|be forgotten|forget me",
)


@command("privacy show", title="See my data", writes=False, after_end=True, asked=ABOUT_ME, formerly=("kept",))
def show_privacy(ctx: Context, *, work: Work, features: Features, meter: Meter) -> Reply:
    """See the data we store about you and who sees it."""
    stored = forgetting.list_stored(work.session, features, ctx.actor.account_id)
    return wording.overview(stored, LINKS, has_model=meter.has_model)


@command("privacy stored", hidden=True, writes=False, after_end=True, group="none")
def show_stored(ctx: Context, *, work: Work, features: Features) -> Reply:
    """Show what is stored about you and why."""
    return wording.stored_data(forgetting.list_stored(work.session, features, ctx.actor.account_id), LINKS)


@command("privacy readers", hidden=True, writes=False, after_end=True, group="none")
def show_readers(ctx: Context, *, features: Features, meter: Meter) -> Reply:
    """Show who can see your data."""
    return wording.readers(features.personal_data, LINKS, has_model=meter.has_model)


@command("privacy export", writes=False, after_end=True, group="none", asked=TAKE_ALONG)
def export(ctx: Context, *, work: Work, features: Features) -> Reply:
    """Export your data as files."""
    sheets = portable.gather(work.session, features, ctx.actor.account_id)
    if not sheets:
        return wording.nothing_to_export()
    return wording.exported(sum(len(sheet.rows) for sheet in sheets), portable.archive(sheets, ctx.now))


@command("privacy forget", slow=True, after_end=True, group="none", hints=(FORGETS,), asked=FORGET_ME)
async def forget(
    ctx: Context,
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    database: Database,
    features: Features,
    forgotten: Forgotten,
) -> Reply:
    """Delete your data, after a preview of what goes."""
    whose = ctx.actor.account_id
    if not confirm:
        return await database.run(lambda work: _preview(work, features, whose), writes=False)

    def read(work: Work) -> AccountRow | None:
        return work.session.get(AccountRow, whose)

    account = await database.run(read, writes=False)
    if account is not None:
        # on the list first: what fails between is made good at the next start
        mark = await asyncio.to_thread(forgotten.add, account, database.real_now())

        def go(work: Work) -> None:
            note_forgotten(work, [mark])
            forgetting.forget(work, features, whose)

        try:
            await database.run(go)
        except TryLater as trouble:  # whatever it says: the list is changed already
            sentence, buttons = wording.not_sure_deleted(LINKS)
            raise MaybeSaved(sentence, buttons=buttons) from trouble
    return wording.deleted()


LINKS = wording.Links(show_stored, show_readers, export, forget)


def _preview(work: Work, features: Features, whose: int) -> Reply:
    stored = forgetting.list_stored(work.session, features, whose)
    return wording.confirm_deletion(stored, forgetting.list_alone(work.session, whose), LINKS)


@command("show", hidden=True, writes=False, after_end=True)
def show(ctx: Context, id: Annotated[str, Param("Answer", max=20)], *, work: Work) -> Reply:
    """Show a private answer that is waiting for you."""
    answer = SqlDrafts().find(work, id, ctx.actor.account_id, ctx.now)
    if answer is None or answer[1] is None:
        raise NotFound(wording.ANSWER_GONE)
    return answer[1]


@command(REST, hidden=True, writes=False, after_end=True)
def show_post(ctx: Context, of: Annotated[int, Param("Message")], *, work: Work) -> Reply:
    """Show the rest of a long message."""
    row, here = work.session.get(OutboxRow, of), ctx.place
    if row is None or (row.platform, row.room) != (here.platform, here.room) or here.tenant not in (None, row.tenant):
        raise NotFound(wording.REST_GONE)
    return read_message(work, row)


COMMANDS: tuple[Command, ...] = (show_privacy, show_stored, show_readers, export, forget, show, show_post)
