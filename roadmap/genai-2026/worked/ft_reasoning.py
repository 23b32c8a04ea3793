"""The worked numbers of the note on reasoning models and test-time compute."""

from math import comb
from statistics import fmean, pstdev

# cited: AIME 2024 from 15.6% to over 70% with one answer, 86.7% with a vote (DeepSeek-AI 2025, R1-Zero)
# cited: 15.9% with one and 56% with 250 attempts on SWE-bench Lite (Brown et al. 2024)
# cited: 1,000 training examples (Muennighoff et al. 2025)
# cited: about 800,000 samples for the small models (DeepSeek-AI 2025)


def majority(p: float, votes: int) -> float:
    """Chance that most of an odd number of independent answers are right, where there are two answers."""
    return sum(comb(votes, k) * p**k * (1 - p) ** (votes - k) for k in range(votes // 2 + 1, votes + 1))


assert [round(majority(0.6, n), 2) for n in (1, 5, 25)] == [0.6, 0.68, 0.85]
assert [round(majority(0.4, n), 2) for n in (1, 5, 25)] == [0.4, 0.32, 0.15]


def any_right(p: float, attempts: int) -> float:
    """Chance that at least one of some independent attempts is right."""
    return 1 - (1 - p) ** attempts


assert [round(any_right(0.3, n), 2) for n in (1, 4, 8)] == [0.3, 0.76, 0.94]


def advantages(rewards: list[float]) -> list[float]:
    """GRPO's advantages: each reward against the mean of its group, in standard deviations."""
    mean, spread = fmean(rewards), pstdev(rewards)
    return [(reward - mean) / spread if spread else 0.0 for reward in rewards]


GROUP = [1.0, 0, 0, 1, 0, 0, 0, 0]
mean, spread = fmean(GROUP), pstdev(GROUP)
assert mean == 0.25 and round(spread, 3) == round((0.25 * 0.75) ** 0.5, 3) == 0.433
assert [round(a, 2) for a in advantages(GROUP)] == [1.73, -0.58, -0.58, 1.73, -0.58, -0.58, -0.58, -0.58]
assert [round(a, 3) for a in advantages(GROUP)][:2] == [1.732, -0.577]
assert abs(sum(advantages(GROUP))) < 1e-9
assert advantages([1.0] * 8) == advantages([0.0] * 8) == [0.0] * 8
hard = [1.0, 0, 0, 0, 0, 0, 0, 0]
even = [1.0, 0, 1, 0, 1, 0, 1, 0]
assert round(advantages(hard)[0], 2) == 2.65 and advantages(even)[0] == 1


def clipped(ratio: float, advantage: float, eps: float = 0.2) -> float:
    """What one token contributes to the objective."""
    return min(ratio * advantage, min(max(ratio, 1 - eps), 1 + eps) * advantage)


assert round(clipped(1.1, 1.73), 2) == 1.90 and round(clipped(1.5, 1.73), 2) == 2.08 == round(1.2 * 1.73, 2)
assert round(clipped(0.5, -0.58), 2) == -0.46 == round(0.8 * -0.58, 2)
assert clipped(0.5, 1.73) == 0.5 * 1.73 and clipped(1.5, -0.58) == 1.5 * -0.58  # the wrong way: not clipped

# The share of a wrong answer's blame that each of its tokens carries
assert 0.58 / 200 == 10 * (0.58 / 2_000) and (0.58 / 200, 0.58 / 2_000) == (0.0029, 0.00029)

# Prices that are made up: 10 euros for a million output tokens
PRICE = 10 / 1_000_000
plain, thinking = 300 * PRICE, 6_000 * PRICE
assert (round(plain, 3), round(thinking, 2), round(thinking / plain)) == (0.003, 0.06, 20)
assert (6_000 / 80, 300 / 80) == (75, 3.75)


def per_task(price: float, solved: float, failure: float) -> float:
    """What a task costs if a failure has to be paid for too."""
    return price + (1 - solved) * failure


assert (round(per_task(plain, 0.7, 1.0), 3), round(per_task(thinking, 0.9, 1.0), 2)) == (0.303, 0.16)
assert (round(per_task(plain, 0.7, 0.1), 3), round(per_task(thinking, 0.9, 0.1), 2)) == (0.033, 0.07)
break_even = (thinking - plain) / (0.9 - 0.7)
assert round(break_even, 3) == 0.285

# Check yourself
assert [round(a, 2) for a in advantages([1.0, 1, 1, 0])] == [0.58, 0.58, 0.58, -1.73]
assert round(0.04 / 0.1, 9) == 0.4

# cited: 800,000 labels; 78.2%, 72.4% and 69.6% (Lightman et al. 2023)
assert round(0.9 * 0.95 * 0.3 * 0.9, 3) == 0.231 and round(0.8**3, 3) == 0.512

# cited: 2.3 million examples (Olmo 3, 2025); 21 days, 224 GPUs (Olmo 3.1)
assert 21 * 24 * 224 == 112_896 and 2 * 112_896 == 225_792
assert 10 * 24 * 64 == 15_360 and 2 * 15_360 == 30_720

# cited: 600,000 reasoning answers of 800,000 examples (DeepSeek-AI 2025)
spread = (1 / 8 * 7 / 8) ** 0.5
assert 1 - 1 / 8 == 0.875 and round(spread, 3) == 0.331 and round(1 / spread, 2) == 3.02
sample = (8 / 7 * 2 / 8 * 6 / 8) ** 0.5  # torch.std divides by n - 1
assert (round(0.75 / sample, 2), round(-0.25 / sample, 2)) == (1.62, -0.54)
# Check yourself
assert round(100 * (3 * 0.3**2 * 0.7 + 0.3**3), 1) == 21.6
assert 1 / 100 == 0.01 and 1 / 500 == 0.002
