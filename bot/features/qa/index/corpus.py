"""The notes of every roadmap, as the index takes them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path

from bot.features.qa.note import Note, NoteFault, parse_note
from bot.features.roadmap.content import Roadmap
from bot.features.roadmap.files import load_notes

log = logging.getLogger(__name__)


def read_notes(root: Path, library: Mapping[str, Roadmap]) -> list[Note]:
    """Return the notes of every roadmap; one that cannot be read is left out and named in the log."""
    notes = []
    for roadmap in library.values():
        for note_id, text in load_notes(root / roadmap.id, roadmap):
            try:
                notes.append(parse_note(text, note_id))
            except NoteFault as fault:
                log.error("a note is left out: %s", fault)
    return notes
