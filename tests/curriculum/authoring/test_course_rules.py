"""A whole curriculum: sources, sizes, one spelling, and every subtopic in a unit and a note."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.curriculum.authoring.lint import check, lint_course
from bot.curriculum.loader import load_track
from tests.curriculum.test_track import track

TODAY = date(2027, 3, 1)
COVERAGE = """\
spelling: british
words: {least: 5, most: 20}
answers: {least: 0, most: 2}
topics:
  - topic: topic
    subtopics:
      - {name: What a list is, unit: lists, note: lists, heading: What it is}
      - {name: More, unit: lists, note: more-lists, heading: What it is}
"""


def told(folder: Path, coverage: str = COVERAGE) -> list[tuple[str, int, str]]:
    """Return what the check says of a track beside which a coverage stands."""
    (folder / "coverage.yaml").write_text(coverage, encoding="utf-8")
    return [(fault.file.name, fault.line, fault.sentence) for fault in check(folder)]


def test_a_whole_curriculum_has_no_faults(tmp_path: Path) -> None:
    assert told(track(tmp_path / "small")) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        ("spelling: british", "spelling: welsh", 1, "“spelling” must be one of british, american."),
        ("spelling: british\n", "", 1, "The coverage needs the key “spelling”."),
        ("least: 5, ", "", 2, "“words” needs the key “least”."),
        ("- topic: topic", "- topic: tropic", 5, "There is no topic “tropic”."),
        ("unit: lists, note: lists", "unit: sets, note: lists", 7, "The topic has no unit “sets”."),
        ("note: more-lists", "note: trees", 8, "The unit “lists” does not list the note “trees”."),
        ("note: lists, heading: What it is", "note: lists, heading: Why", 7, "The note “lists” has no heading “Why”."),
        ("name: More,", "name: What a list is,", 8, "The subtopic “What a list is” appears twice."),
        ("name: More, ", "", 8, "A subtopic needs the key “name”."),
    ],
)
def test_each_slip_in_the_coverage_is_told(tmp_path: Path, old: str, new: str, line: int, sentence: str) -> None:
    assert old in COVERAGE
    assert ("coverage.yaml", line, sentence) in told(track(tmp_path / "small"), COVERAGE.replace(old, new))


def test_a_topic_that_the_list_forgets_is_told(tmp_path: Path) -> None:
    (fault,) = told(track(tmp_path / "small"), COVERAGE.split("topics:")[0] + "topics: []\n")
    assert fault == ("coverage.yaml", 4, "The topic “topic” has no subtopics here.")


def test_a_coverage_that_is_not_yaml_is_one_fault(tmp_path: Path) -> None:
    (fault,) = told(track(tmp_path / "small"), "topics: [\n")
    assert fault[0] == "coverage.yaml" and "not YAML" in fault[2]


def note(folder: Path, old: str, new: str) -> Path:
    """Change the first note of a track."""
    file = folder / "notes" / "lists.md"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    return folder


def test_a_note_without_sources_is_a_fault_by_a_coverage_and_else_still_to_do(tmp_path: Path) -> None:
    folder = note(track(tmp_path / "small"), "sources: [{title: Docs, authors: Developers, year: 2025}]\n", "")
    assert check(folder) == []
    assert ("no source", "the note lists") in [(gap.what, gap.place) for gap in lint_course(folder).todo]
    assert told(folder) == [("lists.md", 2, "The note names no source.")]
    note(folder, "topics: [topic]\n", "topics: [topic]\nsources: []\n")
    assert told(folder) == [("lists.md", 6, "The note names no source.")]


def test_a_note_is_neither_thin_nor_endless_and_code_does_not_count(tmp_path: Path) -> None:
    folder = note(track(tmp_path / "small"), "It is lists.", "Thin.\n\n```python\n" + "x = 1\n" * 30 + "```")
    assert told(folder, COVERAGE.replace("least: 5", "least: 6")) == [
        ("lists.md", 8, "The note has 5 words outside code. It should have 6 to 20.")
    ]
    note(folder, "Thin.", "word " * 30)
    assert told(folder) == [("lists.md", 8, "The note has 34 words outside code. It should have 5 to 20.")]


def test_how_many_questions_a_note_answers_is_counted(tmp_path: Path) -> None:
    folder = note(track(tmp_path / "small"), "sources:", "answers: [{q: what is it, heading: What it is}]\nsources:")
    assert told(folder) == []
    assert told(folder, COVERAGE.replace("{least: 0, most: 2}", "{least: 2, most: 2}")) == [
        ("lists.md", 6, "The note answers 1 questions. It should answer 2 to 2."),
        ("more-lists.md", 2, "The note answers 0 questions. It should answer 2 to 2."),
    ]


def test_the_other_spelling_is_told_in_notes_and_texts_but_not_in_what_others_wrote(tmp_path: Path) -> None:
    folder = note(
        track(tmp_path / "small", summary="Color."), "It is lists.", "It has a color.\n\nIts behaviour is optimized."
    )
    note(folder, "sources: [{title: Docs", "answers: [{q: what color, heading: What it is}]\nsources: [{title: Color")
    british = [(name, sentence.split(" ")[0]) for name, _, sentence in told(folder)]
    assert british == [("roadmap.yaml", "“Color”"), ("lists.md", "“color”"), ("lists.md", "“optimized”")]
    american = told(folder, COVERAGE.replace("british", "american"))
    assert american == [("lists.md", 14, "“behaviour” is not American spelling, which this course uses.")]


def test_what_a_curriculum_lacks_keeps_nothing_from_loading(tmp_path: Path) -> None:
    folder = note(track(tmp_path / "small"), "It is lists.", "A color.")
    assert told(folder, COVERAGE.replace("note: more-lists", "note: trees"))
    assert load_track(folder)[1] == ()


SECTION = "It is lists.\n\nA list of 1,000 names takes 8.5 kB, `append` included."


def gist(folder: Path, text: str) -> list[str]:
    """Return what the check says of a note whose section begins with a gist."""
    note(track(folder / "small"), "It is lists.", f"{text}\n\n{SECTION}")
    return [sentence for _, _, sentence in told(folder / "small", COVERAGE)]


def test_a_gist_is_neither_counted_nor_in_the_way(tmp_path: Path) -> None:
    assert gist(tmp_path, "> Lists take 8.5 kB for 1000 names,\n> `append` included." + " So they do." * 11) == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("> Lists" + " grow" * 45, "The gist has 46 words. The limit is 45."),
        ("> This is a list.", "The gist begins with “This”. People read it without the text above, so name the thing."),
        ("> A list takes 8.6 kB.", "The gist names the number 8.6, but its section doesn't."),
        ("> A list takes 85 kB.", "The gist names the number 85, but its section doesn't."),
        ("> A list grows by `extend`.", "The gist names “extend”, but its section doesn't."),
        ("> A list.\n>\n> Another.", "The gist must be one paragraph."),
        ("> A list.\nAnd more.", "Add a blank line below the gist."),
        ("> A list has behavior.", "“behavior” is not British spelling, which this course uses."),
        ("> A list, see [more](gone.md).", "The link to “gone.md” is broken: there is no such file."),
    ],
)
def test_a_gist_says_no_more_than_its_section(tmp_path: Path, text: str, sentence: str) -> None:
    assert gist(tmp_path, text) == [sentence]


def test_gists_are_owed_where_the_coverage_asks_for_them_but_not_by_closing_sections(tmp_path: Path) -> None:
    folder = note(track(tmp_path / "small"), "It is lists.", "> A list.\n\nIt is lists.\n\n## In one minute\n\nShort.")
    assert told(folder) == []
    asks = COVERAGE.replace("\ntopics:", "\ngists: true\nclosing: [In one minute]\ntopics:")
    assert told(folder, asks) == [("more-lists.md", 9, "The section “What it is” has no gist.")]
    assert ("lists.md", 15, "The section “In one minute” has no gist.") in told(
        folder, asks.replace("closing: [In one minute]\n", "")
    )


def test_a_comment_asks_for_a_figure_and_says_nothing_else(tmp_path: Path) -> None:
    folder = note(
        track(tmp_path / "small"), "It is lists.", "It is lists.\n\n<!-- figure: a list -->\n\n<!-- to do -->"
    )
    wrong = "A comment may only ask for a figure, in one line: <!-- figure: what it shows -->."
    assert told(folder) == [("lists.md", 15, wrong)]
    assert ("figures", "0 drawn, 1 asked for") in lint_course(folder).list_statistics(TODAY)


def figured(folder: Path, line: str) -> Path:
    """Write a track whose first note shows something; a figure `row` is drawn."""
    note(track(folder / "small"), "It is lists.", f"It is lists.\n\n{line}")
    (folder / "small" / "figures").mkdir()
    for suffix in (".svg", ".png"):
        (folder / "small" / "figures" / f"row{suffix}").write_text("<svg/>")
    return folder / "small"


def test_a_notes_main_figure_is_one_that_it_shows(tmp_path: Path) -> None:
    folder = figured(tmp_path, "![Three names in a row of boxes](../figures/row.svg)")
    note(folder, "sources:", "figure: row\nsources:")
    assert told(folder) == []
    found, _ = load_track(folder)
    assert found is not None and found.notes["lists"].figure == found.notes["lists"].sections[0].figures[0]
    assert found.figures == {"row": folder / "figures" / "row.svg"}
    note(folder, "figure: row", "figure: column")
    assert told(folder) == [("lists.md", 6, "The note shows no figure “column”.")]


ALT = "The figure “row” needs a text of at least 20 characters. Say what it shows, not that it is a picture."


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("![A row](../figures/row.svg)", ALT),
        ("![](../figures/row.svg)", ALT),
        ("![An image of three names in a row](../figures/row.svg)", ALT),
        (
            "See ![three names in a row of boxes](../figures/row.svg).",
            "Give a figure its own line: ![what it shows](../figures/name.svg).",
        ),
        (
            "![Three names in a row of boxes](../figures/row.png)",
            "Give a figure its own line: ![what it shows](../figures/name.svg).",
        ),
    ],
)
def test_a_figure_stands_alone_and_says_what_is_to_be_seen(tmp_path: Path, line: str, sentence: str) -> None:
    assert told(figured(tmp_path, line)) == [("lists.md", 13, sentence)]


def test_a_figure_is_there_for_pages_and_for_chats_and_one_that_nobody_shows_is_named(tmp_path: Path) -> None:
    folder = figured(tmp_path, "![Three names in a row of boxes](../figures/row.svg)")
    (folder / "figures" / "old.svg").write_text("<svg/>")
    assert told(folder) == []
    said = lint_course(folder).list_statistics(TODAY)
    assert ("figures", "1 drawn, 0 asked for") in said and ("figures", "no note shows old.svg") in said
    (folder / "figures" / "row.png").unlink()
    assert told(folder) == [("lists.md", 13, "The file “figures/row.png” is missing.")]


def test_how_fresh_sources_are_is_told_and_is_no_fault(tmp_path: Path) -> None:
    folder = track(tmp_path / "small")
    fresh = "sources opened by a person: {}; {}older than twelve months{}"
    assert ("freshness", fresh.format("0 of 2 notes", "none ", "")) in lint_course(folder).list_statistics(TODAY)
    note(folder, "sources:", "checked_on: 2026-03-02\nsources:")
    assert ("freshness", fresh.format("1 of 2 notes", "none ", "")) in lint_course(folder).list_statistics(
        date(2027, 3, 2)
    )
    assert ("freshness", fresh.format("1 of 2 notes", "", ": lists")) in lint_course(folder).list_statistics(
        date(2027, 3, 3)
    )
    assert ("sources", "from 2025 or later: 2 of 2 resources of units, 2 of 2 sources of notes") in lint_course(
        folder
    ).list_statistics(TODAY)
    assert told(folder) == []


def test_how_many_sections_have_gists_is_told(tmp_path: Path) -> None:
    folder = note(track(tmp_path / "small"), "It is lists.", "> A list.\n\nIt is lists.")
    assert ("gists", "1 of 2 sections; 1 of 2 notes are whole") in lint_course(folder).list_statistics(TODAY)


def test_each_question_to_the_reader_needs_an_answer_of_two_to_five_lines(tmp_path: Path) -> None:
    questions = "1. What is it?\n   > A list.\n   > It keeps an order.\n2. Why?\n3. When?\n   > Now.\n"
    folder = note(track(tmp_path / "small"), "It is lists.", f"It is lists.\n\n## Check yourself\n\n{questions}")
    form = "Quote two to five lines under the question, indented."
    assert told(folder) == [
        ("lists.md", 18, f"The answer has no line. {form}"),
        ("lists.md", 19, f"The answer has 1 line. {form}"),
    ]
    (folder / "coverage.yaml").unlink()
    assert check(folder) == []
