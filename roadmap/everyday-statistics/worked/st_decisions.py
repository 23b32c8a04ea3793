"""The numbers of the note on decisions."""

from math import log

assert 300 / 500 == 0.60 and round(2 - 0.60, 2) == 1.40


def outdoors(sun: float) -> float:
    """Expected euros of the fair outdoors."""
    return 500 * sun - 200 * (1 - sun)


HALL, SUN = 200, 0.6
assert round(outdoors(SUN)) == 220 and round(1 - SUN, 1) == 0.4
TURN = 4 / 7
assert round(outdoors(TURN)) == HALL and round(TURN, 2) == 0.57 and round(100 * TURN) == 57
assert (1.6 + 0.5) / 2 == 1.05 and 1.6 * 0.5 == 0.8 and round(0.8**10, 2) == 0.11
KNOWING = SUN * 500 + (1 - SUN) * HALL
assert round(KNOWING) == 380 and round(KNOWING - outdoors(SUN)) == 160


def growth(stake: float, p: float = 0.6) -> float:
    """Typical growth of one round, as a logarithm, when a fraction is staked on an even bet."""
    return p * log(1 + stake) + (1 - p) * log(1 - stake)


assert round(2 * 0.6 - 1, 1) == 0.2 == max((s / 100 for s in range(100)), key=growth)
assert 0.73 < growth(0.1) / growth(0.2) < 0.77 and abs(growth(0.4)) < 0.15 * growth(0.2) and growth(0.5) < 0
assert round(100 * (0.7 * 0.3 / 20) ** 0.5) == 10  # the standard error of 20 things at 70 percent, in points
# as an example: the first 1,000 euros of savings, a chance of sun of 0.9

# the answers to Check yourself
assert 2_000 / 1_000 == 2
assert 800 * 0.5 - 100 * (1 - 0.5) == 350
assert round((1.7 + 0.5) / 2, 2) == 1.1 and 1.7 * 0.5 == 0.85 and round(0.85**10, 2) == 0.20
assert round(0.6 * 800 - 0.4 * 100) == 440 and round(0.6 * 800 + 0.4 * 350) == 620 and 620 - 440 == 180
