"""A roadmap cut out of another: phases of its own, which list units of the other by their ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import groupby

import yaml

from bot.features.roadmap.content import Retired, Roadmap, Topic, Unit
from bot.features.roadmap.outline import PHASE_KEYS, ROADMAP_KEYS, Outline, OutlineReader
from bot.features.roadmap.sheet import Fields, Sheet, quoted

FROM = "from"


@dataclass(frozen=True)
class Cut:
    """A roadmap.yaml that names another roadmap; its units are known once the other one is.

    Args:
        of: the node that names it.
    """

    sheet: Sheet
    root: yaml.Node
    of: yaml.Node

    def outline(self, base: Roadmap) -> Outline:
        """Return the roadmap that is cut out of another, noting every fault in the sheet."""
        return _CutReader(self.sheet, base, _named(self.root)).outline(self.root)


def find_cut(sheet: Sheet, root: yaml.Node) -> Cut | None:
    """Return what a roadmap.yaml is cut out of, or None where it stands for itself."""
    of = _named(root).get(FROM)
    return None if of is None else Cut(sheet, root, of)


class _CutReader(OutlineReader):
    """Reads phases whose units stand in another roadmap."""

    roadmap_keys = (*ROADMAP_KEYS, FROM)
    phase_keys = (*(key for key in PHASE_KEYS if key != "topics"), "units")

    def __init__(self, sheet: Sheet, base: Roadmap, named: Mapping[str, yaml.Node]) -> None:
        super().__init__(sheet)
        self._base = base
        self._grows = "capstone" in named

    def _topics(self, fields: Fields, phase_id: str) -> tuple[Topic, ...]:
        """Return the topics of the units that a phase lists, in the order of the list."""
        listed = ((self._sheet.ident(node, "A unit's id"), node) for node in self._some(fields, "units"))
        units = [
            unit
            for ident, node in listed
            if self._is_new("unit", ident, node) and (unit := self._taken(ident, node, phase_id)) is not None
        ]
        topics = {topic.id: topic for topic in self._base.topics}
        return tuple(replace(topics[of], units=tuple(some)) for of, some in groupby(units, lambda unit: unit.topic_id))

    def _retired(self, fields: Fields) -> tuple[Retired, ...]:
        """Return what is retired here, and what units that stand here took in there."""
        own = super()._retired(fields)
        known = {ident for kind, ident in self._first if kind == "unit"}
        return own + tuple(one for one in self._base.retired if one.into in known and one.id not in known)

    def _taken(self, ident: str, node: yaml.Node, phase_id: str) -> Unit | None:
        """Return a unit of the other roadmap in its new place; without a capstone here it adds to none."""
        if not self._base.has(ident):
            heir = self._base.heir(ident)
            hint = "" if heir == ident else f" {quoted(heir)} took it in: name that one, and this one under “retired”."
            self._sheet.fault(node, f"The roadmap {quoted(self._base.id)} has no unit {quoted(ident)}.{hint}")
            return None
        self._number += 1
        unit = replace(self._base.unit(ident), number=self._number, phase_id=phase_id)
        return unit if self._grows else replace(unit, exercise=replace(unit.exercise, adds=""))


def _named(root: yaml.Node) -> Mapping[str, yaml.Node]:
    """Return the values of a mapping by their keys, none where it is no mapping."""
    pairs = root.value if isinstance(root, yaml.MappingNode) else ()
    return {str(key.value): value for key, value in pairs if isinstance(key, yaml.ScalarNode)}
