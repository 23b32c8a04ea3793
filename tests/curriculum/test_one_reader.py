"""Odd notes: what the check lets pass is what the bot uses and the index holds, and what it refuses neither has."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.answers.index.chunks import SourceId
from bot.answers.index.retrieval import Index
from bot.curriculum.authoring.lint import check
from bot.curriculum.loader import load_track
from bot.curriculum.note import Note
from tests.curriculum.test_track import track
from tests.examples import sample
from tests.shipped import read_courses

FRONT = """\
---
id: lists
title: Lists
unit: lists
topics: [topic]
answers:
  - {q: what is it, heading: One}
sources: [{title: Docs, authors: Developers, year: 2025}]
---
"""
BODY = "## One\n\nA list keeps its items in order.\n\n## Two\n\nA list can be changed at any time.\n"
ODD = {
    "plain": FRONT + BODY,
    "line ends of Windows": (FRONT + BODY).replace("\n", "\r\n"),
    "line ends of an old Macintosh": (FRONT + BODY).replace("\n", "\r"),
    "a byte order mark": "\ufeff" + FRONT + BODY,
    "a form feed before a heading": FRONT + BODY + "\f## One\nIt stands on a new page.\n",
    "a vertical tab before a heading": FRONT + BODY + "\v## Two\nIt stands lower down.\n",
    "a next-line character before a heading": FRONT + BODY + "The end of it all.\x85## One\n",
    "line and paragraph separators": FRONT + BODY + "The end of it all.\u2028## One\u2029## Two\n",
    "separators of records": FRONT + BODY + "The end of it all.\x1c## One\x1d## Two\x1e## One\n",
    "a heading that only a comment repeats": FRONT + BODY + "\n```python\n## One\n```\n",
    "a heading that only a longer fence repeats": FRONT + BODY + "\n````\n```\n## One\n```\n## Two\n````\n",
    "a fence of tildes": FRONT + BODY + "\n~~~\n```\n## One\n~~~\nAnd it goes on from here.\n",
    "code in marks that opens no fence": FRONT + BODY + "\n```x = []``` makes an empty list.\n",
    "an indented heading": FRONT + BODY + "\n    ## One\n",
    "closing marks": FRONT + BODY.replace("## One", "##  One  ##"),
    "tabs": FRONT + BODY.replace("## One", "##\tOne\t"),
    "a space that does not break": FRONT + BODY.replace("## One", "##\u00a0One"),
    "nested lists": FRONT + BODY + "\n- It has items, of which each has a place.\n  - ## One\n    1. Deeper down.\n",
    "an empty section": FRONT + BODY + "\n## Three\n\n## Four\n",
    "a section of code alone": FRONT + BODY + "\n## Three\n\n```\nx\n```\n",
    "text before the first heading": FRONT + "A list is a row of things.\n\n" + BODY,
    "a title of its own": FRONT + "# Lists\n\n" + BODY,
    "a huge line": FRONT + BODY + "\n" + "word " * 50_000 + "\n",
    "a thousand headings": FRONT + BODY + "".join(f"## {n}\n\nThis is the text number {n}.\n" for n in range(1000)),
    "a rule like the end of front matter": FRONT + BODY + "\n---\n\nA rule stands above this line.\n",
    "quoted and folded texts": FRONT.replace("title: Lists", "title: >-\n  Lists\n  and\n  more") + BODY,
    "keys in another order": FRONT.replace("id: lists\ntitle: Lists", "title: Lists\nid: lists") + BODY,
    "a null byte": FRONT + BODY + "\0\n",
}
HEADINGS = {
    "an empty section": ["One", "Two", "Three", "Four"],
    "a section of code alone": ["One", "Two", "Three"],
    "text before the first heading": ["Lists", "One", "Two"],
    "a thousand headings": ["One", "Two", *map(str, range(1000))],
}
BROKEN: dict[str, tuple[str | bytes, str]] = {
    "a heading twice": (FRONT + BODY + "## One\n", "The heading “One” appears twice."),
    "a heading twice, spaced otherwise": (
        FRONT + BODY + "## Two  words\n##\tTwo words ##\n",
        "The heading “Two words” appears twice.",
    ),
    "a heading like the title of what stands before": (
        FRONT + "Text.\n\n" + BODY + "## Lists\n",
        "The heading “Lists” appears twice.",
    ),
    "a question for a heading in code": (
        FRONT + BODY.replace("## One", "```\n## One\n```"),
        "The note has no heading “One”.",
    ),
    "a question for a heading behind a form feed": (
        FRONT + BODY.replace("## One", "\f## One"),
        "The note has no heading “One”.",
    ),
    "a fence that never ends": (FRONT + BODY + "```\n## Three\n", "This code block has no closing line."),
    "a fence closed by a shorter one": (FRONT + BODY + "````\n```\n", "This code block has no closing line."),
    "headings alone": (FRONT + "## One\n\n## Two\n", "The note has no text."),
    "no body": (FRONT.split("answers")[0] + "---\n", "The note has no text."),
    "no front matter": (BODY, "The file must start with front matter"),
    "front matter behind a line separator": (
        FRONT.replace("---\n", "---\u2028", 1) + BODY,
        "The file must start with front matter",
    ),
    "front matter that never ends": ("---\nid: lists\n" + BODY, "The front matter needs a closing line of ---."),
    "an alias": (FRONT.replace("title: Lists", "title: &a Lists\nunit: *a") + BODY, "remove the alias (*name)"),
    "a key twice": (FRONT.replace("title:", "title: A\ntitle:", 1) + BODY, "“title” appears twice."),
    "a bottomless nest": (FRONT.replace("[topic]", "[" * 5000 + "]" * 5000) + BODY, "it is nested too deeply"),
    "a title that is a number": (FRONT.replace("title: Lists", "title: 7") + BODY, "put “7” in quotation marks"),
    "an id that no file can have": (FRONT.replace("id: lists", "id: ../lists") + BODY, "must be lower-case words"),
    "an invisible character": (FRONT.replace("title: Lists", 'title: "Li\u200bsts"') + BODY, "an invisible character"),
    "not UTF-8": ((FRONT + BODY).encode("utf-16"), "This file is not UTF-8 text."),
}


def write(folder: Path, text: str | bytes) -> Path:
    """Write a sound track of which the first note is odd."""
    made = track(folder / "small")
    (made / "notes" / "lists.md").write_bytes(text if isinstance(text, bytes) else text.encode())
    return made


@pytest.mark.parametrize("case", sample(ODD, 4))
def test_an_odd_note_that_passes_the_check_is_indexed_under_the_same_headings(tmp_path: Path, case: str) -> None:
    folder = write(tmp_path, ODD[case])
    assert [str(fault) for fault in check(folder)] == []
    found, _ = load_track(folder)
    assert found is not None
    note = found.notes["lists"]
    assert [section.heading for section in note.sections] == HEADINGS.get(case, ["One", "Two"])
    assert {section.heading: section.asked for section in note.sections if section.asked} == {"One": ("what is it",)}
    assert held(note) == {
        section.heading for section in note.sections if any(len(p.split()) > 3 for p in section.paragraphs)
    }


def held(note: Note) -> set[str]:
    """Return the headings under which the index holds a note, each once, and finds it."""
    here = SourceId("small")
    index = Index({here: [note]})
    headings = [chunk.heading for chunk in index.chunks([here])]
    assert len(headings) == len(set(headings))
    assert index.search("order of items in a list", [here]).hits[0].chunk.heading == "One"
    return set(headings)


@pytest.mark.parametrize("case", sample(BROKEN, 4))
def test_a_note_that_the_check_refuses_keeps_its_track_from_being_used(tmp_path: Path, case: str) -> None:
    text, sentence = BROKEN[case]
    folder = write(tmp_path, text)
    found, faults = load_track(folder)
    assert found is None
    assert sentence in " ".join(fault.sentence for fault in faults)
    assert set(faults) <= set(check(folder))
    assert {fault.file.name for fault in faults} == {"lists.md"}


def test_the_notes_that_are_shipped_are_held_under_the_headings_that_their_banks_and_questions_name() -> None:
    for one in read_courses().values():
        assert list(one.banks) == sorted(unit.id for unit in one.roadmap.units)
        sources = [item.source for bank in one.banks.values() for item in bank.items]
        assert all(source.heading in one.notes[source.note].headings for source in sources)
        asked = [question for note in one.notes.values() for section in note.sections for question in section.asked]
        assert len(asked) == len(set(asked)) >= 8 * len(one.notes)
