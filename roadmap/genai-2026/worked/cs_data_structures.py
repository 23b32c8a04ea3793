"""The numbers of the note on data structures: a heap by hand, the top k, nodes of a trie, B-trees and graphs."""

# versions: heapq has max-heaps (heappush_max, heappop_max) from Python 3.14

import heapq
import random
from math import log2


def push(heap: list[float], x: float) -> None:
    """Put an item at the end and swap it upwards."""
    heap.append(x)
    i = len(heap) - 1
    while i and heap[i] < heap[(i - 1) // 2]:
        heap[i], heap[(i - 1) // 2] = heap[(i - 1) // 2], heap[i]
        i = (i - 1) // 2


def pop(heap: list[float]) -> float:
    """Take the smallest item; the last one sinks from the top to its place."""
    heap[0], heap[-1] = heap[-1], heap[0]
    top, i = heap.pop(), 0
    while 2 * i + 1 < len(heap):
        child = 2 * i + 1
        if child + 1 < len(heap) and heap[child + 1] < heap[child]:
            child += 1
        if heap[i] <= heap[child]:
            break
        heap[i], heap[child], i = heap[child], heap[i], child
    return top


def heap_of(*items: float) -> list[float]:
    """The array after pushing the items one by one."""
    heap: list[float] = []
    for item in items:
        push(heap, item)
    return heap


DATA = [random.Random(seed).random() for seed in range(1000)]  # noqa: S311
MINE = heap_of(*DATA)
assert [pop(MINE) for _ in DATA] == sorted(DATA)
assert [heap_of(*[5, 3, 8, 1][:n]) for n in (1, 2, 3, 4)] == [[5], [3, 5], [3, 5, 8], [1, 3, 8, 5]]
assert heap_of(7, 4, 9, 5) == [4, 5, 9, 7]  # "Check yourself" and the quiz
assert heapq.nlargest(10, DATA) == sorted(DATA, reverse=True)[:10]


def trie_nodes(*words: str) -> int:
    """How many nodes a trie has besides its root: one for each beginning."""
    return len({word[:end] for word in words for end in range(1, len(word) + 1)})


assert trie_nodes("tea", "ten", "to") == 5
assert trie_nodes("car", "cat", "cow") == 6  # "Check yourself" and the quiz

assert 200 * 200 * 200 == 8_000_000
assert (8_000_000).bit_length() == 23
assert round(log2(1_000_000)) == 20
assert 10_000 * 10_000 == 100_000_000
assert 3_000 * 3_000 == 9_000_000  # "Check yourself"
# named, not computed: 50,000 edges

# the answers to Check yourself
# three keys in eight slots
assert [n % 8 for n in (13, 22, 29)] == [5, 6, 5] and 3 / 8 == 0.375
assert [n % 10 for n in (23, 47, 63, 80)] == [3, 7, 3, 0] and 4 / 10 == 0.4
