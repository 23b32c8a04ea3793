"""Which notes a question is asked of: the group's; to the bot alone those of all one's groups; else the surest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answers.compose.answers import Answerer, Retrieved
from bot.answers.index.chunks import SourceId
from bot.commands.context import Context
from bot.curriculum import track as tracks
from bot.curriculum.track import Library, Track
from bot.features.ask.group_notes_index import NONE, Own, OwnNotes
from bot.features.group_access import subject
from bot.features.group_access.actor import list_own_groups
from bot.features.groups.memberships import Tie
from bot.features.groups.service import Cohorts
from bot.messages import markup
from bot.storage.unit_of_work import Database

MOST_GROUPS = 8
"""Groups of one person whose notes one question is asked of, the newest first."""


@dataclass(frozen=True)
class Sought:
    """The notes from which alone a question is answered.

    Args:
        ctx: the question, as one that is asked in the group whose notes they are.
        own: what that group keeps beside the track.
        name: of that group, or of the track where there is none.
        looked_in: the names of all that were searched; empty where that goes without saying.
        retrieved: what they have for the question, where they were searched to choose them.
    """

    ctx: Context
    track: Track
    own: Own
    name: str
    looked_in: tuple[str, ...] = ()
    retrieved: Retrieved | None = None

    @property
    def sources(self) -> list[SourceId]:
        """Return what is searched."""
        return [SourceId(self.track.id), *self.own.sources]

    def told(self, *, declined: bool) -> str:
        """Return whose notes were looked in, or say what is said; "" where that goes without saying."""
        names = [f"**{markup.escape(name, 100)}**" for name in self.looked_in]
        if len(names) < 2:
            return f"I looked in the notes of {names[0]} alone." if names else ""
        if declined:
            return f"I looked in the notes of {', '.join(names[:-1])} and {names[-1]}."
        return f"These are the notes of **{markup.escape(self.name, 100)}**."


async def source(
    ctx: Context,
    turns: Sequence[str],
    named: str | None,
    database: Database,
    library: Library,
    answerer: Answerer,
    notes: OwnNotes,
) -> Sought:
    """Return where a question is looked up.

    Args:
        turns: what was asked before it, and the question, oldest first.
        named: what the person calls a track, if they do.

    Raises:
        UserError: a track is named that is not there or not the group's.
    """
    places = await database.run(lambda work: _list_places(ctx, Cohorts(work, library), named), writes=False)
    several = [replace(place, own=await notes.of(place.ctx)) for place in places]
    if len(several) == 1:
        return several[0]
    at, retrieved = await answerer.surest(turns, [place.sources for place in several])
    chosen = several[at]
    return replace(chosen, retrieved=retrieved, looked_in=chosen.looked_in or (chosen.name,))


def _list_places(ctx: Context, cohorts: Cohorts, named: str | None) -> list[Sought]:
    """Return all that may answer, before it is known what groups keep beside their tracks."""
    if (track := subject.get_own(ctx, cohorts, named)) is not None:
        return [Sought(ctx, track, NONE, track.title)]
    if named is None and ctx.place.is_direct:
        ties = [tie for tie in list_own_groups(cohorts.work, ctx) if cohorts.astray(tie.cohort) is None][-MOST_GROUPS:]
        names = tuple(tie.cohort.name for tie in ties)
        if ties:
            return [_make_source(ctx, cohorts, tie, names) for tie in ties]
    known = cohorts.tracks(ctx)
    if (chosen := tracks.choose(known, named)) is not None:
        is_only = chosen is tracks.only(known)
        return [Sought(ctx, chosen, NONE, chosen.title, () if is_only else (chosen.title,))]
    whole = tracks.whole(known)
    return [Sought(ctx, track, NONE, track.title) for track in [track for track in whole if track.notes] or whole]


def _make_source(ctx: Context, cohorts: Cohorts, tie: Tie, looked_in: tuple[str, ...]) -> Sought:
    there = replace(ctx, actor=replace(ctx.actor, cohort_id=tie.cohort.id, roles=tie.roles))
    timeline = cohorts.here(there)
    track = cohorts.tracks_of(tie.cohort)[timeline.roadmap.id]
    return Sought(there, track, NONE, tie.cohort.name, looked_in)
