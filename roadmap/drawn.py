"""What the figures were drawn from: while that and they are the same, nothing has to be drawn to know them right."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

ROADMAPS = Path(__file__).resolve().parent
FILE = "drawn.json"
LIBRARIES = ("matplotlib", "numpy", "pandas")
"""Whose versions change a line; each number of a figure comes from `worked/`."""
FONTS = Path("bot", "drawing", "fonts")


def record(roadmaps: Path = ROADMAPS) -> dict[str, str]:
    """Return what is kept once every figure was drawn: the libraries, and of the scripts and of the figures a hash."""
    tracks = sorted(path.parent for path in roadmaps.glob("*/figures"))
    fonts = _files(roadmaps.parent / FONTS, "Inter-*.ttf")
    scripts = [
        roadmaps / "drawing.py",
        *fonts,
        *(path for one in tracks for path in _files(one, "figures/*.py", "worked/**/*")),
    ]
    figures = [path for one in tracks for path in _files(one, "figures/*.svg")]
    known = {name: version(name) for name in LIBRARIES}
    return {**known, "scripts": _hash(scripts), "figures": _hash(figures)}


def is_as_drawn(roadmaps: Path = ROADMAPS) -> bool:
    """Whether the figures are those that these scripts have drawn; False also where that has to be seen by drawing."""
    try:
        return bool(json.loads((roadmaps / FILE).read_text(encoding="utf-8")) == record(roadmaps))
    except (OSError, ValueError):
        return False


def keep(roadmaps: Path = ROADMAPS) -> None:
    """Keep that every figure is what its script draws."""
    (roadmaps / FILE).write_text(json.dumps(record(roadmaps), indent=1) + "\n", encoding="utf-8")


def _files(folder: Path, *patterns: str) -> Iterable[Path]:
    found = (path for pattern in patterns for path in folder.glob(pattern))
    return sorted(path for path in found if path.is_file() and path.suffix != ".pyc")


def _hash(files: Iterable[Path]) -> str:
    whole = sha256()
    for path in files:
        whole.update(f"{path.parent.name} {path.name} {sha256(path.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()
