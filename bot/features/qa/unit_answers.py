"""What questions on a unit's work are answered with: its exercise without a hint, its resources, its hours."""

from __future__ import annotations

from bot.core import markup
from bot.core.context import Context
from bot.core.numerals import counted
from bot.core.reply import Button, Reply, Text, say
from bot.features import ways
from bot.features.cohort import wording
from bot.features.cohort.calendar.timeline import Timeline
from bot.features.cohort.whose import current
from bot.features.progress import unit_commands
from bot.features.qa.answer.about_group import About
from bot.features.quiz import commands as quiz_commands
from bot.features.roadmap.content import Unit
from bot.features.roadmap.track import Track


def of_unit(ctx: Context, asked: About, timeline: Timeline) -> Reply:
    """Return what a unit asks of its learners: the one that is named, else the running one, else the next."""
    units = timeline.roadmap.units
    if asked.unit is not None and not 1 <= asked.unit <= len(units):
        return no_such(timeline)
    unit = units[asked.unit - 1] if asked.unit is not None else current(ctx, timeline)
    if unit is None:
        return say(wording.position(timeline, ctx.now))
    told = {"exercise": _exercise, "resources": _resources, "hours": _hours}[asked.subject](unit)
    name = f"**{markup.escape(timeline.roadmap.label(unit))}**"
    opened = timeline.find(unit.id)
    due = f"_Due {wording.when(opened.slot.deadline_at, timeline.cohort.zone)}._" if opened else ""
    blocks = tuple(Text(text) for text in (f"{name}\n{told}", due) if text)
    return Reply(blocks, (Button("The unit", ways.TOPIC.call(timeline.cohort.id, unit=unit.id), "primary"),))


def quiz(ctx: Context, timeline: Timeline, track: Track) -> Reply:
    """Say whether the unit at hand has questions, with the way to them."""
    unit = current(ctx, timeline)
    if unit is None or unit.id not in track.banks:
        return say(f"No questions are written for it. {wording.position(timeline, ctx.now)}")
    count = counted(len(track.banks[unit.id].items), "question")
    told = f"**{markup.escape(timeline.roadmap.label(unit))}** has {count} to try yourself on, whenever you like."
    return say(told, buttons=(Button("Quiz", quiz_commands.way(ctx, track, unit), "primary"),))


def last(ctx: Context, timeline: Timeline) -> Reply:
    """Say which unit came before the one at hand."""
    running = timeline.running(ctx.now)
    over = [one for one in timeline.opened if one is not running]
    if not over:
        return say(f"No unit came before. {wording.position(timeline, ctx.now)}")
    slot = over[-1].slot
    summary = markup.prose(timeline.unit(slot).summary)
    told = f"Before came {wording.slot_line(timeline, slot)}.\n{summary}".strip()
    return say(told, buttons=(Button("That unit", ways.TOPIC.call(timeline.cohort.id, unit=slot.unit_id), "primary"),))


def capstone(timeline: Timeline) -> Reply:
    """Say what grows through the whole roadmap."""
    goal, way = timeline.roadmap.capstone, Button("Roadmap", ways.ROADMAP.call(timeline.cohort.id))
    if goal is None:
        return say("This roadmap has no capstone.", buttons=(way,))
    return say(f"**{markup.escape(goal.title)}**\n{markup.prose(goal.summary)}", buttons=(way,))


def no_such(timeline: Timeline) -> Reply:
    """Say how many units there are where another one is named."""
    way = Button("Roadmap", ways.ROADMAP.call(timeline.cohort.id))
    return say(f"The roadmap has {len(timeline.roadmap.units)} units.", buttons=(way,))


def _exercise(unit: Unit) -> str:
    if not unit.exercise.task:
        return "No exercise is written for it."
    done = f"\n_Done when:_ {markup.prose(unit.exercise.done_when)}" if unit.exercise.done_when else ""
    return f"{markup.prose(unit.exercise.task)}{done}"


def _resources(unit: Unit) -> str:
    return unit_commands.resources(unit) or "No resources are listed for it."


def _hours(unit: Unit) -> str:
    minutes = sum(one.minutes for one in unit.resources if one.need == "must")
    reading = f" What must be read of it takes some {minutes} minutes." if minutes else ""
    short = f"\n_Only 30 minutes?_ {markup.prose(unit.exercise.short)}" if unit.exercise.short else ""
    whole = f"About {counted(unit.hours, 'hour')}, reading and exercise together." if unit.hours else ""
    return (f"{whole}{reading}".strip() or "Nobody has said how long it takes.") + short
