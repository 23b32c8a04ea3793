"""A group's own notes, as the rest of the bot sees them."""

from __future__ import annotations

from bot.features.feature import Feature, Kept, PersonalData
from bot.features.notes import commands
from bot.features.notes.service import Notes
from bot.features.notes.tables import GroupNote, NoteRow

FEATURE = Feature(
    "notes",
    commands=commands.COMMANDS,
    tables=(GroupNote, NoteRow),
    services=(Notes,),
    personal_data=PersonalData(
        kept=(
            Kept(GroupNote.author_id, "A group's note says who wrote it.", "unlinked", title="Notes you wrote"),
            Kept(GroupNote.added_by, "A group's note says who added it.", "unlinked"),
        ),
        seen="Moderators may keep what you wrote as a note of your group, which shows its members your name with it.",
    ),
)
