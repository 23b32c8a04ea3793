"""Where the folders are that stand beside the package in a checkout and inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def bundled(name: str) -> Path:
    """Return the folder `roadmap` or `migrations`; one that is missing raises FileNotFoundError."""
    for place in (_PACKAGE / "_bundle" / name, _PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"The folder {name} is missing: this installation is not whole, install it again.")


def checkout() -> Path | None:
    """Return the folder that this package stands in, if it is a checkout and no installation."""
    return _PACKAGE.parent if (_PACKAGE.parent / "pyproject.toml").is_file() else None
