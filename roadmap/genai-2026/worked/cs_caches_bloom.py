"""The numbers of the note on caches and Bloom filters: average times, loops over a cache, bits and false positives."""

import hashlib
import random
from collections import OrderedDict
from functools import lru_cache
from math import ceil, exp, log


def average(hit_rate: float, hit: float, miss: float) -> float:
    """Average access time."""
    return hit_rate * hit + (1 - hit_rate) * miss


assert round(0.8 * 2, 1) == 1.6
assert round(0.2 * 200) == 40
assert round(average(0.8, 2, 200), 1) == 41.6
assert round(200 / 41.6, 1) == 4.8
assert round(0.9 * 2 + 0.1 * 200, 1) == 21.8
assert 1_000 - round(1_000 * 0.3) == 700
assert round(average(0.95, 4, 300), 1) == 18.8  # "Check yourself"
assert round(average(0.7, 5, 105), 6) == 35  # the quiz


def loop_hits(keys: int, rounds: int = 10, size: int = 100) -> float:
    """The hit rate of an LRU cache in a loop over keys."""

    @lru_cache(maxsize=size)
    def slow(key: int) -> int:
        return key

    for _ in range(rounds):
        for key in range(keys):
            slow(key)
    return slow.cache_info().hits / (keys * rounds)


assert loop_hits(101) == 0
assert loop_hits(100) == 0.9


class Node:
    """An entry with its neighbours in order of use."""

    def __init__(self, key: int = -1, value: float = 0) -> None:
        self.key, self.value = key, value
        self.older = self.newer = self


class ByHand:
    """An LRU cache from a dict and a ring of nodes; one sentinel stands for both ends."""

    def __init__(self, size: int) -> None:
        self.size, self.map, self.end = size, dict[int, Node](), Node()

    def _unlink(self, node: Node) -> None:
        node.older.newer, node.newer.older = node.newer, node.older

    def _newest(self, node: Node) -> None:
        node.older, node.newer = self.end.older, self.end
        node.older.newer = self.end.older = node

    def get(self, key: int) -> float | None:
        """The value, which becomes the newest."""
        if (node := self.map.get(key)) is None:
            return None
        self._unlink(node)
        self._newest(node)
        return node.value

    def put(self, key: int, value: float) -> None:
        """Store a value; the oldest leaves a full cache."""
        if key in self.map:
            self._unlink(self.map.pop(key))
        elif len(self.map) == self.size:
            oldest = self.end.newer
            self._unlink(oldest)
            del self.map[oldest.key]
        self.map[key] = node = Node(key, value)
        self._newest(node)


RNG = random.Random(1)  # noqa: S311
CACHE, MODEL = ByHand(50), OrderedDict[int, float]()
for _ in range(20_000):
    asked = RNG.randrange(100)
    if RNG.random() < 0.5:
        if asked in MODEL:
            MODEL.move_to_end(asked)
        assert CACHE.get(asked) == MODEL.get(asked)
    else:
        MODEL[asked] = value = RNG.random()
        MODEL.move_to_end(asked)
        if len(MODEL) > 50:
            MODEL.popitem(last=False)
        CACHE.put(asked, value)
assert CACHE.map.keys() == MODEL.keys()


def bits_for(keys: int, rate: float) -> int:
    """How many bits a Bloom filter needs."""
    return ceil(-keys * log(rate) / log(2) ** 2)


def false_positives(keys: int, bits: int, hashes: int) -> float:
    """The predicted share of false positives."""
    return float((1 - exp(-hashes * keys / bits)) ** hashes)


M = bits_for(10_000, 0.01)
K = round(M / 10_000 * log(2))
assert (M, K) == (95_851, 7)
assert (round(-log(0.01), 3), round(log(2) ** 2, 4), round(log(2), 3)) == (4.605, 0.4805, 0.693)
assert round(M / 10_000, 3) == 9.585
assert round(M / 10_000 * log(2), 2) == 6.64
assert round(M / 8 / 1_000) == 12
assert round(M / 10_000, 1) == 9.6
assert round(log(10) / log(2) ** 2, 1) == 4.8
assert round(bits_for(1_000_000, 0.001) / 1_000_000, 1) == 14.4
assert round(bits_for(1_000_000, 0.001) / 8e6, 1) == 1.8  # MB, at 0.1%: 100 * 0.001 == 0.1
assert round(false_positives(10_000, M, K), 2) == 0.01
assert round(100 * false_positives(20_000, M, K), 1) == 15.7
assert bits_for(50_000, 0.01) == 479_253  # "Check yourself"


def places(key: str) -> list[int]:
    """The bits that belong to a key, from one digest."""
    digest = hashlib.blake2b(key.encode(), digest_size=16).digest()
    a, b = int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:], "big") | 1
    return [(a + i * b) % M for i in range(K)]


SET = {place for i in range(10_000) for place in places(f"in-{i}")}
assert all(SET.issuperset(places(f"in-{i}")) for i in range(10_000))  # no false negatives
assert 0.005 < sum(SET.issuperset(places(f"out-{i}")) for i in range(20_000)) / 20_000 < 0.02

# the answers to Check yourself
assert (round(0.95 * 4, 1), round(0.95 * 4 + 0.05 * 300, 1)) == (3.8, 18.8)
assert round(-log(0.01), 5) == 4.60517 and round(log(2) ** 2, 6) == 0.480453
