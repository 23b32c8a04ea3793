"""Legs: how a roadmap is cut into them, and how a unit is told in its leg."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.curriculum.content import MOST, Exercise, LegStart, Phase, Retired, Roadmap, Topic, Unit, leg_sizes

PHASES = st.lists(st.integers(1, 60), min_size=1, max_size=12)


def built(sizes: list[int], starts: tuple[LegStart, ...] = ()) -> Roadmap:
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
    ("phases", "legs"),
    [
        ([14, 10, 11, 18], [7, 7, 5, 5, 6, 5, 6, 6, 6]),
        ([3, 3, 2], [8]),
        ([4, 4, 4], [8, 4]),
        ([1], [1]),
        ([53], [8, 8, 8, 8, 7, 7, 7]),
        ([9, 3], [5, 7]),
        ([7, 1, 8], [8, 8]),
    ],
)
def test_long_phases_are_split_evenly_and_short_ones_joined(phases: list[int], legs: list[int]) -> None:
    assert leg_sizes(phases) == legs


@given(PHASES)
def test_every_unit_is_in_exactly_one_leg_in_order(sizes: list[int]) -> None:
    way = built(sizes)
    assert tuple(unit for leg in way.legs for unit in leg.units) == way.units
    assert [leg.number for leg in way.legs] == list(range(1, len(way.legs) + 1))
    assert all(unit in way.leg_of(unit.id).units for unit in way.units)


@given(PHASES)
def test_a_leg_has_eight_units_at_most_and_no_two_neighbours_fit_into_one(sizes: list[int]) -> None:
    legs = leg_sizes(sizes)
    assert all(1 <= size <= MOST for size in legs)
    assert all(one + other > MOST for one, other in pairwise(legs))


@given(st.integers(9, 200))
def test_the_legs_of_one_long_phase_differ_by_one_unit_at_most(size: int) -> None:
    legs = leg_sizes([size])
    assert max(legs) - min(legs) <= 1
    assert size < 25 or min(legs) >= 6


def test_a_leg_is_named_after_the_phases_or_topics_of_its_units() -> None:
    assert [leg.title for leg in built([3, 5, 9]).legs] == ["Phase 2", "Topic 3", "Topic 3"]
    assert [leg.title for leg in built([4, 4]).legs] == ["Phase 1, Phase 2"]


def test_a_roadmap_that_names_its_legs_has_those() -> None:
    way = built([12], (LegStart("Ask", "u1"), LegStart("Answer", "u3")))
    assert [(leg.title, len(leg.units)) for leg in way.legs] == [("Ask", 2), ("Answer", 10)]


def test_a_unit_says_where_in_its_leg_it_is() -> None:
    way = built([7, 8])
    assert way.label(way.units[9]) == "Unit 10: Unit 10 (3 of 8 in part 2)"
    assert way.find("3 of 8 in part 2") == way.units[9]
    assert way.count("old") == "1 of 7 in part 1"
    assert built([4]).label(way.units[2]) == "Unit 3: Unit 3 (3 of 4)"
