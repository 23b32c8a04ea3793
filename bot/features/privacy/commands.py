"""Show, export and forget a person's data, state how data is handled, and read private answers.

The statement is made of what the features declare.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from bot.commands.command import Command, IntentPattern, Param, command
from bot.commands.context import Context
from bot.delivery.outbox import OutboxRow
from bot.delivery.outbox_lease import read_message
from bot.delivery.processed_events import SqlDrafts
from bot.delivery.relay import REST
from bot.features.feature import Features, StoredData
from bot.features.groups.params import CONFIRM
from bot.features.groups.tables import Group
from bot.features.people.tables import AccountRow
from bot.features.privacy import export as portable
from bot.features.privacy import forget as forgetting
from bot.features.privacy.forget import Forgotten, note_forgotten
from bot.features.token_budget.service import Meter
from bot.messages import markup
from bot.messages.errors import MaybeSaved, NotFound, TryLater
from bot.messages.numerals import counted
from bot.messages.reply import Button, Fields, Reply, Table, Text, say
from bot.storage.unit_of_work import Database, Work

STATEMENT_TITLE = "Privacy"
STATEMENT_PATH = "/privacy"
STATEMENT_HEAD = ("What", "Why", "When you are forgotten")
_BECOMES = {"deleted": "deleted", "unlinked": "stays without your name"}


@dataclass(frozen=True)
class Spans:
    """How long what passes is kept: a group's questions and the ids of events in days, a conversation in minutes."""

    question_days: int
    conversation_minutes: int
    event_days: int


def render_statement(features: Features, spans: Spans, *, has_model: bool) -> Reply:
    """Return the whole statement.

    Args:
        has_model: whether a model words answers.
    """
    asked = f"for {counted(spans.question_days, 'day')}" if spans.question_days else "not at all"
    turns = f"for {counted(spans.conversation_minutes, 'minute')}" if spans.conversation_minutes else "not at all"
    events = f"for {counted(spans.event_days, 'day')}"
    return Reply(
        (
            Text(
                "Trailmate is a study-group bot. It keeps what it needs to run a group, in one database of whoever "
                "runs it. It sells and shares nothing, counts no visits, and sets one cookie: that of a dashboard "
                "which you open yourself."
            ),
            Text(describe_model_use(has_model=has_model)),
            render_data_table(features),
            Text(features.personal_data.seen),
            Text(
                f"Questions asked in the open are kept {asked}, a conversation {turns}, which event was answered "
                f"{events}, all else until its group or you are gone. Message texts are in no log."
            ),
            Text(
                "In any group or direct message: `privacy show` tells what is kept about you, `privacy export` gives "
                "it to you as files, `privacy forget` has it deleted, also from older copies of the database should "
                "one come back. What you wrote in the chat itself is kept by the chat; delete it there."
            ),
        )
    )


def render_data_table(features: Features) -> Table:
    """Return what is kept, why, and what becomes of it."""
    titled = [data for data in features.personal_data.kept if data.title]
    return Table(
        STATEMENT_HEAD,
        tuple(
            (f"{data.title} ({data.holds})" if data.holds else data.title, data.why, _BECOMES[data.forgotten])
            for data in titled
        ),
    )


def describe_model_use(*, has_model: bool) -> str:
    """Return what leaves for a model, in a sentence."""
    if not has_model:
        return "No model is set up here: nothing that you write leaves this machine but for the chat itself."
    return (
        "A model words answers here: it is sent your question, the last turns of its conversation and the passages "
        "found for it, and neither your name nor your record."
    )


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
    "I can delete the data that I store about you. You'll see first what goes.",
)
FORGET_ME = (
    r"(?:delete|erase|remove|wipe) (?:all )?(?:of )?my (?:own )?(?:data|account|record)|be forgotten|forget me",
)


@command("privacy show", writes=False, after_end=True, asked=ABOUT_ME, formerly=("kept",))
def show_kept(ctx: Context, *, work: Work, features: Features, meter: Meter) -> Reply:
    """What is kept about you, why, and who can see it."""
    declaration = features.personal_data
    counts = forgetting.count(work.session, features, ctx.actor.account_id)
    rows = tuple(
        (removed.kept.title, _describe_data(removed.kept, removed.count)) for removed in counts if removed.kept.title
    )
    lasts = f"It stays until you say {markup.typed('privacy forget')}, unless it says otherwise."
    buttons = (Button("Take it along", export.call()), Button("Be forgotten", forget.call(), "danger"))
    return Reply(
        (Fields(rows), Text(declaration.seen), Text(f"{describe_model_use(has_model=meter.has_model)} {lasts}")),
        buttons,
        "What is kept about you",
    )


def _describe_data(data: StoredData, count: int) -> str:
    if data.is_one:
        return f"{data.holds}. {data.why}" if count else "nothing yet"
    return f"{count}, {data.holds}. {data.why}" if data.holds else f"{count}. {data.why}"


@command("privacy export", writes=False, after_end=True, group="none", asked=TAKE_ALONG)
def export(ctx: Context, *, work: Work, features: Features) -> Reply:
    """All that is kept about you, as files to take along."""
    sheets = portable.gather(work.session, features, ctx.actor.account_id)
    if not sheets:
        return say("Nothing is kept about you yet.")
    rows = sum(len(sheet.rows) for sheet in sheets)
    summary = (
        f"{counted(rows, 'row').capitalize()}: the same once for programs (JSON) and once for a spreadsheet (CSV)."
    )
    return Reply((Text(summary), *portable.archive(sheets, ctx.now)), title="Your data")


@command("privacy forget", slow=True, after_end=True, group="none", hints=(FORGETS,), asked=FORGET_ME)
async def forget(
    ctx: Context,
    confirm: Annotated[bool, CONFIRM] = False,
    *,
    database: Database,
    features: Features,
    forgotten: Forgotten,
) -> Reply:
    """Have all that is kept about you deleted; shows first what goes and what stays without your name."""
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
            raise MaybeSaved(
                "My database did not answer well, so I cannot tell whether all is gone yet. That you want it is noted. "
                "Please do it again in a minute.",
                buttons=(Button("Forget me", forget.call(confirm=True), "danger"),),
            ) from trouble
    result = "All that was kept about you is gone, also from an older copy of the data, should one ever come back."
    chat = f"What stands in the chat is yours to delete there. {markup.typed('join')} begins anew."
    return Reply((Text(result), Text(chat)), title="You are forgotten", tone="good", replaces=True)


def _preview(work: Work, features: Features, whose: int) -> Reply:
    left = forgetting.count(work.session, features, whose)
    goes, stays = (forgetting.list_titles(left, becomes) for becomes in ("deleted", "unlinked"))
    alone = forgetting.list_alone(work.session, whose)
    rows = (("Goes", goes or "your account"), ("Stays, without your name", stays or "nothing"))
    explanation = (
        "I'll take the notes that you shared out of their threads. Where my posts or others' notes name you, I'll "
        "write “a former member”. Other messages stay in the chat. The points and counts of others stay. "
        "There is no way back: "
        f"{markup.typed('privacy export')} keeps a copy for you."
    )
    first = (Text(_warn_alone(alone)),) if alone else ()
    buttons = (Button("Forget me", forget.call(confirm=True), "danger"), Button("Take it along", export.call()))
    return Reply((*first, Fields(rows), Text(explanation)), buttons, title="Forget all about you?", tone="warn")


def _warn_alone(groups: Sequence[Group]) -> str:
    names = ", ".join(f"**{markup.escape(group.name)}**" for group in groups[:5])
    return (
        f"Nobody but you is named as moderator of {names}. Name somebody first, with "
        f"{markup.typed('cohort edit moderators=@ben')}, or those who manage the server have to step in."
    )


@command("show", hidden=True, writes=False, after_end=True)
def show(ctx: Context, id: Annotated[str, Param("Answer", max=20)], *, work: Work) -> Reply:
    """Show a private answer that waited for its reader."""
    answer = SqlDrafts().find(work, id, ctx.actor.account_id, ctx.now)
    if answer is None or answer[1] is None:
        raise NotFound("That answer is for somebody else, or over an hour old. Ask again and it is yours.")
    return answer[1]


@command(REST, hidden=True, writes=False, after_end=True)
def show_post(ctx: Context, of: Annotated[int, Param("Message")], *, work: Work) -> Reply:
    """Show the rest of a message that was too large for one, where it stands."""
    row, here = work.session.get(OutboxRow, of), ctx.place
    if row is None or (row.platform, row.room) != (here.platform, here.room) or here.tenant not in (None, row.tenant):
        raise NotFound("I no longer have the rest of that message.")
    return read_message(work, row)


COMMANDS: tuple[Command, ...] = (show_kept, export, forget, show, show_post)
