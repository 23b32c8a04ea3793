"""Checks of bits per byte, the bigram model and the budget."""

import math
import random

MINUTES = 150


def _make_book(words):
    rng = random.Random(0)
    vocabulary = ["".join(rng.choice("etaoinshr") for _ in range(rng.randint(1, 7))) for _ in range(800)]
    weights = [1 / rank for rank in range(1, 801)]
    return " ".join(rng.choices(vocabulary, weights, k=words))


def check_bits(exercise):
    """Four tokens with a loss of 1.213 nats that cover 14 bytes cost 0.5 bits per byte."""
    value = exercise.bits_per_byte(1.75 * math.log(2), 4, "fourteen bytes")
    assert abs(value - 0.5) < 1e-9, f"4 tokens, 1.213 nats each, 14 bytes: got {value:.3f} bits per byte; expected 0.5."
    value = exercise.bits_per_byte(1.75 * math.log(2), 4, "seven é" * 2)
    assert abs(value - 7 / 16) < 1e-9, (
        f"14 characters with two é are 16 bytes, so 7 bits make {7 / 16:.4f} bits per byte; got {value:.4f}."
    )


def check_bigram(exercise):
    """The bigram model is smoothed, and its bits per byte are worked by hand on a short text."""
    value = exercise.score_bigram(b"abab", b"aba")
    expected = (8 - math.log2(3 / 258) - math.log2(2 / 257)) / 3
    assert abs(value - expected) < 1e-9, (
        f'Trained on "abab", "aba" costs 8 bits and the surprise of 3/258 and 2/257, {expected:.4f} bits per byte; '
        f"got {value:.4f}."
    )
    book = _make_book(20_000).encode()
    value = exercise.score_bigram(book[:80_000], book[80_000:])
    assert value < 5, f"The words use ten different symbols, but the bigram model costs {value:.2f} bits per byte."
    unseen = exercise.score_bigram(book[:80_000], "🚀".encode())
    assert math.isfinite(unseen) and unseen >= 7, f"Unseen bytes cost {unseen:.2f} bits each; expected about 8."


def check_budget(exercise):
    """Width 256, 6 blocks and 1,256 tokens make 5.04 million parameters, and training takes 6 operations each."""
    parameters = exercise.count_parameters(1256, 256, 6)
    assert parameters == 5_040_128, f"Width 256, 6 blocks, 1,256 tokens: got {parameters:,}; expected 5,040,128."
    operations = exercise.training_operations(5_000_000, 1_000_000)
    assert operations == 3 * 10**13, (
        f"5 million parameters and a million tokens take 3e13 operations; got {operations:.1e}."
    )
