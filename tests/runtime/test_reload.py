"""Roadmaps are read again while the bot runs: what has changed is taken, what cannot be used leaves what was there."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from bot.runtime.reload import ASKED, ReloadResult, ask
from tests.curriculum.test_track import NOTE
from tests.features.custom_courses.test_bare_outline import outlined
from tests.harness import World, text, world


@pytest.fixture(autouse=True)
def _nothing_shipped(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = tmp_path_factory.mktemp("shipped")
    monkeypatch.setattr("bot.runtime.roadmap_paths.bundled", lambda _: nothing)


async def asked(w: World, folder: Path) -> ReloadResult:
    """Ask as the verb does, and have the process look as its clock does."""
    asking = asyncio.create_task(asyncio.to_thread(ask, folder, 20.0))
    while not (folder / ASKED).exists():
        await asyncio.sleep(0.01)
    await w.app.run_reloading()
    answer = await asking
    assert answer is not None
    return answer


async def test_a_running_bot_takes_what_is_new_and_changed_and_keeps_the_dates_of_what_has_opened(
    tmp_path: Path,
) -> None:
    club = outlined(tmp_path / "roadmaps" / "book-club") / "roadmap.yaml"
    async with world(tmp_path, is_bare=True, TRAILMATE_ROADMAP_DIR=tmp_path / "more") as w:
        await w.begin("ada", extra="roadmap=book-club")
        due = text(await w.say("ada", "topic"))
        assert await asked(w, tmp_path) == ReloadResult((), True)
        outlined(tmp_path / "roadmaps" / "sewing", "# Sewing\n- Thread\n- Needle\n")
        outlined(tmp_path / "more" / "book-club")
        (club.parent / "notes").mkdir()
        note = NOTE.format(id="narrator", unit="chapters-1-to-3").replace("topics: [topic]\n", "")
        (club.parent / "notes" / "narrator.md").write_text(note.replace("It is narrator.", "Ishmael tells the story."))
        club.write_text(
            club.read_text()
            .replace("Chapters 1 to 3", "The first chapters")
            .replace("notes: []", "notes: [narrator]", 1)
        )
        answer = await asked(w, tmp_path)
        assert answer.lines[:2] == ("book-club: reloaded, 4 units, 1 note.", "sewing: new, 2 units, 0 notes.")
        (double,) = answer.lines[2:]
        assert double.startswith(
            "book-club: left out. book-club/roadmap.yaml, line 1: The id “book-club” is already used"
        )
        assert "The course book-club is left out." in text(await w.say("mo", "doctor"))
        assert text(await w.say("ada", "topic")) == due.replace("Chapters 1 to 3", "The first chapters")
        assert "Ishmael tells the story." in text(await w.say("ada", "ask who tells the story?"))
        assert await w.suggestions("mo", "cohort create", "roadmap") == ["Our book club", "Sewing"]


async def test_a_question_while_a_changed_roadmap_is_read_is_not_declined_for_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    club = outlined(tmp_path / "roadmaps" / "book-club") / "roadmap.yaml"
    monkeypatch.setattr("bot.features.ask.answering.READING_S", 0.01)
    async with world(tmp_path, is_bare=True) as w:
        await w.begin("ada", extra="roadmap=book-club")
        embedded = threading.Event()
        monkeypatch.setattr(w.app.notebook, "embed", lambda: embedded.wait(20))
        club.write_text(club.read_text().replace("Chapters 1 to 3", "The first chapters"))
        await asked(w, tmp_path)
        said = text(await w.say("ada", "ask who sells the quokka?"))
        assert "I'm still reading our notes and may have missed it." in said
        embedded.set()
        w.app.notebook.aside.submit(int).result(20)
        assert "still reading" not in text(await w.say("ada", "ask who sells the quokka?"))


async def test_a_file_that_cannot_be_used_leaves_the_version_before_and_the_doctor_says_why(tmp_path: Path) -> None:
    file = outlined(tmp_path / "roadmaps" / "book-club") / "roadmap.yaml"
    sound = file.read_text()
    async with world(tmp_path, is_bare=True) as w:
        await w.begin("ada", extra="roadmap=book-club")
        file.write_text(sound.replace("hours:", "huors:", 1))
        why = "book-club/roadmap.yaml, line 16: A unit can't have the key “huors”. Did you mean “hours”?"
        answer = await asked(w, tmp_path)
        assert not answer.is_well and answer.lines == (f"book-club: stays as it was. {why}",)
        told = text(await w.say("mo", "doctor"))
        assert "The course book-club stays as it was before." in told and why in told
        assert "Chapters 1 to 3" in text(await w.say("ada", "topic"))

        file.write_text(sound.replace("- id: chapters-1-to-3", "- id: beginning"))
        answer = await asked(w, tmp_path)
        assert "no longer has the unit chapters-1-to-3, which the group needs" in answer.lines[0]
        assert "Chapters 1 to 3" in text(await w.say("ada", "topic"))

        file.write_text(sound)
        assert await asked(w, tmp_path) == ReloadResult((), True)
        assert "Everything works" in text(await w.say("mo", "doctor"))
        file.unlink()
        file.parent.rmdir()
        assert (await asked(w, tmp_path)).lines == (
            "book-club: its folder is gone. The course stays until the next start.",
        )
        assert "Chapters 1 to 3" in text(await w.say("ada", "topic"))


def test_where_nobody_answers_the_wish_is_taken_back(tmp_path: Path) -> None:
    assert ask(tmp_path, 0.0) is None and list(tmp_path.iterdir()) == []
