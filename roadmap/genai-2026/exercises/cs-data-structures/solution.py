"""Build a least-recently-used cache from a dict and a doubly linked list, and a Bloom filter for 10,000 keys at 1%.

`get` and `put` of the cache take constant time: the dict finds the node, and the list keeps the order of use. The Bloom
filter sets k bits for each key; it may say yes to a key that was never added, but never no to one that was.

Run this file to compare predicted and measured false positives. It takes about 120 minutes.
Check it: python check.py cs-data-structures
"""

import hashlib
import math
from dataclasses import dataclass
from typing import Any, Optional


@dataclass(eq=False)
class Node:
    """An entry of the cache, between its neighbours in the list."""

    key: Any = None
    value: Any = None
    older: Optional["Node"] = None
    newer: Optional["Node"] = None


class LRUCache:
    """At most `capacity` entries; the entry that was not used for longest leaves first."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.nodes: dict[Any, Node] = {}
        self.oldest, self.newest = Node(), Node()  # two ends that hold no entry
        self.oldest.newer, self.newest.older = self.newest, self.oldest

    def __len__(self) -> int:
        return len(self.nodes)

    def unlink(self, node: Node) -> None:
        """Take the node out of the list."""
        node.older.newer, node.newer.older = node.newer, node.older

    def link(self, node: Node) -> None:
        """Put the node at the newest end, before `self.newest`."""
        node.older, node.newer = self.newest.older, self.newest
        node.older.newer = self.newest.older = node

    def get(self, key: Any, default: Any = None) -> Any:
        """The value of the key, which becomes the newest; `default` if the key is missing."""
        if key not in self.nodes:
            return default
        node = self.nodes[key]
        self.unlink(node)
        self.link(node)
        return node.value

    def put(self, key: Any, value: Any) -> None:
        """Store the value under the key, which becomes the newest; evict the oldest entry if there are too many."""
        if key in self.nodes:
            self.unlink(self.nodes[key])
        elif len(self.nodes) == self.capacity:
            evicted = self.oldest.newer
            self.unlink(evicted)
            del self.nodes[evicted.key]
        self.nodes[key] = Node(key, value)
        self.link(self.nodes[key])


class BloomFilter:
    """Remembers strings in few bits: a lookup says "possibly" (True) or "certainly not" (False)."""

    def __init__(self, keys: int, false_positives: float) -> None:
        self.bits, self.hashes = self.choose_size(keys, false_positives)
        self.array = bytearray((self.bits + 7) // 8)

    @staticmethod
    def choose_size(keys: int, false_positives: float) -> tuple[int, int]:
        """Number of bits, rounded up, and of hash functions, rounded to the nearest."""
        bits = math.ceil(-keys * math.log(false_positives) / math.log(2) ** 2)
        return bits, round(bits / keys * math.log(2))

    def find_positions(self, key: str) -> list[int]:
        """The `self.hashes` bit numbers of a key, the same in each process."""
        digest = hashlib.sha256(key.encode()).digest()
        a, b = int.from_bytes(digest[:8]), int.from_bytes(digest[8:16])
        return [(a + i * b) % self.bits for i in range(self.hashes)]

    def add(self, key: str) -> None:
        """Set the bits of the key."""
        for position in self.find_positions(key):
            self.array[position // 8] |= 1 << position % 8

    def __contains__(self, key: str) -> bool:
        """Whether all bits of the key are set."""
        return all(self.array[position // 8] >> position % 8 & 1 for position in self.find_positions(key))


if __name__ == "__main__":
    filled = BloomFilter(10_000, 0.01)
    for number in range(10_000):
        filled.add(f"key {number}")
    wrong = sum(f"absent {number}" in filled for number in range(100_000))
    predicted = (1 - math.exp(-filled.hashes * 10_000 / filled.bits)) ** filled.hashes
    print(
        f"{filled.bits} bits, {filled.hashes} hash functions, {predicted:.2%} predicted, {wrong / 1000:.2f}% measured"
    )
