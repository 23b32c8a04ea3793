"""Commands that ask the notes, show the sources of an answer, and remove an answer."""

from __future__ import annotations

from typing import Annotated

from bot.answers.compose.values import is_own
from bot.commands.command import Command, OnMessage, Param, command
from bot.commands.context import Context
from bot.commands.parameter_types import straighten
from bot.commands.ports import Show
from bot.commands.refusals import not_allowed
from bot.curriculum.track import whole as whole_tracks
from bot.delivery import answer_locations
from bot.delivery.processed_events import SqlDrafts
from bot.features.ask import passages, wording
from bot.features.ask.answering import Answering, AskedQuestion
from bot.features.ask.group_notes_index import readable
from bot.features.ask.question_log import Questions
from bot.features.ask.transcript import Transcript
from bot.features.groups.params import OUTSIDE_COURSE
from bot.features.groups.service import Groups, name_moderators
from bot.features.notes.commands import note_page, notes_show
from bot.features.resolution import subject
from bot.features.units.commands import render_page
from bot.messages import markup
from bot.messages.call import PACKED_MAX
from bot.messages.errors import NotAllowed, NotFound
from bot.messages.reply import Audience, Reply
from bot.storage.unit_of_work import Work


@command("passage", hidden=True, writes=False, after_end=True, own=True, title="The passage")
def passage(
    ctx: Context,
    of: Annotated[str, Param("Passage", max=PACKED_MAX, in_form=False)],
    *,
    groups: Groups,
) -> Reply:
    """Show the passage behind an answer."""
    if is_own(number := of.partition(".")[0]):
        return _show_own(ctx, groups, number, of)
    track = subject.get_own(ctx, groups, None)
    cited = passages.find(track.notes, of) if track is not None else None
    if track is None and (anywhere := passages.find_anywhere(groups.tracks(ctx), of)) is not None:
        track, cited = anywhere
    if track is None or cited is None:
        raise _make_gone()
    return render_page(ctx, track, cited.spot, marks=cited.marks)


def _show_own(ctx: Context, groups: Groups, number: str, of: str) -> Reply:
    """Show a passage of the group's own notes to people who may use `notes show`."""
    if not notes_show.allows(ctx.actor.roles):
        raise not_allowed(notes_show, ctx.actor, ctx.place)
    note = next((note for note in readable(ctx, groups.work) if str(note.row.id) == number), None)
    cited = passages.find({number: note.read()}, of) if note is not None else None
    if note is None or cited is None:
        raise _make_gone()
    return note_page(note, groups.get(ctx.actor.group_id), cited.spot, marks=cited.marks)


@command("cited", hidden=True, writes=False, after_end=True, own=True, title="Sources")
def cited(
    ctx: Context,
    of: Annotated[str, Param("Sources", max=PACKED_MAX, in_form=False)],
    *,
    groups: Groups,
) -> Reply:
    """Show the notes behind each sentence of an answer."""
    has_own = passages.cites_own(of)
    hides_own = has_own and not notes_show.allows(ctx.actor.roles)
    own = {str(note.row.id): note.read() for note in readable(ctx, groups.work)} if has_own else {}
    track = subject.get_own(ctx, groups, None)
    tracks = [track] if track is not None else whole_tracks(groups.tracks(ctx))
    every = [sources for track in tracks if (sources := passages.find_sources({**track.notes, **own}, of)) is not None]
    best = min(every, key=lambda sources: sources.lost, default=None)
    if best is None or not (best.passages or best.near):
        raise not_allowed(notes_show, ctx.actor, ctx.place) if hides_own else _make_gone()
    return wording.sources(best, ctx.actor.group_id, hides_own=hides_own)


def _make_gone() -> NotFound:
    return NotFound("That passage is no longer in the notes. Ask again for an answer from the notes of today.")


QUESTION = Param("Your question", example="when does a set beat a list", long=True, max=500)
WHOLE = Param("Skip the hint", in_form=False)


@command(
    "ask",
    private=False,
    slow=True,
    form=True,
    after_end=True,
    own=True,
    title="Ask the notes",
    form_note="The answer appears here, or in the post's thread if there is one.",
    asked=(
        r"ask (?:you |the notes |the bot )?(?:a |my |the |some )?(?:questions?|something|anything)",
        r"ask (?:you|the notes)",
    ),
)
async def ask(
    ctx: Context,
    question: Annotated[str, QUESTION],
    course: Annotated[str | None, OUTSIDE_COURSE] = None,
    *,
    answering: Answering,
    show: Show,
) -> Reply:
    """Ask a question about the notes."""
    asker = "" if ctx.place.is_direct else markup.name(ctx.actor.external_id, ctx.actor.name)
    head = wording.question(question, asker)
    asked = AskedQuestion(ask.call(question=straighten(question), course=course), head)
    reply = await answering.reply(ctx, asked, show)
    audience: Audience = "private" if ctx.place.is_direct else reply.audience or "public"
    own_head = wording.question(question)  # the asker knows who asks
    return wording.addressed_to(audience, reply, head, own_head, remove=remove.call(ctx.actor.group_id, turn=asked.key))


@command(
    "consult",
    hidden=True,
    slow=True,
    form=True,
    own=True,
    title="Ask privately",
    form_note="Only you will see the answer.",
    on_message=OnMessage("Ask about this", "question"),
)
async def consult(
    ctx: Context,
    question: Annotated[str, QUESTION],
    course: Annotated[str | None, OUTSIDE_COURSE] = None,
    whole: Annotated[bool, WHOLE] = False,
    *,
    answering: Answering,
    show: Show,
) -> Reply:
    """Ask a question in private."""
    head = wording.question(question)
    asked = AskedQuestion(
        consult.call(question=straighten(question), course=course, whole=whole or None), head, is_alone=True
    )

    def offer_publicly(work: Work, reply: Reply) -> Reply:
        if ctx.place.is_direct or whole or reply.audience == "private":  # an unanswered question stays private
            return reply
        public_call = ask.call(question=question, course=course)
        draft = SqlDrafts().keep(work, ctx.actor.account_id, public_call, None, ctx.now)
        return wording.with_ask_publicly(reply, ask.call(ctx.actor.group_id, draft=draft))

    return await answering.reply(ctx, asked, show, then=offer_publicly)


@command("remove", hidden=True, after_end=True, own=True)
def remove(
    ctx: Context,
    turn: Annotated[str | None, Param("Answer", in_form=False)] = None,
    by: Annotated[int | None, Param("Who asked (older buttons)", in_form=False)] = None,
    *,
    transcript: Transcript,
    questions: Questions,
    groups: Groups,
) -> Reply:
    """Remove an answer."""
    asker = transcript.asker(turn) if turn is not None else None
    is_theirs = ctx.place.is_direct if asker is None else asker == ctx.actor.account_id
    if not is_theirs and "moderator" not in ctx.actor.roles:
        group = groups.get(ctx.actor.group_id) if ctx.actor.group_id is not None else None
        who = " or ".join(name_moderators(groups.session, group) if group else ()) or "a moderator"
        if asker is None:
            raise NotAllowed(f"I no longer know who asked this, so only {who} can remove it.")
        raise NotAllowed(f"Only the person who asked, or {who}, can remove an answer.")
    if turn is not None:
        transcript.forget(ctx, turn)
        questions.forget(ctx, turn)
        answer_locations.forget(groups.work, turn)
    return wording.removed()


COMMANDS: tuple[Command, ...] = (ask, consult, remove, passage, cited)
