""".env.example explains every setting, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.runtime.settings import Settings, load

EXAMPLE = Path(__file__).parents[1] / ".env.example"
NAMES = [str(field.validation_alias) for field in Settings.model_fields.values()]


def lines() -> list[str]:
    return EXAMPLE.read_text(encoding="utf-8").splitlines()


@pytest.fixture(autouse=True)
def _nothing_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_it_names_every_setting_once_and_nothing_else() -> None:
    named = [match[1] for line in lines() if (match := re.match(r"([A-Z_]+)=", line))]

    assert sorted(named) == sorted(NAMES)


def test_every_line_is_a_comment_a_setting_or_empty() -> None:
    assert [line for line in lines() if line and not re.match(r"# |[A-Z_]+=", line)] == []


def test_every_setting_stands_below_an_explanation() -> None:
    blocks = [block.split("\n") for block in EXAMPLE.read_text(encoding="utf-8").strip().split("\n\n")]

    assert [block for block in blocks if not block[0].startswith("# ")] == []


def test_as_it_stands_it_changes_nothing() -> None:
    assert load(_env_file=EXAMPLE) == load(_env_file=None)


def test_a_copy_named_env_is_read_from_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = EXAMPLE.read_text(encoding="utf-8").replace("TRAILMATE_PORT=8321", "TRAILMATE_PORT=9000")
    (tmp_path / ".env").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    assert load().port == 9000


def test_it_carries_no_secret() -> None:
    filled = [line for line in lines() if re.match(r"[A-Z_]*(TOKEN|KEY|DATABASE_URL)=.", line)]

    assert filled == []
