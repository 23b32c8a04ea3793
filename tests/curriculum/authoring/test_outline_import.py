"""An outline that somebody has already: how it is read, and the roadmap that it becomes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.curriculum.authoring.course_files import EXAMPLE, slug, write_course_files
from bot.curriculum.authoring.lint import describe_missing_parts, lint_course
from bot.curriculum.authoring.outline_import import read_outline
from bot.curriculum.authoring.parsed_outline import (
    TEXT_MAX,
    UNITS_MAX,
    OutlineLink,
    ParsedOutline,
    ParsedPhase,
    ParsedUnit,
    write_outline,
)
from bot.curriculum.faults import LineRemark, by_sentence
from bot.curriculum.loader import load_track

OUTLINE = """\
# SQL for the *curious*
Four evenings with one database.

## Reading
What is there already.

### Week 1: Tables (2 h)
What a table is, and [why rows](https://example.org/rows) matter.
- [SQLBolt](https://sqlbolt.com/lesson_1), https://www.postgresql.org/docs/

### 2. **Joins** (90 min)

## Writing
### Insert and update
### Windows (3-4 hours)
"""
TABLE = """\
Topic;Phase;Effort;Reading;Description
Tables;Reading;2;https://sqlbolt.com/lesson_1 [why rows](https://example.org/rows);What a table is
"Joins,
of two";Reading;1,5 h;;
Windows;Writing;;;
"""


TOO_LONG = "has 61 characters. The limit is 60: put the rest below it."


def shape(sketch: ParsedOutline) -> list[tuple[str, list[tuple[str, int]]]]:
    """Return each phase with the titles and hours of its units."""
    assert sketch.faults == ()
    return [(phase.title, [(unit.title, unit.hours) for unit in phase.units]) for phase in sketch.phases]


def test_headings_are_title_phases_and_units_with_texts_links_and_hours() -> None:
    tables = ParsedUnit(
        "Tables",
        "What a table is, and why rows matter.",
        2,
        (
            OutlineLink("why rows", "https://example.org/rows"),
            OutlineLink("SQLBolt", "https://sqlbolt.com/lesson_1"),
            OutlineLink("postgresql.org/docs", "https://www.postgresql.org/docs/"),
        ),
    )
    writing = (ParsedUnit("Insert and update"), ParsedUnit("Windows", hours=4))
    assert read_outline(OUTLINE) == ParsedOutline(
        "SQL for the curious",
        "Four evenings with one database.",
        (
            ParsedPhase("Reading", "What is there already.", (tables, ParsedUnit("Joins", hours=2))),
            ParsedPhase("Writing", "", writing),
        ),
        remarks=(LineRemark(11, "Units take whole hours, so 90 minutes became 2 h."),),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# T\n## A\n- [ ] One (2h)\n  - a detail\n- Two\n## B\n* Three", [("A", ["One", "Two"]), ("B", ["Three"])]),
        (
            "# T\n## A\n- One\n- -\n- Two\n### Extra\n- detail\n## B\n- Three",
            [("A", ["One", "Two", "Extra"]), ("B", ["Three"])],
        ),
        ("# T\n- for all\n## A\n### One\n## B\n- [a](https://a.org)", [("A", ["One"]), ("B", ["a"])]),
        ("1. One\n2. Two\n", [("", ["One", "Two"])]),
        ("# T\n## Week 1: One\n- read this\n## Week 2\n- and that", [("", ["One", "Week 2"])]),
        ("# T\n## One\n- [a](https://a.org)\n## Two\nText.", [("", ["One", "Two"])]),
        ("# One\n- [a](https://a.org)\n# Two\ntext", [("", ["One", "Two"])]),
        ("# A\n- One\n# B\n- Two", [("A", ["One"]), ("B", ["Two"])]),
        ("title,hours\nOne,3\nTwo,", [("", ["One", "Two"])]),
        ("name\nOne\nTwo", [("", ["One", "Two"])]),
        ("\ufeff# T\r\n\r\n- C# and C ###\r\n", [("", ["C# and C ###"])]),
        ("## Closed ##\n### One #\n", [("Closed", ["One"])]),
    ],
)
def test_whatever_form_an_outline_has_its_units_are_found(text: str, expected: list[tuple[str, list[str]]]) -> None:
    assert [(phase, [title for title, _ in units]) for phase, units in shape(read_outline(text))] == expected


def test_a_table_is_read_by_the_names_of_its_columns_in_any_order() -> None:
    sketch = read_outline(TABLE)
    assert shape(sketch) == [("Reading", [("Tables", 2), ("Joins, of two", 2)]), ("Writing", [("Windows", 0)])]
    assert [link.title for link in sketch.units[0].links] == ["why rows", "sqlbolt.com/lesson_1"]
    assert sketch.units[0].summary == "What a table is"


@pytest.mark.parametrize(
    ("text", "slips"),
    [
        ("", [LineRemark(1, "I found no units. Start each unit with ### or -, or add a “title” column to a table.")]),
        ("# T\n### \n### " + "x" * 61, [LineRemark(3, f"The title “{'x' * 39}…” {TOO_LONG}")]),
        ("title,hours\nOne,1\n,2", [LineRemark(3, "Add a title here.")]),
        (
            "- u\n" * (UNITS_MAX + 5),
            [LineRemark(UNITS_MAX + 1, "A course can have 200 units. Make two courses of it.")],
        ),
        ("é" * (TEXT_MAX // 2 + 1), [LineRemark(1, "The outline is larger than 100 kB. Shorten it.")]),
    ],
)
def test_what_keeps_an_outline_from_being_a_roadmap_is_told_by_its_line(text: str, slips: list[LineRemark]) -> None:
    assert list(read_outline(text).faults) == slips


def test_a_table_among_headings_is_told_and_one_sentence_of_many_lines_is_told_once() -> None:
    sketch = read_outline("# T\n## A\n- One\n  | a | b |\n  |---|---|\n- Two\n  | c | d |\n")
    assert [unit.summary for unit in sketch.units] == ["", ""]
    how = "I left out a Markdown table. Paste it as CSV, or make each row an item of a list."
    assert by_sentence(sketch.remarks, 5) == [f"lines 4 and 7: {how}"]
    many = [LineRemark(line, "Long.") for line in range(1, 12)]
    assert by_sentence([*many, LineRemark(1, "Short."), LineRemark(2, "Odd.")], 2) == [
        "lines 1, 2, 3, 4, 5, 6, 7, 8 and more: Long.",
        "line 1: Short.",
        "and 1 more",
    ]


def test_what_does_not_fit_is_shortened_and_said() -> None:
    links = " ".join(f"https://a.org/{n}" for n in range(7))
    sketch = read_outline(f"## Goals\nLearn.\n## A\n### One (99 h)\n{'Ten words. ' * 30}\n{links}\n")
    (unit,) = sketch.units
    assert (len(unit.links), unit.hours, len(unit.summary)) == (5, 40, 197)
    assert [slip.line for slip in sketch.remarks] == [5, 4, 4] and sketch.faults == ()
    assert sketch.left_out == (LineRemark(1, "Goals"),)


def test_links_among_units_are_units_and_links_below_one_are_its_resources() -> None:
    sketch = read_outline(
        "# Links\n- [Intro](https://a.org) (2 h)\n- [Second](https://b.org)\n  - [More](https://c.org)"
    )
    intro = ParsedUnit("Intro", "", 2, (OutlineLink("Intro", "https://a.org"),))
    second = ParsedUnit("Second", "", 0, (OutlineLink("Second", "https://b.org"), OutlineLink("More", "https://c.org")))
    assert sketch == ParsedOutline("Links", "", (ParsedPhase("", "", (intro, second)),))
    mixed = read_outline("- Intro\n- [Second](https://b.org)\n- https://c.org/third\n- Fourth")
    assert [unit.title for unit in mixed.units] == ["Intro", "Second", "c.org/third", "Fourth"]
    assert [len(unit.links) for unit in mixed.units] == [0, 1, 1, 0] and mixed.remarks == ()


@pytest.mark.parametrize(
    ("line", "summary"),
    [
        ("Why dough rises. [Basics](https://a.org)", "Why dough rises."),
        (
            "Why dough rises. [Basics](https://a.org), https://b.org and [more](https://c.org). (2 h)",
            "Why dough rises.",
        ),
        ("See [the basics](https://a.org). It matters.", "See the basics. It matters."),
        ("First [the basics](https://a.org)", "First the basics"),
        ("Read. [The basics](https://a.org) are short.", "Read. The basics are short."),
    ],
)
def test_a_link_behind_a_sentence_is_a_resource_and_no_words(line: str, summary: str) -> None:
    (unit,) = read_outline(f"- One\n  {line}").units
    assert (unit.summary, unit.links[0].url) == (summary, "https://a.org")


def test_a_link_that_no_unit_can_keep_is_told_by_its_line() -> None:
    sketch = read_outline(
        "# [T](https://a.org)\n[Us](https://b.org)\n## P\n- [x](https://c.org)\n### U\n[y](y.md) [z](#z)"
    )
    assert (sketch.title, sketch.phases[0].title, sketch.units[0].links) == ("T", "P", ())
    none, lost = "Links belong to a unit. I left this one out.", "isn't a web address, so I left it out."
    assert [(slip.line, slip.sentence) for slip in sketch.remarks] == [
        (1, none),
        (2, none),
        (4, none),
        (6, f"“y.md” {lost}"),
        (6, f"“#z” {lost}"),
    ]


@given(some.text(alphabet=some.sampled_from("# -*()[]h1:,;\"'\n\tx\u202e\x02https://a.b é"), max_size=300))
def test_whatever_stands_in_an_outline_what_comes_of_it_can_be_used(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    sketch = read_outline(text)
    if not sketch.faults:
        folder = tmp_path_factory.mktemp("sketches") / "my-path"
        written(folder, sketch)
        track, faults = load_track(folder)
        assert faults == () and track is not None
        assert [unit.title for unit in track.roadmap.units] == [unit.title for unit in sketch.units]


def written(folder: Path, sketch: ParsedOutline, title: str = "") -> Path:
    for name, text in write_course_files(sketch, folder.name, title).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_the_folder_of_a_sketch_passes_the_check_and_says_what_is_still_to_do(tmp_path: Path) -> None:
    examined = lint_course(written(tmp_path / "my-path", read_outline(OUTLINE)))
    assert examined.faults == []
    assert list(describe_missing_parts(examined.todo)) == [
        "no summary: the phase writing, joins, insert-and-update and 1 more",
        "no objectives: tables, joins, insert-and-update and 1 more",
        "no prompt: tables, joins, insert-and-update and 1 more",
        "no exercise: tables, joins, insert-and-update and 1 more",
        "a resource without authors, year, kind or address: tables",
        "no notes: tables, joins, insert-and-update and 1 more",
        "no quiz: tables, joins, insert-and-update and 1 more",
        "no resources: joins, insert-and-update, windows",
        "no hours: insert-and-update",
    ]


def test_a_title_may_be_given_and_else_comes_from_the_outline_or_the_id(tmp_path: Path) -> None:
    sql = read_outline(OUTLINE)
    for title, sketch, expected in (("Ours", sql, "Ours"), ("", sql, "SQL for the curious"), ("", EXAMPLE, "My path")):
        track, _ = load_track(written(tmp_path / "my-path", sketch, title))
        assert track is not None and track.title == expected


def test_ids_are_made_of_titles_and_stay_apart() -> None:
    taken = set[str]()
    titles = ["Größe & Maß", "Größe & Maß", "2 + 2", "Привет", "Don't panic", "a" * 40, "word " * 10]
    assert [slug(title, taken, "unit-4") for title in titles] == [
        "grosse-mass",
        "grosse-mass-2",
        "unit-4",
        "unit-4-2",
        "dont-panic",
        "a" * 32,
        "word-word-word-word-word-word",
    ]


def test_weeks_as_bare_lines_are_units_and_their_items_what_they_hold() -> None:
    sketch = read_outline(
        "Week 1 - Containers & Pods\n* What is a container\n* kubectl run\n\nWeek 2 - Deployments\n* rolling updates\n"
    )
    containers = ParsedUnit("Containers & Pods", "What is a container. kubectl run.")
    assert sketch.units == (containers, ParsedUnit("Deployments", "rolling updates"))
    assert sketch.remarks == sketch.faults == ()


def test_a_week_that_is_named_below_a_unit_is_text() -> None:
    sketch = read_outline("# Club\n- Sets\nWeek 1: read the paper\nWeek 2: discuss it\n- Maps\n")
    assert [unit.title for unit in sketch.units] == ["Sets", "Maps"]


@pytest.mark.parametrize(
    "line",
    ["Title (4h) https://example.org/x", "Title (4 h): <https://example.org/x>", "[Title](https://example.org/x) (4h)"],
)
def test_hours_before_a_link_are_hours(line: str) -> None:
    (unit,) = read_outline(f"# Club\n- {line}\n").units
    assert (unit.title.rstrip(":"), unit.hours, [link.url for link in unit.links]) == (
        "Title",
        4,
        ["https://example.org/x"],
    )


def test_a_lab_below_a_unit_is_its_exercise() -> None:
    sketch = read_outline("# Nets\n## Week 1: TCP\n- Segments\n- Lab: trace one\n## Week 2: UDP\n- Lab 2: send one\n")
    assert [(unit.summary, unit.exercise) for unit in sketch.units] == [
        ("Segments", "trace one"),
        ("", "Lab 2: send one"),
    ]


def test_an_exercise_below_a_unit_is_its_exercise(tmp_path: Path) -> None:
    sketch = read_outline(
        "# SQL\n- Joins\n  Two tables become one.\n  Exercise: join [two](https://example.org/two) of your own\n"
        "- Windows\n  **Homework:**\n  - rank them\n  - sum them\n  Reading: the docs\n"
    )
    joins, windows = sketch.units
    assert (joins.summary, joins.exercise) == ("Two tables become one.", "join two of your own")
    assert [link.url for link in joins.links] == ["https://example.org/two"]
    assert (windows.summary, windows.exercise) == ("Reading: the docs", "rank them. sum them.")
    track, faults = load_track(written(tmp_path / "sql", sketch))
    assert track is not None and not faults
    assert [unit.exercise.task for unit in track.roadmap.units] == ["join two of your own", "rank them. sum them."]


def test_headings_about_the_course_are_no_units_and_can_be_brought_back() -> None:
    parsed = read_outline(
        "# C\n## Weeks\n### Pods\n### Week 2: Grading\nExam 80 %\n## Policies\n- No laptops\n- Be kind\n"
    )
    assert [unit.title for unit in parsed.units] == ["Pods"]
    named = [(heading.line, heading.sentence) for heading in parsed.left_out]
    assert named == [(4, "Week 2: Grading"), (6, "Policies"), (7, "No laptops"), (8, "Be kind")]
    corrected = read_outline(write_outline(parsed, is_guided=True) + "### Policies\n")
    assert [unit.title for unit in corrected.units] == ["Pods", "Policies"] and not corrected.left_out
