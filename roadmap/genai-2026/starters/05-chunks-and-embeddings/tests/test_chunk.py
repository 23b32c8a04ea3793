from __future__ import annotations

from pathlib import Path

import pytest

from answers.chunk import all_passages, passages
from answers.load import Document, documents, files_in

HERE = Path(__file__).resolve()
FOLDER = next(place / "documents" for place in HERE.parents if (place / "documents").is_dir())
LOADED = list(documents(files_in(FOLDER)))
NUMBERS = Document("n.txt", "n", None, "unknown", "one two\n\nthree  four five six seven")


@pytest.mark.parametrize("size", [1, 7, 40, 5000])
def test_without_overlap_the_passages_joined_are_the_text(size: int) -> None:
    for document in LOADED:
        assert "".join(one.text for one in passages(document, size)) == document.text


@pytest.mark.parametrize(("size", "overlap"), [(7, 0), (7, 3), (40, 10)])
def test_offsets_point_to_the_text(size: int, overlap: int) -> None:
    for one in all_passages(LOADED, size, overlap):
        assert one.document.text[one.start : one.start + len(one.text)] == one.text
        assert 1 <= len(one.text.split()) <= size


def test_sizes_and_overlap_are_in_words() -> None:
    assert [one.text.split() for one in passages(NUMBERS, 4, 2)] == [
        ["one", "two", "three", "four"],
        ["three", "four", "five", "six"],
        ["five", "six", "seven"],
    ]
    assert [len(one.text.split()) for one in passages(NUMBERS, 3)] == [3, 3, 1]


def test_no_passage_repeats_only_the_end_of_another() -> None:
    six = Document("n.txt", "n", None, "unknown", "one two three four five six")
    assert [one.text.split()[0] for one in passages(six, 4, 2)] == ["one", "three"]


def test_a_short_text_is_one_passage() -> None:
    assert [one.text for one in passages(Document("s", "s", None, "unknown", "short"), 40, 10)] == ["short"]


def test_no_passage_reaches_across_documents() -> None:
    for one in all_passages(LOADED, 5000):
        assert one.text == one.document.text


def test_an_overlap_as_large_as_the_size_is_refused() -> None:
    with pytest.raises(ValueError):
        list(passages(NUMBERS, 4, 4))
