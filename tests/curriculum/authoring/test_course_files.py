"""A server's own course leaves as one Markdown file or as a folder, and comes back as it was."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.curriculum.authoring.course_files import make_outline, write_course_files, write_folder
from bot.curriculum.authoring.outline_import import read_outline
from bot.curriculum.authoring.parsed_outline import (
    OutlineLink,
    OutlineNote,
    ParsedOutline,
    ParsedPhase,
    ParsedUnit,
    write_outline,
)
from bot.curriculum.loader import load_track
from bot.curriculum.short_questions import ShortQuestion, find_faults, make_key, tidy
from bot.features.courses import own_roadmap
from bot.messages import attachment, markup
from bot.messages.errors import BadInput
from bot.messages.reply import zipped
from tests.examples import examples

MARKS = ("", "# ", "## ", "- Goal: ", "Wrong:", "<!-- ", "(2 h) ", "Week 1: ", "; ", "| ", "'", "---", "\\")


def lines(most: int) -> some.SearchStrategy[str]:
    """Return texts of one line, such as the course's reader takes, with all that could be taken for a mark."""
    texts = some.builds("{}{}{}".format, some.sampled_from(MARKS), some.text(max_size=6), some.sampled_from(MARKS))
    return texts.map(lambda text: markup.clip(" ".join(markup.clean(f"{text}x").split()), most))


ADDRESSES = ("https://example.org/a", "http://b.example/%28c%29?d=e", "")
TITLES, TEXTS = lines(60), lines(85)
QUESTIONS = some.builds(
    ShortQuestion,
    TEXTS,
    TEXTS,
    some.lists(TEXTS, min_size=1, max_size=3, unique_by=make_key).map(tuple),
    TEXTS | some.just(""),
    TEXTS | some.just(""),
).filter(lambda question: tidy(question) == question and not list(find_faults(question)))
NOTES = some.builds(
    OutlineNote,
    TITLES,
    some.lists(TEXTS | some.sampled_from(["", "---", "<!-- End of note 1 -->", "<!-- file: a.md -->", "### Unit"]))
    .map("\n".join)
    .filter(str.strip),
)
UNITS = some.builds(
    ParsedUnit,
    TITLES,
    TEXTS | some.just(""),
    some.integers(0, 40),
    some.lists(
        some.builds(OutlineLink, TEXTS, some.sampled_from(ADDRESSES)),
        max_size=2,
        unique_by=lambda link: link.url,
    ).map(tuple),
    TEXTS,
    some.lists(TEXTS, max_size=3).map(tuple),
    some.integers(0, 300),
    TEXTS | some.just(""),
    some.lists(QUESTIONS, max_size=3).map(tuple),
    some.lists(NOTES, max_size=2).map(tuple),
    TEXTS | some.just(""),
    some.just(()) | some.lists(TEXTS, min_size=3, max_size=5).map(tuple),
)
PHASES = some.builds(ParsedPhase, TITLES, TEXTS | some.just(""), some.lists(UNITS, min_size=1, max_size=3).map(tuple))


def number_questions(course: ParsedOutline) -> ParsedOutline:
    """Return a course that asks no question twice, as a server stores it."""
    number = count(1)

    def renew(unit: ParsedUnit) -> ParsedUnit:
        return replace(unit, questions=tuple(replace(q, prompt=f"{next(number)}. {q.prompt}") for q in unit.questions))

    phases = (replace(phase, units=tuple(map(renew, phase.units))) for phase in course.phases)
    return replace(course, phases=tuple(phases))


COURSES = some.builds(
    ParsedOutline, TITLES, TEXTS | some.just(""), some.lists(PHASES, min_size=1, max_size=2).map(tuple)
).map(number_questions)


@examples(20)
@given(COURSES)
def test_any_own_course_comes_back_from_either_form_as_it_was(course: ParsedOutline) -> None:
    (yaml,) = write_course_files(course, "own-1").values()
    track = own_roadmap.track("own-1", yaml)
    assert track is not None
    pairs = list(zip(track.roadmap.units, course.units, strict=True))
    questions = {unit.id: parsed.questions for unit, parsed in pairs}
    notes = {unit.id: parsed.notes for unit, parsed in pairs}
    outline = make_outline(track.roadmap, questions, notes)
    assert outline == course
    assert read_outline(write_outline(outline)) == outline
    files = write_folder(track.roadmap, questions, notes)
    archive = attachment.raw("course.zip", zipped((f"course/{name}", text) for name, text in files.items()))
    folder = read_outline(attachment.parse(archive).text)
    assert folder.roadmap == track.roadmap and replace(folder, roadmap=None) == outline


def pack(*files: tuple[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


UNREADABLE = "“course.zip” isn't an archive that I can read. Pack it again."


@pytest.mark.parametrize(
    ("archive", "sentence"),
    [
        (pack(("a.md", b"x" * 1_000_001)), "“course.zip” holds more than 1000 kB of text. Leave some files out."),
        (pack(*((f"{n}.md", b"x") for n in range(501))), "“course.zip” has 501 files. The limit is 500."),
        (pack(("roadmap.yaml", b"\x00")), "“roadmap.yaml” is not UTF-8 text (line 1): attach Markdown or plain text."),
        (b"PK\x03\x04 and no more", UNREADABLE),
        (
            pack(("a.md", b" " * 9_000_000), packing=zipfile.ZIP_BZIP2),
            UNREADABLE,
        ),  # 150 bytes would take memory for all
        (pack(("a.md", b"x"), packing=zipfile.ZIP_LZMA), UNREADABLE),
        (pack(("é.md", b"x")).replace("é".encode(), b"\xff\xff"), UNREADABLE),  # ValueError of zipfile
    ],
)
def test_an_archive_that_is_too_large_or_broken_is_refused(archive: bytes, sentence: str) -> None:
    with pytest.raises(BadInput) as refused:
        attachment.raw("course.zip", archive)
    assert refused.value.sentence == sentence


def test_a_folder_loses_only_what_an_own_course_has_no_place_for() -> None:
    paths = sorted(path for path in Path("roadmap/everyday-statistics").rglob("*") if path.is_file())
    texts = [(str(path), path.read_text("utf-8")) for path in paths if path.suffix in (".yaml", ".md")]
    track, _ = load_track(Path("roadmap/everyday-statistics"))
    assert track is not None
    files = dict([*texts, ("../../etc/passwd", "root"), ("roadmap/everyday-statistics/figures/a.svg", "")])
    outline = read_outline(attachment.join_files(files))
    assert outline.faults == ()
    assert [unit.title for unit in outline.units] == [unit.title for unit in track.roadmap.units]
    assert [len(unit.notes) for unit in outline.units] == [len(unit.notes) for unit in track.roadmap.units]
    assert sum(len(unit.questions) for unit in outline.units) > 20
    remarks = " ".join(remark.sentence for remark in outline.remarks)
    assert "without a single right answer" in remarks and outline.roadmap is not None
    assert outline.roadmap.units[0].prompt == track.roadmap.units[0].prompt
    assert "figures/a.svg" in remarks


def test_a_file_without_a_course_is_named() -> None:
    (fault,) = read_outline(attachment.join_files({"notes/a.md": "A"})).faults
    assert fault.sentence == "There is no roadmap.yaml in this archive."
