"""The page on roadmaps, followed as it stands: from nothing to a running group, and on to the first edit."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from bot.__main__ import main
from tests.harness import text, world
from tests.test_docs import blocks


async def test_whoever_follows_the_page_has_a_running_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "shipped").mkdir()
    monkeypatch.setattr("bot.runtime.roadmap_paths.bundled", lambda _: tmp_path / "shipped")
    monkeypatch.setenv("TRAILMATE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    Path("club.md").write_text(blocks("roadmaps", "markdown")[0], encoding="utf-8")
    begin, edit = (block.splitlines() for block in blocks("roadmaps", "sh"))
    line = blocks("roadmaps", "text")[0]

    assert [main(shlex.split(words)[1:]) for words in begin] == [0, 0]
    file = tmp_path / "data" / "roadmaps" / "book-club" / "roadmap.yaml"
    assert f"Wrote {file}." in capsys.readouterr().out
    async with world(tmp_path / "data", is_bare=True) as w:
        await w.say("mo", line)
        await w.press("mo", "Confirm")
        await w.tick()
        welcome, first = await w.posts()
        await w.press("ada", "Join", of=welcome)
        assert first.title == "Unit 1: Chapters 1 to 3" and "Who tells the story" in text(first)

        file.write_text(file.read_text(encoding="utf-8").replace("prompt:  # to do", "prompt: Why? # to do", 1))
        assert main(shlex.split(edit[0])[1:]) == 0
        unit = text(await w.say("ada", "unit"))
        assert "Unit 1: Chapters 1 to 3 (1 of 4)" in unit and "To discuss Why?" not in unit
    async with world(tmp_path / "data", is_bare=True) as w:
        assert "To discuss Why?" in text(await w.say("ada", "unit"))
    assert edit[1] == begin[1] == "trailmate roadmap reload"
