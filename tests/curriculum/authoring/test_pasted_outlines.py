"""Outlines of many habits, as people paste them: each is read as a person reads it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.curriculum.authoring.outline_import import ParsedUnit, read_outline
from tests.shipped import read_yaml

OUTLINES: list[dict[str, Any]] = read_yaml(Path(__file__).parent / "outlines.yaml")


@pytest.mark.parametrize("outline", OUTLINES, ids=lambda outline: outline["habit"])
def test_an_outline_is_read_as_a_person_reads_it(outline: dict[str, Any]) -> None:
    sketch = read_outline(outline["text"])
    assert sketch.faults == sketch.remarks == ()
    assert sketch.title == outline.get("title", "")
    assert sketch.summary == outline.get("summary", "")
    assert [(phase.title, phase.summary, [_describe(unit) for unit in phase.units]) for phase in sketch.phases] == [
        (phase.get("title", ""), phase.get("summary", ""), phase["units"]) for phase in outline["phases"]
    ]


def _describe(unit: ParsedUnit) -> dict[str, Any]:
    """Return the parts of a unit that are not empty, as outlines.yaml writes them."""
    values = {
        "title": unit.title,
        "hours": unit.hours,
        "summary": unit.summary,
        "exercise": unit.exercise,
        "links": [link.url for link in unit.links],
    }
    return {name: value for name, value in values.items() if value}
