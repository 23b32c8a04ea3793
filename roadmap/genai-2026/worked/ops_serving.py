"""The numbers of the note on serving, and a server that refuses what is too much."""

import asyncio
import math

assert math.isclose(0.4 + 199 * 0.03, 6.37)
assert round(16 * 200 / 6.37) == 502 and round(2 * 6.37, 1) == 12.7
assert 2 * 200 == 400 and round(400 / 502, 2) == 0.80
assert [round(1 / (1 - u)) for u in (0.5, 0.9, 0.95)] == [2, 10, 20]
cache = 24e9 * 0.9 - 16e9 - 1e9
assert round(cache / 1e9, 1) == 4.6 and cache // 131_072 == 35_095 and 35_095 // 1500 == 23
assert 8e9 * 4.5 / 8 == 4.5e9 and 4.5e9 / 2e12 == 0.00225 and 16e9 / 2e12 == 0.008
assert 45e9 / 2.25e9 == 20


def continuous(lengths, slots):
    waiting, active, steps = list(lengths), [], 0
    while waiting or active:
        while waiting and len(active) < slots:
            active.append(waiting.pop(0))
        steps += 1
        active = [left - 1 for left in active if left > 1]
    return steps


def schedule(lengths, slots, group=False):
    """Slot, first step and length of each answer; `group` starts the next group when the whole last one is done."""
    free, rows = [0] * slots, []
    for place, length in enumerate(lengths):
        if group and place % slots == 0:
            free = [max(free)] * slots
        slot = free.index(min(free))
        rows.append((slot, free[slot], length))
        free[slot] += length
    return rows


lengths = [100, 10, 20, 30, 40, 80, 60, 20]
static = max(lengths[:4]) + max(lengths[4:])
assert static == 180 and sum(lengths) / (static * 4) == 0.5
ends = [max(start + length for _, start, length in schedule(lengths, 4, group)) for group in (True, False)]
assert ends == [static, continuous(lengths, 4)]
assert continuous(lengths, 4) == 100 and sum(lengths) / (100 * 4) == 0.9


def percentile(values, q):
    return sorted(values)[math.ceil(q / 100 * len(values)) - 1]  # nearest rank


assert percentile(range(1, 101), 50) == 50 and percentile(range(1, 101), 95) == 95


class Server:
    """Admits at most `cap` requests at a time and refuses the rest at once."""

    def __init__(self, cap, timeout=5.0):
        self.cap, self.timeout, self.active = cap, timeout, 0

    async def handle(self, tokens):
        if tokens > 512:
            return 400  # too long: refuse before any GPU work
        if self.active >= self.cap:
            return 429  # too many requests: the client should retry later
        self.active += 1
        try:
            async with asyncio.timeout(self.timeout):
                await asyncio.sleep(tokens * 1e-4)  # stands for generation
            return 200
        except TimeoutError:
            return 504
        finally:
            self.active -= 1  # also after errors, or the cap leaks away


async def main():
    server = Server(cap=16)
    return await asyncio.gather(*(server.handle(200) for _ in range(20)), server.handle(9999))


codes = asyncio.run(main())
assert (codes.count(200), codes.count(429), codes.count(400)) == (16, 4, 1)


def accepted(a, k):
    """Mean tokens of one pass when each of k drafted tokens is accepted with probability a."""
    return (1 - a ** (k + 1)) / (1 - a)


assert round(0.8**5, 3) == 0.328 and round(1 - 0.8, 1) == 0.2 and round(accepted(0.8, 4), 2) == 3.36
assert 2.25e-3 == 4.5e9 / 2e12 and 24 * 0.9 == 21.6

# the answers to Check yourself
assert (round(199 * 0.03, 2), round(0.4 + 5.97, 2), round(2 * 6.37, 2)) == (5.97, 6.37, 12.74)

# cited: 989 TFLOP/s in 16 bits and 3.35 TB/s (H100 SXM data sheet)
PEAK, BANDWIDTH = 989, 3.35  # TFLOP/s, TB/s


def roof(intensity):
    """TFLOP/s that an H100 can reach at a number of operations for each byte."""
    return min(PEAK, BANDWIDTH * intensity)


assert round(PEAK / BANDWIDTH) == 295 and (roof(1), roof(1_000)) == (3.35, 989)
assert round(16e9 / 3.35e12 * 1e3, 2) == 4.78
assert [round(2 * 8e9 * batch / 989e12 * 1e3, 3) for batch in (1, 32, 295)] == [0.016, 0.518, 4.772]  # 0.52, 4.77

# cited: 10,889 and 6,159 tokens a second and card at tensor parallelism 8 and 16 (Ultra-Scale Playbook, 2025)
assert (
    (2 * 10, 4 * 45) == (20, 180) and 70e9 * 2 == 140e9 and (80 - 140 / 2, 80 - 140 / 4) == (10, 45) and 140 / 4 == 35
)
assert round(1 - 6_159 / 10_889, 2) == 0.43

# cited: 1979 TFLOP/s with sparsity (NVIDIA, H100)
# Check yourself
assert round(300 * 0.025, 1) == 7.5 and round(0.6 + 7.5, 1) == 8.1
assert (50 + 10 + 10 + 10) / (4 * 50) == 0.4 and 5 * 4 == 20
