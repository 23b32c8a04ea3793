"""A file of questions, read strictly."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answers.evaluation.golden import Covered, Foreign, Golden, GoldenPassage, read_golden
from bot.curriculum.faults import RoadmapFault

PLACES = {GoldenPassage("lists", "What a list is"), GoldenPassage("sets", "What a set is")}
TEXT = """\
covered:
  - q: wat is a list
    topic: data
    style: misspelt
    at:
      - {note: lists, heading: What a list is}
      - {note: sets, heading: What a set is}
foreign:
  - {q: who won, kind: everyday}
"""


def read(folder: Path, text: str) -> Golden:
    file = folder / "questions.yaml"
    file.write_text(text, encoding="utf-8")
    return read_golden(file, PLACES, {"data"})


def test_a_sound_file_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, TEXT) == Golden(
        (
            Covered(
                "wat is a list",
                "data",
                "misspelt",
                (GoldenPassage("lists", "What a list is"), GoldenPassage("sets", "What a set is")),
            ),
        ),
        (Foreign("who won", "everyday"),),
    )


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        ("topic: data", "topic: date", 3, "There is no topic “date”."),
        ("style: misspelt", "style: rude", 4, "“style” must be one of short, misspelt"),
        ("heading: What a list is", "heading: Why", 6, "There is no passage “lists”, “Why”."),
        ("q: who won", "q: Wat is a list", 9, "The question “Wat is a list” stands here twice."),
        ("kind: everyday", "kind: odd", 9, "“kind” must be one of everyday"),
        ("    style: misspelt\n", "", 2, "A question needs the key “style”."),
        ("foreign:\n  - {q: who won, kind: everyday}\n", "", 1, "A golden set needs the key “foreign”."),
    ],
)
def test_each_slip_is_told(tmp_path: Path, old: str, new: str, line: int, sentence: str) -> None:
    assert old in TEXT
    with pytest.raises(RoadmapFault) as raised:
        read(tmp_path, TEXT.replace(old, new))
    told = [(fault.line, fault.sentence) for fault in raised.value.faults]
    assert any(at == line and said.startswith(sentence) for at, said in told), told


def test_a_question_without_a_passage_is_told(tmp_path: Path) -> None:
    text = TEXT.split("      - {note")[0].replace("at:", "at: []") + "foreign: []\n"
    with pytest.raises(RoadmapFault, match="The question names no passage"):
        read(tmp_path, text)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(RoadmapFault, match="The file is missing"):
        read_golden(tmp_path / "none.yaml", PLACES, {"data"})
