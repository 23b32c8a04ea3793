"""A group on four titles and nothing else: whatever it reads has no empty heading, and nothing is called broken."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.curriculum.authoring.course_files import write_course_files
from bot.curriculum.authoring.lint import describe_missing_parts, lint_course
from bot.curriculum.authoring.outline_import import read_outline
from bot.messages.reply import Reply, Text
from tests.curriculum.test_track import NOTE
from tests.harness import text, world

FOUR = """\
# Our book club
- Chapters 1 to 3 (1 h)
- Chapters 4 to 6: the long middle, [a map](https://example.org/map)
- Chapters 7 to 9
- The end
"""
EMPTY = re.compile(
    r"\*\*(?:After this unit you can|To discuss|Exercise|Only 30 minutes\?|Resources)\*\*(?: \([^)\n]*\))?\s*$"
    r"|\*\*\*\*|None|\(\s*\)"
)


def outlined(folder: Path, text: str = FOUR) -> Path:
    """Write the roadmap that an outline makes, as `trailmate roadmap new` does."""
    folder.mkdir(parents=True)
    for name, said in write_course_files(read_outline(text), folder.name).items():
        (folder / name).write_text(said, encoding="utf-8")
    return folder


def sound(reply: Reply) -> str:
    """Return what is read, in which no block is empty and no heading stands alone."""
    for block in reply.blocks:
        said = getattr(block, "markdown", "x")
        assert said.strip() and not EMPTY.search(said), said
    return text(reply)


@pytest.mark.nightly
async def test_a_group_on_four_titles_reads_no_empty_heading_anywhere(tmp_path: Path) -> None:
    outlined(tmp_path / "roadmaps" / "book-club")
    async with world(tmp_path, is_bare=True) as w:
        assert "1 Chapters 1 to 3, 2 Chapters 4 to 6" in sound(await w.say("ada", "roadmap"))
        refused = await w.say("mo", "cohort create name=Readers timezone=UTC pace=calendar confirm=yes")
        assert "Our book club has no dates. Choose 1 week or 2 weeks." in text(refused)

        await w.begin("ada", extra="roadmap=book-club")
        welcome, first = await w.posts()
        assert "the topic and a thread." in sound(welcome)
        assert first.title == "Unit 1: Chapters 1 to 3" and "Due " in sound(first)
        assert "Exercise" not in text(first)
        ((_, (start, *_)),) = await w.threads()
        assert sound(start) == "To discuss What was new to you, and where are you stuck?"

        assert "It takes about 1 hour with reading." in sound(await w.say("ada", "topic"))
        assert "a map (https://example.org/map)" in sound(await w.say("ada", "topic 2"))
        assert "Opens" in sound(await w.say("ada", "topic 3"))
        assert text(await w.say("ada", "read")) == "Unit 1: Chapters 1 to 3 This unit has no notes yet."
        sound(await w.say("ada", "ask who is the narrator?"))
        sound(await w.say("ada", "ask how do i solve the exercise"))
        sound(await w.say("mo", "preview"))
        assert "Everything works" in text(await w.say("mo", "doctor"))

        await w.say("ada", "settings reminders=yes zone=UTC")
        await w.after(days=5, hours=13)
        reminders = [sound(message.reply) for message in await w.messages("@ada")]
        assert any("Read or try one thing from it. That counts." in reminder for reminder in reminders), reminders
        await w.after(days=2)
        links = [block.markdown for block in (await w.posts())[-1].blocks if isinstance(block, Text)]
    assert any("[a map](https://example.org/map)" in link for link in links)


BOOK = """
id: club
title: Moby-Dick, slowly
phases:
  - id: sea
    title: At sea
    topics:
      - id: ship
        title: The ship
        units:
          - id: loomings
            title: Loomings
            objectives: [Tell who tells it]
            exercise: {task: Draw the street in the first chapter.}
            resources: [{title: Moby-Dick, authors: Herman Melville, year: 1851, kind: book, part: Chapters 1 to 3}]
            notes: [narrator]
          - id: whale
            title: The whale
            hours: 3
            resources: [{title: Moby-Dick, part: Chapter 42}]
            notes: [colour]
          - {id: end, title: The end, exercise: {short: Read the last page.}}
"""


async def test_a_book_by_chapters_with_two_notes_and_half_an_exercise_reads_well(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "roadmaps" / "club"
    (folder / "notes").mkdir(parents=True)
    (folder / "roadmap.yaml").write_text(BOOK, encoding="utf-8")
    for note, unit in (("narrator", "loomings"), ("colour", "whale")):
        (folder / "notes" / f"{note}.md").write_text(NOTE.format(id=note, unit=unit).replace("[topic]", "[ship]"))
    examined = lint_course(folder)
    assert examined.faults == []
    assert [one.split(":")[0] for one in describe_missing_parts(examined.todo)] == [
        "no summary",
        "fewer than three objectives",
        "no prompt",
        "an exercise without task, done_when or short",
        "no hours",
        "only one resource",
        "a resource without authors, year, kind or address",
        "no quiz",
        "no objectives",
        "no exercise",
        "no resources",
        "no notes",
    ]
    async with world(tmp_path, is_bare=True) as w:
        first, second, last = [sound(await w.say("ada", f"topic {n}")) for n in (1, 2, 3)]
        assert "Exercise Draw the street" in first and "Done when" not in first and "Only 30" not in first
        assert first.endswith("Resources - Moby-Dick, Herman Melville, 1851 (Chapters 1 to 3)")
        assert second.endswith("It takes about 3 hours with reading. Resources - Moby-Dick (Chapter 42)")
        assert last.endswith("The end (3 of 3) Only 30 minutes? Read the last page.")
        assert "It is narrator." in text(await w.say("ada", "read narrator"))
