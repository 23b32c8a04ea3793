"""What is wrong in the files of a roadmap, each with its file and line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.core.characters import clean

MOST_TOLD = 20
"""Faults that a start names; the check names all."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong.

    Args:
        file: as it was reached from the folder that was named.
        line: counted from 1.
        sentence: plain text, what is wrong and, where it can be told, how to mend it.
    """

    file: Path
    line: int
    sentence: str

    def __str__(self) -> str:
        """Return `file:line: fault: sentence`, as editors and terminals link it."""
        return _line(f"{_name(self.file)}:{self.line}: fault: {self.sentence}")

    def within(self, root: Path) -> str:
        """Return the same for whoever does not sit at the machine: the file as it is reached from a folder."""
        file = self.file.relative_to(root) if self.file.is_relative_to(root) else Path(self.file.name)
        return _line(f"{_name(file)}, line {self.line}: {self.sentence}")


def _name(file: Path) -> str:
    return str(file).encode("utf-8", "replace").decode()  # a file's name need not be text


def _line(said: str) -> str:
    return " ".join(clean(said).splitlines())


class NoSuchRoadmap(Exception):
    """No roadmap is meant, or more than one; the text is a sentence for whoever runs the bot."""


class RoadmapFault(Exception):
    """Files cannot be used; it reads as one line for each fault, and the way on.

    Args:
        way_on: a sentence that stands below the faults.
    """

    def __init__(self, faults: Iterable[Fault], way_on: str = "") -> None:
        self.faults = tuple(faults)
        told = [str(fault) for fault in self.faults[:MOST_TOLD]]
        if len(self.faults) > MOST_TOLD:
            told.append(f"... and {len(self.faults) - MOST_TOLD} more.")
        super().__init__("\n".join([*told, *([way_on] if way_on else [])]))
