"""Checks of attention against hand-worked weights and a loop over single queries."""

import math

import numpy as np

MINUTES = 75


def _one_query(q, k, v, visible):
    """Attention of one query, written as a loop over the visible keys."""
    scores = [sum(a * b for a, b in zip(q, key, strict=True)) / math.sqrt(len(q)) for key in k[visible]]
    shares = [math.exp(score - max(scores)) for score in scores]
    return sum(share * value for share, value in zip(shares, v[visible], strict=True)) / sum(shares)


def check_softmax(exercise):
    """Softmax gives 0.665, 0.245 and 0.090 for the scores 2, 1 and 0, and large scores do not overflow."""
    weights = exercise.softmax(np.array([[2.0, 1, 0]]))
    assert np.allclose(weights, [[0.665, 0.245, 0.090]], atol=1e-3), (
        f"Scores 2, 1 and 0 gave {np.round(weights, 3).tolist()}; expected 0.665, 0.245 and 0.090."
    )
    with np.errstate(all="ignore"):
        large = exercise.softmax(np.array([[1002.0, 1001, 1000]]))
    assert np.allclose(large, weights), (
        f"Scores 1002, 1001 and 1000 gave {np.round(large, 3).tolist()}; they have the same weights as 2, 1 and 0. "
        "Subtract the largest score first."
    )


def check_rows(exercise):
    """Each query's weights sum to 1, with more keys than queries and the other way round."""
    rng = np.random.default_rng(0)
    for n, m in ((3, 7), (7, 3)):
        _, weights = exercise.attend(rng.normal(size=(n, 5)), rng.normal(size=(m, 5)), rng.normal(size=(m, 2)))
        assert weights.shape == (n, m), f"{n} queries and {m} keys gave weights of shape {weights.shape}."
        sums = weights.sum(axis=-1)
        assert np.allclose(sums, 1), (
            f"The weights of a query sum to {sums[0]:.3f}, not to 1; softmax runs over the keys, the last axis."
        )


def check_by_hand(exercise):
    """The query of "it" collects (7.10, 2.90) from trophy, case and fit."""
    q = np.array([[2.0, 0, 2, 0]])
    k = np.array([[1.0, 0, 1, 0], [0, 1, 1, 0], [0, 1, 0, 1]])
    output, _ = exercise.attend(q, k, np.array([[10.0, 0], [0, 10], [5, 5]]))
    assert np.allclose(output, [[7.10, 2.90]], atol=0.01), (
        f"The output is {np.round(output, 2).tolist()}; by hand it is (7.10, 2.90)."
    )


def check_mask(exercise):
    """A hidden key has weight 0 and the visible ones still sum to 1."""
    rng = np.random.default_rng(2)
    q, k, v = rng.normal(size=(4, 6)), rng.normal(size=(5, 6)), rng.normal(size=(5, 2))
    mask = np.array([[True, True, False, False, True]] * 4)
    _, weights = exercise.attend(q, k, v, mask)
    assert np.all(weights[:, 2:4] == 0), (
        f"Keys 2 and 3 are hidden, but one has weight {weights[:, 2:4].max():.3f}; a hidden score is minus infinity."
    )
    assert np.allclose(weights.sum(axis=-1), 1), (
        f"The visible weights sum to {weights.sum(axis=-1)[0]:.3f}; mask the scores before softmax, not the weights."
    )


def check_random_shapes(exercise):
    """Ten random shapes agree with a loop over single queries within 1e-5."""
    rng = np.random.default_rng(1)
    for _ in range(10):
        batch, n, m, d_k, d_v = rng.integers(2, 9, 5)
        q, k, v = (rng.normal(size=(batch, *shape)) for shape in ((n, d_k), (m, d_k), (m, d_v)))
        mask = rng.random((batch, n, m)) < 0.6
        mask[..., 0] = True
        output, _ = exercise.attend(q, k, v, mask)
        for b in range(batch):
            for i in range(n):
                expected = _one_query(q[b, i], k[b], v[b], mask[b, i])
                assert np.allclose(output[b, i], expected, atol=1e-5), (
                    f"n = {n}, m = {m}, d_k = {d_k}, d_v = {d_v} with a mask: query {i} gave "
                    f"{np.round(output[b, i], 3).tolist()}, a loop gives {np.round(expected, 3).tolist()}."
                )


def check_blind_query(exercise):
    """A query that sees no key gets zeros instead of NaN."""
    x = np.ones((2, 3))
    with np.errstate(all="ignore"):
        output, weights = exercise.attend(x, x, x, np.array([[True, True], [False, False]]))
    assert not np.isnan(output).any() and not np.isnan(weights).any(), (
        "A query whose keys are all hidden gave NaN; return zeros for it."
    )
    assert np.all(output[1] == 0), f"A query whose keys are all hidden gave {output[1].tolist()}; expected zeros."


def check_scaling(exercise):
    """At key dimension 512 the mean largest weight is near 0.95 without scaling and 0.25 with it."""
    for scaled, expected in ((False, 0.95), (True, 0.25)):
        value = exercise.mean_largest_weight(512, scaled, np.random.default_rng(0))
        assert abs(value - expected) < 0.05, (
            f"16 keys, d_k = 512, scaled = {scaled}: the mean largest weight is {value:.2f}; expected about {expected}."
        )


def check_cost(exercise):
    """8,192 tokens and 32 heads at 2 bytes take 4.29 GB of scores, and ten times the tokens a hundred times that."""
    value = exercise.score_bytes(8192, 32, 2)
    assert value == 8192**2 * 32 * 2, f"8,192 tokens, 32 heads, 2 bytes: got {value:,} bytes; expected 4,294,967,296."
    scores, projections = exercise.count_operations(1000, 64)
    assert (scores, projections) == (256_000_000, 32_768_000), (
        f"1,000 tokens of width 64: got {scores:,} and {projections:,} operations; expected 256,000,000 and 32,768,000."
    )
    scores, projections = exercise.count_operations(2 * 4096, 4096)
    assert scores == projections, (
        f"At n = 2 d both parts are equal; got {scores:,} and {projections:,} for n = 8,192 and d = 4,096."
    )
