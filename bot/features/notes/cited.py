"""Amend messages whose answers cite text that a group's note no longer has."""

from __future__ import annotations

from datetime import datetime

from bot.delivery import answer_locations
from bot.messages.numerals import counted
from bot.messages.reply import say
from bot.storage.unit_of_work import Work

REMOVED = say("_This answer cited a note that was removed._")
CHANGED = say("_This answer cited a note that was changed. Ask again for what it says now._")


def take_back(work: Work, note_id: int, now: datetime, text: str = "") -> str:
    """Amend answers that cite a note's removed text; return sentences on what happens to them.

    Args:
        text: the note's new text; "" if the note is removed.
    """
    stale = answer_locations.list_stale(work, note_id, text)
    reply = CHANGED if text else REMOVED
    done = sum(answer_locations.amend(work, row, reply, now) for row in stale)
    sentences = []
    if done:
        sentences.append(f"{counted(done, 'answer').capitalize()} that cited it will say so in a moment.")
    if left := len(stale) - done:
        sentences.append(
            f"I cannot change {counted(left, 'answer')} that cited it: one person was answered alone, or the chat does "
            "not let me find it again. Who has it still reads its words."
        )
    return " ".join(sentences)
