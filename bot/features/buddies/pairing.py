"""Pair members: as few repeated pairs as possible, then nearer clocks. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations
from operator import neg

Groups = list[tuple[int, ...]]
"""Pairs of ids, one of three among them where the number is odd."""
MOST = 200
"""People among whom the best pairs are looked for: a tenth of a second, which grows with the third power. More are
divided by their clocks before, and each still has more to meet than there are weeks."""
_DAY = timedelta(hours=24)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, order=True)
class PairingCandidate:
    """Someone to be paired, and how far their clock is ahead of UTC."""

    id: int
    offset: timedelta


def pair(
    candidates: Collection[PairingCandidate], past: Sequence[Iterable[Collection[int]]], rounds: int = 1
) -> Groups:
    """Return who is paired with whom, the same whatever the order in which they are given; nobody for fewer than two.

    Args:
        past: the groups of each time before, oldest first.
        rounds: how many times will be paired, this one included. Where all times are enough for everybody to meet
            everybody, each takes what leaves the others possible, and whose clock is near is no matter.
    """
    there = sorted(set(candidates))
    if len(there) < 2:
        return []
    n_parts = -(-len(there) // MOST)
    size = 2 * -(-len(there) // (2 * n_parts))
    if n_parts > 1:
        there.sort(key=lambda candidate: (candidate.offset, candidate.id))
    parts = [there[start : start + size] for start in range(0, len(there), size)]
    return sorted(group for part in parts for group in _pair(sorted(part), _Past(past), rounds))


def join(
    third: PairingCandidate, twos: Collection[tuple[PairingCandidate, ...]], past: Sequence[Iterable[Collection[int]]]
) -> int:
    """Return the index of the pair that a single person joins: met least, then with the nearest clocks."""
    known = _Past(past)

    def cost(at: int) -> tuple[int, ...]:
        met = [(min(third.id, member.id), max(third.id, member.id)) for member in listed[at]]
        parts = [(known.times[two], known.last.get(two, 0)) for two in met]
        return *map(sum, zip(*parts, strict=True)), sum(_count_hours_apart(third, member) for member in listed[at]), at

    listed = list(twos)
    return min(range(len(listed)), key=cost)


class _Past:
    """How often and when last two people were paired."""

    def __init__(self, past: Sequence[Iterable[Collection[int]]]) -> None:
        self.times: Counter[tuple[int, int]] = Counter()
        self.last: dict[tuple[int, int], int] = {}
        self.n = len(past)
        for number, groups in enumerate(past, 1):
            for two in (two for group in groups for two in combinations(sorted(group), 2)):
                self.times[two] += 1
                self.last[two] = number


def _pair(there: list[PairingCandidate], past: _Past, rounds: int) -> Groups:
    n = len(there)
    seats = n + n % 2  # an empty seat stands for being the third of a group
    everyone = seats - 1 <= past.n + rounds
    radix = seats * (1 + max(past.n, seats, _DAY // _HOUR))

    def cost(a: int, b: int) -> int:
        """Return a pair's cost; earlier parts outweigh later ones in any sum."""
        two = (there[a].id, there[b].id)
        turn, hours = _find_turn(a, b, seats), _count_hours_apart(there[a], there[b])
        parts = (past.times[two], past.last.get(two, 0), *((turn, hours) if everyone else (hours, turn)))
        return _combine(parts, radix)

    costs = {(a, b): cost(a, b) for a, b in combinations(range(n), 2)}

    def between(a: int, b: int) -> int:
        return costs[min(a, b), max(a, b)]

    edges = [(a, b, weight) for (a, b), weight in costs.items()]
    if n % 2:
        edges += [(a, n, sum(sorted(between(a, b) for b in range(n) if b != a)[:2])) for a in range(n)]
    import rustworkx  # a library of graphs, needed once a week

    graph: rustworkx.PyGraph[None, int] = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from([None] * seats)
    graph.add_edges_from(edges)
    matching = rustworkx.max_weight_matching(graph, max_cardinality=True, weight_fn=neg)
    return [tuple(there[index].id for index in group) for group in _seat_third(matching, n, between)]


def _seat_third(matching: Iterable[tuple[int, int]], n: int, between: Callable[[int, int], int]) -> Groups:
    """Return the groups; the person with the empty seat joins the pair that costs least."""
    twos: Groups = sorted((min(two), max(two)) for two in matching)
    groups = [two for two in twos if n not in two]
    for third, _ in (two for two in twos if n in two):
        host = min(groups, key=lambda two: (sum(between(third, index) for index in two), two))
        groups[groups.index(host)] = tuple(sorted((*host, third)))
    return groups


def _find_turn(a: int, b: int, seats: int) -> int:
    """Return the turn of a round robin in which two seats meet."""
    return (a + b if b < seats - 1 else 2 * a) % (seats - 1)


def _count_hours_apart(first: PairingCandidate, other: PairingCandidate) -> int:
    """Return how many hours two clocks differ, whatever the date."""
    apart = abs(first.offset - other.offset) % _DAY
    return min(apart, _DAY - apart) // _HOUR


def _combine(parts: Iterable[int], radix: int) -> int:
    number = 0
    for part in parts:
        number = number * radix + part
    return number
