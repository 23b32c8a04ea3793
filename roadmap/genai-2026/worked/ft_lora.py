"""The numbers of the note on LoRA."""

import numpy as np

W, A, B = np.eye(2), np.array([[0.5, -1.0]]), np.array([[1.0], [2.0]])
x, alpha, r = np.array([1.0, 1.0]), 2, 1
assert A @ x == [-0.5]
h = W @ x + alpha / r * (B @ (A @ x))
assert np.allclose(h, [0, -1])
merged = W + alpha / r * B @ A
assert np.allclose(merged, [[2, -2], [2, -3]]) and np.allclose(merged @ x, h)


def lora_size(d, k, r):
    return r * (d + k)


assert lora_size(768, 768, 8) == 12_288 and 768 * 768 == 589_824
assert round(100 * 12_288 / 589_824, 2) == 2.08
d, f, blocks, vocab = 4096, 11_008, 32, 32_000
full = blocks * (4 * d * d + 3 * d * f + 2 * d) + 2 * vocab * d + d
assert full == 6_738_415_616
qv = blocks * 2 * lora_size(d, d, 16)
every = blocks * (4 * lora_size(d, d, 16) + 3 * lora_size(d, f, 16))
assert (qv, every) == (8_388_608, 39_976_960)
assert (round(qv / 1e6, 1), round(every / 1e6, 1)) == (8.4, 40.0) and round(full / 1e9, 2) == 6.74
assert round(100 * every / full, 2) == 0.59 and [round(2 * n / 1e6) for n in (qv, every)] == [17, 80]
gb = [round(n / 1e9, 1) for n in (16 * full, 2 * full, 16 * every, 2 * full + 16 * every)]
assert gb == [107.8, 13.5, 0.6, 14.1]
assert 16 / 8 == 2 and 16 / 32 == 0.5

# gradients at the start (B = 0) for a loss with gradient g at the output
rng = np.random.default_rng(0)
A, B, x, g = rng.normal(size=(4, 6)), np.zeros((5, 4)), rng.normal(size=6), rng.normal(size=5)
grad_B, grad_A = np.outer(g, A @ x), np.outer(B.T @ g, x)
assert np.abs(grad_B).max() > 0 and (grad_A == 0).all()


def ties(*changes: float) -> float:
    """What TIES makes of the changes of one weight, without trimming: the mean of those with the elected sign."""
    total = sum(changes)
    agreeing = [change for change in changes if change * total > 0]
    return sum(agreeing) / len(agreeing)


assert round((0.4 - 0.3) / 2, 2) == 0.05 and round((0.2 + 0.4) / 2, 1) == 0.3
assert ties(0.4, -0.3) == 0.4 and round(ties(0.2, 0.4), 1) == 0.3
assert round((0.5 - 0.2) / 2, 2) == 0.15 and ties(0.5, -0.2) == 0.5

# Check yourself
assert 4 * (512 + 1_024) == 6_144 and 512 * 1_024 == 524_288
assert round(100 * 6_144 / 524_288, 1) == 1.2
