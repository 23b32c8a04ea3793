"""Every note of the shipped roadmap is built alike: it ends in a minute's summary and questions to the reader."""

from __future__ import annotations

import re
from itertools import chain

import pytest

from bot.curriculum.note import Note
from tests.shipped import read_courses

SHIPPED = [*chain.from_iterable(track.notes.values() for track in read_courses().values())]


@pytest.mark.parametrize("note", SHIPPED, ids=lambda note: note.id)
def test_a_note_ends_in_a_summary_and_in_questions(note: Note) -> None:
    named = [section.heading for section in note.sections]
    assert named[-2:] == ["In one minute", "Check yourself"]
    assert len(named) >= 9
    questions = re.findall(r"^\d\. .*\?$", note.sections[-1].text, re.MULTILINE)
    assert len(questions) >= 3
