"""Asking the notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from bot.core import markup
from bot.core.call import Call
from bot.core.command import Command, Param, command
from bot.core.context import Context
from bot.core.errors import NotAllowed
from bot.core.ports import Show
from bot.core.registry import Registry
from bot.core.reply import Audience, Button, Quote, Reply, Text, say
from bot.core.throttle import Throttle
from bot.db.inbox import SqlDrafts
from bot.db.work import Database, Work
from bot.features import ways
from bot.features.cohort.params import suggest_roadmap
from bot.features.cohort.service import Cohorts
from bot.features.qa import wording
from bot.features.qa.answer.about_group import about
from bot.features.qa.answer.answers import Answerer
from bot.features.qa.answer.values import Answer
from bot.features.qa.group_answers import is_answered, of_group
from bot.features.qa.index.chunks import SourceId
from bot.features.qa.outcomes import hinted, outcome
from bot.features.qa.own import OwnNotes
from bot.features.qa.questions import Questions, Retention
from bot.features.qa.source import source, told
from bot.features.qa.transcript import Transcript, new_key
from bot.features.roadmap.track import Library
from bot.features.usage.meter import Meter

ROADMAP = Param("Roadmap (where no group meets)", example="genai-2026", max=100, suggest=suggest_roadmap, in_form=False)
QUESTION = Param("Your question", example="when does a set beat a list", long=True, max=500)
WHOLE = Param("Without a hint first", in_form=False)


@command(
    "ask",
    private=False,
    slow=True,
    form=True,
    after_end=True,
    own=True,
    title="Ask the notes",
    form_note="The answer appears where you ask; from a unit's post, in its thread.",
    asked=(
        r"ask (?:you |the notes |the bot )?(?:a |my |the |some )?(?:questions?|something|anything)",
        r"ask (?:you|the notes)",
    ),
)
async def ask(
    ctx: Context,
    question: Annotated[str, QUESTION],
    roadmap: Annotated[str | None, ROADMAP] = None,
    *,
    answerer: Answerer,
    database: Database,
    library: Library,
    notes: OwnNotes,
    show: Show,
    meter: Meter,
    registry: Registry,
    retention: Retention,
) -> Reply:
    """Ask the notes; the answer names what it rests on, or says it is not in them."""
    who = "" if ctx.place.is_direct else f"\n{markup.name(ctx.actor.external_id, ctx.actor.name)} asks"
    head = Quote(f"**{markup.escape(question, 500)}**{who}")
    call = ask.call(question=question, roadmap=roadmap)
    before = await database.run(lambda work: Transcript(work).before(ctx), writes=False)
    turn = Turn(call, head, before, new_key(), retention)
    reply = await meter.metered(ctx, lambda: _told(ctx, turn, answerer, database, library, notes, show, registry))
    await database.run(lambda work: Transcript(work).keep(ctx, turn.key, question, _said(reply)))
    removal = Button("Remove", remove.call(ctx.actor.cohort_id, turn=turn.key))
    audience: Audience = "private" if ctx.place.is_direct else "public"
    return replace(reply, buttons=(*reply.buttons, removal), audience=audience)


@command(
    "consult",
    hidden=True,
    slow=True,
    form=True,
    own=True,
    title="Ask for myself",
    form_note="Only you will see the answer.",
)
async def consult(
    ctx: Context,
    question: Annotated[str, QUESTION],
    roadmap: Annotated[str | None, ROADMAP] = None,
    whole: Annotated[bool, WHOLE] = False,
    *,
    answerer: Answerer,
    database: Database,
    library: Library,
    notes: OwnNotes,
    show: Show,
    meter: Meter,
    registry: Registry,
    retention: Retention,
) -> Reply:
    """Ask the notes for yourself; the answer can be shown to all afterwards."""
    head = Quote(f"**{markup.escape(question, 500)}**")
    call = consult.call(question=question, roadmap=roadmap, whole=whole or None)
    before = await database.run(lambda work: Transcript(work).before_alone(ctx), writes=False)
    turn = Turn(call, head, before, new_key(), retention)
    reply = await meter.metered(ctx, lambda: _told(ctx, turn, answerer, database, library, notes, show, registry))
    await database.run(lambda work: Transcript(work).keep_alone(ctx, turn.key, question, _said(reply)))
    if ctx.place.is_direct or whole:
        return reply
    kept = ask.call(question=question, roadmap=roadmap)
    draft = await database.run(lambda work: SqlDrafts().keep(work, ctx.actor.account_id, kept, None, ctx.now))
    publicly = Button("Ask publicly", ask.call(ctx.actor.cohort_id, draft=draft))
    return replace(reply, buttons=(*reply.buttons, publicly))


@dataclass(frozen=True)
class Turn:
    """A question on its way to its answer.

    Args:
        call: that asked it.
        head: what stands above the answer.
        before: what was asked before it and it goes on with, oldest first.
        key: of the turn that it becomes.
        retention: how long the group's questions are kept.
    """

    call: Call
    head: Quote
    before: Sequence[str]
    key: str
    retention: Retention


async def _told(
    ctx: Context,
    turn: Turn,
    answerer: Answerer,
    database: Database,
    library: Library,
    notes: OwnNotes,
    show: Show,
    registry: Registry,
) -> Reply:
    call, head, question = turn.call, turn.head, turn.call.args["question"]
    of_whom = about(registry, question)
    if of_whom is not None and is_answered(ctx, of_whom):
        reply = await database.run(lambda work: of_group(ctx, of_whom, Cohorts(work, library), registry), writes=False)
        return reply.headed_by(head)
    turns = [*turn.before, question]
    track = await source(ctx, turns, call.args.get("roadmap"), database, library, answerer)
    own = await notes.of(ctx)
    task = await database.run(lambda work: hinted(ctx, Cohorts(work, library), call, track), writes=False)
    asked = turns if task in {"", question} else [task]
    growth = Throttle(show, 0.0)
    growth.offer(Reply((head, Text("_Looking in our notes…_"))))
    grown = None if task else lambda one: growth.offer(_growing(head, one))
    try:
        answer = await answerer.answer(asked, [SourceId(track.id), *own.sources], grown)
    finally:
        await growth.stop()
    shown = own.beside(track)

    def settle(work: Work) -> Reply:
        reply = outcome(ctx, Cohorts(work, library), call, shown, answer, hinted=task)
        return reply if task else _kept(work, ctx, turn, answer, reply)

    reply = await database.run(settle)
    where = told(ctx, track, library)
    return reply.headed_by(head).followed_by(*([Text(where)] if where else []))


def _kept(work: Work, ctx: Context, turn: Turn, answer: Answer, reply: Reply) -> Reply:
    """Keep a question for the list of gaps; return its answer with the way to rate it."""
    is_kept = Questions(work, turn.retention).keep(ctx, turn.key, turn.call, answer)
    if not is_kept or answer.declined:
        return reply
    return replace(reply, buttons=(*reply.buttons, Button("Rate", ways.RATE.call(ctx.actor.cohort_id, of=turn.key))))


def _growing(head: Quote, answer: Answer) -> Reply:
    return Reply((head, wording.growing(answer)), grows=True)


def _said(reply: Reply) -> str:
    """Return what a reply says below its question."""
    return Reply(reply.blocks[1:]).plain()


@command("remove", hidden=True, after_end=True, own=True)
def remove(
    ctx: Context,
    turn: Annotated[str | None, Param("Which turn it answers", in_form=False)] = None,
    by: Annotated[int | None, Param("Who asked, said by older buttons", in_form=False)] = None,
    *,
    transcript: Transcript,
    questions: Questions,
) -> Reply:
    """Take an answer away; for moderators, and whoever asked as long as that is known."""
    asker = transcript.asker(turn) if turn is not None else None
    is_theirs = ctx.place.is_direct if asker is None else asker == ctx.actor.account_id
    if not is_theirs and "moderator" not in ctx.actor.roles:
        if asker is None:
            raise NotAllowed("I no longer know who asked this, so only a moderator can remove it.")
        raise NotAllowed("Only the person who asked, or a moderator, can remove an answer.")
    if turn is not None:
        transcript.forget(ctx, turn)
        questions.forget(ctx, turn)
    return replace(say("_This answer was removed._"), replaces=True, audience="public")


COMMANDS: tuple[Command, ...] = (ask, consult, remove)
