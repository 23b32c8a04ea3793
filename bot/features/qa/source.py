"""Which notes a question is asked of: the group's own, and without a group those that are named or cover it best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core import markup
from bot.core.context import Context
from bot.db.work import Database, Work
from bot.features.cohort import whose
from bot.features.cohort.service import Cohorts
from bot.features.qa.answer.answers import Answerer, Retrieved
from bot.features.qa.index.chunks import SourceId
from bot.features.roadmap import track as tracks
from bot.features.roadmap.track import Library, Track


@dataclass(frozen=True)
class Sought:
    """The track from whose notes alone a question is answered.

    Args:
        retrieved: what it has for the question, where it was searched to choose it.
    """

    track: Track
    retrieved: Retrieved | None = None


async def source(
    ctx: Context, turns: Sequence[str], named: str | None, database: Database, library: Library, answerer: Answerer
) -> Sought:
    """Return where a question is looked up.

    Args:
        turns: what was asked before it, and the question, oldest first.
        named: what the person calls a track, if they do.

    Raises:
        UserError: a track is named that is not there or not the group's.
    """

    def look(work: Work) -> tuple[Track | None, list[Track]]:
        cohorts = Cohorts(work, library)
        if (own := whose.own(ctx, cohorts, named)) is not None:
            return own, []
        known = cohorts.tracks(ctx)
        whole = tracks.whole(known)
        return tracks.choose(known, named), [one for one in whole if one.notes] or whole

    track, known = await database.run(look, writes=False)
    if track is not None:
        return Sought(track)
    surest, retrieved = await answerer.surest(turns, [SourceId(one.id) for one in known])
    return Sought(next(one for one in known if one.id == surest), retrieved)


def told(ctx: Context, track: Track, library: Library) -> str:
    """Return a sentence that says whose notes were looked in, where that goes without saying "" instead."""
    if ctx.actor.cohort_id is not None or track is tracks.only(library):
        return ""
    return f"I looked in the notes of **{markup.escape(track.title, 100)}** alone."
