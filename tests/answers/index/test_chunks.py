"""Notes cut at their headings."""

from __future__ import annotations

from bot.answers.index.chunks import cut, row_hash, rows
from bot.curriculum import plain_note_reader
from tests.features.ask.small_notes import CONTAINERS, SMALL, read

SECTIONS = cut(read(CONTAINERS), SMALL)


def test_a_chunk_is_a_heading_with_its_text_and_questions_to_the_reader_are_left_out() -> None:
    assert [chunk.heading for chunk in SECTIONS] == [
        "Lists and tuples",
        "When a set beats a list",
        "Which objects can be keys",
    ]
    assert SECTIONS[1].questions == ("when should i use a set instead of a list",)
    assert SECTIONS[0].questions == ()


def test_code_is_kept_for_searching_and_never_quoted() -> None:
    assert "frobnicate" in SECTIONS[1].text
    assert not any("frobnicate" in sentence or "comment" in sentence for sentence in SECTIONS[1].sentences)


def test_every_sentence_stands_in_the_note_word_for_word() -> None:
    body = " ".join(CONTAINERS.split())
    assert all(sentence in body for chunk in SECTIONS for sentence in chunk.sentences)
    assert len(SECTIONS[2].sentences) == 3


def test_text_before_the_first_heading_goes_under_the_title() -> None:
    body = "# Alpha\n\nAn opening sentence stands here.\n\n## One\n\nMore is said here."
    note = read(f"---\nid: a\ntitle: Alpha\nunit: a\ntopics: []\n---\n{body}")
    assert [(c.heading, c.sentences) for c in cut(note, SMALL)] == [
        ("Alpha", ("An opening sentence stands here.",)),
        ("One", ("More is said here.",)),
    ]


def test_rows_are_the_sentences_then_the_name_then_questions() -> None:
    made = rows(SECTIONS[1])
    assert tuple(made[:3]) == SECTIONS[1].sentences
    assert made[3] == "Lists, tuples and sets. When a set beats a list."
    assert made[4:] == list(SECTIONS[1].questions)
    assert len({row_hash(row) for row in made}) == len(made)


def test_of_a_groups_own_note_everything_can_be_quoted_and_of_a_curated_one_whole_sentences() -> None:
    said = "## The zebra\n\nIt is Marty.\n\n## The owl\n\nThe owl is called Zoe. Hoot.\n\n## Gull\n\n> The gull eats.\n"
    for note_id, sections in (
        ("7", [("It is Marty.",), ("The owl is called Zoe. Hoot.",), ("The gull eats.",)]),
        ("zoo", [("The owl is called Zoe.",), ("The gull eats.",)]),
    ):
        note = plain_note_reader.read_plain_note(said, note_id=note_id, title="Zoo").note
        assert note is not None and [chunk.statements for chunk in cut(note, SMALL)] == sections
