"""A course folder as a whole: loading it and checking it."""

import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.curriculum.authoring.lint import check, lint_course
from bot.curriculum.faults import Fault
from bot.curriculum.loader import load_track
from bot.curriculum.shelf import library
from bot.curriculum.track import Track
from bot.curriculum.yaml_reader import MAX_BYTES

NOTE = """\
---
id: {id}
title: {id}
unit: {unit}
topics: [topic]
sources: [{{title: Docs, authors: Developers, year: 2025}}]
---

## What it is

It is {id}.
"""


def outline(**changes: Any) -> dict[str, Any]:
    resource = {"title": "Docs", "authors": "Developers", "year": 2025, "kind": "documentation", "url": "https://a.org"}
    unit = {
        "id": "lists",
        "title": "Lists",
        "summary": "Why.",
        "objectives": ["Do a", "Do b", "Do c"],
        "prompt": "When?",
        "exercise": {"task": "Do.", "done_when": "Done.", "short": "Do less."},
        "hours": 3,
        "resources": [resource, dict(resource)],
        "notes": ["lists", "more-lists"],
    }
    topic = {"id": "topic", "title": "Topic", "summary": "About.", "units": [unit | changes.pop("unit", {})]}
    phase = {"id": "phase", "title": "Phase", "summary": "All.", "from": "2025-01-01", "until": "2025-06-30"}
    return {"id": "small", "title": "Small", "summary": "One.", "phases": [phase | {"topics": [topic]}]} | changes


def track(folder: Path, **changes: Any) -> Path:
    """Write a sound track, changed in its unit or at its top."""
    (folder / "notes").mkdir(parents=True)
    (folder / "roadmap.yaml").write_text(yaml.safe_dump(outline(**changes), sort_keys=False), encoding="utf-8")
    for note_id in ("lists", "more-lists"):
        (folder / "notes" / f"{note_id}.md").write_text(NOTE.format(id=note_id, unit="lists"), encoding="utf-8")
    return folder


def loaded(folder: Path) -> Track:
    """Read a track that can be used."""
    found, faults = load_track(folder)
    assert found is not None and faults == ()
    return found


def test_a_sound_track_is_loaded_with_its_notes_in_order(tmp_path: Path) -> None:
    folder = track(tmp_path / "small")
    assert check(folder) == []
    small = loaded(folder)
    assert (small.id, small.title, small.roadmap.id) == ("small", "Small", "small")
    assert [(note_id, note.title) for note_id, note in small.notes.items()] == [
        ("lists", "lists"),
        ("more-lists", "more-lists"),
    ]
    assert small.banks == {}


def test_a_listed_note_that_is_not_there_is_a_fault_of_the_roadmap(tmp_path: Path) -> None:
    folder = track(tmp_path / "small")
    (folder / "notes" / "lists.md").unlink()
    text = (folder / "roadmap.yaml").read_text(encoding="utf-8")
    line = text[: text.index("- lists")].count("\n") + 1
    sentence = "The note “lists” is listed, but notes/lists.md is missing."
    assert check(folder) == [Fault(folder / "roadmap.yaml", line, sentence)]


def test_a_note_that_no_unit_lists_is_a_fault_wherever_it_hides(tmp_path: Path) -> None:
    folder = track(tmp_path / "small")
    (folder / "notes" / "old").mkdir()
    stray = folder / "notes" / "old" / "trees.md"
    stray.write_text(NOTE.format(id="trees", unit="lists"), encoding="utf-8")
    assert check(folder) == [Fault(stray, 1, "No unit lists the note “trees”.")]


def test_a_unit_without_notes_is_still_to_do_and_a_fault_only_where_a_coverage_declares_the_whole(
    tmp_path: Path,
) -> None:
    folder = track(tmp_path / "small", unit={"notes": []})
    for note in (folder / "notes").iterdir():
        note.unlink()
    assert check(folder) == []
    assert [(gap.what, gap.place) for gap in lint_course(folder).todo] == [("no notes", "lists"), ("no quiz", "lists")]
    assert loaded(folder).roadmap.units[0].notes == ()
    (folder / "coverage.yaml").write_text(
        "spelling: british\nwords: {least: 0, most: 9}\nanswers: {least: 0, most: 9}\n"
    )
    assert (15, "The unit “lists” has no notes.") in [(fault.line, fault.sentence) for fault in check(folder)]
    assert not any("quiz" in fault.sentence for fault in check(folder))


def test_a_track_without_a_notes_folder_is_loaded(tmp_path: Path) -> None:
    folder = track(tmp_path / "small", unit={"notes": []})
    for note in (folder / "notes").iterdir():
        note.unlink()
    (folder / "notes").rmdir()
    assert loaded(folder).id == "small"


def test_reading_tells_every_fault_in_order(tmp_path: Path) -> None:
    folder = track(tmp_path / "small", unit={"hours": 99, "notes": ["gone"]}, title="")
    found, faults = load_track(folder)
    assert found is None
    told = [(fault.file.name, fault.line) for fault in faults]
    assert [name for name, _ in told] == ["roadmap.yaml"] * 3 + ["lists.md", "more-lists.md"]
    assert told == sorted(told, key=lambda pair: (pair[0] != "roadmap.yaml", pair[0], pair[1]))
    assert str(faults[0]).startswith(f"{folder / 'roadmap.yaml'}:2: fault: “title” is empty.")


def test_a_folder_without_a_roadmap_is_told(tmp_path: Path) -> None:
    faults = [Fault(tmp_path / "none" / "roadmap.yaml", 1, "The file is missing.")]
    assert check(tmp_path / "none") == faults
    assert load_track(tmp_path / "none") == (None, tuple(faults))


def test_a_fault_prints_even_where_a_files_name_is_not_text() -> None:
    assert str(Fault(Path("a\udcff.md"), 3, "So.")) == "a?.md:3: fault: So."


def test_a_library_holds_every_track_by_its_id(tmp_path: Path) -> None:
    track(tmp_path / "second", id="second")
    track(tmp_path / "first", id="first")
    (tmp_path / "no-track").mkdir()
    assert list(library(tmp_path)) == ["first", "second"]
    assert library(tmp_path / "none") == {}


def test_a_folder_that_cannot_be_used_costs_only_itself(tmp_path: Path) -> None:
    track(tmp_path / "a", id="a", title=7)
    track(tmp_path / "b", id="b")
    (tmp_path / "c").mkdir()
    shelf = library(tmp_path)
    assert list(shelf) == ["b"]
    assert [(one.id, one.describe_faults()) for one in shelf.refused] == [
        ("a", "a/roadmap.yaml, line 2: “title” must be text: put “7” in quotation marks."),
        ("c", "c/roadmap.yaml, line 1: The file is missing."),
    ]


def test_of_two_with_the_same_id_the_second_is_refused_and_both_are_named(tmp_path: Path) -> None:
    track(tmp_path / "ours" / "small", title="Ours")
    track(tmp_path / "theirs" / "small", title="Theirs")
    shelf = library(tmp_path / "ours", tmp_path / "theirs")
    assert [one.title for one in shelf.values()] == ["Ours"]
    assert [one.describe_faults() for one in shelf.refused] == [
        "small/roadmap.yaml, line 1: The id “small” is already used by “ours/small”. Rename this course and its folder."
    ]


def test_a_roadmap_may_be_cut_out_of_one_in_another_place(tmp_path: Path) -> None:
    track(tmp_path / "ours" / "small")
    short = tmp_path / "theirs" / "short"
    short.mkdir(parents=True)
    (short / "roadmap.yaml").write_text(
        "{id: short, title: S, from: small, phases: [{id: p, title: P, units: [lists]}]}"
    )
    assert [one.derived_from for one in library(tmp_path / "ours", tmp_path / "theirs").values()] == ["", "small"]
    assert lint_course(short, [tmp_path / "ours"]).faults == [] and len(check(short)) == 1


def test_whoever_goes_through_a_shelf_while_a_track_is_put_in_sees_what_was_there(tmp_path: Path) -> None:
    shelf = library(track(tmp_path / "small").parent)
    going = iter(shelf.values())
    assert next(going) is shelf["small"]
    shelf["other"] = shelf["small"]
    assert list(going) == [] and list(shelf) == ["small", "other"]
    del shelf["other"]
    assert list(shelf) == ["small"]


def test_a_place_that_is_a_roadmap_itself_stands_for_itself(tmp_path: Path) -> None:
    assert list(library(track(tmp_path / "small"))) == ["small"]


def test_a_place_that_may_not_be_read_costs_only_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    track(tmp_path / "open" / "small")
    (tmp_path / "closed").mkdir()
    usual = Path.iterdir

    def refusing(place: Path) -> Any:
        if place.name == "closed":  # the tests may run as root, who may read everything
            raise PermissionError
        return usual(place)

    monkeypatch.setattr(Path, "iterdir", refusing)
    shelf = library(tmp_path / "closed", tmp_path / "open")
    assert list(shelf) == ["small"]
    assert [one.describe_faults() for one in shelf.refused] == [
        "closed, line 1: I can't read this folder. Give the bot's user access to it."
    ]


def refusals(folder: Path) -> list[tuple[str, str]]:
    """Return what the check says, which has to be what a start says."""
    faults = check(folder)
    refused = next(one for one in library(folder.parent).refused if one.folder == folder)
    assert list(refused.faults) == faults
    return [(str(fault.file.relative_to(folder)), fault.sentence) for fault in faults]


def test_an_id_that_is_not_the_folders_name_is_refused_before_the_notes_are_looked_for(tmp_path: Path) -> None:
    folder = track(tmp_path / "other")
    sentence = "The id is “small”, but the folder is “other”. Give both the same name."
    assert refusals(folder) == [("roadmap.yaml", sentence)]


def test_a_pipe_or_a_device_among_the_notes_is_refused_and_never_opened(tmp_path: Path) -> None:
    folder = track(tmp_path / "small")
    os.mkfifo(folder / "notes" / "pipe.md")
    (folder / "notes" / "zero.md").symlink_to("/dev/zero")
    assert refusals(folder) == [
        ("notes/pipe.md", "This is a folder, a pipe or a device. Remove it or put a plain file here."),
        ("notes/zero.md", "This links out of the course's folder. Put the file itself here."),
    ]


@pytest.mark.parametrize(
    "name", ["roadmap.yaml", "coverage.yaml", "quizzes/lists.yaml", "notes/lists.md", "figures/a.svg"]
)
def test_no_file_of_a_track_may_be_a_pipe(tmp_path: Path, name: str) -> None:
    folder = track(tmp_path / "small")
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).unlink(missing_ok=True)
    os.mkfifo(folder / name)
    assert [file for file, _ in refusals(folder)] == [name]


def test_a_link_out_of_the_folder_is_not_followed_and_one_inside_it_is(tmp_path: Path) -> None:
    folder = track(tmp_path / "small")
    secret = tmp_path / "secret.md"
    secret.write_text(NOTE.format(id="lists", unit="lists"), encoding="utf-8")
    note = folder / "notes" / "lists.md"
    note.rename(folder / "lists.text")
    note.symlink_to(folder / "lists.text")
    assert check(folder) == []
    note.unlink()
    note.symlink_to(secret)
    assert refusals(folder) == [("notes/lists.md", "This links out of the course's folder. Put the file itself here.")]


def test_links_to_nothing_in_a_ring_or_of_a_whole_folder_are_refused(tmp_path: Path) -> None:
    folder = track(tmp_path / "small")
    (folder / "notes" / "gone.md").symlink_to("nowhere.md")
    (folder / "notes" / "ring.md").symlink_to("ring.md")
    (folder / "quizzes").symlink_to(tmp_path)
    assert [file for file, _ in refusals(folder)] == ["notes/gone.md", "notes/ring.md", "quizzes"]


def test_notes_are_bounded_in_size_and_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = track(tmp_path / "small")
    with (folder / "notes" / "lists.md").open("ab") as note:
        note.truncate(MAX_BYTES + 1)
    assert refusals(folder) == [("notes/lists.md", "This file is larger than 2 MB. Split it into several.")]
    monkeypatch.setattr("bot.curriculum.folder.MOST_FILES", 1)
    assert ("notes", "A course can have 1 files. Split it into several.") in refusals(folder)


def test_a_second_file_of_the_same_id_in_another_folder_is_a_fault(tmp_path: Path) -> None:
    folder = track(tmp_path / "small")
    below = folder / "notes" / "more"
    below.mkdir()
    (below / "lists.md").write_text(NOTE.format(id="lists", unit="lists"), encoding="utf-8")
    sentence = "“notes/lists.md” has the same name. The name is the id, so rename one."
    assert refusals(folder) == [("notes/more/lists.md", sentence)]


def test_a_folder_of_notes_that_is_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    folder = track(tmp_path / "small")
    (folder / "quizzes").symlink_to("quizzes")
    assert [file for file, _ in refusals(folder)] == ["quizzes"]


def test_a_fault_shows_no_control_character_of_a_files_name_and_is_one_line(tmp_path: Path) -> None:
    fault = Fault(Path("no\x1b[2Jtes/\na.md"), 3, "The heading “\x1b]0;x\x07” is dead.")
    assert str(fault) == "no[2Jtes/ a.md:3: fault: The heading “]0;x” is dead."
