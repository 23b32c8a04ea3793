"""Reading notes, and every way a note can be wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.features.qa.note import Asked, NoteFault, headings, parse_note, read_note
from tests.features.qa.small_notes import CONTAINERS

PLAIN = "---\nid: a\ntitle: A\nunit: a\n---\n\n## One\n\nText that is here.\n"


def fault(text: str) -> NoteFault:
    with pytest.raises(NoteFault) as caught:
        parse_note(text, "a.md")
    return caught.value


def test_a_note_is_read_with_all_its_front_matter() -> None:
    note = parse_note(CONTAINERS)
    assert (note.id, note.unit, note.topics) == ("containers", "containers", ("python",))
    assert note.title == "Lists, tuples and sets"
    assert note.answers[1] == Asked("can a list be a dictionary key", "Which objects can be keys")
    assert note.sources[0].year == 2025
    assert note.body.startswith("## Lists and tuples")


def test_lists_and_sources_may_be_missing_or_empty() -> None:
    note = parse_note(PLAIN.replace("unit: a", "unit: a\ntopics:\nanswers: []\nsources: ~\nchecked_on: 2026-01-02"))
    assert (note.topics, note.answers, note.sources) == ((), (), ())


def test_windows_line_ends_and_a_byte_order_mark_are_read() -> None:
    assert parse_note("\ufeff" + PLAIN.replace("\n", "\r\n")).id == "a"


def test_headings_inside_code_are_code() -> None:
    assert [heading for heading, _ in headings(parse_note(CONTAINERS).body)] == [
        "Lists and tuples",
        "When a set beats a list",
        "Which objects can be keys",
        "Check yourself",
    ]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("# no front matter", 1, "begins with front matter"),
        ("", 1, "begins with front matter"),
        ("---\nid: a\n", 1, "not closed"),
        ("---\n---\ntext", 2, "empty"),
        ("---\nid: [a\ntitle: A\n---\ntext", 3, "not YAML"),
        ("---\n- a\n---\ntext", 2, "keys and values"),
        (PLAIN.replace("unit: a\n", ""), 2, "'unit' is missing"),
        (PLAIN.replace("unit: a", "unit: a\ncolour: red"), 5, "'colour' is not known"),
        (PLAIN.replace("unit: a", "unit: a\nid: b"), 5, "'id' is there twice"),
        (PLAIN.replace("id: a", "id: Big Name"), 2, "lower-case words"),
        (PLAIN.replace("title: A", "title: [A]"), 3, "a text is expected"),
        (PLAIN.replace("title: A", "title:"), 3, "a text is expected"),
        (PLAIN.replace("unit: a", "unit: a\ntopics: python"), 5, "'topics' is a list"),
        (PLAIN.replace("unit: a", "unit: a\nanswers:\n  - q: what"), 6, "the keys q and heading"),
        (PLAIN.replace("unit: a", "unit: a\nanswers:\n  - {q: what, heading: Two}"), 6, "no heading is called 'Two'"),
        (PLAIN.replace("unit: a", "unit: a\nsources:\n  - {authors: B}"), 6, "a source has a title"),
        (PLAIN.replace("unit: a", "unit: a\nsources:\n  - {title: B, year: 19}"), 6, "four digits"),
        (PLAIN + "\n## One\n\nAgain.\n", 11, "'One' is there twice"),
        ("---\nid: a\ntitle: A\nunit: a\n---\n\n", 5, "no text"),
    ],
)
def test_a_fault_is_told_with_its_line(text: str, line: int, words: str) -> None:
    caught = fault(text)
    assert words in caught.reason and caught.line == line
    assert str(caught).startswith(f"a.md:{line}: ")


def test_a_file_is_called_like_its_note(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(PLAIN, encoding="utf-8")
    assert read_note(path).id == "a"
    with pytest.raises(NoteFault, match=r"called b\.md"):
        read_note(path.rename(tmp_path / "b.md"))
