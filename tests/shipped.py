"""What ships with the program, read once for all tests of a process, which change nothing of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.answers.index import retrieval
from bot.answers.index.chunks import Chunk
from bot.answers.index.retrieval import SourceVocabulary
from bot.base.files import bundled
from bot.curriculum import loader
from bot.curriculum.authoring import lint
from bot.curriculum.loader import CourseReading
from bot.curriculum.shelf import CourseShelf, library
from bot.curriculum.start_cache import StartCache

_words_of = retrieval.words_of
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def read_courses() -> CourseShelf:
    """Return every shipped course."""
    return library(bundled("roadmap"))


_read_folder = loader.read_course
_read_shipped = cache(_read_folder)


def read_course(folder: Path) -> CourseReading:
    """Do what `loader.read_course` does, for each shipped course once."""
    is_shipped = folder.parent == bundled("roadmap")
    return _read_shipped(folder) if is_shipped else _read_folder(folder)


_lint_folder = lint.lint_course


@cache
def _lint_shipped(folder: Path) -> lint.LintReport:
    return _lint_folder(folder, read=read_course)


def lint_course(folder: Path, *places: Any) -> lint.LintReport:
    """Do what `lint.lint_course` does, for each shipped course once."""
    is_shipped = folder.parent == bundled("roadmap")
    return _lint_shipped(folder) if is_shipped else _lint_folder(folder, *places)


def take_courses(_: object) -> StartCache:
    """Return what a start finds where no course but these is installed, for `answer_engine.kept_of`."""
    return StartCache(CourseShelf(read_courses()), None, Path(), None, {})


MANY = 200
"""Fewer passages take no time."""
VOCABULARIES: dict[tuple[tuple[Chunk, ...], int], SourceVocabulary] = {}
"""The newest few vocabularies: most groups of tests have the same course and the same few notes of their own."""


def share_words_of(chunks: Sequence[Chunk], ordinary: Collection[str]) -> SourceVocabulary:
    """Do what `retrieval.words_of` does, for the same passages of a shipped course once."""
    if len(chunks) < MANY:
        return _words_of(chunks, ordinary)
    key = tuple(chunks), id(ordinary) if ordinary else 0
    made = VOCABULARIES.pop(key, None)
    VOCABULARIES[key] = made if made is not None else _words_of(chunks, ordinary)
    for oldest in [*VOCABULARIES][:-8]:
        del VOCABULARIES[oldest]
    return VOCABULARIES[key]


@cache
def read_yaml(file: Path) -> Any:
    """Return what a file holds, by the parser in C if there is one."""
    return yaml.load(file.read_text(encoding="utf-8"), _LOADER)
