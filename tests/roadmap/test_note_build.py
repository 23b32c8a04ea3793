"""Every note of the shipped roadmap is built alike: it ends in a minute's summary and questions to the reader."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.features.qa.note import headings, parse_note
from tests.roadmap.note_code import NOTES


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note.stem)
def test_a_note_ends_in_a_summary_and_in_questions(note: Path) -> None:
    body = parse_note(note.read_text(encoding="utf-8"), note.stem).body
    named = [heading for heading, _ in headings(body)]
    assert named[-2:] == ["In one minute", "Check yourself"]
    assert len(named) >= 9
    questions = re.findall(r"^\d\. .*\?$", body.split("## Check yourself")[1], re.MULTILINE)
    assert len(questions) >= 3
