"""Which of several roadmaps is meant where no group says so: the one that is named, or else the person is asked."""

from __future__ import annotations

from collections.abc import Callable

from bot.core import markup
from bot.core.call import Call
from bot.core.context import Context
from bot.core.errors import BadInput
from bot.core.reply import Button
from bot.features.cohort.service import Cohorts
from bot.features.roadmap import track as tracks
from bot.features.roadmap.track import Library, Track

MOST_OFFERED = 5
"""Tracks that have a button of their own; the others are named by typing."""


def own(ctx: Context, cohorts: Cohorts, named: str | None) -> Track | None:
    """Return the track of the Call's cohort, or None without one.

    Raises:
        BadInput: another track is named than the group's.
    """
    if ctx.actor.cohort_id is None:
        return None
    library = cohorts.library
    track = library[cohorts.here(ctx).roadmap.id]
    if named and tracks.get(library, named) is not track:
        raise BadInput(
            f"**Roadmap**: this group learns **{markup.escape(track.title, 100)}**, and nothing else is shown or asked "
            "here. Leave the roadmap out, or ask where no group meets.",
            field="roadmap",
        )
    return track


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
