"""Figures of notes are what their scripts draw, can be read in light and in dark, and are small enough for a chat."""

from __future__ import annotations

import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROADMAPS = Path(__file__).resolve().parents[2] / "roadmap"
DRAWN = sorted(ROADMAPS.glob("*/figures/*.svg"))
KEPT = runpy.run_path(str(ROADMAPS / "drawn.py"))
AS_DRAWN = KEPT["is_as_drawn"]
STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)


@pytest.mark.nightly
def test_every_figure_is_what_its_script_draws() -> None:
    if AS_DRAWN():
        return  # neither a script nor a figure has changed since all were drawn
    done = subprocess.run([sys.executable, ROADMAPS / "drawing.py", "--check"], capture_output=True, text=True)
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


def test_what_changes_a_figure_is_seen_without_drawing_it(tmp_path: Path) -> None:
    shutil.copy(ROADMAPS / "drawing.py", tmp_path)
    for part, name, text in (("figures", "a.py", "1"), ("figures", "a.svg", "<svg/>"), ("worked", "a.py", "2")):
        (tmp_path / "track" / part).mkdir(parents=True, exist_ok=True)
        (tmp_path / "track" / part / name).write_text(text)
    assert not AS_DRAWN(tmp_path)
    KEPT["keep"](tmp_path)
    assert AS_DRAWN(tmp_path)
    for changed in (*sorted(tmp_path.glob("track/*/a.*")), tmp_path / "drawing.py", tmp_path / "track/worked/b.py"):
        was = changed.read_text() if changed.exists() else None
        changed.write_text(f"{was} # else")
        assert not AS_DRAWN(tmp_path), changed
        changed.unlink() if was is None else changed.write_text(was)
    assert AS_DRAWN(tmp_path)


def test_a_figure_follows_the_theme_and_is_small() -> None:
    for figure in DRAWN:
        svg = figure.read_text(encoding="utf-8")
        assert "prefers-color-scheme:dark" in svg, figure
        assert set(re.findall(r"#[0-9a-f]{6}\b", STYLE.sub("", svg), re.IGNORECASE)) == set(), figure
        assert not re.search(r"<script|<image|href=\"(?!#)|\son\w+=", svg), figure
        assert len(svg) < 400_000, figure
        assert figure.with_suffix(".png").stat().st_size < 100_000, figure
