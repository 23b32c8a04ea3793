"""Lets `pytest` in a step's folder find that step's files first, then the finished files of all former steps."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
STEPS = sorted(folder for folder in HERE.glob("[0-9][0-9]-*") if folder in (Path.cwd(), *Path.cwd().parents))
FORMER = [folder for folder in sorted(HERE.glob("[0-9][0-9]-*"), reverse=True) if STEPS and folder < STEPS[0]]
FINISHED = [place for folder in FORMER for place in (HERE / "solutions" / folder.name, folder)]

sys.path[:0] = [str(place) for place in (*STEPS, *FINISHED)]
