"""The numbers of the note on Python's containers: comparisons in list and set, their memory, and growth by append."""

# versions: dicts keep order from Python 3.7; memory measured on CPython 3.11, 3.12 and 3.13

import sys
from collections import Counter, deque
from heapq import nlargest


class Counted:
    """A value that counts how often it is compared."""

    calls = 0

    def __init__(self, value: int) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        Counted.calls += 1
        return isinstance(other, Counted) and self.value == other.value

    def __hash__(self) -> int:
        return hash(self.value)


def comparisons(container: list[Counted] | set[Counted], value: int) -> int:
    """How many comparisons one membership test makes."""
    Counted.calls = 0
    _ = Counted(value) in container
    return Counted.calls


def allocations(items: int) -> int:
    """How many sizes a list has while that many items are appended."""
    grown: list[int] = []
    sizes = set()
    for i in range(items):
        grown.append(i)
        sizes.add(sys.getsizeof(grown))
    return len(sizes)


ITEMS = [Counted(i) for i in range(10_000)]
assert comparisons(ITEMS, 20_000) == 10_000
assert comparisons(set(ITEMS), 9_999) == 1
assert 10_000 * 1_000 == 10_000_000
assert 10_000 + 1_000 == 11_000
assert round(10_000_000 / 11_000, -2) == 900
assert 300 * 5_000 == 1_500_000 and 300 + 5_000 == 5_300  # the first question of "Check yourself"
# sizes named, not computed: 100,000 rows; coordinates 48.1 and 11.6

if sys.version_info[:2] in {(3, 11), (3, 12), (3, 13)} and sys.maxsize == 2**63 - 1:
    assert sys.getsizeof(list(range(1_000))) == 8_056
    assert sys.getsizeof(set(range(1_000))) == 32_984
    assert allocations(1_000_000) == 86


def add(x: int, bag: list[int] = []) -> list[int]:  # noqa: B006
    """The default list survives the call."""
    bag.append(x)
    return bag


add(1)
assert add(2) == [1, 2]

WORDS = [1, 2, 2, 3]
for word in WORDS:
    if word == 2:
        WORDS.remove(word)
assert WORDS == [1, 2, 3]
assert [w for w in [1, 2, 2, 3] if w != 2] == [1, 3]

assert {1: "a", True: "b", 1.0: "c"} == {1: "c"}  # noqa: F601
assert list(dict.fromkeys([3, 1, 3, 2])) == [3, 1, 2]
PRICES = {"tea": 3, "milk": 1}
assert list(dict(sorted(PRICES.items(), key=lambda pair: pair[1]))) == ["milk", "tea"]
assert type({}) is dict
assert type((1,)) is tuple
assert deque([1, 2]).popleft() == 1
assert Counter("abca").most_common(1) == [("a", 2)]
assert nlargest(2, [5, 1, 4]) == [5, 4]


def slots(keys: tuple[int, ...], size: int = 8) -> dict[int, list[int]]:
    """The slots that a dict tries for each of some small integers, the last of which it takes."""
    taken: set[int] = set()
    tried = {}
    for key in keys:
        place, steps = key % size, [key % size]
        while place in taken:
            place = (5 * place + 1) % size
            steps.append(place)
        taken.add(place)
        tried[key] = steps
    return tried


assert slots((10, 5, 18)) == {10: [2], 5: [5], 18: [2, 3]}

assert 2_000_000**2 / 2 == 2 * 10**12  # a list of pages seen before
