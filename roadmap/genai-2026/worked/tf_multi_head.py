"""The numbers of the note on multi-head attention and masks."""

import math

import numpy as np


def softmax(s):
    e = np.exp(s - s.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def attention_weights(width, key_value_heads=None, head=1):
    """Weights of the four matrices, without biases; all query heads have keys of their own unless told otherwise."""
    shared = width if key_value_heads is None else key_value_heads * head
    return 2 * width**2 + 2 * width * shared


def masks(tokens=6, lengths=(6, 4)):
    """The causal mask, the padding mask of each text, and what both let be seen; True is visible."""
    causal = np.tril(np.ones((tokens, tokens), dtype=bool))
    padding = np.arange(tokens) < np.array(lengths)[:, None]
    return causal, padding, causal[None] & padding[:, None, :]


b, n, d, h = 2, 4, 512, 8
dh = d // h
assert dh == 64 and np.sqrt(dh) == 8
assert attention_weights(d) == 1_048_576 and 4 * d == 2_048

rng = np.random.default_rng(0)
X = rng.normal(size=(b, n, d))
Wq, Wk, Wv, Wo = rng.normal(size=(4, d, d)) / np.sqrt(d)


def split(x):
    return x.reshape(b, n, h, dh).transpose(0, 2, 1, 3)


q, k, v = split(X @ Wq), split(X @ Wk), split(X @ Wv)
assert q.shape == (b, h, n, dh)
causal, _, _ = masks(n, (n,))
w = softmax(np.where(causal, q @ k.transpose(0, 1, 3, 2) / np.sqrt(dh), -np.inf))
out = (w @ v).transpose(0, 2, 1, 3).reshape(b, n, d) @ Wo
assert w.shape == (b, h, n, n) and out.shape == X.shape
assert (w[..., ~causal] == 0).all() and np.allclose(w.sum(-1), 1)
assert np.array_equal(split(X)[0, 1, 2], X[0, 2, 64:128])  # head 1 of token 2
assert not np.array_equal(X.reshape(b, h, n, dh), split(X))  # the silent bug

_, _, seen = masks()
assert seen[0].sum() == 21 and seen[1].sum() == 18  # two columns of the second text are hidden

assert softmax(np.array([1, 2, -np.inf])).round(3).tolist() == [0.269, 0.731, 0]
assert softmax(np.array([1.0, 2, 3])).round(3).tolist() == [0.090, 0.245, 0.665]
assert [2 * kv * 128 * 2 for kv in (32, 8, 1)] == [16_384, 4_096, 512]
assert round(attention_weights(4_096) / 1e6, 1) == 67.1 and 8 * 128 == 1_024
assert round(attention_weights(4_096, 8, 128) / 1e6, 1) == 41.9
assert round(8_192**2 * 2 / 1e6) == 134
assert np.exp(0) == 1
# invented: the loss of 0.1 and the text of 1,000 tokens

# the answers to Check yourself
assert (round(math.e, 3), round(math.e**2, 3), round(math.e + math.e**2, 3)) == (2.718, 7.389, 10.107)

# cited: 26 heads (Wang et al. 2022)

# Check yourself
assert 1_024 // 16 == 64 and 4 * 1_024**2 == 4_194_304
two = [math.exp(0), math.exp(2)]
assert round(sum(two), 3) == 8.389 and [round(x / sum(two), 3) for x in two] == [0.119, 0.881]
assert 2 * 4 * 64 * 2 == 1_024 and 2 * 16 * 64 * 2 == 4_096
