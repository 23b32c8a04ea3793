"""Outlines of many habits, as people paste them: each is read as a person reads it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from bot.curriculum.authoring.outline_import import read_outline
from bot.curriculum.authoring.parsed_outline import TEXT_MAX, ParsedUnit
from tests.examples import sample
from tests.shipped import read_yaml

OUTLINES: list[dict[str, Any]] = read_yaml(Path(__file__).parent / "outlines.yaml")


@pytest.mark.parametrize("outline", OUTLINES, ids=lambda outline: outline["habit"])
def test_an_outline_is_read_as_a_person_reads_it(outline: dict[str, Any]) -> None:
    parsed = read_outline(outline["text"])
    assert parsed.faults == parsed.remarks == ()
    assert parsed.title == outline.get("title", "")
    assert parsed.summary == outline.get("summary", "")
    assert [(phase.title, phase.summary, [_describe(unit) for unit in phase.units]) for phase in parsed.phases] == [
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


@pytest.mark.parametrize(
    ("part", "longest_s"), [(5, 1.0), pytest.param(1, 5.0, marks=pytest.mark.nightly)], ids=["a fifth", "whole"]
)
@pytest.mark.parametrize(
    "piece", sample(["a\n\n", "### a\n", "## a\n- b\n", "Week 1\n", "> a\n", "**a:**\n", "1.1 a\n1.2 b\n1 c\n"], 3)
)
def test_an_outline_of_many_short_lines_is_read_in_time(piece: str, part: int, longest_s: float) -> None:
    begun = time.process_time()
    read_outline(piece * (TEXT_MAX // part // len(piece)))
    assert time.process_time() - begun < longest_s
