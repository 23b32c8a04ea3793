"""Parts: how a course is divided into them, and how a unit is told in its part."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.curriculum.content import (
    UNITS_OF_LONE_PART,
    UNITS_OF_PART,
    Exercise,
    PartStart,
    Phase,
    Retired,
    Roadmap,
    Topic,
    Unit,
    part_sizes,
)

PHASES = st.lists(st.integers(1, 60), min_size=1, max_size=12)


def built(sizes: list[int], starts: tuple[PartStart, ...] = ()) -> Roadmap:
    phases: list[Phase] = []
    for n, size in enumerate(sizes, 1):
        begun = sum(sizes[: n - 1])
        units = tuple(
            Unit(f"u{at}", at, f"Unit {at}", "", (), "", Exercise("", "", ""), 0, (), (), f"t{n}", f"p{n}")
            for at in range(begun + 1, begun + size + 1)
        )
        phases.append(Phase(f"p{n}", f"Phase {n}", None, None, "", (Topic(f"t{n}", f"Topic {n}", "", units),)))
    return Roadmap("way", "Way", "", tuple(phases), None, (Retired("old", "Old", "u1"),), starts)


@pytest.mark.parametrize(
    ("phases", "parts"),
    [
        ([14, 10, 11, 18], [7, 7, 5, 5, 6, 5, 6, 6, 6]),
        ([3, 3, 2], [8]),
        ([4, 4, 4], [8, 4]),
        ([1], [1]),
        ([9], [9]),
        ([12], [12]),
        ([13], [7, 6]),
        ([53], [8, 8, 8, 8, 7, 7, 7]),
        ([9, 3], [5, 7]),
        ([7, 1, 8], [8, 8]),
    ],
)
def test_long_phases_are_split_evenly_and_short_ones_joined(phases: list[int], parts: list[int]) -> None:
    assert part_sizes(phases) == parts


@given(PHASES)
def test_every_unit_is_in_exactly_one_part_in_order(sizes: list[int]) -> None:
    way = built(sizes)
    assert tuple(unit for part in way.parts for unit in part.units) == way.units
    assert [part.number for part in way.parts] == list(range(1, len(way.parts) + 1))
    assert all(unit in way.part_of(unit.id).units for unit in way.units)


@given(PHASES)
def test_a_part_has_eight_units_at_most_and_no_two_neighbours_fit_into_one(sizes: list[int]) -> None:
    parts = part_sizes(sizes)
    assert all(1 <= size <= UNITS_OF_PART for size in parts) or (len(sizes) == 1 and sizes[0] <= UNITS_OF_LONE_PART)
    assert all(one + other > UNITS_OF_PART for one, other in pairwise(parts))


@given(st.integers(9, 200))
def test_the_parts_of_one_long_phase_differ_by_one_unit_at_most(size: int) -> None:
    parts = part_sizes([size])
    assert max(parts) - min(parts) <= 1
    assert size <= UNITS_OF_LONE_PART or len(parts) > 1
    assert size < 25 or min(parts) >= 6


def test_a_part_is_named_after_the_phases_or_topics_of_its_units() -> None:
    assert [part.title for part in built([3, 5, 9]).parts] == ["Phase 2", "Topic 3", "Topic 3"]
    assert [part.title for part in built([4, 4]).parts] == ["Phase 1, Phase 2"]


def test_a_roadmap_that_names_its_parts_has_those() -> None:
    way = built([12], (PartStart("Ask", "u1"), PartStart("Answer", "u3")))
    assert [(part.title, len(part.units)) for part in way.parts] == [("Ask", 2), ("Answer", 10)]


def test_a_unit_says_where_in_its_part_it_is() -> None:
    way = built([7, 8])
    assert way.label(way.units[9]) == "Unit 10: Unit 10 (3 of 8 in part 2)"
    assert way.find("3 of 8 in part 2") == way.units[9]
    assert way.count("old") == "1 of 7 in part 1"
    assert built([4]).label(way.units[2]) == "Unit 3: Unit 3 (3 of 4)"
