"""Answer a question: choose the notes, find its conversation, search, render the answer, and store the turn."""

from __future__ import annotations

import asyncio
import difflib
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace

from bot.answers.compose import exercise, language_detection
from bot.answers.compose.answers import Answerer, Retrieved
from bot.answers.compose.values import Answer
from bot.answers.index.chunks import SourceId
from bot.base.rate_limiter import Throttle
from bot.commands.command import Command
from bot.commands.context import Context, Role
from bot.commands.ports import Show
from bot.commands.registry import Registry
from bot.curriculum import track as tracks
from bot.curriculum.track import Library, Track, whole
from bot.delivery import answer_locations
from bot.delivery.processed_events import ANYBODY, SqlDrafts
from bot.features import command_links
from bot.features.ask import group_commands, wording
from bot.features.ask.group_answers import answered as group_answer
from bot.features.ask.group_notes_index import NONE, Own, OwnNotes, readable
from bot.features.ask.group_questions import about
from bot.features.ask.question_log import Questions, Retention
from bot.features.ask.transcript import Transcript, Underway, new_key
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.memberships import Tie
from bot.features.groups.service import Groups
from bot.features.notes.service import Credited, GroupNotes
from bot.features.resolution import subject
from bot.features.resolution.actor import list_own_groups
from bot.features.token_budget.service import Meter
from bot.features.token_budget.wording import describe_refusal
from bot.messages import markup
from bot.messages.call import PACKED_MAX, Call
from bot.messages.reply import Block, Quote, Reply
from bot.storage.unit_of_work import Database, Work
from bot.understanding import free_text
from bot.understanding.nearest_commands import NearestCommands

MOST_GROUPS = 8
"""Groups of one person whose notes one question is asked of, the newest first."""


@dataclass(frozen=True)
class SearchScope:
    """The notes from which alone a question is answered.

    Args:
        ctx: the question, as one that is asked in the group whose notes they are.
        own: what that group keeps beside the track.
        name: of that group, or of the track where there is none.
        looked_in: the names of all that were searched; empty where that goes without saying.
        credited: the group's own notes, before they are in the index.
        task: what the running unit has its learners find out, if the question is that.
        retrieved: what they have for the question, where they were searched to choose them.
    """

    ctx: Context
    track: Track
    own: Own
    name: str
    looked_in: tuple[str, ...] = ()
    credited: tuple[Credited, ...] = ()
    task: str = ""
    retrieved: Retrieved | None = None

    @property
    def sources(self) -> list[SourceId]:
        """Return what is searched."""
        return [SourceId(self.track.id), *self.own.sources]

    def describe(self, *, is_declined: bool) -> str:
        """Return whose notes were searched; "" if that goes without saying."""
        return wording.searched(self.looked_in, self.name, is_declined=is_declined)


def _list_places(ctx: Context, groups: Groups, named: str | None) -> list[SearchScope]:
    """Return all that may answer, before it is known what groups keep beside their tracks."""
    if (track := subject.get_own(ctx, groups, named)) is not None:
        return [SearchScope(ctx, track, NONE, track.title)]
    if named is None and ctx.place.is_direct:
        ties = [tie for tie in list_own_groups(groups.work, ctx) if groups.astray(tie.group) is None][-MOST_GROUPS:]
        names = tuple(tie.group.name for tie in ties)
        if ties:
            return [_make_source(ctx, groups, tie, names) for tie in ties]
    known = groups.tracks(ctx)
    if (chosen := tracks.choose(known, named)) is not None:
        is_only = chosen is tracks.only(known)
        return [SearchScope(ctx, chosen, NONE, chosen.title, () if is_only else (chosen.title,))]
    whole = tracks.whole(known)
    return [SearchScope(ctx, track, NONE, track.title) for track in [track for track in whole if track.notes] or whole]


def _make_source(ctx: Context, groups: Groups, tie: Tie, looked_in: tuple[str, ...]) -> SearchScope:
    there = replace(ctx, actor=replace(ctx.actor, group_id=tie.group.id, roles=tie.roles))
    timeline = groups.here(there)
    track = groups.tracks_of(tie.group)[timeline.roadmap.id]
    return SearchScope(there, track, NONE, tie.group.name, looked_in)


ASKED_MAX = 500
"""Characters of a task that are asked in place of a question that names it."""

MIN_LIKENESS = 0.5
"""Likeness from which on a word of a question may be the one that was meant as another."""


def find_hinted_task(ctx: Context, groups: Groups, call: Call, track: Track) -> str:
    """Return what the running unit has its learners find out, as it is asked, if the question is that.

    "" if it is another, or the group wants no hint first; the task itself for a question that only names the exercise.
    """
    if ctx.actor.group_id is None or "whole" in call.args:
        return ""
    timeline = groups.here(ctx)
    running = timeline.running(ctx.now)
    if running is None or not timeline.group.has_hints:
        return ""
    unit, question = timeline.unit(running.slot), call.args["question"]
    if exercise.names_it(question, unit.number):
        return markup.clip(unit.exercise.task, ASKED_MAX)
    notes = (track.notes[note] for note in unit.notes if note in track.notes)
    return question if exercise.is_one(question, exercise.tasks(unit.exercise, notes)) else ""


def render_outcome(ctx: Context, groups: Groups, call: Call, track: Track, answer: Answer, *, task: str = "") -> Reply:
    """Return what is shown below a question.

    Args:
        call: that asked it; its buttons ask again in the same way.
        task: show where to look, and the answer to this on a second press.
    """
    if task:
        whole = command_links.CONSULT.call(ctx.actor.group_id, question=task, whole=True)
        return wording.hint(answer, track, ctx.actor.group_id, _store_long_call(ctx, groups, call, whole))
    timeline = groups.here(ctx) if ctx.actor.group_id is not None else None
    if answer.declined:
        return render_unanswered(ctx, groups, call, track, answer, timeline)
    ahead = _announce_unit(ctx, track, answer, timeline) if timeline is not None else ""
    return wording.answered(answer, track, ctx.actor.group_id, ahead)


def render_unanswered(
    ctx: Context, groups: Groups, call: Call, track: Track, answer: Answer, timeline: Timeline | None
) -> Reply:
    """Return what the asker alone reads where the notes do not answer: what is nearest, and the way to the group."""
    question, again, ask_group, unit = call.args["question"], None, None, ""
    if answer.meant is not None and (corrected := _correct_question(question, answer.meant)) is not None:
        onward = replace(call, args={**call.args, "question": corrected}, group=ctx.actor.group_id)
        again = _store_long_call(ctx, groups, call, onward)
    if timeline is not None and group_commands.may_ask(ctx, timeline):
        ask_group = _store_long_call(ctx, groups, call, group_commands.way(ctx, question))
    running = timeline.running(ctx.now) if timeline is not None and not answer.is_unclear else None
    if timeline is not None and running is not None and not timeline.unit(running.slot).notes:
        has_own = GroupNotes(groups.work).list_of_unit(timeline.group.id, running.slot.unit_id)
        unit = "" if has_own else timeline.label(running.slot)
    return wording.unanswered(answer, track, ctx.actor.group_id, unit, again=again, ask_group=ask_group)


def _announce_unit(ctx: Context, track: Track, answer: Answer, timeline: Timeline) -> str:
    """Return when the group comes to what an answer rests on first, if it has not come there yet."""
    noted = answer.citations[0].note if answer.citations else ""
    unit = next((unit for unit in track.roadmap.units if noted in unit.notes), None)
    if unit is None or timeline.find(unit.id) is not None:
        return ""
    slot = next((slot for slot in timeline.planned(ctx.now) if slot.unit_id == unit.id), None)
    return wording.ahead(unit, slot.opens_at, timeline.group.zone) if slot is not None else ""


def _correct_question(question: str, meant: str) -> str | None:
    """Return a question with the word that was meant in place of the one that comes nearest to it."""
    words = question.split(" ")

    def likeness(word: str) -> float:
        return difflib.SequenceMatcher(None, word.casefold().strip(".,;:!?\"'()"), meant.casefold()).ratio()

    best = max(words, key=likeness)
    if likeness(best) < MIN_LIKENESS:
        return None
    core = best.strip(".,;:!?\"'()")
    return " ".join(best.replace(core, meant, 1) if word is best else word for word in words)


def _store_long_call(ctx: Context, groups: Groups, asked: Call, onward: Call) -> Call:
    """Return a Call where a button can carry it; another waits in a draft, for an hour.

    Args:
        asked: what the button stands below. A question that all could read waits for anybody, another for its person.
    """
    if len(onward.pack()) <= PACKED_MAX:
        return onward
    is_public = asked.name == command_links.ASK.name and not ctx.place.is_direct
    whose = ANYBODY if is_public else ctx.actor.account_id
    draft = SqlDrafts().keep(groups.work, whose, onward, None, ctx.now)
    return Call(onward.name, {"draft": draft}, onward.group)


ELSEWHERE_S, MOST_OTHERS = 2.0, 4
"""Time-out and number of courses when another course of the server is searched for an answer."""
READING_S = 10.0
"""How long a question waits for notes that are still being read, which mostly takes three seconds."""


@dataclass(frozen=True)
class AskedQuestion:
    """A question as it was asked.

    Args:
        call: that asked it.
        head: what stands above its answer.
        is_alone: its answer is for the asker alone.
        key: of the turn that it becomes.
    """

    call: Call
    head: Quote
    is_alone: bool = False
    key: str = field(default_factory=new_key)

    @property
    def question(self) -> str:
        """Return its words."""
        return self.call.args["question"]

    def above(self, before: Sequence[str]) -> tuple[Block, ...]:
        """Return the head of an answer; for a disputed answer it says that only the notes count."""
        asked = free_text.read(self.question)
        insists = bool(before) and asked.objects and (asked.disputes_only or not asked.is_question)
        return wording.above(self.head, insists=insists)


@dataclass(frozen=True)
class Loaded:
    """What is read before a question is answered.

    Args:
        before: the turns that it goes on with, oldest first.
        scopes: where it may be looked up; one of them is chosen.
        group_answer: the answer, if the question is about the group.
    """

    before: Sequence[str]
    scopes: tuple[SearchScope, ...]
    group_answer: Reply | None = None


@dataclass(frozen=True)
class NotesAnswer:
    """An answer from the notes, before it is stored and rendered.

    Args:
        below: sentences that stand below it; "" is none.
        is_gap: whether it counts for the list of questions that the notes do not answer.
        commands: those that a declined question may have meant, and that the asker is offered.
    """

    scope: SearchScope
    answer: Answer
    below: tuple[str, str, str]
    is_gap: bool
    commands: Sequence[Command] = ()


Then = Callable[[Work, Reply], Reply]
"""Adds to a reply in the transaction that stores it."""


@dataclass(frozen=True)
class Answering:
    """Answers the questions of a process."""

    answerer: Answerer
    database: Database
    library: Library
    notes: OwnNotes
    meter: Meter
    registry: Registry
    retention: Retention
    nearest: NearestCommands
    underway: Underway = field(default_factory=Underway)

    async def reply(self, ctx: Context, asked: AskedQuestion, show: Show, then: Then | None = None) -> Reply:
        """Answer a question after earlier ones in its conversation, and store the turn.

        One transaction reads what the answer needs, and one stores the turn and closes the event. A model's tokens
        for all of its requests are reserved in one of their own before the first.

        Args:
            then: adds to the reply in the transaction that stores it.
        """
        async with self.underway.turn(ctx.place, ctx.strand):
            loaded = await self.database.run(lambda work: self._load(work, ctx, asked), writes=False)
            with self.meter.metered(ctx) as charge:
                answered = loaded.group_answer or await self._answer(asked, loaded, show, ctx.actor.roles)
            refusal = describe_refusal(charge.refused) if charge.refused is not None else ""

            def store(work: Work) -> Reply:
                reply, transcript_text = self._store(work, ctx, asked, loaded, answered, refusal)
                is_private = reply.audience == "private"
                _keep_turn(work, ctx, asked, transcript_text, self.retention, is_private=is_private)
                ctx.mark_answered(work)
                return then(work, reply) if then is not None else reply

            return await self.database.run(store)

    def _load(self, work: Work, ctx: Context, asked: AskedQuestion) -> Loaded:
        """Return what a question goes on with, and where it is looked up.

        Raises:
            UserError: a course is named that is not there or not the group's.
        """
        groups = Groups(work, self.library)
        before = _read_transcript(work, ctx, asked, self.retention)
        if (of_whom := about(self.registry, asked.question)) is not None:
            is_alone = asked.is_alone or ctx.place.is_direct
            reply = group_answer(ctx, of_whom, groups, self.registry, is_alone=is_alone)
            if reply is not None:
                return Loaded(before, (), reply)
        scopes = [
            replace(
                scope,
                credited=tuple(readable(scope.ctx, work)),
                task=find_hinted_task(scope.ctx, groups, asked.call, scope.track),
            )
            for scope in _list_places(ctx, groups, asked.call.args.get("course"))
        ]
        return Loaded(before, tuple(scopes))

    async def _answer(self, asked: AskedQuestion, loaded: Loaded, show: Show, roles: Collection[Role]) -> NotesAnswer:
        turns = [*loaded.before, asked.question]
        # what is read by the end of a search may not have been there for it
        is_unread, by_words = await self._awaits_reading(asked, show), self.answerer.lacks_meaning
        scope = await self._choose_notes(turns, loaded.scopes)
        if scope.task:
            answer = await self.answerer.quoted(turns if scope.task == asked.question else [scope.task], scope.sources)
        else:
            answer = _decline_other_language(
                asked.question, scope.own.beside(scope.track), await self._answer_from_scope(asked, turns, scope, show)
            )
        other = await self._suggest_other_course(asked, scope, answer)
        why_less = (wording.UNREAD if is_unread else "") if answer.declined else (wording.BY_WORDS if by_words else "")
        is_gap = not scope.task and not (answer.declined and is_unread)
        below = (other, scope.describe(is_declined=answer.declined), why_less)
        is_plain = answer.coverage == "foreign" and not (answer.is_unclear or answer.is_other_tongue)
        commands = await asyncio.to_thread(self.nearest.find, asked.question, roles) if is_plain else ()
        return NotesAnswer(scope, answer, below, is_gap, commands)

    async def _choose_notes(self, turns: Sequence[str], scopes: Sequence[SearchScope]) -> SearchScope:
        """Return where a question is looked up: the notes that cover it best.

        Args:
            turns: what was asked before it, and the question, oldest first.
        """
        several = [
            replace(scope, own=await self.notes.index(scope.ctx.actor.group_id, scope.credited)) for scope in scopes
        ]
        if len(several) == 1:
            return several[0]
        at, retrieved = await self.answerer.surest(turns, [scope.sources for scope in several])
        chosen = several[at]
        return replace(chosen, retrieved=retrieved, looked_in=chosen.looked_in or (chosen.name,))

    def _store(
        self,
        work: Work,
        ctx: Context,
        asked: AskedQuestion,
        loaded: Loaded,
        answered: Reply | NotesAnswer,
        refusal: str,
    ) -> tuple[Reply, str]:
        """Store what an answer rests on and what the notes lack; return the reply and its text for follow-ups."""
        if isinstance(answered, Reply):
            reply = answered.headed_by(asked.head)
            return wording.with_model_notice(reply, refusal, None), answered.plain()
        scope, answer = answered.scope, answered.answer
        # which of several groups might know what no notes of theirs say is not told by what is nearest
        whose = ctx if answer.coverage == "foreign" else scope.ctx
        course = scope.own.beside(scope.track)
        reply = render_outcome(whose, Groups(work, self.library), asked.call, course, answer, task=scope.task)
        reply = wording.with_commands(reply, answered.commands, ctx.actor.group_id)
        if self.retention.days and not scope.task:
            answer_locations.cite(work, asked.key, ctx.place, answer.own_quotes, ctx.now)
        if answered.is_gap:
            reply = _log_question(work, whose, asked, answer, self.retention, reply)
        # what a group's own note says goes when the note goes, so it stands in no row beside it
        transcript_text = "" if answer.names_own else reply.plain()
        above = asked.above(loaded.before) if not answer.declined else (asked.head,)
        shown = wording.between(above, reply, answered.below)
        return wording.with_model_notice(shown, refusal, None if answer.declined else answer.stands_in), transcript_text

    async def _suggest_other_course(self, asked: AskedQuestion, sought: SearchScope, answer: Answer) -> str:
        """Return a sentence about another course of the server that covers the question; "" if none surely does."""
        is_plain = not (answer.is_unclear or answer.is_other_tongue)
        if not (answer.declined and is_plain) or sought.ctx.actor.group_id is None or len(sought.looked_in) > 1:
            return ""
        known = await self.database.run(  # whole: a server's own roadmaps are read as they are asked for
            lambda work: [*whole(Groups(work, self.library).tracks(sought.ctx))], writes=False
        )
        others = {SourceId(track.id): track for track in known if track.id != sought.track.id and track.notes}
        try:
            async with asyncio.timeout(ELSEWHERE_S):
                source_id = await self.answerer.elsewhere(asked.question, [*others][:MOST_OTHERS]) if others else None
        except TimeoutError:
            return ""
        return wording.elsewhere(others[source_id]) if source_id is not None else ""

    async def _awaits_reading(self, asked: AskedQuestion, show: Show) -> bool:
        """Wait up to `READING_S` for the notes to be read; return whether they are still being read."""
        if not self.answerer.is_reading:
            return False
        states = Throttle(show, 0.0)
        states.offer(wording.in_progress(asked.head, wording.READING, asked.key))
        try:
            await asyncio.wait_for(_wait_for_reading(self.answerer), READING_S)
        except TimeoutError:
            return True
        finally:
            await states.stop()
        return False

    async def _answer_from_scope(
        self, asked: AskedQuestion, turns: Sequence[str], scope: SearchScope, show: Show
    ) -> Answer:
        """Answer from the notes, and show meanwhile what is known; what only the asker may read isn't shown."""
        began, states, above = time.perf_counter(), Throttle(show, 0.0), asked.above(turns[:-1])
        first = wording.READING if self.answerer.is_reading else wording.LOOKING
        states.offer(wording.in_progress(asked.head, first, asked.key))

        def show_notes(answer: Answer) -> None:
            if not answer.declined:
                reply = wording.answered(answer, scope.own.beside(scope.track), scope.ctx.actor.group_id)
                states.offer(wording.being_written(above, reply, asked.key))

        try:
            answer = await self.answerer.answer(turns, scope.sources, show_notes, found=scope.retrieved)
        finally:
            await states.stop()
        is_by_model = answer.usage is not None or answer.origin == "model"
        self.meter.observer.answered("model" if is_by_model else "embedded", time.perf_counter() - began)
        return answer


def _decline_other_language(question: str, track: Track, answer: Answer) -> Answer:
    """Return the answer, or a note that the notes are in English if it declines a question in another language."""
    tongue = language_detection.unlike(question, track.notes) if answer.declined else None
    return answer if tongue is None else Answer(wording.in_english(tongue), "foreign", is_other_tongue=True)


async def _wait_for_reading(answerer: Answerer) -> None:
    """Wait until the notes are read."""
    while answerer.is_reading:  # noqa: ASYNC110  (threads end it, at starts and where roadmaps are read again)
        await asyncio.sleep(0.05)


def _read_transcript(work: Work, ctx: Context, asked: AskedQuestion, retention: Retention) -> Sequence[str]:
    transcript = Transcript(work, retention)
    return transcript.before_alone(ctx) if asked.is_alone else transcript.before(ctx)


def _keep_turn(
    work: Work, ctx: Context, asked: AskedQuestion, answered: str, retention: Retention, *, is_private: bool
) -> None:
    transcript = Transcript(work, retention)
    if asked.is_alone:
        transcript.keep_alone(ctx, asked.key, asked.question, answered)
    else:
        transcript.keep(ctx, asked.key, asked.question, answered, is_private=is_private)


def _log_question(
    work: Work, ctx: Context, asked: AskedQuestion, answer: Answer, retention: Retention, reply: Reply
) -> Reply:
    """Store a question for the list of gaps; return its answer with a button to rate it."""
    is_kept = Questions(work, retention).keep(ctx, asked.key, asked.call, answer)
    if not is_kept or answer.declined:
        return reply
    return wording.with_rate_button(reply, ctx.actor.group_id, asked.key)
