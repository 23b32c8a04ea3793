"""Works the numbers of the note on the transformers library."""

import math

import numpy as np

# cited: `generate` makes 20 new tokens by default (transformers 5.24, asserted in the file beside this one)


def slots(lengths, size=2):
    """The slots of each batch when every text is padded to the longest of its batch."""
    return [size * max(lengths[i : i + size]) for i in range(0, len(lengths), size)]


def gigabytes(parameters, bytes_each):
    """Memory of the weights alone."""
    return parameters * bytes_each / 1e9


# padding
lengths = [6, 45, 9, 50]
assert slots(lengths) == [90, 100] and sum(lengths) == 110 and 90 + 100 == 190
assert slots(sorted(lengths)) == [18, 100] and 18 + 100 == 118
assert round(110 / 190 * 100) == 58 and round(110 / 118 * 100) == 93
assert 4 * 512 == 2048 and round(110 / 2048 * 100) == 5

# softmax of two logits
logits = np.array([-1.5, 2.5])
p = np.exp(logits) / np.exp(logits).sum()
assert np.round(np.exp(logits), 3).tolist() == [0.223, 12.182] and round(12.182 / (0.223 + 12.182), 3) == 0.982
assert np.round(p, 3).tolist() == [0.018, 0.982]

# batch and steps
assert 8 * 4 * 2 == 64 and math.ceil(10_000 / 64) == 157

# memory of 7 billion parameters
assert [gigabytes(7e9, b) for b in (4, 2, 0.5)] == [28, 14, 3.5]

# GPT-2's blocks and vocabulary: the last id is one below the number of tokens
blocks, vocabulary = 1_024, 50_257
assert vocabulary - 1 == 50_256 and blocks == 2**10

# the answers to Check yourself
assert round(110 / 118, 2) == 0.93

# Check yourself
places = 2 * 8 + 2 * 32
assert places == 80 and (4 + 30 + 8 + 32) / places == 0.925  # 92.5%
