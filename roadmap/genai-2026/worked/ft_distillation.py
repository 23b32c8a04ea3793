"""The worked numbers of the note on synthetic data and distillation."""

import math
from math import exp, log

import numpy as np

# cited: 175 seed tasks, about 52,000 instructions (Wang et al. 2022)
# cited: about 800,000 answers (DeepSeek-AI 2025); the licence of Llama 3.1 (Meta 2024)
# cited: sequences of up to 13 words (Brown et al. 2020)


def softmax(logits: list[float], temperature: float = 1.0) -> list[float]:
    """Probabilities of some raw scores; a higher temperature flattens them."""
    scaled = [exp(z / temperature) for z in logits]
    return [s / sum(scaled) for s in scaled]


def kl(p: list[float], q: list[float]) -> float:
    """How far q is from p, in nats."""
    return sum(a * log(a / b) for a, b in zip(p, q, strict=True))


TEACHER, STUDENT = [4.0, 2.0, 0.0], [2.0, 2.0, 0.0]
assert [round(p, 3) for p in softmax(TEACHER)] == [0.867, 0.117, 0.016]
assert [f"{p:.1%}" for p in softmax(TEACHER)] == ["86.7%", "11.7%", "1.6%"]
assert [round(p, 3) for p in softmax(TEACHER, 2)] == [0.665, 0.245, 0.090]
assert [round(p, 2) for p in softmax(TEACHER, 2)] == [0.67, 0.24, 0.09]
assert [round(p, 2) for p in softmax(STUDENT, 2)] == [0.42, 0.42, 0.16]
soft = kl(softmax(TEACHER, 2), softmax(STUDENT, 2))
assert round(soft, 2) == 0.12 and round(4 * soft, 2) == 0.48
terms = [a * log(a / b) for a, b in zip(softmax(TEACHER, 2), softmax(STUDENT, 2), strict=True)]
assert [round(t, 3) for t in terms] == [0.302, -0.134, -0.049]
hard = -log(softmax(STUDENT)[0])
assert [round(p, 2) for p in softmax(STUDENT)] == [0.47, 0.47, 0.06]
assert round(hard, 2) == 0.76 and round(0.5 * hard + 0.5 * 4 * soft, 2) == 0.62

# What stored probabilities take: 128,000 entries of 2 bytes, or the 20 largest with an index of 4 bytes each
assert 128_000 * 2 == 256_000 and 256_000 * 1_000_000 == 256 * 10**9
assert 20 * (2 + 4) == 120 and 120 * 1_000_000 == 0.12 * 10**9

# Two students of a teacher with two modes: forward KL covers both, reverse KL takes one.
modes = [0.49, 0.02, 0.49]
broad, narrow = [0.34, 0.32, 0.34], [0.96, 0.02, 0.02]
assert kl(modes, broad) < kl(modes, narrow) and kl(narrow, modes) > 0
assert round(kl(modes, broad), 2) == 0.3 and round(kl(modes, narrow), 2) == 1.24
assert round(kl(broad, modes), 2) == 0.64 and round(kl(narrow, modes), 2) == 0.58

YIELD = [
    ("generated", 10_000),
    ("readable", 9_400),
    ("not too similar", 7_100),
    ("checked", 5_300),
    ("not in a test", 5_200),
]
assert round(YIELD[-1][1] / YIELD[0][1], 2) == 0.52
cost = 10_000 * (600 * 2 + 900 * 10) / 1e6
assert round(cost) == 102 and round(cost / 5_200, 2) == 0.02

# Collapse: each generation is fitted to 20 draws from the last one.
assert round(0.95**50, 3) == 0.077 and 1 - 1 / 20 == 0.95


def spreads(draws: int, count: int, fresh: float, runs: int = 400) -> list[float]:
    """Mean variance from the first generation on, where a share of each generation's data is real."""
    rng = np.random.default_rng(0)
    variances = np.ones((runs, count + 1))
    for run in range(runs):
        mean, spread = 0.0, 1.0
        for place in range(1, count + 1):
            real = rng.normal(0, 1, round(draws * fresh))
            data = np.concatenate([real, rng.normal(mean, spread, draws - len(real))])
            mean, spread = float(data.mean()), float(data.std())
            variances[run, place] = spread**2
    return [float(variance) for variance in variances.mean(axis=0)]


def generations(draws: int, count: int, fresh: float) -> float:
    """Mean variance after some generations."""
    return spreads(draws, count, fresh)[-1]


assert generations(20, 50, 0.0) < 0.1 < 0.9 < generations(20, 50, 0.5)

# Does it pay? Prices are made up.
assert (
    102 + 400 + 1_500 == 2_002 and round(0.006 - 0.0006, 4) == 0.0054 and round(2_002 / 0.0054) == 370_741
)  # about 370,000

# Check yourself
assert [round(p, 2) for p in softmax([2.0, 0.0], 2)] == [0.73, 0.27]

# the answers to Check yourself
assert (round(math.e, 3), round(math.e + 1, 3), round(math.e / (math.e + 1), 2)) == (2.718, 3.718, 0.73)
assert round(1 / (1 + math.exp(-2)), 2) == 0.88

# cited: 600,000 reasoning answers of 800,000 examples (DeepSeek-AI 2025)
# Check yourself
assert round(800 / 0.002) == 400_000
