"""The numbers of the note on decoding."""

import math

import numpy as np

WORDS, LOGITS = ("tea", "milk", "water", "rust"), np.array([2.0, 1.0, 0.5, -1.0])


def softmax(z, temperature=1.0):
    e = np.exp((z - z.max()) / temperature)
    return e / e.sum()


def kept(z=LOGITS, temperature=1.0, top_k=0, top_p=1.0, min_p=0.0):
    """Probabilities after the filters; 0 where a token is cut."""
    p = softmax(np.asarray(z, dtype=float), temperature)
    order = np.argsort(-p, kind="stable")
    keep = np.zeros(len(p), dtype=bool)
    before = np.cumsum(p[order]) - p[order]  # mass of all more probable tokens
    keep[order[before < top_p]] = True  # the crossing token stays
    if top_k:
        keep[order[top_k:]] = False
    keep &= p >= min_p * p.max()
    p = np.where(keep, p, 0.0)
    return p / p.sum()


def tokens_per_pass(accepted, drafted):
    """Expected tokens of one pass of the target in speculative decoding."""
    return (1 - accepted ** (drafted + 1)) / (1 - accepted)


assert np.allclose(softmax(LOGITS, 0.5), [0.842, 0.114, 0.042, 0.002], atol=5e-4)
assert np.allclose(softmax(LOGITS), [0.609, 0.224, 0.136, 0.030], atol=5e-4)
assert np.allclose(softmax(LOGITS, 2), [0.434, 0.263, 0.205, 0.097], atol=5e-4)
assert [round(float(softmax(LOGITS, t)[0]), 2) for t in (0.5, 1, 2)] == [0.84, 0.61, 0.43]
assert np.allclose(kept(top_k=2)[:2], [0.731, 0.269], atol=5e-4)
assert np.allclose(np.cumsum(softmax(LOGITS))[:3], [0.609, 0.834, 0.970], atol=5e-4)
assert (kept(top_p=0.9) > 0).sum() == 3
assert round(0.3 * softmax(LOGITS)[0], 3) == 0.183 and (kept(min_p=0.3) > 0).sum() == 2
assert np.argmax(LOGITS) == 0  # greedy
rng = np.random.default_rng(0)
draws = rng.choice(4, size=20_000, p=kept(top_p=0.9))
assert 3 not in draws and abs((draws == 0).mean() - 0.6095 / 0.9697) < 0.02

assert np.isclose(0.5 * 0.4, 0.20) and np.isclose(0.4 * 0.9, 0.36)
assert round(2 / 1.2, 2) == 1.67 and -1 * 1.2 == -1.2
assert (0.1 + 0.2) + 0.3 != 0.1 + (0.2 + 0.3)

expected = tokens_per_pass(0.8, 4)
assert round(0.8**5, 3) == 0.328 and round(1 - 0.8, 1) == 0.2
assert round(expected, 2) == 3.36 and round(expected / (1 + 4 * 0.05), 1) == 2.8
p, q = np.array([0.6, 0.3, 0.1]), np.array([0.3, 0.5, 0.2])  # target, draft
accepted = np.minimum(p, q)
rest = np.maximum(p - q, 0)
assert (rest > 0).tolist() == [True, False, False] and 1 + 4 * 0.05 == 1.2
assert np.allclose(accepted + (1 - accepted.sum()) * rest / rest.sum(), p)
allowed = softmax(LOGITS) * np.array([0, 1, 0, 1])
assert np.allclose(allowed / allowed.sum(), [0, 0.881, 0, 0.119], atol=5e-4)

# habits, not results: temperatures 0.3, 0.7 and 1.5, top-p 0.95, penalty 1.1
# cited: 80 different answers of 1,000 at temperature 0 (Thinking Machines Lab 2025)

# the answers to Check yourself
exponentials = [round(math.exp(logit / 2), 3) for logit in (2, 1, 0.5, -1)]  # logits 1, 0.5, 0.25 and -0.5
assert exponentials == [2.718, 1.649, 1.284, 0.607]
assert (round(sum(exponentials), 3), round(2.718 / 6.258, 3)) == (6.258, 0.434)

# Check yourself
assert round(0.6 * 0.3, 2) == 0.18 and round(0.3 * 0.9, 2) == 0.27
for t, top in ((1, 0.881), (2, 0.731)):
    assert round(math.exp(3 / t) / (math.exp(3 / t) + math.exp(1 / t)), 3) == top
assert (round(math.exp(3), 2), round(math.exp(3) + math.exp(1), 2)) == (20.09, 22.80)
assert (round(math.exp(1.5), 3), round(math.exp(0.5), 3)) == (4.482, 1.649)
assert [round(sum((0.5, 0.3, 0.15, 0.05)[:n]), 2) for n in (1, 2, 3, 4)] == [0.5, 0.8, 0.95, 1]
assert round(0.7**4, 3) == 0.240 and round((1 - 0.7**4) / 0.3, 2) == 2.53
