"""The port for a group's own notes on a unit; a feature above the units fills it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class UnitNote:
    """A note of a group, as it is listed: its number and its title with the author's name, plain text."""

    id: int
    title: str


class UnitNotes(ABC):
    """Knows the notes of a group that belong to a unit."""

    @abstractmethod
    def list_of_unit(self, group_id: int, unit_id: str) -> Sequence[UnitNote]:
        """Return the notes of a unit, by title."""
