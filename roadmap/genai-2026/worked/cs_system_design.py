"""The sums of the note on system design: peak load, calls in flight, waiting, storage, cost, tails and backlogs."""

from math import isclose


def peak_rate(users: int, requests: int, hours: float, factor: float) -> float:
    """Requests per second in the busiest minute."""
    return users * requests / (hours * 3_600) * factor


def mean_time(utilisation: float, service: float = 0.1) -> float:
    """Mean seconds in an M/M/1 system."""
    return service / (1 - utilisation)


def backlog(arrivals: float, finished: float, seconds: float) -> float:
    """Jobs that wait after a burst."""
    return (arrivals - finished) * seconds


def slow_share(servers: int, slow: float) -> float:
    """How often a request is slow that waits for all servers."""
    return float(1 - (1 - slow) ** servers)


assert (500 * 20, 8 * 3_600) == (10_000, 28_800)
assert round(peak_rate(500, 20, 8, 1), 2) == 0.35
assert round(peak_rate(500, 20, 8, 5), 2) == 1.74
assert round(1.74 * 3, 1) == 5.2 == round(3 * peak_rate(500, 20, 8, 5), 1)
assert 2 * 5 == 10
assert round(8 / 3, 2) == 2.67

assert [round(mean_time(rho), 6) for rho in (0.5, 0.9, 0.99)] == [0.2, 1, 10]

assert 10_000 * 4_000 * 30 == 1.2e9
assert round(3 * 1.2, 1) == 3.6
assert 100_000 * 10 == 1_000_000
assert round(1_000_000 * 1_024 * 4 / 1e9, 1) == 4.1

CALL = 3_000 * 1.00 / 1e6 + 500 * 4.00 / 1e6
assert (3_000 * 1.00 / 1e6, 500 * 4.00 / 1e6) == (0.003, 0.002)
assert isclose(CALL, 0.005)
assert isclose(CALL * 10_000 * 22, 1_100)

assert round(slow_share(100, 1 - 0.99), 2) == 0.63
assert round(slow_share(20, 0.02), 2) == 0.33  # the quiz

assert backlog(10, 6, 60) == 240
assert 240 / 6 == 40
assert 240 / (6 - 2) == 60

# "Check yourself"
assert round(peak_rate(900, 16, 10, 6), 6) == 2.4
assert round(2.4 * 4, 1) == 9.6
assert backlog(15, 5, 30) == 300

# the answers to Check yourself
assert (900 * 16, 10 * 3_600, 14_400 / 36_000) == (14_400, 36_000, 0.4)
assert round(0.04 / (1 - 0.6), 3) == 0.1 and round(0.04 / 0.05, 3) == 0.8 and round(1 - 0.95, 2) == 0.05
assert 200_000 * 5 == 1_000_000 and 1_000_000 * 768 * 4 == 3_072_000_000 and round(3_072_000_000 / 1e9, 1) == 3.1
# the tokens of the peak, with 3,500 a request
assert 364_000 < 5 * 10_000 / 28_800 * 60 * 3_500 < 365_000
assert (12 - 4) * 50 == 400 and 400 / 4 == 100
