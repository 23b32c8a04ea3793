"""A byte bigram model, bits per byte and the budget of a training run."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise


def bits_per_byte(loss: float, tokens: int, text: str) -> float:
    """Bits per byte of a text, from the mean loss per token in nats and the number of tokens."""
    return loss * tokens / (len(text.encode()) * math.log(2))


def score_bigram(train: bytes, held_out: bytes) -> float:
    """Bits per byte of a byte bigram model with add-one smoothing on held-out bytes.

    The probability of byte b after a is (count(a, b) + 1) / (count(a) + 256), where count(a) counts the pairs that
    begin with a. The first byte of the held-out text costs 8 bits.
    """
    pairs, firsts = Counter(pairwise(train)), Counter(train[:-1])
    bits = 8.0
    for a, b in pairwise(held_out):
        bits -= math.log2((pairs[a, b] + 1) / (firsts[a] + 256))
    return bits / len(held_out)


def count_parameters(vocabulary: int, d: int, blocks: int) -> int:
    """Weights of a decoder: 12 d^2 in each block and one row of the shared embedding table for each token."""
    return 12 * d**2 * blocks + vocabulary * d


def training_operations(parameters: int, tokens: int) -> int:
    """Operations of training on this many tokens: 6 for each parameter and token."""
    return 6 * parameters * tokens
