"""The files that every page of the bot is made of: colours, type, buttons, and the icon."""

from __future__ import annotations

from pathlib import Path

STATIC = Path(__file__).parent / "static"


def files(*folders: Path) -> dict[str, Path]:
    """Return what a page may ask for by its name: what all pages share, and its own."""
    return {path.name: path for folder in (STATIC, *folders) for path in folder.iterdir()}
