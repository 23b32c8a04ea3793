"""What a start does not load, because nothing needs it yet: seconds and tens of megabytes."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path

import pytest

from bot import cli
from bot.cli.parser import parse
from bot.runtime import process
from bot.runtime.settings import Settings, load

LATER = {
    "alembic",
    "discord",
    "icalendar",
    "onnxruntime",
    "openai",
    "psycopg",
    "resvg_py",
    "rustworkx",
    "slack_bolt",
    "slack_sdk",
    "wcwidth",
}


def test_what_is_not_needed_yet_is_not_imported_at_the_start() -> None:
    program = "import sys, bot.runtime.process, bot.llm.embedder_process; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "bot.runtime.app" in loaded
    assert loaded & LATER == set()


def test_no_garbage_is_looked_for_until_the_bot_runs_and_from_then_on_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    usual, looks = gc.get_threshold(), []

    async def serve(_: Settings) -> int:
        looks.append(gc.isenabled())
        process.last()
        looks.append(gc.isenabled() and gc.get_threshold() == process.GARBAGE)
        return 3

    monkeypatch.setattr(process, "serve", serve)
    try:
        assert cli.run(load(), parse(["run"])) == 3
    finally:
        gc.set_threshold(*usual)
    assert looks == [False, True] and gc.isenabled()
