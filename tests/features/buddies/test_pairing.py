"""Pairs: everybody once, nobody twice with the same person as long as that can be, near clocks first."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from bot.features.buddies.pairing import MOST, Groups, PairingCandidate, pair

OFFSETS = (-11, -8, -5, 0, 1, 2, 5.5, 9, 13)
Past = list[list[tuple[int, ...]]]


@st.composite
def rounds(draw: st.DrawFn, most: int = 9) -> tuple[list[PairingCandidate], Past]:
    """Draw people with their clocks, and with whom they were paired while some of them were away."""
    ids = draw(st.lists(st.integers(1, 99), min_size=0, max_size=most, unique=True))
    there = [PairingCandidate(one, timedelta(hours=draw(st.sampled_from(OFFSETS)))) for one in ids]
    past: Past = []
    for _ in range(draw(st.integers(0, 6))):
        mixed = draw(st.permutations(ids))[draw(st.integers(0, 3)) :]
        past.append([tuple(mixed[at : at + 2]) for at in range(0, len(mixed) - 1, 2)])
    return there, past


def repeats(groups: Iterable[Sequence[int]], past: Past) -> int:
    """Count how often those who are together now were together before."""
    met = Counter(two for week in past for group in week for two in combinations(sorted(group), 2))
    return sum(met[two] for group in groups for two in combinations(sorted(group), 2))


def every_way(ids: list[int]) -> Iterable[Groups]:
    """Yield each way in which an even number of people can be paired."""
    if not ids:
        yield []
    for other in ids[1:]:
        for rest in every_way([one for one in ids[1:] if one != other]):
            yield [(ids[0], other), *rest]


@given(rounds(), st.integers(1, 20))
def test_everybody_is_in_one_group_and_only_an_odd_one_makes_three(
    drawn: tuple[list[PairingCandidate], Past], n: int
) -> None:
    there, past = drawn
    groups = pair(there, past, n)
    ids = sorted(one.id for one in there)
    assert sorted(one for group in groups for one in group) == (ids if len(ids) > 1 else [])
    assert sum(len(group) == 3 for group in groups) == (len(ids) % 2 if len(ids) > 1 else 0)
    assert all(len(group) in (2, 3) for group in groups)


@given(rounds(), st.data())
def test_the_order_in_which_people_and_groups_are_given_changes_nothing(
    drawn: tuple[list[PairingCandidate], Past], data: st.DataObject
) -> None:
    there, past = drawn
    mixed = [[tuple(reversed(group)) for group in data.draw(st.permutations(week))] for week in past]
    assert pair(data.draw(st.permutations(there)), mixed, 3) == pair(there, past, 3)


@given(rounds(8), st.integers(1, 20))
def test_no_other_way_to_pair_an_even_number_repeats_less(drawn: tuple[list[PairingCandidate], Past], n: int) -> None:
    there, past = drawn
    ids = sorted(one.id for one in there)
    if len(ids) % 2 == 0:
        assert repeats(pair(there, past, n), past) == min(repeats(way, past) for way in every_way(ids))


@given(st.lists(st.sampled_from(OFFSETS), min_size=1, max_size=6), st.integers(0, 3))
def test_who_stay_together_long_enough_all_meet_before_anybody_meets_twice(half: list[float], more: int) -> None:
    there = [PairingCandidate(id, timedelta(hours=hours)) for id, hours in enumerate([*half, *half])]
    past: Past = []
    n = len(there) - 1
    for turn in range(n):
        past.append(pair(there, past, n + more - turn))
    met = Counter(two for week in past for two in week)
    assert met == Counter(combinations(range(len(there)), 2))
    assert pair(there, past, more + 1) == past[0], "then it begins anew"


def test_a_repeat_counts_before_how_long_ago_it_was_and_that_before_all_else() -> None:
    there = [PairingCandidate(id, timedelta()) for id in (1, 2, 3, 4)]
    assert pair(there, [[(1, 3)], [(2, 4)], [(1, 4)], [(2, 3)], [], [(1, 2)]]) == [(1, 2), (3, 4)]
    once: Past = [[(1, 3), (2, 4)], [(1, 2), (3, 4)], [(1, 4), (2, 3)]]
    assert [pair(there, [*once[n:], *once[:n]], 9) for n in range(3)] == once


def test_who_cannot_meet_everybody_meets_those_with_a_near_clock_even_across_midnight() -> None:
    hours = {1: 12, 2: 1, 3: -11, 4: 2, 5: 9, 6: 8}
    there = [PairingCandidate(id, timedelta(hours=ahead)) for id, ahead in hours.items()]
    assert pair(there, [], 2) == [(1, 3), (2, 4), (5, 6)]
    assert (1, 3) not in pair(there, [[(1, 3), (2, 4), (5, 6)]], 1)


def test_three_are_a_group_and_the_third_joins_two_that_they_have_not_met() -> None:
    there = [PairingCandidate(id, timedelta()) for id in range(1, 6)]
    assert pair(there[:3], [[(1, 2)]] * 4) == [(1, 2, 3)]
    past: Past = [[(1, 2), (3, 4)]]
    (three,) = [group for group in pair(there, past) if len(group) == 3]
    assert repeats([three], past) == 0


def test_hundreds_are_paired_in_seconds() -> None:
    there = [PairingCandidate(id, timedelta(hours=OFFSETS[id % len(OFFSETS)])) for id in range(2 * MOST + 101)]
    past: Past = []
    began = time.perf_counter()
    for _ in range(3):
        past.append(pair(there, past, 8))
    assert time.perf_counter() - began < 30, "which took two seconds when this was written"
    for groups in past:
        assert sorted(one for group in groups for one in group) == list(range(len(there)))
        assert Counter(map(len, groups)) == {2: len(there) // 2 - 1, 3: 1}
    assert repeats(past[2], past[:2]) == 0
