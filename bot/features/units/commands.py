"""What anyone reads about one unit, whole."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated

from bot.commands.command import Command, IntentPattern, Param, command
from bot.commands.context import Context
from bot.commands.parameter_types import UnitRef
from bot.curriculum.content import Checkpoint, Resource, Roadmap, Unit
from bot.curriculum.track import Track
from bot.features import command_links
from bot.features.group_access.subject import choose_track, find_current_unit
from bot.features.groups import wording as cohort_wording
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.params import COHORT, WHOSE, suggest_unit
from bot.features.groups.service import Cohorts
from bot.features.quiz import commands as quiz_commands
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.reply import Block, Button, Reply, Text

SHOWN_KINDS = ("video", "course", "repository")
"""Kinds of resources that are not read like a page or a book."""
UNWRITTEN = "Nothing is written about this unit yet: its title says it all."


PRESENT = IntentPattern(
    r"^(?:the )?(?:this|current|running) (?:week|unit|topic)(?:'s (?:unit|topic))?\W*$",
    "The unit",
    "The unit at hand is one click away.",
)


UNIT = (
    r"(?:see|find|open|view|get|show|read) (?:the |this |our |my )?(?:current |week's )?"
    r"(?:unit|topic|exercise|task|homework|assignment)",
)
"""How people ask for the running unit."""


@command("topic", writes=False, cohort="choose", which=COHORT, after_end=True, hints=(PRESENT,), own=True, asked=UNIT)
def topic(
    ctx: Context,
    unit: Annotated[UnitRef | None, Param("Unit (the running one if empty)", suggest=suggest_unit)] = None,
    roadmap: Annotated[str | None, WHOSE] = None,
    *,
    cohorts: Cohorts,
) -> Reply:
    """One unit whole: summary, objectives, prompt, exercise, resources, deadline."""
    timeline = cohorts.here(ctx) if ctx.actor.cohort_id is not None else None
    track = choose_track(ctx, cohorts, roadmap, "whose units shall I show")
    way = track.roadmap
    if unit is None:
        chosen = find_current_unit(ctx, timeline) if timeline else way.units[0]
        if chosen is None and timeline:
            way_button = Button("Roadmap", command_links.ROADMAP.call(timeline.cohort.id))
            return Reply((Text(cohort_wording.describe_position(timeline, ctx.now)),), (way_button,), title="Finished")
    else:
        chosen = way.find(unit)
    assert chosen is not None
    when = _when(ctx, timeline, chosen) if timeline else ""
    cohort_id = timeline.cohort.id if timeline else None
    buttons = [
        Button("Check in", command_links.CHECKIN.ask(cohort_id, unit=chosen.id), "primary"),
        *([Button("Read the notes", read_notes(ctx, track, chosen))] if chosen.notes else []),
        *([Button("Quiz", quiz_commands.way(ctx, track, chosen))] if chosen.id in track.banks else []),
        Button("Ask", command_links.ASK.ask(cohort_id)),
    ]
    is_out = timeline is not None and timeline.find(chosen.id) is not None
    is_open = is_out and timeline is not None and timeline.cohort.ended_at is None
    title = markup.escape(way.label(chosen))
    offered = tuple(buttons if is_open else buttons[1:])
    return Reply(unit_blocks(way, chosen, when), offered, title=title, accent=way.accent(chosen))


def read_notes(ctx: Context, track: Track, unit: Unit) -> Call:
    """Return the way to a unit's notes; without a group it says whose they are."""
    if ctx.actor.cohort_id is not None:
        return command_links.READ.call(ctx.actor.cohort_id, unit=unit.id)
    return command_links.READ.call(unit=unit.id, roadmap=track.id)


def _when(ctx: Context, timeline: Timeline, unit: Unit) -> str:
    zone = timeline.cohort.zone
    opened = timeline.find(unit.id)
    if opened is not None:
        word = "Due" if ctx.now <= opened.slot.deadline_at else "Was due"
        return f"{word} {markup.moment(opened.slot.deadline_at, zone, 'countdown')}"
    slot = next((s for s in timeline.planned(ctx.now) if s.unit_id == unit.id), None)
    if slot is not None:
        return f"Opens {markup.moment(slot.opens_at, zone)}, due {markup.moment(slot.deadline_at, zone)}"
    return "The group leaves it out" if unit in timeline.left_out else ""


def unit_blocks(way: Roadmap, unit: Unit, when: str) -> tuple[Block, ...]:
    """Return a unit's content in reading order, what is still to be written left out."""
    ends = way.checkpoint_after(unit)
    texts = (markup.prose(unit.summary), f"**{when}**" if when else "", *_parts(unit), checkpoint(ends) if ends else "")
    return tuple(Text(text) for text in texts if text) or (Text(UNWRITTEN),)


@lru_cache(maxsize=1024)
def _parts(unit: Unit) -> tuple[str, ...]:
    hours = f"about {unit.hours} hour{'' if unit.hours == 1 else 's'} with the reading" if unit.hours else ""
    done = f"_Done when:_ {markup.prose(unit.exercise.done_when)}" if unit.exercise.done_when else ""
    exercise = "\n".join(filter(None, (markup.prose(unit.exercise.task), done, adds(unit))))
    return (
        _under("After this unit you can", objectives(unit)),
        _under("To discuss", markup.prose(unit.prompt)),
        _under("Exercise", exercise, hours) or (f"_It takes {hours}._" if hours else ""),
        _under("Only 30 minutes?", markup.prose(unit.exercise.short)),
        _under("Resources", resources(unit)),
    )


def _under(heading: str, text: str, aside: str = "") -> str:
    """Return a text under its heading; nothing where there is no text."""
    return f"**{heading}**{f' ({aside})' if aside else ''}\n{text}" if text else ""


def objectives(unit: Unit) -> str:
    """Return what one can do after a unit, as a list."""
    return "\n".join(f"- {markup.prose(objective)}" for objective in unit.objectives)


def resources(unit: Unit) -> str:
    """Return a unit's resources as a list of links with authors, years and what to read of them; what must be first."""
    ordered = sorted(unit.resources, key=lambda resource: ("must", "", "may").index(resource.need))
    return "\n".join(f"- {_resource(resource)}" for resource in ordered)


def _resource(resource: Resource) -> str:
    kind = resource.kind if resource.kind in SHOWN_KINDS else ""
    minutes = f"{resource.minutes} min" if resource.minutes else ""
    more = ", ".join(filter(None, (resource.need, kind, markup.escape(resource.part), minutes)))
    title = f"[{markup.escape(resource.title)}]({resource.url})" if resource.url else markup.escape(resource.title)
    named = ", ".join(filter(None, (title, markup.escape(resource.authors), str(resource.year or ""))))
    return f"{named} ({more})" if more else named


def adds(unit: Unit) -> str:
    """Return what a unit's exercise adds to the capstone, if anything."""
    return f"_For the capstone:_ {markup.prose(unit.exercise.adds)}" if unit.exercise.adds else ""


def checkpoint(ends: Checkpoint) -> str:
    """Return what stands at the end of a phase, and how a peer judges it."""
    rubric = "\n".join(f"- {markup.prose(criterion)}" for criterion in ends.rubric)
    return f"**Checkpoint of the phase**\n{markup.prose(ends.task)}\n_A peer looks whether:_\n{rubric}"


COMMANDS: tuple[Command, ...] = (topic,)
