"""Notes: front matter, headings and links, each slip told with its file and line."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.curriculum.content import Exercise, Phase, Roadmap, Topic, Unit
from bot.curriculum.formulas import Formula, Variable
from bot.curriculum.note import read_notes
from tests.examples import sample

LISTS = Unit("lists", 1, "Lists", "", (), "", Exercise("", "", ""), 4, (), ("lists",), "data", "early")
SETS = replace(LISTS, id="sets", number=2, title="Sets", notes=("sets", "sets-more"))
TOPIC = Topic("data", "Data", "", (LISTS, SETS))
ROADMAP = Roadmap("small", "", "", (Phase("early", "", date(2025, 1, 1), date(2025, 6, 30), "", (TOPIC,)),))

NOTE = """\
---
id: sets
title: "Sets: what they are"
unit: sets
topics: [data]
answers:
  - q: what is a set
    heading: What a set is
sources:
  - {title: Docs, authors: Developers, year: 2025, url: "https://example.org/"}
  - {title: A book, authors: Someone, year: 1999}
checked_on:
---

## What a set is

A set holds each thing once; see [lists](lists.md#what-a-list-is) and [below](#when-it-wins).

## When it wins

It wins at `x[0](y)` and on <https://example.org>.
"""
OTHER = """\
---
id: lists
title: Lists
unit: lists
topics: [data]
---

## What a list is

A list keeps order.
"""


def check(folder: Path, notes: dict[str, str | bytes]) -> list[tuple[str, int, str]]:
    files = []
    for name, text in notes.items():
        file = folder / "notes" / f"{name}.md"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        files.append(file)
    return [(f.file.name, f.line, f.sentence) for f in read_notes(files, ROADMAP, folder)[1]]


def test_sound_notes_have_no_faults(tmp_path: Path) -> None:
    assert check(tmp_path, {"lists": OTHER, "sets": NOTE}) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        (
            'year: 2025, url: "https://example.org/"',
            'year: 2015, url: "https://arxiv.org/abs/1412.6980"',
            10,
            "The paper at https://arxiv.org/abs/1412.6980 appeared there in 2014, not 2015.",
        ),
        ("id: sets", "id: set", 2, "The id is “set”, but the file is “sets.md”."),
        ("unit: sets", "unit: trees", 4, "There is no unit “trees”."),
        ("unit: sets", "unit: lists", 4, "The note says it belongs to “lists”, but “sets” lists it."),
        ("[data]", "[data, code]", 5, "There is no topic “code”."),
        ("unit: sets\n", "", 2, "A note needs the key “unit”."),
        ("topics:", "topcis: [data]\ntopics:", 5, "A note can't have the key “topcis”. Did you mean “topics”?"),
        ('title: "Sets: what they are"', "title: 7", 3, "“title” must be text: put “7” in quotation marks."),
        ('"Sets: what they are"', "Sets: what they are", 3, "This is not YAML: put a text with “: ” in quotes."),
        ("heading: What a set is", "heading: What a bag is", 8, "The note has no heading “What a bag is”."),
        ("  - q: what is a set\n    heading", "  - heading", 7, "An answer needs the key “q”."),
        ("topics: [data]", "topics: data", 5, "“topics” must be a list; an empty one is written []."),
        ("year: 1999", "year: 2099", 11, "“year” must be a whole number from 1600 to 2030."),
        (", authors: Someone", "", 11, "A source needs the key “authors”."),
        ('"https://example.org/"', "example", 10, "“example” is not an http or https address that can be linked."),
        ("checked_on:", "checked_on: lately", 12, "“checked_on” must be a date such as 2026-12-31."),
        ("lists.md#what-a-list-is", "list.md", 17, "The link to “list.md” is broken: there is no such file."),
        (
            "lists.md#what-a-list-is",
            "lists.md#what",
            17,
            "The link to “lists.md#what” is broken: there is no such heading.",
        ),
        ("#when-it-wins", "#when", 17, "The link to “#when” is broken: there is no such heading."),
        ("lists.md#what-a-list-is", "../../x.md", 17, "The link to “../../x.md” leaves the course's folder."),
        ("lists.md#what-a-list-is", "/etc/passwd", 17, "The link to “/etc/passwd” leaves the course's folder."),
        ("lists.md#what-a-list-is", "a%00b", 17, "The link to “a%00b” is broken: it isn't a file name."),
        ("lists.md#what-a-list-is", "data:x", 17, "The link to “data:x” isn't an http or https address."),
        ("lists.md#what-a-list-is", "http://[", 17, "The link to “http://[” is broken: it isn't a file name."),
        ("## When it wins", "## When it wins\n```", 20, "This code block has no closing line."),
        ("It wins", "## What a set is\n\nIt wins", 21, "The heading “What a set is” appears twice."),
    ],
)
def test_one_slip_is_told_once_with_its_line(tmp_path: Path, old: str, new: str, line: int, sentence: str) -> None:
    assert old in NOTE
    assert check(tmp_path, {"lists": OTHER, "sets": NOTE.replace(old, new, 1)}) == [("sets.md", line, sentence)]


def test_a_note_that_no_unit_lists_is_told(tmp_path: Path) -> None:
    told = check(tmp_path, {"lists": OTHER, "trees": OTHER.replace("id: lists", "id: trees")})
    assert told == [("trees.md", 1, "No unit lists the note “trees”.")]


def test_a_note_without_text_is_told(tmp_path: Path) -> None:
    assert check(tmp_path, {"lists": OTHER.replace("A list keeps order.", "")}) == [
        ("lists.md", 7, "The note has no text.")
    ]


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("## No front matter", 1, "The file must start with front matter between two lines of ---."),
        ("---\nid: lists\n", 1, "The front matter needs a closing line of ---."),
        (OTHER.encode().replace(b"keeps", b"k\xe9\xe9ps"), 10, "This file is not UTF-8 text."),
        ("---\n---\nText.", 2, "This is empty."),
        ("---\n- a\n---\nText.", 2, "A note must be keys and values."),
    ],
)
def test_a_file_that_is_no_note_is_told(tmp_path: Path, text: str | bytes, line: int, sentence: str) -> None:
    assert ("lists.md", line, sentence) in check(tmp_path, {"lists": text})


def test_faults_stand_in_the_order_of_files_and_lines(tmp_path: Path) -> None:
    broken = NOTE.replace("unit: sets", "unit: trees").replace("id: sets", "id: set").replace("#when-it-wins", "#when")
    told = check(tmp_path, {"lists": OTHER.replace("unit: lists", "unit: sets"), "sets": broken})
    assert [(name, line) for name, line, _ in told] == [
        ("lists.md", 4),
        ("sets.md", 2),
        ("sets.md", 4),
        ("sets.md", 17),
    ]


def test_a_section_has_the_facts_that_the_front_matter_lists_under_its_heading(tmp_path: Path) -> None:
    facts = (
        "facts:\n  When it wins:\n    - A list wins at `x[0]`.\n    - A list\n      is quick.\n  What a list is: []\n"
    )
    file = tmp_path / "lists.md"
    file.write_text(OTHER.replace("topics:", f"{facts}topics:") + "\n## When it wins\n\nIt wins at `x[0]`.\n")
    (page,), faults = read_notes([file], ROADMAP, tmp_path)
    assert not faults
    assert [section.facts for section in page.note.sections] == [(), ("A list wins at `x[0]`.", "A list is quick.")]


def test_a_section_has_the_formulas_that_the_front_matter_lists_under_its_heading(tmp_path: Path) -> None:
    formulas = """formulas:
  What a list is:
    - name: bytes of a list
      asks: [how many bytes]
      unless: [tuple]
      ignore: [threads]
      expression: items * pointer
      unit: bytes
      variables:
        items: {words: [items]}
        pointer: {words: [pointer], unit: bytes, default: 8, assume: 8 bytes a pointer}
      example: {q: "how many bytes for 1000 items", result: 8 kB}
"""
    file = tmp_path / "lists.md"
    file.write_text(OTHER.replace("topics:", f"{formulas}topics:"))
    (page,), faults = read_notes([file], ROADMAP, tmp_path)
    assert not faults
    pointer = Variable("pointer", ("pointer",), "bytes", default=8.0, assume="8 bytes a pointer")
    variables = (Variable("items", ("items",)), pointer)
    example = ("how many bytes for 1000 items", "8 kB")
    assert [section.formulas for section in page.note.sections] == [
        (
            Formula(
                "bytes of a list",
                ("how many bytes",),
                "items * pointer",
                variables,
                "bytes",
                ("tuple",),
                ("threads",),
                example,
            ),
        )
    ]


def test_links_are_held_to_files_beside_the_notes(tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"")
    text = OTHER.replace("keeps order", "keeps ![order](../picture.png) or [asks](mailto:a@example.org)")
    assert check(tmp_path, {"lists": text}) == []


def test_whatever_is_cut_out_of_a_note_nothing_but_faults_comes_of_it(tmp_path: Path) -> None:
    for start in sample(range(0, len(NOTE), 5), 6):
        for name, line, _ in check(tmp_path, {"lists": OTHER, "sets": NOTE[:start] + NOTE[start + 17 :]}):
            assert name == "sets.md"
            assert 1 <= line <= NOTE.count("\n") + 1
