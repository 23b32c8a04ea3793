"""The worked numbers of the note on agents under control."""

from math import comb


def chain(p: float, steps: int) -> float:
    """Chance that every step of a chain succeeds."""
    return p**steps


def input_tokens(fixed: int, new: int, steps: int) -> int:
    """Input tokens of a run that sends its whole history at each step."""
    return sum(fixed + new * step for step in range(steps))


def pass_at(k: int, n: int, c: int) -> float:
    """Chance that at least one of k runs succeeds, from c successes in n runs."""
    return 1 - comb(n - c, k) / comb(n, k)


def pass_hat(k: int, n: int, c: int) -> float:
    """Chance that all of k runs succeed, from c successes in n runs."""
    return comb(c, k) / comb(n, k)


table = {p: [round(100 * chain(p, n)) for n in (5, 10, 20)] for p in (0.9, 0.95, 0.99)}
assert table == {0.9: [59, 35, 12], 0.95: [77, 60, 36], 0.99: [95, 90, 82]}
assert round(0.95**20, 2) == 0.36
retried = 1 - 0.05**2
assert round(retried, 4) == 0.9975 and round(chain(retried, 20), 2) == 0.95

assert input_tokens(3_000, 800, 20) == 20 * 3_000 + 800 * 190 == 212_000
assert input_tokens(3_000, 800, 20) == 20 * 3_000 + 800 * 20 * 19 // 2
assert input_tokens(3_000, 800, 10) == 66_000 < 212_000 / 3

assert (comb(6, 4), comb(8, 4)) == (15, 70)
assert round(pass_hat(4, 8, 6), 2) == 0.21 and pass_at(4, 8, 6) == 1

# Check yourself
assert round(chain(0.97, 10), 2) == 0.74
assert input_tokens(2_000, 500, 10) == 42_500

# the answers to Check yourself
assert (round(0.97**10, 3), 10 * 2_000, 500 * 10 * 9 // 2) == (0.737, 20_000, 22_500)
assert (comb(7, 3), comb(10, 3)) == (35, 120) and round(pass_hat(3, 10, 7), 2) == 0.29
assert round(pass_at(3, 10, 7), 2) == round(1 - 1 / 120, 2) == 0.99
