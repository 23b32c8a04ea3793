"""A group's own notes, as the rest of the bot sees them."""

from __future__ import annotations

from bot.features.feature import Feature, PersonalData, StoredData
from bot.features.notes import commands
from bot.features.notes.service import GroupNotes
from bot.features.notes.tables import GroupNote, NoteRow

FEATURE = Feature(
    "notes",
    commands=commands.COMMANDS,
    tables=(GroupNote, NoteRow),
    services=(GroupNotes,),
    personal_data=PersonalData(
        kept=(
            StoredData(GroupNote.author_id, "Shows who wrote a note.", "unlinked", title="Notes you wrote"),
            StoredData(GroupNote.added_by, "A group's note says who added it.", "unlinked"),
        ),
        seen="Moderators may save your words as a note of your group. Members then see your name with the note.",
    ),
)
