"""Checks of the exercise dl-init-norm."""

from types import ModuleType

import numpy as np

MINUTES = 75


def make_inputs() -> np.ndarray:
    return np.random.default_rng(9).normal(size=(300, 256))


def check_rules(exercise: ModuleType) -> None:
    """The deviations follow the variance rules of Xavier and He."""
    value = exercise.xavier_deviation(300, 100)
    assert np.isclose(value, 0.0707107), (
        f"Xavier for fan-in 300 and fan-out 100 gave {value:.4f}; expected √(2 / 400) = 0.0707."
    )
    value = exercise.he_deviation(200)
    assert np.isclose(value, 0.1), f"He for fan-in 200 gave {value:.4f}; expected √(2 / 200) = 0.1."


def check_root_mean_square(exercise: ModuleType) -> None:
    """The root mean square subtracts no mean."""
    value = exercise.root_mean_square(np.array([[3.0, 3.0], [3.0, 3.0]]))
    assert np.isclose(value, 3), f"Four entries of 3 have the root mean square 3; you computed {value:.4f}."


def check_depth(exercise: ModuleType) -> None:
    """Only √(2/n) keeps the scale within a factor of 3 at depth 30."""
    X = make_inputs()
    small, plain, he = (exercise.send_through(X, deviation) for deviation in (0.01, 1 / 16, np.sqrt(2 / 256)))
    assert len(he) == 30, f"30 layers gave {len(he)} numbers; record the RMS after each layer."
    assert 1 / 3 < he[-1] < 3, (
        f"With the deviation √(2/n) the RMS at depth 30 is {he[-1]:.2g}; it stays between 1/3 and 3. "
        "Draw fresh weights for each layer, and apply the ReLU."
    )
    assert 1e-6 < plain[-1] < 1e-3, (
        f"With the deviation 1/√n the RMS at depth 30 is {plain[-1]:.2g}; expected about 3e-5, because each ReLU layer "
        "multiplies by √(1/2)."
    )
    assert small[-1] < 1e-20, f"With the deviation 0.01 the RMS at depth 30 is {small[-1]:.2g}; expected about 1e-28."


def check_layer_norm(exercise: ModuleType) -> None:
    """Each layer-normalised row has mean 0 and variance 1 to 1e-4."""
    X = np.random.default_rng(2).normal(loc=5, scale=3, size=(40, 10))
    rows = np.asarray(exercise.layer_norm(X))
    mean, variance = np.abs(rows.mean(axis=1)).max(), np.abs(rows.var(axis=1) - 1).max()
    assert mean < 1e-4, f"A layer-normalised row has the mean {mean:.3g}; subtract the mean of each row."
    assert variance < 1e-4, (
        f"The variance of a layer-normalised row is off from 1 by {variance:.3g}; divide by the root of its variance."
    )
    alone = np.asarray(exercise.layer_norm(X[:1]))
    assert np.allclose(alone, rows[:1]), "A row gets another result without the others; use its own features only."
    flat = np.asarray(exercise.layer_norm(np.full((1, 4), 7.0)))
    assert np.allclose(flat, 0), (
        f"A row of equal entries gave {flat.tolist()}; expected zeros, so add eps to the variance."
    )


def check_rms_norm(exercise: ModuleType) -> None:
    """RMS normalisation divides by the root mean square of the row and keeps the mean."""
    row = np.asarray(exercise.rms_norm(np.array([[1.0, 2.0, 3.0, 4.0]])))
    assert np.allclose(row, [[0.365, 0.730, 1.095, 1.461]], atol=1e-3), (
        f"[1, 2, 3, 4] became {row.round(3).tolist()[0]}; expected [0.365, 0.730, 1.095, 1.461]."
    )


def check_batch_norm(exercise: ModuleType) -> None:
    """In training, batch normalisation gives each column mean 0 and variance 1."""
    X = np.random.default_rng(3).normal(loc=[1, 2, 3], scale=[1, 5, 10], size=(64, 3))
    columns = np.asarray(exercise.BatchNorm(3)(X, training=True))
    assert np.abs(columns.mean(axis=0)).max() < 1e-4, (
        f"In training the columns come out with the means {columns.mean(axis=0).round(3).tolist()}; expected zeros."
    )
    assert np.abs(columns.var(axis=0) - 1).max() < 1e-4, (
        f"In training the columns come out with the variances {columns.var(axis=0).round(3).tolist()}; expected ones."
    )


def check_inference(exercise: ModuleType) -> None:
    """At inference, batch normalisation uses running averages and gives a row the same result in any batch."""
    rng, layer = np.random.default_rng(3), exercise.BatchNorm(2, momentum=0.1)
    first = rng.normal(loc=10, scale=2, size=(64, 2))
    layer(first, training=True)
    expected = 0.1 * first.mean(axis=0)
    assert np.allclose(layer.mean, expected), (
        f"After one batch with momentum 0.1 the running mean is {np.round(layer.mean, 3).tolist()}; "
        f"expected 0.9 × 0 + 0.1 × the mean of the batch, {expected.round(3).tolist()}."
    )
    for _ in range(100):
        layer(rng.normal(loc=10, scale=2, size=(64, 2)), training=True)
    mean = np.array(layer.mean)
    row = np.asarray(layer(np.array([[12.0, 10.0]]), training=False))
    assert np.allclose(layer.mean, mean), "Inference changed the running mean; only training may do that."
    assert np.allclose(row, [[1, 0]], atol=0.25), (
        f"After training on columns of mean 10 and deviation 2, the row (12, 10) became {row.round(2).tolist()[0]}; "
        "expected about (1, 0), from the running mean and the root of the running variance."
    )


def check_normalised_depth(exercise: ModuleType) -> None:
    """With layer normalisation in each layer, even the deviation 0.01 keeps the scale at depth 30."""
    scales = exercise.send_through(make_inputs(), 0.01, normalise=exercise.layer_norm)
    assert all(0.4 < scale < 1.2 for scale in scales), (
        f"With layer normalisation the RMS runs from {min(scales):.2g} to {max(scales):.2g}; about 0.7 is expected "
        "in each layer: normalise the sums and then apply the ReLU."
    )
