"""pace.yaml beside roadmap.yaml: which part of those who finished had kept each unit, of nobody by name."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.curriculum.content import Roadmap
from bot.curriculum.faults import Fault
from bot.curriculum.yaml_reader import YamlReader

LEAST = 5
"""Finishers below which a pace would tell of single people."""
KEYS = ("finishers", "kept")


@dataclass(frozen=True)
class CompletionPace:
    """How those who finished had gone.

    Args:
        finishers: how many they are.
        kept: how many percent of them kept a unit, by its id.
    """

    finishers: int
    kept: Mapping[str, int]

    def typical_count(self, unit_ids: Collection[str]) -> int | None:
        """Return how many of some units they had kept as a rule; None where one of these is unknown."""
        if not unit_ids or not all(unit_id in self.kept for unit_id in unit_ids):
            return None
        return round(sum(self.kept[unit_id] for unit_id in unit_ids) / 100)

    def spelled(self) -> str:
        """Return the file that says it."""
        return "\n".join(
            [f"finishers: {self.finishers}", "kept:", *(f"  {unit_id}: {n}" for unit_id, n in self.kept.items())]
        )


def read_pace(file: Path, roadmap: Roadmap) -> tuple[CompletionPace | None, list[Fault]]:
    """Return the pace that a file tells, which need not be there, and what is wrong in it."""
    if not file.exists():
        return None, []
    reader = YamlReader(file)
    root = reader.root()
    if root is None:
        return None, reader.in_order()
    fields = reader.fields(root, "a pace", KEYS)
    finishers = fields.whole("finishers", LEAST, 1_000_000)
    known = [*(unit.id for unit in roadmap.units), *(unit.id for unit in roadmap.retired)]
    percents: dict[str, int] = {}
    if "kept" in fields:
        shares = reader.fields(fields.at("kept"), "what was kept", (), known)
        percents = {unit_id: shares.whole(unit_id, 0, 100) for unit_id in known if unit_id in shares}
    faults = reader.in_order()
    return (None if faults else CompletionPace(finishers, percents)), faults
