"""Checks of the readings and of the search for planted faults."""

import math

import torch

MINUTES = 120

torch.set_num_threads(1)


def _compare(exercise, reading, fault, healthy, faulty):
    """The reading of a healthy training lies in the range `healthy`, that of a faulty one in `faulty`."""
    for planted, (low, high) in ((None, healthy), (fault, faulty)):
        value = getattr(exercise, reading)(exercise.Training(planted, seed=1))
        name = "a healthy training" if planted is None else f'a training with "{planted}"'
        limit = f"above {low}" if high == math.inf else f"from {low} to {high}"
        assert low <= value <= high, f"`{reading}` of {name} is {value:.4f}; expected {limit}."


def check_first_loss(exercise):
    """The first loss is near ln of the number of classes."""
    training = exercise.Training(seed=1)
    with torch.no_grad():
        outputs = training.model.eval()(training.x)
    expected = abs(torch.nn.functional.cross_entropy(outputs, training.y).item() - math.log(5))
    gap = exercise.first_loss_gap(training)
    assert abs(gap - expected) < 1e-4, (
        f"The gap is {gap:.3f}; the first loss lies {expected:.3f} from ln 5 = 1.609 (natural logarithm, all data)."
    )


def check_repeat(exercise):
    """Two predictions for the same inputs agree, and differ if `eval` was forgotten."""
    _compare(exercise, "repeat_difference", "no eval", (0, 1e-6), (0.1, math.inf))


def check_update(exercise):
    """One step changes healthy weights by a few per cent, and all of them if the rate is 100 times too high."""
    _compare(exercise, "update_ratio", "rate too high", (0.001, 0.1), (1, math.inf))


def check_growth(exercise):
    """The gradient norm falls in a healthy training and grows if gradients add up."""
    _compare(exercise, "gradient_growth", "no zero_grad", (0.01, 1), (2, 100))


def check_overfit(exercise):
    """One batch of eight is overfitted to a loss below 0.01, except with softmax applied twice."""
    _compare(exercise, "overfit_one_batch", "softmax twice", (0, 0.01), (0.5, math.inf))


def check_overfit_batch(exercise):
    """The one-batch test trains on the same eight examples only."""
    training, sizes = exercise.Training(seed=1), []
    original = training.step

    def step(x, y):
        sizes.append((len(x), bool(torch.equal(x, training.x[: len(x)]))))
        original(x, y)

    training.step = step
    exercise.overfit_one_batch(training, 5)
    assert sizes == [(8, True)] * 5, (
        f"5 steps got batches of {[size for size, _ in sizes]} examples; expected the first eight each time."
    )


def check_accuracy(exercise):
    """A healthy training predicts validation data, one with shuffled labels guesses."""
    training = exercise.Training(seed=1)
    value = exercise.validation_accuracy(training)
    expected = (training.predict(training.validation_x).argmax(dim=1) == training.validation_y).float().mean().item()
    assert abs(value - expected) < 1e-6, (
        f"`validation_accuracy` gave {value:.3f}; after its steps {expected:.3f} of the validation data are right."
    )
    _compare(exercise, "validation_accuracy", "shuffled labels", (0.9, 1), (0, 0.5))


def check_faults(exercise):
    """Each of the five faults is found, for two seeds."""
    for fault in exercise.FAULTS:
        for seed in range(2):
            answer = exercise.find_fault(lambda fault=fault, seed=seed: exercise.Training(fault, seed))
            assert answer == fault, f'The fault is "{fault}" (seed {seed}), and `find_fault` gave {answer!r}.'


def check_healthy(exercise):
    """A healthy training is not accused, for two seeds."""
    for seed in range(2):
        answer = exercise.find_fault(lambda seed=seed: exercise.Training(None, seed))
        assert answer is None, f"The training with seed {seed} is healthy, and `find_fault` gave {answer!r}."
