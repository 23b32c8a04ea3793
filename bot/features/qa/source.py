"""Which notes a question is asked of: the group's own, and without a group those that the person names."""

from __future__ import annotations

from dataclasses import replace

from bot.core import markup
from bot.core.call import Call
from bot.core.context import Context
from bot.core.errors import BadInput
from bot.db.inbox import SqlDrafts
from bot.db.work import Database, Work
from bot.features.cohort import whose
from bot.features.cohort.service import Cohorts
from bot.features.roadmap import track as tracks
from bot.features.roadmap.track import Library, Track


async def source(ctx: Context, call: Call, named: str | None, database: Database, library: Library) -> Track:
    """Return the track from whose notes alone a question is answered.

    Args:
        call: the question, to be asked again of the track that is chosen.
        named: what the person calls a track, if they do.

    Raises:
        UserError: a track is named that is not there or not the group's, or one of several must be chosen.
    """

    def read(work: Work) -> Track | BadInput:
        cohorts = Cohorts(work, library)
        track = whose.own(ctx, cohorts, named) or tracks.choose(library, named)
        if track is None:
            typed = f"{call.name} {{}} your question"
            return whose.unsaid(library, "whose notes shall I look in", typed, lambda one: _kept(ctx, work, call, one))
        return track

    must_ask = ctx.actor.cohort_id is None and not named and tracks.only(library) is None
    found = await database.run(read, writes=must_ask)  # what was asked is kept for the buttons of the question
    if isinstance(found, BadInput):
        raise found
    return found


def told(ctx: Context, track: Track, library: Library) -> str:
    """Return a sentence that says whose notes were looked in, where that goes without saying "" instead."""
    if ctx.actor.cohort_id is not None or track is tracks.only(library):
        return ""
    return f"I looked in the notes of **{markup.escape(track.title, 100)}** alone."


def _kept(ctx: Context, work: Work, call: Call, track: Track) -> Call:
    asked = replace(call, args={**call.args, "roadmap": track.id})
    return Call(call.name, {"draft": SqlDrafts().keep(work, ctx.actor.account_id, asked, None, ctx.now)})
