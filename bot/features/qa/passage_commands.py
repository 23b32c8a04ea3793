"""Opening a passage that an answer rests on, for whoever presses its number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from bot.core.call import PACKED_MAX, Call
from bot.core.command import Command, Param, command
from bot.core.context import Context
from bot.core.errors import NotFound
from bot.core.reply import Reply
from bot.features.cohort import whose
from bot.features.cohort.service import Cohorts
from bot.features.progress.reading_commands import shown
from bot.features.qa import passages
from bot.features.roadmap.note import Note


@command("passage", hidden=True, writes=False, after_end=True, own=True, title="The passage")
def passage(
    ctx: Context, of: Annotated[str, Param("Passage", max=PACKED_MAX, in_form=False)], *, cohorts: Cohorts
) -> Reply:
    """Show a passage of the notes with the words that an answer rests on."""
    track = whose.own(ctx, cohorts, None)
    found = passages.find(track, of) if track is not None else None
    if track is None and (anywhere := passages.find_anywhere(cohorts.library, of)) is not None:
        track, found = anywhere
    if track is None or found is None:
        raise NotFound(
            "That passage is not in the notes any more. Ask again, and the answer rests on what is there now."
        )
    return shown(ctx, track, found.spot, marks=found.marks)


def way(cohort: int | None, note: Note, heading: str, quotes: Sequence[str] = ()) -> Call:
    """Return what opens a passage with the sentences marked that are quoted from it."""
    room = PACKED_MAX - len(passage.call(cohort, of="").pack())
    return passage.call(cohort, of=passages.name(note, heading, quotes, room))


COMMANDS: tuple[Command, ...] = (passage,)
