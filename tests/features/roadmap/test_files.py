"""A track's folder as a whole: loading it, checking it, and the roadmap that is shipped."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.features.roadmap.faults import Fault, RoadmapFault
from bot.features.roadmap.files import check, library, load, load_notes

SHIPPED = Path(__file__).parents[3] / "roadmap"
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
        "id": "lists", "title": "Lists", "summary": "Why.", "objectives": ["Do a", "Do b", "Do c"], "prompt": "When?",
        "exercise": {"task": "Do.", "done_when": "Done.", "short": "Do less."}, "hours": 3,
        "resources": [resource, dict(resource)], "notes": ["lists", "more-lists"],
    }  # fmt: skip
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


def test_a_sound_track_is_loaded_with_its_notes_in_order(tmp_path: Path) -> None:
    folder = track(tmp_path / "small")
    assert check(folder) == []
    roadmap = load(folder)
    assert roadmap.id == "small"
    assert [(note_id, text[:3]) for note_id, text in load_notes(folder, roadmap)] == [
        ("lists", "---"),
        ("more-lists", "---"),
    ]


def test_a_listed_note_that_is_not_there_is_a_fault_of_the_roadmap(tmp_path: Path) -> None:
    folder = track(tmp_path / "small")
    (folder / "notes" / "lists.md").unlink()
    text = (folder / "roadmap.yaml").read_text(encoding="utf-8")
    line = text[: text.index("- lists")].count("\n") + 1
    sentence = "The note “lists” is listed, but notes/lists.md is not there."
    assert check(folder) == [Fault(folder / "roadmap.yaml", line, sentence)]


def test_a_note_that_no_unit_lists_is_a_fault_wherever_it_hides(tmp_path: Path) -> None:
    folder = track(tmp_path / "small")
    (folder / "notes" / "old").mkdir()
    stray = folder / "notes" / "old" / "trees.md"
    stray.write_text(NOTE.format(id="trees", unit="lists"), encoding="utf-8")
    assert check(folder) == [Fault(stray, 1, "No unit lists the note “trees”.")]


def test_a_unit_without_notes_is_a_fault_that_keeps_nothing_from_loading(tmp_path: Path) -> None:
    folder = track(tmp_path / "small", unit={"notes": []})
    for note in (folder / "notes").iterdir():
        note.unlink()
    assert [(fault.line, fault.sentence) for fault in check(folder)] == [(15, "The unit “lists” has no notes.")]
    assert load(folder).units[0].notes == ()


def test_a_track_without_a_notes_folder_is_loaded(tmp_path: Path) -> None:
    folder = track(tmp_path / "small", unit={"notes": []})
    for note in (folder / "notes").iterdir():
        note.unlink()
    (folder / "notes").rmdir()
    assert load(folder).id == "small"


def test_loading_raises_every_fault_in_order(tmp_path: Path) -> None:
    folder = track(tmp_path / "small", unit={"hours": 99, "notes": ["gone"]}, title="")
    with pytest.raises(RoadmapFault) as raised:
        load(folder)
    told = [(fault.file.name, fault.line) for fault in raised.value.faults]
    assert [name for name, _ in told] == ["roadmap.yaml"] * 3 + ["lists.md", "more-lists.md"]
    assert told == sorted(told, key=lambda pair: (pair[0] != "roadmap.yaml", pair[0], pair[1]))
    assert str(raised.value).startswith(f"{folder / 'roadmap.yaml'}:2: fault: “title” is empty.\n")


def test_a_folder_without_a_roadmap_is_told(tmp_path: Path) -> None:
    assert check(tmp_path / "none") == [Fault(tmp_path / "none" / "roadmap.yaml", 1, "This file is not there.")]
    with pytest.raises(RoadmapFault):
        load(tmp_path / "none")


def test_a_fault_prints_even_where_a_files_name_is_not_text() -> None:
    assert str(Fault(Path("a\udcff.md"), 3, "So.")) == "a?.md:3: fault: So."


def test_a_library_holds_every_track_by_its_id(tmp_path: Path) -> None:
    track(tmp_path / "b", id="second")
    track(tmp_path / "a", id="first")
    (tmp_path / "no-track").mkdir()
    assert list(library(tmp_path)) == ["first", "second"]
    assert library(tmp_path / "none") == {}


def test_a_library_tells_the_faults_of_all_its_tracks(tmp_path: Path) -> None:
    track(tmp_path / "a", title=7)
    track(tmp_path / "b", title=7)
    with pytest.raises(RoadmapFault) as raised:
        library(tmp_path)
    assert [fault.file.parent.name for fault in raised.value.faults] == ["a", "b"]


def test_two_tracks_of_one_id_are_refused(tmp_path: Path) -> None:
    track(tmp_path / "a")
    track(tmp_path / "b")
    with pytest.raises(RoadmapFault, match="Another track has the id “small”"):
        library(tmp_path)


def test_the_shipped_roadmap_has_no_faults() -> None:
    assert [str(fault) for fault in check(SHIPPED / "genai-2026")] == []


def test_the_shipped_roadmap_has_its_four_phases_and_thirteen_topics() -> None:
    roadmap = library(SHIPPED)["genai-2026"]
    assert len(roadmap.phases) == 4
    assert len(roadmap.topics) == 13
    assert 50 <= len(roadmap.units) <= 56
    assert [unit.number for unit in roadmap.units] == list(range(1, len(roadmap.units) + 1))
    assert sum(bool(unit.notes) for unit in roadmap.units) >= 6


def test_every_unit_of_the_shipped_roadmap_is_found_by_id_number_and_title() -> None:
    roadmap = library(SHIPPED)["genai-2026"]
    for unit in roadmap.units:
        for said in (unit.id, str(unit.number), unit.title, unit.label(len(roadmap.units)), f"#{unit.number}"):
            assert roadmap.find(said) == unit
