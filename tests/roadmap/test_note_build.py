"""Every note of the shipped roadmap is built alike: it ends in a minute's summary and questions to the reader."""

from __future__ import annotations

import re
from itertools import chain

from tests.shipped import read_courses

SHIPPED = [*chain.from_iterable(track.notes.values() for track in read_courses().values())]


def test_a_note_ends_in_a_summary_and_in_questions() -> None:
    for note in SHIPPED:
        named = [section.heading for section in note.sections]
        assert named[-2:] == ["In one minute", "Check yourself"], note.id
        assert len(named) >= 9, note.id
        questions = re.findall(r"^\d\. .*\?$", note.sections[-1].text, re.MULTILINE)
        assert len(questions) >= 3, note.id
