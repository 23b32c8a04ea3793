"""What `trailmate` does: in a process of its own, or here, where all is imported already."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.answers.index.retrieval import Index
from bot.cli import doctor, roadmap
from bot.curriculum import loader, start_cache
from bot.runtime import answer_engine
from tests.harness import _index
from tests.shipped import lint_course, read_course, take_courses

ROOT = Path(__file__).parents[1]
LIMIT_S = 300
"""How long a process may take: what a busy machine does is no matter of these tests."""
OURS = ("TRAILMATE_", "DISCORD_", "SLACK_", "OPENAI_")
"""What settings begin with."""


def trailmate(
    folder: Path, *words: str, lines: str | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Do it in a process of its own, which takes seconds to import what it needs."""
    given = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "PYTHONPATH": str(ROOT), "TRAILMATE_DATA_DIR": str(folder)}
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=folder,
        env={**given, **environment},
        input=lines or "",
        text=True,
        capture_output=True,
        timeout=LIMIT_S,
        check=False,
    )


_make_index = answer_engine._index


@cache
def _embedded() -> Index:
    """Return the index of the shipped notes, made once; it takes their vectors from the first question's folder."""
    return _make_index(take_courses(None))


def here(folder: Path, *words: str, lines: str | bytes = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Do it here, with roadmaps and an index that other tests have read already; who chats needs no vectors."""
    out, err = io.StringIO(), io.StringIO()
    patient = sys.getswitchinterval()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        for name in os.environ:
            if name.startswith(OURS):
                patch.delenv(name)
        for name, value in {"TRAILMATE_DATA_DIR": str(folder), **environment}.items():
            patch.setenv(name, value)
        patch.chdir(folder)
        patch.setattr(answer_engine, "kept_of", take_courses)
        patch.setattr(loader, "read_course", read_course)
        for module in (doctor, roadmap):
            patch.setattr(module, "lint_course", lint_course)
        patch.setattr(start_cache, "_compute_mark", lambda *_: None)  # what no other run reads
        patch.setattr(answer_engine, "_index", lambda _: _index() if "chat" in words else _embedded())
        typed = lines.encode() if isinstance(lines, str) else lines
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed), encoding="utf-8"))
        try:
            code = main(words)
        except SystemExit as ended:
            code = int(ended.code or 0)
        finally:
            sys.setswitchinterval(patient)  # which a bot that is about to run makes shorter
    return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())
