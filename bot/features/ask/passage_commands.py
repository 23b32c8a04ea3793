"""Opening a passage that an answer rests on, for whoever presses its number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from bot.answers.compose.values import is_own
from bot.commands.command import Command, Param, command
from bot.commands.context import Context
from bot.commands.refusals import not_allowed
from bot.curriculum.note import Note
from bot.features.ask import passages
from bot.features.ask.group_notes_index import readable
from bot.features.group_access import subject
from bot.features.groups.service import Cohorts
from bot.features.notes.commands import note_page, notes_show
from bot.features.units.reading_commands import render_page
from bot.messages.call import PACKED_MAX, Call
from bot.messages.errors import NotFound
from bot.messages.reply import Reply


@command("passage", hidden=True, writes=False, after_end=True, own=True, title="The passage")
def passage(
    ctx: Context,
    of: Annotated[str, Param("Passage", max=PACKED_MAX, in_form=False)],
    *,
    cohorts: Cohorts,
) -> Reply:
    """Show a passage of the notes with the words that an answer rests on."""
    if is_own(number := of.partition(".")[0]):
        return _show_own(ctx, cohorts, number, of)
    track = subject.get_own(ctx, cohorts, None)
    cited = passages.find(track.notes, of) if track is not None else None
    if track is None and (anywhere := passages.find_anywhere(cohorts.tracks(ctx), of)) is not None:
        track, cited = anywhere
    if track is None or cited is None:
        raise _make_gone()
    return render_page(ctx, track, cited.spot, marks=cited.marks)


def _show_own(ctx: Context, cohorts: Cohorts, number: str, of: str) -> Reply:
    """Show a passage of the group's own notes to whom `notes show` shows them."""
    if not notes_show.allows(ctx.actor.roles):
        raise not_allowed(notes_show, ctx.actor, ctx.place)
    note = next((note for note in readable(ctx, cohorts.work) if str(note.row.id) == number), None)
    cited = passages.find({number: note.read()}, of) if note is not None else None
    if note is None or cited is None:
        raise _make_gone()
    return note_page(note, cohorts.get(ctx.actor.cohort_id), cited.spot, marks=cited.marks)


def _make_gone() -> NotFound:
    return NotFound("That passage is not in the notes any more. Ask again, and the answer rests on what is there now.")


def way(cohort: int | None, note: Note, heading: str, quotes: Sequence[str] = ()) -> Call:
    """Return what opens a passage with the sentences marked that are quoted from it."""
    room = PACKED_MAX - len(passage.call(cohort, of="").pack())
    return passage.call(cohort, of=passages.name(note, heading, quotes, room))


COMMANDS: tuple[Command, ...] = (passage,)
