"""Compare language models by bits per byte, and write down the budget of a training run.

Use these functions when you train a small decoder on the tokens of your book. The functions take about an hour, the
training on a CPU about 90 minutes more.

Check it: python check.py tf-pretraining
"""

import re
from collections.abc import Sequence


def bits_per_byte(loss: float, tokens: int, text: str) -> float:
    """Bits per byte of a text, from the mean loss per token in nats and the number of tokens."""
    raise NotImplementedError("total surprise in bits over the number of bytes, not characters")


def score_bigram(train: bytes, held_out: bytes) -> float:
    """Bits per byte of a byte bigram model with add-one smoothing on held-out bytes.

    The probability of byte b after a is (count(a, b) + 1) / (count(a) + 256), where count(a) counts the pairs that
    begin with a. The first byte of the held-out text costs 8 bits.
    """
    raise NotImplementedError("count pairs in the training bytes, then add up the surprise of the held-out ones")


def count_parameters(vocabulary: int, d: int, blocks: int) -> int:
    """Weights of a decoder: 12 d^2 in each block and one row of the shared embedding table for each token."""
    raise NotImplementedError("blocks and table")


def training_operations(parameters: int, tokens: int) -> int:
    """Operations of training on this many tokens: 6 for each parameter and token."""
    raise NotImplementedError("one product")
