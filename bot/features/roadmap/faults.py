"""What is wrong in the files of a roadmap, each with its file and line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


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
        file = str(self.file).encode("utf-8", "replace").decode()  # a file's name need not be text
        return f"{file}:{self.line}: fault: {self.sentence}"


class RoadmapFault(Exception):
    """A roadmap cannot be loaded; it reads as one line for each fault."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))
