"""A few lines of YAML cut a short roadmap out of another: units, notes and quizzes, in a new order and on new days."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.curriculum.authoring.lint import check, lint_course
from bot.curriculum.loader import load_track
from bot.curriculum.shelf import library
from bot.curriculum.track import choose, get
from tests.curriculum.test_outline_reader import COURSE, TRACK

CUT = """\
id: short
title: Short
from: small
summary: Two of three.
phases:
  - id: one
    title: One
    from: 2027-01-04
    until: 2027-01-31
    summary: All of it.
    units: [trees, lists]
"""


def write(root: Path, cut: str = CUT, base: str = TRACK) -> Path:
    """Write a track of three units with two notes each listed once, and beside it what is cut out of it."""
    for name, text in (("small", base), ("short", cut)):
        (root / name).mkdir(exist_ok=True)
        (root / name / "roadmap.yaml").write_text(text, encoding="utf-8")
    (root / "small" / "notes").mkdir(exist_ok=True)
    for unit in ("lists", "sets", "trees"):
        topic = "late-topic" if unit == "trees" else "early-topic"
        (root / "small" / "notes" / f"{unit}-note.md").write_text(
            f"---\nid: {unit}-note\ntitle: {unit}\nunit: {unit}\ntopics: [{topic}]\n"
            "sources: [{title: Docs, authors: Developers, year: 2025}]\n---\n"
            f"## What it is\n\nAll about {unit}, see [sets](sets-note.md).\n",
            encoding="utf-8",
        )
    return root / "short"


def sentences(folder: Path) -> list[tuple[str, int, str]]:
    return [(fault.file.name, fault.line, fault.sentence) for fault in check(folder)]


def test_a_cut_has_units_in_its_own_order_with_their_notes_and_no_others(tmp_path: Path) -> None:
    folder = write(tmp_path)
    assert check(folder) == []
    short, faults = load_track(folder)
    assert short is not None and faults == ()
    assert (short.id, short.derived_from) == ("short", "small")
    assert [(unit.number, unit.id, unit.phase_id, unit.topic_id) for unit in short.roadmap.units] == [
        (1, "trees", "one", "late-topic"),
        (2, "lists", "one", "early-topic"),
    ]
    assert [topic.id for topic in short.roadmap.topics] == ["late-topic", "early-topic"]
    assert list(short.notes) == ["trees-note", "lists-note"]
    assert short.roadmap.phases[0].starts_on == date(2027, 1, 4)
    assert lint_course(folder).list_statistics(date(2027, 1, 1)) == [
        ("units", "2 of small, with 2 notes and 0 quiz items")
    ]


MERGED = TRACK.replace(
    "phases:",
    "retired:\n  - {id: stacks, title: Stacks, into: lists}\n  - {id: maps, title: Maps, into: sets}\nphases:",
    1,
)


def test_a_cut_knows_what_its_units_have_taken_in_and_nothing_else(tmp_path: Path) -> None:
    short, faults = load_track(write(tmp_path, base=MERGED))
    assert short is not None and faults == ()
    assert [(one.id, one.into) for one in short.roadmap.retired] == [("stacks", "lists")]
    assert (short.roadmap.unit("stacks").title, short.roadmap.unit("stacks").number) == ("Stacks", 2)
    assert not short.roadmap.knows("maps")


def test_a_cut_may_retire_a_unit_of_its_own_and_is_told_who_took_in_what_it_names(tmp_path: Path) -> None:
    own = CUT + "retired:\n  - {id: maps, title: Maps, into: trees}\n"
    short, faults = load_track(write(tmp_path, own, MERGED))
    assert short is not None and faults == ()
    assert {one.id: one.into for one in short.roadmap.retired} == {"maps": "trees", "stacks": "lists"}
    assert [one for *_, one in sentences(write(tmp_path, CUT.replace("lists", "stacks"), MERGED))] == [
        "The course “small” has no unit “stacks”. “lists” replaces it: list that one, and this one under “retired”."
    ]


def test_a_library_reads_the_whole_one_once_and_shares_its_notes(tmp_path: Path) -> None:
    write(tmp_path)
    tracks = library(tmp_path)
    assert list(tracks) == ["small", "short"]
    assert tracks["short"].notes["lists-note"] is tracks["small"].notes["lists-note"]


def test_the_whole_one_is_meant_where_nobody_names_any_and_a_cut_by_its_name(tmp_path: Path) -> None:
    write(tmp_path)
    tracks = library(tmp_path)
    assert choose(tracks, None) is tracks["small"]
    assert get(tracks, "short") is tracks["short"]


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        ("from: small", "from: large", 3, "There is no course “large” in the same folder."),
        ("from: small", "from: short", 3, "The course “short” is itself cut from another. Name that one."),
        ("from: small", "from: ../small", 3, "“from” must be lower-case words joined by hyphens, not “../small”."),
        ("from: small", "from:", 3, "“from” is empty."),
        ("[trees, lists]", "[trees, graphs]", 11, "The course “small” has no unit “graphs”."),
        ("[trees, lists]", "[trees,\n      trees]", 12, "The unit id “trees” is already used on line 11."),
        ("[trees, lists]", "[]", 11, "“units” is empty."),
        ("    units: [trees, lists]", "    topics: []", 6, "A phase needs the key “units”."),
        ("until: 2027-01-31", "until: 2027-01-01", 9, "The phase “one” ends before it begins."),
        ("id: short", "id: other", 1, "The id is “other”, but the folder is “short”. Give both the same name."),
    ],
)
def test_each_slip_in_a_cut_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: int, sentence: str) -> None:
    assert old in CUT
    folder = write(tmp_path, CUT.replace(old, new, 1))
    assert ("roadmap.yaml", line, sentence) in sentences(folder)
    assert load_track(folder)[0] is None
    assert any(sentence in one.describe_faults() for one in library(tmp_path).refused)


def test_a_cut_of_a_cut_and_of_a_broken_one_are_refused(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "third").mkdir()
    (tmp_path / "third" / "roadmap.yaml").write_text(CUT.replace("id: short", "id: third").replace("small", "short"))
    told = [("roadmap.yaml", 3, "The course “short” is itself cut from another. Name that one.")]
    assert sentences(tmp_path / "third") == told
    write(tmp_path, base=TRACK.replace("hours: 4", "hours: 99"))
    assert sentences(tmp_path / "short") == [
        ("roadmap.yaml", 3, "The course “small” can't be used. Fix its faults first.")
    ]


def test_a_cut_has_no_notes_of_its_own(tmp_path: Path) -> None:
    folder = write(tmp_path)
    shutil.copytree(tmp_path / "small" / "notes", folder / "notes")
    sentence = "A course that is cut from another can't have its own notes, quizzes, figures, exercises or coverage."
    assert sentences(folder) == [("roadmap.yaml", 1, sentence)]


def test_units_add_to_a_capstone_only_where_the_cut_has_one(tmp_path: Path) -> None:
    folder = write(tmp_path, base=COURSE)
    short, _ = load_track(folder)
    assert short is not None and [unit.exercise.adds for unit in short.roadmap.units] == ["", ""]
    write(tmp_path, CUT + "capstone: {title: Short answers, summary: From few.}\n", COURSE)
    short, _ = load_track(folder)
    assert short is not None and short.roadmap.units[1].exercise.adds == "A `list` of your documents."
