"""The numbers of the note on quantisation."""

import numpy as np


def absmax(x, top):
    s = np.abs(x).max(axis=-1, keepdims=True) / top
    return np.round(x / s), s


x = np.array([0.5, -1.2, 3.0, 0.1])
q, s = absmax(x, 127)
assert round(s[0], 5) == 0.02362 and q.tolist() == [21, -51, 127, 4]
assert np.round(q * s, 3).tolist() == [0.496, -1.205, 3.0, 0.094] and round(s[0] / 2, 4) == 0.0118
s = 2.5 / 255
z = round(0.5 / s)
assert (round(s, 4), z, round(1.2 / s) + z) == (0.0098, 51, 173) and round(2 / 127, 4) == 0.0157
q, s = absmax(x, 7)
assert round(s[0], 3) == 0.429 and np.round(q * s, 3).tolist() == [0.429, -1.286, 3.0, 0.0]
q, s = absmax(x[:2], 7)
assert round(s[0], 3) == 0.171 and np.round(q * s, 3).tolist() == [0.514, -1.2]

low = [-1.0, -0.6962, -0.5251, -0.3949, -0.2844, -0.1848, -0.0911, 0.0]
high = [0.0796, 0.1609, 0.2461, 0.3379, 0.4407, 0.5626, 0.7230, 1.0]
NF4 = np.array(low + high)
w = np.random.default_rng(0).normal(size=(1000, 64))
q, s = absmax(w, 7)
top = np.abs(w).max(axis=1, keepdims=True)
nf4 = NF4[np.abs((w / top)[..., None] - NF4).argmin(-1)] * top
rms = [np.sqrt(((v - w) ** 2).mean()) for v in (q * s, nf4)]
assert np.allclose(rms, [0.108, 0.092], atol=1e-3) and round(1 - rms[1] / rms[0], 2) == 0.15
least = w.min(axis=1, keepdims=True)
s = (w.max(axis=1, keepdims=True) - least) / 15
v = np.round((w - least) / s) * s + least
assert round(np.sqrt(((v - w) ** 2).mean()), 3) == 0.090

assert 32 / 64 == 0.5
double = 8 / 64 + 32 / (64 * 256)
assert round(double, 3) == 0.127 and round(0.5 - double, 3) == 0.373
P = 7e9
assert [P * b / 8 / 1e9 for b in (32, 16, 8, 4, 4.5)] == [28, 14, 7, 3.5, 3.9375]
assert round(P * (0.5 - double) / 8 / 1e9, 2) == 0.33
assert round(P * (4 + double) / 8 / 1e9, 2) == 3.61
assert round(3.61 + 40e6 * 16 / 1e9, 2) == 4.25
assert (4 * 32 + 16) / 32 == 4.5
assert (4 + 8 / 32, 4 + 8 / 16) == (4.25, 4.5)
assert 1.75 * 2**8 == 448 and 1.75 * 2**15 == 57_344  # largest of E4M3 (its last code is NaN) and of E5M2
assert sorted({(1 + f / 2) * 2 ** (e - 1) for e in (1, 2, 3) for f in (0, 1)} | {0, 0.5}) == [
    0,
    0.5,
    1,
    1.5,
    2,
    3,
    4,
    6,
]
assert [n * 1e9 * 4.5 / 8 / 1e9 for n in (3, 8)] == [1.6875, 4.5]
# 0.0001 and the value 4.25 bits of gpt-oss: illustration, and OpenAI 2025
assert (
    1000 * 64 == 64_000
    and round(4 + double, 3) == 4.127
    and round(40e6 * 16 / 1e9, 2) == 0.64
    and round(P * 4.5 / 8 / 1e9, 2) == 3.94
)
assert 3.61 + 0.64 == 4.25
assert [round(x, 1) for x in (3.61, 3.94)] == [3.6, 3.9]

# Gigabytes that training a model of 7 billion takes: frozen weights, then what is trained with gradients and Adam
ADAPTER = 40e6 * 16 / 1e9
TRAINING_GB = {
    "full": (0.0, P * 16 / 1e9),
    "LoRA": (P * 2 / 1e9, ADAPTER),
    "QLoRA": (P * (4 + double) / 8 / 1e9, ADAPTER),
}
assert [round(sum(parts), 2) for parts in TRAINING_GB.values()] == [112.0, 14.64, 4.25]

# cited: 11.4, 2.9, 1.1 and 0.84 GB for E2B; 17.9, 4.5, 2.5 and 2.2 GB for E4B (Google, Gemma 4, 2026)
assert round(11.4 / 1.1, 1) == 10.4 and round(11.4 / 2.9, 1) == 3.9 and round(1 - 0.84 / 1.1, 2) == 0.24  # a quarter

# Check yourself
step = 1.0 / 127
assert round(step, 5) == 0.00787 and [round(x / step) for x in (1.0, -0.4, 0.2)] == [127, -51, 25]
assert 14 / 7 == 2 and round(0.7 / 7, 9) == 0.1
assert round(8 / 32 + 32 / (32 * 256), 3) == 0.254 and round(1 - 0.254, 3) == 0.746
