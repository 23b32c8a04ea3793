"""Which notes a question is asked of: the group's own, and without a group those that the person names."""

from __future__ import annotations

from dataclasses import replace

from bot.core import markup
from bot.core.call import Call
from bot.core.context import Context
from bot.core.errors import BadInput
from bot.core.reply import Button
from bot.db.inbox import SqlDrafts
from bot.db.work import Database, Work
from bot.features.cohort.service import Cohorts
from bot.features.roadmap import track as tracks
from bot.features.roadmap.track import Library, Track

MOST_OFFERED = 5
"""Tracks that have a button of their own; the others are named by typing."""


async def source(ctx: Context, call: Call, named: str | None, database: Database, library: Library) -> Track:
    """Return the track from whose notes alone a question is answered.

    Args:
        call: the question, to be asked again of the track that is chosen.
        named: what the person calls a track, if they do.

    Raises:
        UserError: a track is named that is not there or not the group's, or one of several must be chosen.
    """
    if ctx.actor.cohort_id is not None:
        own = await database.run(lambda work: library[Cohorts(work, library).here(ctx).roadmap.id], writes=False)
        if named and tracks.get(library, named) is not own:
            raise BadInput(
                f"**Roadmap**: this group learns **{markup.escape(own.title, 100)}**, and its questions are answered "
                "from those notes alone. Leave the roadmap out, or ask where no group meets.",
                field="roadmap",
            )
        return own
    if named:
        return tracks.get(library, named)
    if len(library) == 1:
        return next(iter(library.values()))
    ways = await database.run(lambda work: _ways(ctx, work, call, library))
    titles = " or ".join(markup.escape(one.title, 100) for one in library.values())
    raise BadInput(
        f"**Roadmap**: whose notes shall I look in, {titles}? Here is no group that would tell me. "
        f"You can also type it: {markup.typed(f'{call.name} roadmap={next(iter(library))} your question')}",
        field="roadmap",
        buttons=ways,
    )


def told(ctx: Context, track: Track, library: Library) -> str:
    """Return a sentence that says whose notes were looked in, where that goes without saying "" instead."""
    if ctx.actor.cohort_id is not None or len(library) == 1:
        return ""
    return f"I looked in the notes of **{markup.escape(track.title, 100)}** alone."


def _ways(ctx: Context, work: Work, call: Call, library: Library) -> tuple[Button, ...]:
    ways = []
    for track in list(library.values())[:MOST_OFFERED]:
        kept = replace(call, args={**call.args, "roadmap": track.id})
        draft = SqlDrafts().keep(work, ctx.actor.account_id, kept, None, ctx.now)
        ways.append(Button(markup.clip(track.title, 40), Call(call.name, {"draft": draft})))
    return tuple(ways)
