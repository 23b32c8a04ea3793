"""What the README says is so: its commands, its settings, its lines."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from bot.__main__ import parser
from bot.answers.model.worded import PASSAGES
from bot.base.files import bundled
from bot.curriculum.shelf import library
from bot.platforms.discord import manifest as discord_manifest
from bot.platforms.slack import manifest as slack_manifest
from bot.runtime.catalogue import registry
from bot.runtime.settings import Settings
from tools.readme_table import table

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")), ROOT / "benchmarks" / "README.md"]
COUNTED = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight")


def prose() -> str:
    """The README on one line."""
    return " ".join(README.split())


def test_its_table_of_commands_is_that_of_the_catalogue() -> None:
    written = README.split("<!-- commands -->")[1].split("<!-- end of commands -->")[0].strip()

    assert written == table(), "run `python -m tools.readme_table` and paste what it prints"


def test_only_the_command_that_it_names_answers_in_public() -> None:
    assert [c.name for c in registry().shown if not c.private] == ["ask"]
    assert "except that of `ask`" in prose()


def test_it_names_every_setting() -> None:
    names = {str(field.validation_alias) for field in Settings.model_fields.values()}

    assert names - set(re.findall(r"[A-Z][A-Z_]+", README)) == set()


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


def test_it_names_every_verb() -> None:
    (verbs,) = (action.choices for action in parser()._actions if isinstance(action.choices, dict))

    assert [verb for verb in verbs if f"`trailmate {verb}" not in README] == []


def test_its_numbers_are_those_of_the_roadmap_and_of_the_answers() -> None:
    roadmap = library(bundled("roadmap"))["genai-2026"].roadmap

    assert f"*{roadmap.title}*, has {len(roadmap.units)} units in {COUNTED[len(roadmap.phases)]} phases" in prose()
    assert f"Every unit has notes: {sum(len(unit.notes) for unit in roadmap.units)} in all" in prose()
    assert all(unit.notes for unit in roadmap.units)
    assert f"it is shown {COUNTED[PASSAGES]} passages" in prose()
    assert (
        f"the {COUNTED[len([*discord_manifest.NEEDED, *discord_manifest.WELCOME])]} permissions it asks for" in prose()
    )


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


@pytest.mark.parametrize("picture", ["page", "weekly-post"])
def test_its_pictures_are_there_and_small(picture: str) -> None:
    size = (ROOT / "docs" / "images" / f"{picture}.png").stat().st_size

    assert 10_000 < size < 300_000


def test_the_pictures_of_the_dashboard_are_small() -> None:
    pictures = [*(ROOT / "docs" / "images").glob("dashboard-*.png"), ROOT / "docs" / "images" / "chat-progress.png"]

    assert len(pictures) == 7
    assert all(10_000 < picture.stat().st_size < 150_000 for picture in pictures)
