"""Libraries that only some need: whether each is here, and the line that installs it."""

from __future__ import annotations

import re
import shlex
import sys
from importlib.metadata import requires
from importlib.util import find_spec

from bot.platforms import REMOTE

PACKAGES = {
    **{entry.sdk: entry.package for entry in REMOTE},
    "openai": "openai",
    "psycopg": "psycopg",
    "onnxruntime": "onnxruntime",
}
"""What may be left out: of each module the package that brings it."""


def lacking(module: str) -> str:
    """Return what to type to have a library that is not here; "" if it is."""
    return "" if find_spec(module) else f"{_find_installer()} '{_find_requirement(PACKAGES[module])}'"


def _find_installer() -> str:
    """Return what installs into the environment that runs, whatever is first on the path."""
    python = shlex.quote(sys.executable)
    return f"{python} -m pip install" if find_spec("pip") else f"uv pip install --python {python}"


def _find_requirement(package: str) -> str:
    """Return a package with the versions that this one declares."""
    declared = [require.split(";")[0].strip() for require in requires("trailmate") or ()]
    return next(
        (requirement for requirement in declared if _normalize_name(requirement) == _normalize_name(package)), package
    )


def _normalize_name(requirement: str) -> str:
    """Return a requirement's name as all its spellings have it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~ ]", requirement)[0]).lower()
