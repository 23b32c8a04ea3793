"""The numbers of the note on pre-training."""

import math
from collections import Counter
from itertools import pairwise

import numpy as np


def bigram_bits_per_byte(train, test):
    """Byte bigram baseline with add-one smoothing over 256 bytes."""
    pairs, firsts = Counter(pairwise(train)), Counter(train[:-1])
    bits = [-math.log2((pairs[a, b] + 1) / (firsts[a] + 256)) for a, b in pairwise(test)]
    return sum(bits) / len(bits)


def chinchilla(n, d):
    """Predicted loss for n parameters and d tokens (Hoffmann et al. 2022)."""
    return 1.69 + 406.4 / n**0.34 + 410.7 / d**0.28


def optimal(flop, tokens_per_parameter=20):
    """Parameters and tokens for a budget."""
    n = math.sqrt(flop / (6 * tokens_per_parameter))
    return n, tokens_per_parameter * n


def experts(blocks, number, chosen, expert, shared):
    """Total and active parameters of a mixture of experts."""
    return shared + blocks * number * expert, shared + blocks * chosen * expert


def first_loss(spread, vocabulary=50_257, draws=200):
    """Mean loss of random outputs of this spread."""
    z = np.random.default_rng(0).normal(size=(draws, vocabulary)) * spread
    top = z.max(axis=1)
    return (top + np.log(np.exp(z - top[:, None]).sum(axis=1))).mean()  # the true token's output is 0 on average


p = [0.5, 0.25, 0.125, 0.5]
loss = -sum(math.log(q) for q in p) / len(p)
assert round(loss, 3) == 1.213 and round(loss / math.log(2), 2) == 1.75 and round(math.log(2), 3) == 0.693
assert round(math.exp(loss), 2) == round(2**1.75, 2) == 3.36 and round(math.exp(3), 1) == 20.1
assert math.isclose(loss * 4 / (14 * math.log(2)), 0.5)

train, test = b"the cat sat on the mat. " * 50, b"the cat sat on the hat. "
assert bigram_bits_per_byte(b"", test) == 8.0  # nothing learned: 8 bits per byte
assert bigram_bits_per_byte(train, test) < 4.5

a, b = set("abcdefgh"), set("cdefghij")  # two documents as sets of 8 shingles
assert len(a & b) / len(a | b) == 0.6

assert 2 * 7 == 14 and 6 * 7 == 42  # GFLOP per token
flop = 6 * 7e9 * 2e12
assert math.isclose(flop, 8.4e22)
hours = flop / (1e15 * 0.4) / 3600
assert round(hours) == 58_333 and round(hours / 1_000 / 24, 1) == 2.4
assert math.isclose(6 * 5e6 * 3e6, 9e13) and 9e13 / 5e10 / 60 == 30
assert 32 * 256 == 8_192 and 3_000_000 // 8_192 == 366

n, d = optimal(1e21)
assert round(n / 1e9, 2) == 2.89 and round(d / 1e9, 1) == 57.7 and 6 * 20 == 120
assert round(chinchilla(70e9, 1.4e12), 2) == 1.94
assert round(chinchilla(280e9, 300e9), 2) == 1.99
split = min(np.logspace(8, 11, 30_001), key=lambda size: chinchilla(size, 1e21 / 6 / size))  # the fit's own optimum
assert round(split / 1e9, 2) == 1.82 and round(1e21 / 6 / split / 1e9) == 91 and round(1e21 / 6 / split**2) == 50
assert 15e12 / 8e9 == 1_875 and 20 * 5e6 == 100e6
assert [round(q**10, 2) for q in (0.8, 0.9, 0.95)] == [0.11, 0.35, 0.60]

attention = 2 * 4_096**2 + 2 * 4_096 * 1_024
expert, tables = 3 * 4_096 * 14_336, 2 * 32_000 * 4_096
assert round(expert / 1e9, 3) == 0.176 and round(attention / 1e6, 1) == 41.9
assert round(32 * attention / 1e9, 2) == 1.34 and round(tables / 1e9, 2) == 0.26
shared = 32 * attention + tables
assert round(shared / 1e9, 1) == 1.6
total, active = experts(32, 8, 2, expert, shared)
assert round(total / 1e9, 1) == 46.7 and round(46.7 * 2, 1) == 93.4
assert round(active / 1e9, 1) == 12.9 and round(active / total, 2) == 0.28
assert round(37 / 671 * 100, 1) == 5.5  # cited: 671 and 37 billion (DeepSeek-V3 2024)

assert 2 + 2 + 4 + 4 + 4 == 16 and 16 * 7 == 112 and 16 * 5e6 == 80e6 and 112 / 8 == 14 and 7 * 2 == 14

assert round(math.log(50_257), 2) == 10.82
assert abs(first_loss(0.02) - 10.82) < 0.01 and round(first_loss(4), 1) == 18.6
assert abs(first_loss(math.sqrt(200)) - 60) < 1 and abs(first_loss(math.sqrt(768)) - 118) < 1  # spread 1, two widths

# Check yourself
assert round(2**2.5, 2) == 5.66 and round(2.5 * math.log(2), 3) == 1.733 and round(math.exp(1.733), 2) == 5.66
assert 6 * 3 * 10**9 * 10**12 == 18 * 10**21  # 1.8 times 10^22
assert 671 * 2 == 1_342
