"""roadmap.yaml: what is read from it, and how each slip is told with its line."""

from datetime import date
from pathlib import Path

import pytest

from bot.curriculum.content import Capstone, Checkpoint, Exercise, Resource, Retired
from bot.curriculum.faults import Fault
from bot.curriculum.outline_reader import Outline, OutlineReader
from bot.curriculum.yaml_reader import MAX_BYTES, YamlReader
from tests.examples import sample

UNIT = """\
          - id: {id}
            title: The {id}
            summary: Why {id} matter.
            objectives: [Explain {id}, Use {id}, Compare {id}]
            prompt: Where did {id} help you?
            exercise:
              task: Build {id}.
              done_when: All tests of {id} pass.
              short: Read {id}.
            hours: 4
            resources:
              - title: Attention Is All You Need
                authors: Ashish Vaswani et al.
                year: 2017
                kind: paper
                url: https://arxiv.org/abs/1706.03762
              - {{title: Tutorial, authors: Developers, year: 2025, kind: documentation, url: "https://example.org/"}}
            notes: [{id}-note]
"""
TOPIC = """\
      - id: {id}-topic
        title: Topic {id}
        summary: About {id}.
        units:
"""
PHASE = """\
  - id: {id}-phase
    title: Phase {id}
    from: {start}
    until: {end}
    summary: All about {id}.
    topics:
"""
HEAD = """\
id: small
title: A small track
summary: Three units.
phases:
"""
TRACK = "".join(
    [
        HEAD,
        PHASE.format(id="early", start="2025-01-01", end="2025-06-30"),
        TOPIC.format(id="early"),
        UNIT.format(id="lists"),
        UNIT.format(id="sets"),
        PHASE.format(id="late", start="2025-07-01", end="2025-12-31"),
        TOPIC.format(id="late"),
        UNIT.format(id="trees"),
    ]
)


def read(folder: Path, text: str | bytes) -> tuple[Outline | None, list[Fault]]:
    file = folder / "roadmap.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    reader = YamlReader(file)
    outline = read_outline(reader)
    assert all(fault.file == file for fault in reader.faults)
    return outline, reader.faults


def read_outline(reader: YamlReader) -> Outline | None:
    root = reader.root()
    return None if root is None else OutlineReader(reader).outline(root)


def lines(faults: list[Fault]) -> list[tuple[int, str]]:
    return [(fault.line, fault.sentence) for fault in faults]


def changed(folder: Path, old: str, new: str) -> list[tuple[int, str]]:
    """Return the faults after one change, made where `old` first stands."""
    assert old in TRACK
    return lines(read(folder, TRACK.replace(old, new, 1))[1])


def test_a_sound_file_is_read_whole(tmp_path: Path) -> None:
    outline, faults = read(tmp_path, TRACK)
    assert outline is not None
    assert faults == []
    roadmap = outline.roadmap
    assert [(unit.number, unit.id, unit.topic_id, unit.phase_id) for unit in roadmap.units] == [
        (1, "lists", "early-topic", "early-phase"),
        (2, "sets", "early-topic", "early-phase"),
        (3, "trees", "late-topic", "late-phase"),
    ]
    assert (roadmap.phases[0].starts_on, roadmap.phases[0].ends_on) == (date(2025, 1, 1), date(2025, 6, 30))
    unit = roadmap.units[0]
    assert unit.objectives == ("Explain lists", "Use lists", "Compare lists")
    assert unit.exercise.done_when == "All tests of lists pass."
    assert (unit.resources[0].year, unit.resources[1].kind) == (2017, "documentation")
    assert outline.note_lines == {"lists-note": 32, "sets-note": 50, "trees-note": 78}


COURSE = (
    TRACK.replace("short: Read lists.", "short: Read lists.\n              adds: A `list` of your documents.", 1)
    .replace("kind: documentation,", "kind: video, part: Chapters 2 and 3, minutes: 40, need: must,", 1)
    .replace("summary: Three units.", "summary: Three units.\ncapstone: {title: Answers, summary: From documents.}")
    .replace(
        "    summary: All about early.",
        "    summary: All about early.\n    checkpoint: {task: Show it., rubric: [It runs, It is tested, It is told]}",
    )
)


def test_what_makes_a_roadmap_a_course_is_read_where_it_is_there(tmp_path: Path) -> None:
    outline, faults = read(tmp_path, COURSE)
    assert outline is not None and faults == []
    way = outline.roadmap
    assert way.capstone == Capstone("Answers", "From documents.")
    assert way.units[0].exercise.adds == "A `list` of your documents." and way.units[1].exercise.adds == ""
    watched = way.units[0].resources[1]
    assert (watched.kind, watched.part, watched.minutes, watched.need) == ("video", "Chapters 2 and 3", 40, "must")
    ends = Checkpoint("Show it.", ("It runs", "It is tested", "It is told"))
    assert [way.checkpoint_after(unit) for unit in way.units] == [None, ends, None]


def test_an_exercise_lists_three_to_five_criteria(tmp_path: Path) -> None:
    def listing(criteria: str) -> str:
        return TRACK.replace("short: Read lists.", f"short: Read lists.\n              done_when_list: {criteria}", 1)

    outline, faults = read(tmp_path, listing("[It runs, It is tested, It is read]"))
    assert outline is not None and faults == []
    assert outline.roadmap.units[0].exercise.criteria == ("It runs", "It is tested", "It is read")
    assert outline.roadmap.units[1].exercise.criteria == ()
    _, (few,) = read(tmp_path, listing("[It runs]"))
    assert "“done_when_list” has three to five criteria, not 1." in few.sentence
    _, (long,) = read(tmp_path, listing(f"[It runs, It is tested, {'x' * 101}]"))
    assert "A criterion has 101 characters. The limit is 100." in long.sentence


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("kind: video", "kind: film", "“kind” must be one of paper, documentation, book, video, course, repository"),
        ("minutes: 40", "minutes: an hour", "“minutes” must be a whole number from 1 to 3000."),
        ("need: must", "need: should", "“need” must be one of must, may."),
        ("part: Chapters 2 and 3", "part: " + "x" * 81, "“part” has 81 characters. The limit is 80."),
        ("adds: A `list`", "adds: " + "x" * 160, "“adds” has 179 characters. The limit is 160."),
        (", It is told]", "]", "A rubric has three to six criteria, not 2."),
        ("It runs", "x" * 141, "A criterion has 141 characters. The limit is 140."),
        ("{title: Answers, ", "{", "The capstone needs the key “title”."),
        (
            "{task: Show it., ",
            "{tasks: Show it., ",
            "A checkpoint can't have the key “tasks”.",
        ),
    ],
)
def test_a_slip_in_the_course_is_told(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    assert old in COURSE
    _, faults = read(tmp_path, COURSE.replace(old, new, 1))
    assert any(fault.sentence.startswith(sentence) for fault in faults)


def test_a_unit_that_another_has_taken_in_keeps_its_title_and_its_id(tmp_path: Path) -> None:
    retired = "summary: Three units.\nretired:\n  - {id: tuples, title: Tuples, into: lists}"
    outline, faults = read(tmp_path, TRACK.replace("summary: Three units.", retired))
    assert faults == [] and outline is not None
    way = outline.roadmap
    assert way.retired == (Retired("tuples", "Tuples", "lists"),)
    assert [unit.id for unit in way.units] == ["lists", "sets", "trees"]
    assert way.unit("tuples").label == "Unit 1: Tuples" and way.unit("tuples").notes == ("lists-note",)
    assert way.knows("tuples") and not way.has("tuples") and way.heir("tuples") == way.heir("lists") == "lists"


@pytest.mark.parametrize(
    ("retired", "sentence"),
    [
        ("{id: sets, title: Sets, into: lists}", "The unit id “sets” is already used on line 35."),
        ("{id: tuples, title: Tuples, into: lits}", "There is no unit “lits”."),
        ("{id: tuples, title: Tuples}", "A retired unit needs the key “into”."),
    ],
)
def test_a_slip_in_what_was_taken_in_is_told(tmp_path: Path, retired: str, sentence: str) -> None:
    text = TRACK.replace("summary: Three units.", f"summary: Three units.\nretired:\n  - {retired}")
    outline, faults = read(tmp_path, text)
    assert [fault.sentence for fault in faults] == [sentence]
    assert outline is not None and outline.roadmap.retired == ()


def test_folded_texts_come_in_one_line(tmp_path: Path) -> None:
    folded = "summary: >-\n              Why lists\n              matter."
    outline, faults = read(tmp_path, TRACK.replace("summary: Why lists matter.", folded, 1))
    assert faults == []
    assert outline is not None
    assert outline.roadmap.units[0].summary == "Why lists matter."


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        ("title: A", "tilte: B\ntitle: A", 2, "A course can't have the key “tilte”. Did you mean “title”?"),
        ("hours: 4", "hours: 4\n            zzz: 1", 25, "A unit can't have the key “zzz”."),
        ("hours: 4", "hours: 4\n            hours: 5", 25, "The key “hours” appears twice."),
        ("            title: The lists\n", "", 15, "A unit needs the key “title”."),
        ("    until: 2025-06-30\n", "", 5, "The phase “early-phase” needs both from and until, or neither."),
        (
            "    from: 2025-01-01\n    until: 2025-06-30\n",
            "",
            5,
            "Only some phases have dates. Give dates to all or none.",
        ),
        ("id: lists", "id: Lists", 15, "“id” must be lower-case words joined by hyphens, not “Lists”."),
        ("id: lists", "id: 7", 15, "“id” must be text: put “7” in quotation marks."),
        ("id: lists", "id: " + "a" * 33, 15, "“id” has 33 characters. The limit is 32."),
        ("id: sets", "id: lists", 33, "The unit id “lists” is already used on line 15."),
        ("id: late-topic", "id: early-topic", 57, "The topic id “early-topic” is already used on line 11."),
        ("id: late-phase", "id: early-phase", 51, "The phase id “early-phase” is already used on line 5."),
        ("[sets-note]", "[lists-note]", 50, "The note id “lists-note” is already used on line 32."),
        ("[sets-note]", "[sets-note, sets-note]", 50, "The note id “sets-note” is already used on line 50."),
        ("[sets-note]", "[../secret]", 50, "A note's id must be lower-case words joined by hyphens, not “../secret”."),
        ("[sets-note]", "sets-note", 50, "“notes” must be a list; an empty one is written []."),
        ("title: The lists", "title: " + "x" * 61, 16, "“title” has 61 characters. The limit is 60."),
        ("title: The lists", "title:", 16, "“title” is empty."),
        ("title: The lists", "title: [a, b]", 16, "“title” must be text."),
        ("title: The lists", "title: yes", 16, "“title” must be text: put “yes” in quotation marks."),
        ("title: The lists", 'title: "a\\u202eb"', 16, "“title” contains an invisible character."),
        ("title: The lists", 'title: "a\\ud800b"', 16, "“title” contains an invisible character."),
        ("title: The lists", 'title: "\\x02p|1|x\\x03"', 16, "“title” contains an invisible character."),
        ("Explain lists, ", "Explain lists, Sort lists, ", 18, "A unit has three objectives, not 4."),
        ("Explain lists,", f"{'y' * 91},", 18, "An objective has 91 characters. The limit is 90."),
        ("prompt: Where did lists", "prompt: " + "z" * 280, 19, "“prompt” has 290 characters. The limit is 280."),
        ("task: Build lists.", "task: " + "t" * 241, 21, "“task” has 241 characters. The limit is 240."),
        ("hours: 4", "hours: 41", 24, "“hours” must be a whole number from 1 to 40."),
        ("hours: 4", "hours: '4'", 24, "“hours” must be a whole number from 1 to 40."),
        ("hours: 4", "hours: 1:30", 24, "“hours” must be a whole number from 1 to 40."),
        ("year: 2017", "year: 217", 28, "“year” must be a whole number from 1600 to 9999."),
        ("year: 2017", "year: 2052", 28, "“year” must be a whole number from 1600 to 2030."),
        (
            "kind: paper",
            "kind: blog",
            29,
            "“kind” must be one of paper, documentation, book, video, course, repository, article.",
        ),
        (
            "https://arxiv.org/abs/1706.03762",
            "ftp://arxiv.org/x",
            30,
            "“ftp://arxiv.org/x” is not an http or https address that can be linked.",
        ),
        (
            "https://arxiv.org/abs/1706.03762",
            "javascript:alert(1)",
            30,
            "“javascript:alert(1)” is not an http or https address that can be linked.",
        ),
        ("from: 2025-01-01", "from: January", 7, "“from” must be a date such as 2026-12-31."),
        ("until: 2025-06-30", "until: 2025-06-31", 8, "“until” must be a date such as 2026-12-31."),
        ("until: 2025-06-30", "until: 2024-06-30", 8, "The phase “early-phase” ends before it begins."),
        (
            "from: 2025-07-01",
            "from: 2025-06-30",
            51,
            "The phase “late-phase” begins before “early-phase” has ended, on 2025-06-30.",
        ),
        ("[lists-note]", "[*other]", 32, "This is not YAML: remove the alias (*name)."),
        ("[lists-note]", "[" * 40 + "]" * 40, 32, "This is not YAML: it is nested too deeply."),
        ("title: The lists", "title: The lists: more", 16, "This is not YAML: put a text with “: ” in quotes."),
        ("title: The lists", 'title: "\\UFFFFFFFF"', 16, "This is not YAML: I can't read the rest of the file."),
        ("title: The lists", "title: a\x07b", 16, "This is not YAML: remove the control character."),
    ],
)
def test_one_slip_is_told_once_with_its_line(tmp_path: Path, old: str, new: str, line: int, sentence: str) -> None:
    assert changed(tmp_path, old, new) == [(line, sentence)]


def test_more_than_five_resources_do_not_fit(tmp_path: Path) -> None:
    tutorial = UNIT.format(id="").split("\n")[16] + "\n"
    assert changed(tmp_path, tutorial, "") == []
    assert changed(tmp_path, tutorial, tutorial * 5) == [(26, "A unit has at most five resources, not 6.")]


def test_titles_and_ids_are_enough_and_what_is_empty_is_still_to_be_written(tmp_path: Path) -> None:
    unit = (
        "{id: u, title: U, summary: , objectives: , prompt: '', exercise: , hours: , resources: [{title: B}], notes: }"
    )
    topic = f"{{id: t, title: T, units: [{unit}]}}"
    outline, faults = read(tmp_path, f"id: small\ntitle: S\nphases: [{{id: p, title: P, topics: [{topic}]}}]\n")
    assert faults == [] and outline is not None and not outline.roadmap.is_dated
    (bare,) = outline.roadmap.units
    assert (bare.summary, bare.objectives, bare.prompt, bare.hours, bare.notes) == ("", (), "", 0, ())
    assert bare.exercise == Exercise("", "", "") and bare.resources == (Resource("B", "", 0, "", ""),)


def test_a_post_that_does_not_fit_one_screen_is_told(tmp_path: Path) -> None:
    text = TRACK.replace("The lists", "t" * 60).replace("Why lists matter.", "s" * 220)
    text = text.replace("[Explain lists, Use lists, Compare lists]", f"[{'a' * 90}, {'b' * 90}, {'c' * 90}]")
    text = text.replace("Build lists.", "d" * 240).replace("All tests of lists pass.", "e" * 110)
    assert lines(read(tmp_path, text)[1]) == []
    _, faults = read(tmp_path, text.replace("e" * 110, "e" * 111))
    assert lines(faults) == [
        (
            15,
            "The weekly post of “lists” is too long. Title, summary, objectives, task and done_when "
            "have 901 characters together. The limit is 900.",
        )
    ]


@pytest.mark.parametrize(
    ("old", "line", "key"),
    [
        (TRACK[len(HEAD) :], 4, "phases"),
        (TOPIC.format(id="early") + UNIT.format(id="lists") + UNIT.format(id="sets"), 10, "topics"),
        (UNIT.format(id="lists") + UNIT.format(id="sets"), 14, "units"),
    ],
)
def test_a_level_without_anything_below_it_is_told(tmp_path: Path, old: str, line: int, key: str) -> None:
    assert changed(tmp_path, f"{key}:\n{old}", f"{key}: []\n") == [(line, f"“{key}” is empty.")]


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n"])
def test_an_empty_file_is_told(tmp_path: Path, text: str) -> None:
    outline, faults = read(tmp_path, text)
    assert outline is None or outline.roadmap.units == ()
    assert faults


@pytest.mark.parametrize("text", ["[1, 2]", "just words", "1", "{? [a] : b}"])
def test_yaml_that_is_no_roadmap_is_told_on_its_line(tmp_path: Path, text: str) -> None:
    _, faults = read(tmp_path, text)
    assert {fault.line for fault in faults} == {1}


def test_a_tag_that_asks_for_python_is_data_and_no_more(tmp_path: Path) -> None:
    told = changed(tmp_path, "title: The lists", "title: !!python/object/apply:os.system [echo]")
    assert told == [(16, "“title” must be text.")]


def test_bytes_that_are_not_utf_8_are_told_with_their_line(tmp_path: Path) -> None:
    _, faults = read(tmp_path, TRACK.encode().replace(b"small track", b"sm\xe4ll track"))
    assert lines(faults) == [(2, "This file is not UTF-8 text.")]


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbf" + TRACK.encode())[1] == []


def test_a_file_that_is_too_large_is_not_parsed(tmp_path: Path) -> None:
    _, faults = read(tmp_path, TRACK + "#" * MAX_BYTES)
    assert lines(faults) == [(1, "This file is larger than 2 MB.")]


def test_a_file_that_is_not_there_or_is_a_folder_is_told(tmp_path: Path) -> None:
    for name, sentence in (("none.yaml", "The file is missing."), ("", "I can't read this file: Is a directory.")):
        reader = YamlReader(tmp_path / name)
        assert read_outline(reader) is None
        assert lines(reader.faults) == [(1, sentence)]


def test_several_slips_are_all_told(tmp_path: Path) -> None:
    text = TRACK.replace("hours: 4", "hours: 0").replace("kind: paper", "kind: song")
    assert len(read(tmp_path, text)[1]) == 6


def test_whatever_is_cut_out_of_a_file_nothing_but_faults_comes_of_it(tmp_path: Path) -> None:
    for start in sample(range(0, len(TRACK), 23), 6):
        outline, faults = read(tmp_path, TRACK[:start] + TRACK[start + 29 :])
        assert outline is not None or faults
        assert all(1 <= fault.line <= TRACK.count("\n") + 1 for fault in faults)


PARTS = "legs: [{title: Begin, begins: lists}, {title: Go on, begins: trees}]\n"


def test_a_roadmap_may_name_its_parts(tmp_path: Path) -> None:
    outline, faults = read(tmp_path, TRACK + PARTS)
    assert outline is not None and not faults
    assert [(part.title, len(part.units)) for part in outline.roadmap.parts] == [("Begin", 2), ("Go on", 1)]


@pytest.mark.parametrize(
    ("begins", "told"),
    [
        (("sets", "trees"), "Part 1 must begin with the first unit, “lists”"),
        (("lists", "lists"), "each other part after the one above it."),
        (("lists", "graphs"), "There is no unit “graphs”."),
    ],
)
def test_parts_that_leave_units_out_are_refused(tmp_path: Path, begins: tuple[str, str], told: str) -> None:
    _, faults = read(tmp_path, TRACK + PARTS.replace("lists", begins[0]).replace("trees", begins[1]))
    assert any(told in fault.sentence for fault in faults)
