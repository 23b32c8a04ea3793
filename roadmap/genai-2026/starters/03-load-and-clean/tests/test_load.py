from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path

import pytest

from answers.load import COLUMNS, Document, decode, documents, files_in, main, rows

DOCUMENTS = next(place / "documents" for place in Path(__file__).resolve().parents if (place / "documents").is_dir())


@pytest.fixture(scope="module")
def found() -> dict[str, Document]:
    return {one.source: one for one in documents(files_in(DOCUMENTS))}


def test_ten_of_twelve_files_are_documents(found: dict[str, Document]) -> None:
    names = {file.name for file in files_in(DOCUMENTS)}
    assert len(names) == 12
    assert len(names - found.keys()) == 2
    assert "notes.txt" not in found, "an empty file is no document"
    assert "faq.md" in found and "faq_copy.md" not in found, "an exact copy of a former file is left out"
    assert {"prices-2024.md", "prices-2026.md"} <= found.keys(), "similar is not the same"


def test_an_old_encoding_is_readable(found: dict[str, Document]) -> None:
    text = found["tyres.txt"].text
    assert "the rider’s weight" in text and "At 0 °C" in text and "café table" in text
    assert "Schön, dass du da bist!" in found["willkommen.md"].text
    assert decode("\ufeffZürich".encode()) == "Zürich", "a byte order mark is not part of the text"


def test_a_page_is_read_without_tags_and_menus(found: dict[str, Document]) -> None:
    page = found["brakes.html"]
    assert page.title == "How to set rim brakes"
    assert "should touch the rim first, by about one millimetre" in page.text
    assert "at once — never shortened" in page.text
    for noise in ("<", "Log in", "Imprint", "console", "gold"):
        assert noise not in page.text
    assert "How to set rim brakes\nWorn pads" in page.text.replace("\n\n", "\n"), "a heading ends its line"


def test_each_document_knows_where_it_comes_from(found: dict[str, Document]) -> None:
    rules = found["rules.md"]
    assert (rules.title, rules.date, rules.licence) == ("Rules of the workshop", date(2025, 11, 4), "CC BY 4.0")
    assert "Licence:" not in rules.text
    assert found["brakes.html"].date == date(2025, 5, 19) and found["brakes.html"].licence == "CC BY-SA 4.0"
    assert found["opening-hours.csv"].text.startswith("day,opens,closes")


def test_files_are_read_one_by_one() -> None:
    def source() -> Iterator[Path]:
        yield from islice((file for file in files_in(DOCUMENTS) if file.name != "faq_copy.md"), 4)
        raise RuntimeError("the fifth file must not be touched yet")

    stream = documents(source())
    assert len(list(islice(stream, 4))) == 4
    with pytest.raises(RuntimeError):
        next(stream)


def test_a_file_without_a_header_is_a_document_too(tmp_path: Path) -> None:
    (tmp_path / "plain.txt").write_text("Note: bring gloves.\n\nIt is cold.", encoding="utf-8")
    (one,) = documents([tmp_path / "plain.txt"])
    assert one == Document("plain.txt", "plain", None, "unknown", "Note: bring gloves.\n\nIt is cold.")


def test_the_table_agrees_with_the_texts(found: dict[str, Document], tmp_path: Path) -> None:
    assert main([str(DOCUMENTS), str(tmp_path / "table.csv")]) == 0
    with (tmp_path / "table.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    assert table == list(rows(found.values()))
    assert [row["source"] for row in table] == list(found)
    assert tuple(table[0]) == COLUMNS
    for row in table:
        assert int(row["words"]) == len(found[row["source"]].text.split())
        assert row["date"] == str(found[row["source"]].date)
