"""Which roadmap and which unit of it is meant: the group's, else the one that is named, else the person is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.commands.context import Context
from bot.curriculum import track as tracks
from bot.curriculum.content import Unit
from bot.curriculum.track import Library, Track
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.service import Cohorts
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.errors import BadInput
from bot.messages.reply import Button

MOST_OFFERED = 5
"""Tracks that have a button of their own; the others are named by typing."""


def own(ctx: Context, cohorts: Cohorts, named: str | None) -> Track | None:
    """Return the track of the Call's cohort, or None without one.

    Raises:
        BadInput: another track is named than the group's.
    """
    if ctx.actor.cohort_id is None:
        return None
    timeline = cohorts.here(ctx)
    library = cohorts.tracks_of(timeline.cohort)
    track = library[timeline.roadmap.id]
    if named and tracks.get(library, named).id != track.id:
        raise BadInput(
            f"**Roadmap**: this group learns **{markup.escape(track.title, 100)}**, and nothing else is shown or asked "
            "here. Leave the roadmap out, or ask where no group meets.",
            field="roadmap",
        )
    return track


def track_of(ctx: Context, cohorts: Cohorts, named: str | None, question: str) -> Track:
    """Return the group's track, and without a group the one that is named or the only one.

    Args:
        question: asked where one of several has to be named: "whose units shall I show".
    """
    track = own(ctx, cohorts, named) or tracks.choose(cohorts.tracks(ctx), named)
    if track is None:
        known, typed = cohorts.tracks(ctx), f"{ctx.call.name} {{}}"
        raise unsaid(known, question, typed, lambda one: replace(ctx.call, args={**ctx.call.args, "roadmap": one.id}))
    return track


def current(ctx: Context, timeline: Timeline) -> Unit | None:
    """Return the unit that is running, else the next one; None once the season is over."""
    if timeline.cohort.closed_at is not None:
        return None
    running = timeline.running(ctx.now)
    if running is not None:
        return timeline.unit(running.slot)
    planned = timeline.planned(ctx.now)
    if planned:
        return timeline.unit(planned[0])
    return None


def unsaid(library: Library, question: str, typed: str, way: Callable[[Track], Call]) -> BadInput:
    """Return the question which track is meant, with a button for each; what is cut out of one can be typed.

    Args:
        question: "whose units shall I show".
        typed: the command's name and what else is typed after the roadmap, with {} in its place.
        way: what the button of a track runs.
    """
    whole = tracks.whole(library)
    titles = " or ".join(markup.escape(one.title, 100) for one in whole)
    return BadInput(
        f"**Roadmap**: {question}, {titles}? Here is no group that would tell me. "
        f"You can also type it: {markup.typed(typed.format(f'roadmap={whole[0].id}'))}",
        buttons=tuple(Button(markup.clip(one.title, 40), way(one)) for one in whole[:MOST_OFFERED]),
    )
