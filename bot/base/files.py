"""Locate folders that are beside the package in a checkout and inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def bundled(name: str) -> Path:
    """Return the folder `roadmap` or `migrations`; FileNotFoundError if it is missing."""
    for place in (_PACKAGE / "_bundle" / name, _PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"The folder {name} is missing: this installation is not whole, install it again.")


def checkout() -> Path | None:
    """Return the root of the checkout; None if the package is installed."""
    return _PACKAGE.parent if (_PACKAGE.parent / "pyproject.toml").is_file() else None
