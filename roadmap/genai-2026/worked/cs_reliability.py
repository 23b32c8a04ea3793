"""The numbers of the note on reliability: availability in series and parallel, waits, tokens, keys that move."""

import random
from math import prod

MINUTES = 30 * 24 * 60


def in_series(*parts: float) -> float:
    """Availability of parts that are all needed."""
    return prod(parts)


def in_parallel(*parts: float) -> float:
    """Availability of parts of which one is enough, if they fail independently."""
    return 1 - prod(1 - part for part in parts)


assert round(MINUTES * (1 - 0.999), 1) == 43.2
assert round(MINUTES * (1 - 0.9999), 2) == 4.32
assert round(MINUTES * (1 - 0.99) / 60, 1) == 7.2
# the same in percent: 99.9 and 99.99; the p99.9 is named, not computed
assert round(100 * in_series(0.999, 0.999, 0.999), 1) == 99.7
assert round(100 * in_parallel(0.99, 0.99), 2) == 99.99
assert round(1 - 0.01 * 0.01, 4) == 0.9999

# "Check yourself": 99.5% and four of them, two of 98%, two layers of four attempts
assert round(MINUTES * (1 - 0.995) / 60, 1) == 3.6
assert round(100 * in_series(*[0.995] * 4), 1) == 98.0
assert round(100 * in_parallel(0.98, 0.98), 2) == 99.96
assert 99.5 / 100 == 0.995
assert 4**2 == 16


def wait(i: int, base: float = 0.5, cap: float = 8) -> float:
    """The longest wait before retry i."""
    return min(cap, base * 2**i)


assert [wait(i) for i in range(6)] == [0.5, 1, 2, 4, 8, 8]
assert all(0 <= random.Random(i).uniform(0, wait(i)) <= 8 for i in range(6))  # noqa: S311
assert 3 * 3 * 3 == 27


class TokenBucket:
    """Tokens drip in at a rate; the bucket holds so many; each request takes one."""

    def __init__(self, rate: float, burst: float) -> None:
        self.rate, self.burst, self.tokens, self.last = rate, burst, burst, 0.0

    def allow(self, now: float) -> bool:
        """Whether a request at this second is accepted."""
        self.tokens = min(self.burst, self.tokens + (now - self.last) * self.rate)
        self.last = now
        if self.tokens >= 1:
            self.tokens -= 1
            return True
        return False


BUCKET = TokenBucket(rate=2, burst=5)
assert sum(BUCKET.allow(0.0) for _ in range(20)) == 5
assert sum(BUCKET.allow(1.0) for _ in range(20)) == 2


def moved(before: int, after: int) -> float:
    """The share of keys that change their server under mod n."""
    keys = range(before * after)
    return sum(k % before != k % after for k in keys) / len(keys)


assert round(100 * moved(10, 11), 1) == 90.9
assert round(100 / 11, 1) == 9.1
assert moved(4, 5) == 0.8  # "Check yourself" and the quiz

# the answers to Check yourself
assert (30 * 24 * 60, 43_200 * 0.005) == (43_200, 216)
assert round(1 - 0.02 * 0.02, 4) == 0.9996
assert min(10, 30) == 10 and 4 * 2 == 8
