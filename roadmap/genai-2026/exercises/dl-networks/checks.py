"""Checks of the exercise dl-networks."""

import math
from types import ModuleType

import numpy as np

MINUTES = 90


def make_parameters(seed: int = 0) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    return tuple(rng.normal(size=shape) for shape in ((64, 32), (32,), (32, 10), (10,)))


def check_parameters(exercise: ModuleType) -> None:
    """The model has 2,410 parameters, with small random weights and biases of zero."""
    parameters = exercise.initialise()
    shapes = [np.shape(array) for array in parameters]
    assert shapes == [(64, 32), (32,), (32, 10), (10,)], (
        f"W1, b1, W2 and b2 have the shapes {shapes}; expected (64, 32), (32,), (32, 10) and (10,)."
    )
    count = exercise.count_parameters(parameters)
    assert count == 2410, f"You count {count} parameters; 64 × 32 + 32 + 32 × 10 + 10 = 2,410, biases included."
    W1, b1, W2, b2 = parameters
    assert not b1.any() and not b2.any(), "The biases have to start at zero."
    for name, W in (("W1", W1), ("W2", W2)):
        assert 0.008 < W.std() < 0.012, f"{name} has the deviation {W.std():.4f}; expected 0.01."
    assert not np.isclose(W1.ravel()[:320], W2.ravel()).all(), (
        "W1 and W2 start with the same numbers; draw both from one generator."
    )


def check_forward(exercise: ModuleType) -> None:
    """The forward pass gives the values and shapes of the note."""
    X = np.array([[1.0, 2.0], [1.0, 2.0], [0.0, 5.0]])
    parameters = np.array([[1.0, -1], [1, 1]]), np.array([0.0, -3]), np.array([[2.0], [5]]), np.array([1.0])
    Z = np.asarray(exercise.forward(X, parameters))
    assert Z.shape == (3, 1), f"Three examples and one output gave logits of shape {Z.shape}; expected (3, 1)."
    assert Z.ravel().tolist() == [7, 7, 21], (
        f"The small network of the note gave {Z.ravel().tolist()} for (1, 2), (1, 2) and (0, 5); expected [7, 7, 21]: "
        "ReLU in the hidden layer only."
    )
    Z = np.asarray(exercise.forward(X[:1], parameters, with_relu=False))
    assert Z.tolist() == [[-3]], f"Without the ReLU, (1, 2) gave {Z.tolist()}; expected [[-3]]."


def check_softmax(exercise: ModuleType) -> None:
    """Softmax gives probabilities for each row, for large logits too."""
    P = np.asarray(exercise.softmax(np.array([[2.0, 1.0, 0.1], [0.0, 0.0, 0.0]])))
    assert np.allclose(P, [[0.659, 0.242, 0.099], [1 / 3] * 3], atol=5e-4), (
        f"Softmax of [2, 1, 0.1] and [0, 0, 0] gave {P.round(3).tolist()}; "
        "expected [0.659, 0.242, 0.099] and thirds, each row adding up to 1."
    )
    with np.errstate(all="ignore"):
        P = np.asarray(exercise.softmax(np.array([[1000.0, 0.0]])))
    assert np.allclose(P, [[1, 0]]), (
        f"Softmax of [1000, 0] gave {P.tolist()}; subtract the largest logit of each row first."
    )


def check_cross_entropy(exercise: ModuleType) -> None:
    """Cross-entropy is the mean of -ln of the probability of the right class."""
    Z = np.array([[2.0, 1.0, 0.1], [0.0, 0.0, 0.0]])
    value = exercise.cross_entropy(Z, np.array([1, 2]))
    expected = (math.log(math.exp(2) + math.exp(1) + math.exp(0.1)) - 1 + math.log(3)) / 2
    assert math.isclose(value, expected, rel_tol=1e-9), (
        f"Logits [2, 1, 0.1] with class 1 and [0, 0, 0] with class 2 gave {value:.4f}; expected {expected:.4f}, "
        "the mean over both examples."
    )
    with np.errstate(all="ignore"):
        value = exercise.cross_entropy(np.array([[1000.0, 0.0]]), np.array([1]))
    assert math.isclose(value, 1000), (
        f"Logits [1000, 0] with class 1 gave {value}; expected 1000, so compute ln of the sum of exponentials "
        "after subtracting the largest logit."
    )


def check_first_loss(exercise: ModuleType) -> None:
    """The first loss is near ln 10."""
    X, y = exercise.make_digits()
    Z = exercise.forward(X, exercise.initialise())
    loss = exercise.cross_entropy(Z, y)
    assert abs(loss - math.log(10)) < 0.05, (
        f"The untrained model has the loss {loss:.4f}; with small random weights it is near ln 10 = 2.3026."
    )


def check_join(exercise: ModuleType) -> None:
    """Without the ReLU, the joined layer gives the same logits to 1e-9."""
    X, parameters = np.random.default_rng(4).normal(size=(50, 64)), make_parameters()
    W, b = exercise.join(parameters)
    assert np.shape(W) == (64, 10) and np.shape(b) == (10,), (
        f"The joined layer has shapes {np.shape(W)} and {np.shape(b)}; expected (64, 10) and (10,)."
    )
    gap = np.abs(X @ W + b - exercise.forward(X, parameters, with_relu=False)).max()
    assert gap < 1e-9, (
        f"The joined layer and both layers without the ReLU differ by up to {gap:.2g}; "
        "the first bias passes through the second matrix."
    )
    gap = np.abs(X @ W + b - exercise.forward(X, parameters)).max()
    assert gap > 0.1, "The joined layer equals the network with the ReLU; `forward` has to apply it."


def check_spread(exercise: ModuleType) -> None:
    """After 20 layers examples are alike with sigmoid, and still differ with ReLU."""
    batch = np.random.default_rng(8).normal(size=(256, 100))
    before = batch.copy()
    faded = exercise.spread_by_depth(batch, exercise.sigmoid, 1)
    alive = exercise.spread_by_depth(batch, exercise.relu, 2)
    assert np.array_equal(batch, before), "`spread_by_depth` changed the batch that it was given."
    assert len(faded) == len(alive) == 20, f"20 layers gave {len(faded)} and {len(alive)} numbers; expected 20 each."
    assert faded[-1] < 1e-6, (
        f"With sigmoid and weight variance 1/100 the spread after 20 layers is {faded[-1]:.2g}; it falls below 1e-6. "
        "Take the standard deviation of each unit across the batch (axis 0), and then the mean."
    )
    assert 0.01 < alive[-1] < 10, (
        f"With ReLU and weight variance 2/100 the spread after 20 layers is {alive[-1]:.2g}; it stays above 0.01. "
        "The deviation of the weights is the root of gain / width."
    )
    assert 0.7 < alive[0] < 1, f"The spread after the first ReLU layer is {alive[0]:.3f}; expected about 0.82."
