"""Faults in the files of a course, with file and line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.messages import markup
from bot.messages.characters import clean

MOST_TOLD = 20
"""Most faults listed at start; the lint lists all."""
MOST_REFUSED = 5
"""Most faults listed for a person's own text."""
LINES_NAMED = 8
"""Most line numbers listed for one fault."""


@dataclass(frozen=True)
class LineRemark:
    """A remark on a line (from 1) of a person's text, in plain text."""

    line: int
    sentence: str


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong.

    Args:
        file: the path from the given folder.
        line: counted from 1.
        sentence: plain text, the problem and if possible the fix.
    """

    file: Path
    line: int
    sentence: str

    def __str__(self) -> str:
        """Return `file:line: fault: sentence`, as editors and terminals link it."""
        return _join_lines(f"{_format_name(self.file)}:{self.line}: fault: {self.sentence}")

    def within(self, root: Path) -> str:
        """Return the fault with the path relative to a folder, for people without access to the machine."""
        file = self.file.relative_to(root) if self.file.is_relative_to(root) else Path(self.file.name)
        return _join_lines(f"{_format_name(file)}, line {self.line}: {self.sentence}")


def by_sentence(slips: Iterable[LineRemark | Fault], most: int) -> list[str]:
    """Return each sentence once with its line numbers; beyond `most`, only a count."""
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


def refused(head: str, slips: Iterable[LineRemark | Fault]) -> str:
    """Return a refusal of a person's text: a sentence with a short list of faults."""
    return "\n".join([head, *(f"- {line}" for line in by_sentence(slips, MOST_REFUSED))])


def _format_name(file: Path) -> str:
    return str(file).encode("utf-8", "replace").decode()  # file names may be invalid Unicode


def _join_lines(text: str) -> str:
    return " ".join(clean(text).splitlines())


class NoSuchRoadmap(Exception):
    """The course doesn't exist or is ambiguous; the text is a sentence for the operator."""


class RoadmapFault(Exception):
    """Files are invalid; the text has one line for each fault."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        lines = [str(fault) for fault in self.faults[:MOST_TOLD]]
        if len(self.faults) > MOST_TOLD:
            lines.append(f"... and {len(self.faults) - MOST_TOLD} more.")
        super().__init__("\n".join(lines))
