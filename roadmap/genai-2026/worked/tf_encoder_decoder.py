"""The numbers of the note on Transformer blocks."""

import numpy as np


def block_weights(d, hidden, key_values, matrices=2):
    """Weights of one block without biases and norms; a gated feed-forward layer has three matrices."""
    attention = 2 * d * d + 2 * d * key_values
    return attention, matrices * d * hidden


def gpt2(d=768, blocks=12, vocabulary=50_257, context=1_024):
    """All parameters of GPT-2: attention, feed-forward layer and two norms with biases, and the embeddings."""
    block = (4 * d * d + 4 * d) + (8 * d * d + 5 * d) + 4 * d
    return blocks * block + 2 * d + (vocabulary + context) * d


p = np.array([0.5, 0.8, 0.25, 0.9])
assert (-np.log(p)).round(3).tolist() == [0.693, 0.223, 1.386, 0.105]
assert round(-np.log(p).mean(), 3) == 0.602
assert 1.386 > 0.693 + 0.223 + 0.105

target = ["the", "cat", "sat"]
dec_in, labels = ["<s>", *target], [*target, "</s>"]
assert dec_in[1:] == labels[:-1] and len(dec_in) == 4

attention, feed_forward = block_weights(768, 4 * 768, 768)
assert feed_forward == 2 * attention and attention + feed_forward == 12 * 768**2 == 7_077_888
assert 12 * 12 * 768**2 == 84_934_656 and round(84_934_656 / 1e6) == 85
assert round((50_257 + 1_024) * 768 / 1e6) == 39
assert gpt2() == 124_439_808
base = 6 * 12 * 512**2 + 6 * 16 * 512**2
assert round(base / 1e6, 1) == 44.0

attention, feed_forward = block_weights(4_096, 14_336, 8 * 128, matrices=3)
assert round(attention / 1e6, 1) == 41.9 and round(feed_forward / 1e6) == 176
block = attention + feed_forward
assert round(block / 1e6) == 218 and round(32 * block / 1e9, 2) == 6.98
tables = 2 * 128_256 * 4_096
assert round(tables / 1e9, 2) == 1.05
assert round((32 * block + tables + (2 * 32 + 1) * 4_096) / 1e9, 2) == 8.03

# cited: context of 8,192 tokens in ModernBERT (Warner et al. 2024); 65 million parameters (Vaswani et al. 2017)

# Check yourself
assert 12 * 512**2 == 3_145_728 and 8 * 3_145_728 == 25_165_824
