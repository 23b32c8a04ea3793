"""What the README says is so: its commands, its settings, its lines."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from bot.answers.model.prompts import PASSAGES
from bot.base.files import bundled
from bot.curriculum.shelf import library
from bot.features.groups.preview import DEFAULT_RHYTHM
from bot.platforms.discord import manifest as discord_manifest
from bot.platforms.slack import manifest as slack_manifest
from bot.runtime.catalogue import registry
from bot.runtime.settings import Settings
from tools.pictures import POST_HASH, hash_post

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")), ROOT / "benchmarks" / "README.md"]
COUNTED = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight")


def prose() -> str:
    """The README on one line."""
    return " ".join(README.split())


def test_its_eight_commands_are_in_the_catalogue() -> None:
    section = README.split("\n## Commands\n")[1].split("\n## ")[0]
    named = re.findall(r"^\| `([a-z]+)` \|", section, re.MULTILINE)

    assert len(named) == 8
    assert set(named) - {command.name for command in registry().shown} == set()


def test_only_the_command_that_it_names_answers_in_public() -> None:
    assert [c.name for c in registry().shown if not c.private] == ["ask"]
    assert "except for answers to `ask`" in prose()


@pytest.mark.parametrize("page", [*PAGES, *(ROOT / "docs" / "deploy").iterdir()], ids=lambda page: page.name)
def test_a_page_names_settings_and_commands_of_ours_that_there_are(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    names = {str(field.validation_alias) for field in Settings.model_fields.values()}
    modules = (
        ROOT / name.replace(".", "/") for name in re.findall(r"python -m ((?:tests|benchmarks)\.[\w.]*[a-z])", text)
    )

    assert set(re.findall(r"\b(?:TRAILMATE|DISCORD|SLACK|OPENAI)_[A-Z_]+\b", text)) - names == set()
    assert [m for m in modules if not (m.with_suffix(".py").is_file() or (m / "__main__.py").is_file())] == []
    paths = re.findall(r"`((?:bot|tests|benchmarks|migrations|docs)/[\w./-]+)`", text)
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_its_numbers_are_those_of_the_courses_and_of_the_answers() -> None:
    roadmaps = {name: track.roadmap for name, track in library(bundled("roadmap")).items()}
    long = roadmaps.pop("genai-2026")

    assert f"*{long.title}* ({len(long.units)} units in {len(long.parts)} parts," in prose()
    assert f"and {COUNTED[len(roadmaps)]} courses of eight units" in prose()
    assert [r.title for r in roadmaps.values() if f"*{r.title}*" not in prose() or len(r.units) != 8] == []
    assert f"writes one from {COUNTED[PASSAGES]} passages" in prose()


def test_its_week_is_that_of_a_new_group() -> None:
    assert DEFAULT_RHYTHM == "mon 09:00 - sun 21:00"
    assert "On Monday at 09:00" in prose() and "due on Sunday at 21:00" in prose()


def test_it_has_at_most_1300_words() -> None:
    assert len(README.split()) <= 1300


def test_the_two_lines_are_single_lines_of_the_shell() -> None:
    lines = re.findall(r"```sh\n(.*?)\n```", README, re.DOTALL)

    assert [line.count("\n") for line in lines] == [0, 0]
    assert all(line.startswith("python3 -m venv .venv && ") for line in lines)
    assert lines[0].endswith(".venv/bin/trailmate")
    assert ".venv/bin/pytest" in lines[1]


def test_the_check_of_every_change_takes_the_test_line_from_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")

    match = re.search(r"grep -m 1 -E '([^']+)' README\.md", script)
    assert match
    assert len([line for line in README.splitlines() if re.search(match[1], line)]) == 1
    assert "bin/pytest" not in script
    assert subprocess.run(["bash", "-n", ROOT / ".ci" / "run"], check=False).returncode == 0


def test_the_page_on_discord_names_every_permission_and_the_page_on_slack_every_scope() -> None:
    discord, slack = ((ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8") for name in ("discord", "slack"))

    assert [name for name in discord_manifest.NEEDED.values() if f"| {name} |" not in discord] == []
    scopes = [*slack_manifest.SCOPES, *slack_manifest.PRIVATE_SCOPES]
    assert [scope for scope in scopes if f"| `{scope}` |" not in slack] == []
    assert str(discord_manifest.PERMISSIONS) in discord


def test_every_picture_is_small_and_on_a_page() -> None:
    pictures = {picture.name: picture.stat().st_size for picture in (ROOT / "docs" / "images").glob("*.png")}
    shown = {name for page in PAGES for name in re.findall(r"images/([\w-]+\.png)", page.read_text(encoding="utf-8"))}

    assert shown == set(pictures)
    assert {name: size for name, size in pictures.items() if not 10_000 < size < 300_000} == {}


def test_the_picture_of_the_weekly_post_is_of_today() -> None:
    stored = POST_HASH.read_text(encoding="utf-8").strip()

    assert stored == hash_post(), "the weekly post looks different now: run `python -m tools.pictures weekly-post`"
