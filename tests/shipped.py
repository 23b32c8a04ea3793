"""What ships with the program, read once for all tests of a process, which change nothing of it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.base.files import bundled
from bot.curriculum.shelf import CourseShelf, library
from bot.curriculum.start_cache import StartCache

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def read_courses() -> CourseShelf:
    """Return every shipped course."""
    return library(bundled("roadmap"))


def take_courses(_: object) -> StartCache:
    """Return what a start finds where no course but these is installed, for `answer_engine.kept_of`."""
    return StartCache(CourseShelf(read_courses()), None, Path(), None, {})


@cache
def read_yaml(file: Path) -> Any:
    """Return what a file holds, by the parser in C if there is one."""
    return yaml.load(file.read_text(encoding="utf-8"), _LOADER)
