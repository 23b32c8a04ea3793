"""What an answer becomes where it is shown: for a group that is somewhere on its way, and where the notes have none."""

from __future__ import annotations

import difflib
from dataclasses import replace

from bot.answers.compose import exercise
from bot.answers.compose.values import Answer
from bot.commands.context import Context
from bot.curriculum.track import Track
from bot.delivery.processed_events import ANYBODY, SqlDrafts
from bot.features import command_links
from bot.features.ask import group_commands, wording
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.service import Cohorts
from bot.messages import markup
from bot.messages.call import PACKED_MAX, Call
from bot.messages.reply import Button, Reply, Text

ASKED_MAX = 500
"""Characters of a task that are asked in place of a question that names it."""

ALIKE = 0.5
"""Likeness from which on a word of a question may be the one that was meant as another."""


def hinted(ctx: Context, cohorts: Cohorts, call: Call, track: Track) -> str:
    """Return what the running unit has its learners find out, as it is asked, if the question is that.

    "" if it is another, or the group wants no hint first; the task itself for a question that only names the exercise.
    """
    if ctx.actor.cohort_id is None or "whole" in call.args:
        return ""
    timeline = cohorts.here(ctx)
    running = timeline.running(ctx.now)
    if running is None or not timeline.cohort.has_hints:
        return ""
    unit, question = timeline.unit(running.slot), call.args["question"]
    if exercise.names_it(question, unit.number):
        return markup.clip(unit.exercise.task, ASKED_MAX)
    notes = (track.notes[note] for note in unit.notes if note in track.notes)
    return question if exercise.is_one(question, exercise.tasks(unit.exercise, notes)) else ""


def outcome(ctx: Context, cohorts: Cohorts, call: Call, track: Track, answer: Answer, *, task: str = "") -> Reply:
    """Return what is shown below a question.

    Args:
        call: that asked it; its buttons ask again in the same way.
        task: show where to look, and the answer to this on a second press.
    """
    if task:
        whole = command_links.CONSULT.call(ctx.actor.cohort_id, question=task, whole=True)
        reply = wording.hint(answer, track, ctx.actor.cohort_id)
        shows = Button("Show the whole answer", _store_long_call(ctx, cohorts, call, whole))
        return replace(reply, buttons=(*reply.buttons, shows))
    timeline = cohorts.here(ctx) if ctx.actor.cohort_id is not None else None
    if answer.declined:
        return unanswered(ctx, cohorts, call, track, answer, timeline)
    ahead = _announce_unit(ctx, track, answer, timeline) if timeline is not None else ""
    return wording.answered(answer, track, ctx.actor.cohort_id, ahead)


def unanswered(
    ctx: Context, cohorts: Cohorts, call: Call, track: Track, answer: Answer, timeline: Timeline | None
) -> Reply:
    """Return what the asker alone reads where the notes do not answer: what is nearest, and the way to the group."""
    question, buttons = call.args["question"], list[Button]()
    if answer.meant is not None and (mended := _correct_question(question, answer.meant)) is not None:
        again = replace(call, args={**call.args, "question": mended}, cohort=ctx.actor.cohort_id)
        label = markup.clip(f"Did you mean {markup.clean(answer.meant)}?", wording.LABEL_MAX)
        buttons.append(Button(label, _store_long_call(ctx, cohorts, call, again), "primary"))
    if timeline is not None and group_commands.may_ask(ctx, timeline):
        of_group = group_commands.way(ctx, question)
        buttons.append(Button("Ask the group", _store_long_call(ctx, cohorts, call, of_group)))
    reply = wording.unanswered(answer, track, ctx.actor.cohort_id)
    running = timeline.running(ctx.now) if timeline is not None and not answer.is_unclear else None
    if timeline is not None and running is not None and not timeline.unit(running.slot).notes:
        reply = reply.followed_by(Text(wording.without_notes(timeline.label(running.slot))))
    return replace(reply, buttons=(*reply.buttons, *buttons), audience="private")


def _announce_unit(ctx: Context, track: Track, answer: Answer, timeline: Timeline) -> str:
    """Return when the group comes to what an answer rests on first, if it has not come there yet."""
    noted = answer.citations[0].note if answer.citations else ""
    unit = next((unit for unit in track.roadmap.units if noted in unit.notes), None)
    if unit is None or timeline.find(unit.id) is not None:
        return ""
    slot = next((slot for slot in timeline.planned(ctx.now) if slot.unit_id == unit.id), None)
    return wording.ahead(unit, slot.opens_at, timeline.cohort.zone) if slot is not None else ""


def _correct_question(question: str, meant: str) -> str | None:
    """Return a question with the word that was meant in place of the one that comes nearest to it."""
    words = question.split(" ")

    def likeness(word: str) -> float:
        return difflib.SequenceMatcher(None, word.casefold().strip(".,;:!?\"'()"), meant.casefold()).ratio()

    best = max(words, key=likeness)
    if likeness(best) < ALIKE:
        return None
    core = best.strip(".,;:!?\"'()")
    return " ".join(best.replace(core, meant, 1) if word is best else word for word in words)


def _store_long_call(ctx: Context, cohorts: Cohorts, asked: Call, onward: Call) -> Call:
    """Return a Call where a button can carry it; another waits in a draft, for an hour.

    Args:
        asked: what the button stands below. A question that all could read waits for anybody, another for its person.
    """
    if len(onward.pack()) <= PACKED_MAX:
        return onward
    is_public = asked.name == command_links.ASK.name and not ctx.place.is_direct
    whose = ANYBODY if is_public else ctx.actor.account_id
    draft = SqlDrafts().keep(cohorts.work, whose, onward, None, ctx.now)
    return Call(onward.name, {"draft": draft}, onward.cohort)
