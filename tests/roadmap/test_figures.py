"""Figures of notes are what their scripts draw, can be read in light and in dark, and are small enough for a chat."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROADMAPS = Path(__file__).resolve().parents[2] / "roadmap"
DRAWN = sorted(ROADMAPS.glob("*/figures/*.svg"))
STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)


def test_every_figure_is_what_its_script_draws() -> None:
    done = subprocess.run([sys.executable, ROADMAPS / "drawing.py", "--check"], capture_output=True, text=True)
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


@pytest.mark.parametrize("figure", DRAWN, ids=lambda figure: figure.stem)
def test_a_figure_follows_the_theme_and_is_small(figure: Path) -> None:
    svg = figure.read_text(encoding="utf-8")
    assert "prefers-color-scheme:dark" in svg
    assert set(re.findall(r"#[0-9a-f]{6}\b", STYLE.sub("", svg), re.IGNORECASE)) == set()
    assert not re.search(r"<script|<image|href=\"(?!#)|\son\w+=", svg)
    assert len(svg) < 400_000
    assert figure.with_suffix(".png").stat().st_size < 100_000
