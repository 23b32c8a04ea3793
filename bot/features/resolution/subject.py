"""Find the course and unit that a Call means: the group's, the named one, or ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.commands.context import Context
from bot.curriculum import track as tracks
from bot.curriculum.content import Unit
from bot.curriculum.track import Library, Track
from bot.features.groups.calendar.timeline import Timeline
from bot.features.groups.service import Groups
from bot.features.resolution import wording
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.errors import BadInput

MOST_OFFERED = 5
"""Most courses with a button of their own; others can be typed."""


def get_own(ctx: Context, groups: Groups, named: str | None) -> Track | None:
    """Return the course of the Call's group, or None without a group.

    Raises:
        BadInput: another course is named than the group's.
    """
    if ctx.actor.group_id is None:
        return None
    timeline = groups.here(ctx)
    library = groups.tracks_of(timeline.group)
    track = library[timeline.roadmap.id]
    if named and tracks.get(library, named).id != track.id:
        raise BadInput(
            f"**Course**: this group learns **{markup.escape(track.title, 100)}**, so I can't show another course "
            "here. Leave out the course, or ask me in a direct message.",
            field="course",
        )
    return track


def choose_track(ctx: Context, groups: Groups, named: str | None, question: str) -> Track:
    """Return the group's course; without a group, the named or only one.

    Args:
        question: asked if one of several must be named: "whose units should I show".
    """
    track = get_own(ctx, groups, named) or tracks.choose(groups.tracks(ctx), named)
    if track is None:
        known, typed = groups.tracks(ctx), f"{ctx.call.name} {{}}"
        raise ask_for_track(
            known, question, typed, lambda choice: replace(ctx.call, args={**ctx.call.args, "course": choice.id})
        )
    return track


def find_current_unit(ctx: Context, timeline: Timeline) -> Unit | None:
    """Return the running unit, or else the next one; None once the season is over."""
    if timeline.group.closed_at is not None:
        return None
    running = timeline.running(ctx.now)
    if running is not None:
        return timeline.unit(running.slot)
    planned = timeline.planned(ctx.now)
    if planned:
        return timeline.unit(planned[0])
    return None


def ask_for_track(library: Library, question: str, typed: str, way: Callable[[Track], Call]) -> BadInput:
    """Return the question which course is meant, with a button for each; derived courses can be typed.

    Args:
        question: "whose units should I show".
        typed: the command's name and what follows the course, with {} in its place.
        way: what the button of a course runs.
    """
    whole = tracks.whole(library)
    calls = [way(track) for track in whole[:MOST_OFFERED]]
    return wording.which_course(question, whole, typed.format(f"course={whole[0].id}"), calls)
