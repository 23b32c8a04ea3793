"""What is wrong in the files of a roadmap, each with its file and line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.messages import markup
from bot.messages.characters import clean

MOST_TOLD = 20
"""Faults that a start names; the check names all."""
MOST_REFUSED = 5
"""Faults that are told to whoever brought a text."""
LINES_NAMED = 8
"""Lines that have one fault in common and are named."""


@dataclass(frozen=True)
class Slip:
    """What is to be said of a line of a text that somebody brought; lines count from 1. The sentence is plain text."""

    line: int
    sentence: str


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
        return _join_lines(f"{_format_name(self.file)}:{self.line}: fault: {self.sentence}")

    def within(self, root: Path) -> str:
        """Return the same for whoever does not sit at the machine: the file as it is reached from a folder."""
        file = self.file.relative_to(root) if self.file.is_relative_to(root) else Path(self.file.name)
        return _join_lines(f"{_format_name(file)}, line {self.line}: {self.sentence}")


def by_sentence(slips: Iterable[Slip | Fault], most: int) -> list[str]:
    """Return what is to be said, each sentence once with all its lines; of more than `most` the others as a count."""
    lines: dict[str, list[int]] = {}
    for slip in slips:
        lines.setdefault(slip.sentence, []).append(slip.line)
    sentences = [f"{_format_lines(numbers)}: {markup.escape(sentence, 200)}" for sentence, numbers in lines.items()]
    return [*sentences[:most], *([f"and {len(sentences) - most} more"] if len(sentences) > most else [])]


def _format_lines(numbers: Sequence[int]) -> str:
    names = [*map(str, numbers[:LINES_NAMED]), *(["more"] if len(numbers) > LINES_NAMED else [])]
    if len(names) == 1:
        return f"line {names[0]}"
    return f"lines {', '.join(names[:-1])} and {names[-1]}"


def refused(head: str, slips: Iterable[Slip | Fault]) -> str:
    """Return why a text that somebody brought is of no use, as a few items below a sentence."""
    return "\n".join([head, *(f"- {line}" for line in by_sentence(slips, MOST_REFUSED))])


def _format_name(file: Path) -> str:
    return str(file).encode("utf-8", "replace").decode()  # a file's name need not be text


def _join_lines(text: str) -> str:
    return " ".join(clean(text).splitlines())


class NoSuchRoadmap(Exception):
    """No roadmap is meant, or more than one; the text is a sentence for whoever runs the bot."""


class RoadmapFault(Exception):
    """Files cannot be used; it reads as one line for each fault, and the way on.

    Args:
        way_on: a sentence that stands below the faults.
    """

    def __init__(self, faults: Iterable[Fault], way_on: str = "") -> None:
        self.faults = tuple(faults)
        lines = [str(fault) for fault in self.faults[:MOST_TOLD]]
        if len(self.faults) > MOST_TOLD:
            lines.append(f"... and {len(self.faults) - MOST_TOLD} more.")
        super().__init__("\n".join([*lines, *([way_on] if way_on else [])]))
