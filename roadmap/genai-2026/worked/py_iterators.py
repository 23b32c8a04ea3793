"""The numbers of the note on iterators: memory of a list and a generator, and what a lazy pipeline pulls."""

# versions: CPython 3.11, 3.12 and 3.13; batched is new in 3.12, its strict in 3.13

import io
import sys
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from itertools import groupby, islice


def peak(job: Callable[[], object]) -> int:
    """The most bytes that a job held at once."""
    tracemalloc.start()
    job()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


N = 1_000_000
AS_LIST = [i for i in range(N)]  # noqa: C416 (a comprehension grows step by step; list() would reserve exactly)
AS_GENERATOR = (i for i in range(N))
if sys.version_info[:2] in {(3, 11), (3, 12), (3, 13)} and sys.maxsize == 2**63 - 1:
    assert sys.getsizeof(AS_LIST) == 8_448_728
    assert round(8_448_728 / 1e6, 1) == 8.4
assert sys.getsizeof(AS_GENERATOR) < 300
assert sum(AS_LIST) == sum(AS_GENERATOR)
assert sum(AS_GENERATOR) == 0  # already consumed
assert peak(lambda: sum([i for i in range(50_000)])) > 400_000  # noqa: C416
assert peak(lambda: sum(i for i in range(50_000))) < 20_000

FILE = io.StringIO("first\n\nlast\n")  # behaves like an open text file
assert next(FILE) == "first\n"
assert list(FILE) == ["\n", "last\n"]
assert list(FILE) == []
FILE.seek(0)
assert [line for line in (line.rstrip("\n") for line in FILE) if line] == ["first", "last"]

PULLED: list[int] = []


def naturals() -> Iterator[int]:
    """1, 2, 3 and so on; each number that is pulled is noted."""
    n = 1
    while True:
        PULLED.append(n)
        yield n
        n += 1


SQUARES = (n * n for n in naturals() if n % 2 == 0)
assert PULLED == []
assert list(islice(SQUARES, 3)) == [4, 16, 36]
assert PULLED == [1, 2, 3, 4, 5, 6]


def inner() -> Iterator[str]:
    """Yields one item and returns a value."""
    yield "a"
    return "done"


RESULTS: list[str] = []


def outer() -> Iterator[str]:
    """Keeps what the inner generator returns."""
    RESULTS.append((yield from inner()))


assert list(outer()) == ["a"]
assert RESULTS == ["done"]


def batches(iterable: Iterable[int], size: int) -> Iterator[tuple[int, ...]]:
    """Packs of a size, as `itertools.batched` gives them from Python 3.12 (strict from 3.13)."""
    it = iter(iterable)
    while batch := tuple(islice(it, size)):
        yield batch


assert list(batches(range(7), 3)) == [(0, 1, 2), (3, 4, 5), (6,)]
assert [k for k, _ in groupby("abab")] == ["a", "b", "a", "b"]
assert [k for k, _ in groupby(sorted("abab"))] == ["a", "b"]

LEFT = iter([1, 2, 3, 4])
assert list(zip(LEFT, [10, 20], strict=False)) == [(1, 10), (2, 20)]
assert next(LEFT) == 4  # zip swallowed the 3

CLOSED: list[str] = []


def cleaning() -> Iterator[int]:
    """Notes when its clean-up runs."""
    try:
        yield from (1, 2)
    finally:
        CLOSED.append("closed")


with closing(cleaning()) as halfway:
    assert next(halfway) == 1
assert CLOSED == ["closed"]


def bad() -> Iterator[int]:
    """A bare next inside a generator."""
    yield next(iter([]))


try:
    list(bad())
except RuntimeError as error:
    MESSAGE = str(error)
assert MESSAGE == "generator raised StopIteration"
