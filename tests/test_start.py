"""What a start does not load, because nothing needs it yet: seconds and tens of megabytes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

LATER = {
    "alembic", "discord", "icalendar", "onnxruntime", "openai", "psycopg", "resvg_py", "rustworkx", "slack_bolt",
    "slack_sdk", "wcwidth",
}  # fmt: skip


def test_what_is_not_needed_yet_is_not_imported_at_the_start() -> None:
    program = "import sys, bot.process, bot.llm.aside; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=Path(__file__).parents[1], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "bot.app" in loaded
    assert loaded & LATER == set()
