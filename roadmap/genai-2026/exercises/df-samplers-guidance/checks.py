"""Checks of label dropout, DDIM, guidance and the table of both."""

import csv
import tempfile
from pathlib import Path
from types import ModuleType

import numpy as np

MINUTES = 150


def check_drop_labels(exercise: ModuleType) -> None:
    """One label in ten becomes the empty one, chosen again in every batch."""
    rng, labels = np.random.default_rng(1), np.arange(4000) % 2
    first, second = exercise.drop_labels(labels, 0.1, rng), exercise.drop_labels(labels, 0.1, rng)
    assert (labels < 2).all(), "`drop_labels` changed the array that it was given, so dropped labels never come back."
    share = (first == exercise.EMPTY).mean()
    assert 0.08 < share < 0.12, f"{share:.1%} of 4,000 labels were dropped; about 10% are expected."
    assert (first[first < 2] == labels[first < 2]).all(), "A label that wasn't dropped has changed."
    assert not np.array_equal(first, second), "Two batches dropped the same positions; draw from `rng` in every call."


def check_choose_steps(exercise: ModuleType) -> None:
    """The chosen steps are evenly spaced and begin with the noisiest step."""
    steps = np.asarray(exercise.choose_steps(10, 200))
    assert steps[0] == 199, f"Sampling must begin at the noisiest step, index 199, not at {steps[0]}."
    assert steps.tolist() == list(range(199, 0, -20)), (
        f"10 of 200 steps are 199, 179, and so on to 19, but you chose {steps.tolist()}."
    )
    every = np.asarray(exercise.choose_steps(200, 200)).tolist()
    assert every == list(range(199, -1, -1)), "200 of 200 steps must be all indices from 199 down to 0."


def check_ddim(exercise: ModuleType) -> None:
    """A DDIM step from 1.2 with noise 0.8 and alpha-bar 0.25 to 0.64 gives 1.291."""
    value = float(exercise.ddim_step(np.array([1.2]), np.array([0.8]), 0.25, 0.64)[0])
    assert abs(value - 1.2914) < 0.001, (
        f"The step gave {value:.3f}, not 1.291; estimate the clean value 1.014 first and noise it again at 0.64."
    )


def check_eta(exercise: ModuleType) -> None:
    """With eta 1 the same step has centre 1.019 and adds noise of standard deviation 0.541."""
    centre, above = (
        float(exercise.ddim_step(np.array([1.2]), np.array([0.8]), 0.25, 0.64, eta=1.0, z=z)[0]) for z in (0.0, 1.0)
    )
    assert abs(above - centre - 0.5408) < 0.001, (
        f"With eta 1 the fresh noise has standard deviation {above - centre:.3f}, but sigma is 0.541."
    )
    assert abs(centre - 1.0192) < 0.001, (
        f"With eta 1 the centre is {centre:.3f}, not 1.019; take sigma^2 from the variance of the predicted noise."
    )


def check_guide(exercise: ModuleType) -> None:
    """Guidance at scale 7.5 turns 0.2 and 0.5 into 2.45; scale 1 gives the conditional prediction."""
    eps_u, eps_c = np.array([0.2, -0.1]), np.array([0.5, 0.1])
    for scale, expected in ((0, [0.2, -0.1]), (1, [0.5, 0.1]), (7.5, [2.45, 1.4])):
        guided = exercise.guide(eps_u, eps_c, scale)
        assert np.allclose(guided, expected), (
            f"Without (0.2, -0.1), with (0.5, 0.1): scale {scale} gave {np.round(guided, 3).tolist()}, not {expected}."
        )


def check_sample(exercise: ModuleType) -> None:
    """At scale 1 the sampler follows the conditional prediction to the clean end."""
    noise = np.random.default_rng(2).standard_normal((400, 2))
    labels = np.arange(400) % 2
    calls: list[int] = []

    def count(noisy: np.ndarray, t: int, asked: np.ndarray) -> np.ndarray:
        calls.append(int(t))
        return exercise.exact_noise(noisy, t, asked)

    kept = noise.copy()
    samples = exercise.sample(count, noise, labels, 50, 1.0)
    assert np.array_equal(noise, kept), "`sample` changed the starting noise that it was given; work on a copy."
    assert len(set(calls)) == 50, f"50 steps must use 50 noise levels, but {len(set(calls))} were used."
    first = samples[labels == 1, 0].mean()
    assert abs(first - 1) < 0.15, (
        f"Points of class 1 have the mean {first:.2f}, not about 1; at scale 1 the result must not depend on EMPTY."
    )
    spread = samples[labels == 1].std()
    assert abs(spread - exercise.SPREAD) < 0.12, (
        f"Points of class 1 have the spread {spread:.2f}, but the data have {exercise.SPREAD}; end at alpha-bar 1."
    )


def check_repeats(exercise: ModuleType) -> None:
    """DDIM with eta 0 gives the same samples again from the same noise."""
    noise, labels = np.random.default_rng(3).standard_normal((50, 2)), np.arange(50) % 2
    first, second = (exercise.sample(exercise.exact_noise, noise, labels, 10, 3.0) for _ in range(2))
    assert np.array_equal(first, second), "Two runs from the same noise differ: at eta 0 no fresh noise may be drawn."


def check_measures(exercise: ModuleType) -> None:
    """Accuracy asks the nearest training point, spread is measured within each class."""
    points, point_labels = np.array([[0.0, 0.0], [0.0, 1.0], [5.0, 0.0]]), np.array([0, 0, 1])
    samples = np.array([[0.0, 0.2], [1.0, 1.0], [4.0, 0.0], [1.0, 0.0]])
    accuracy = exercise.class_accuracy(samples, np.array([0, 0, 1, 1]), points, point_labels)
    assert accuracy == 0.75, f"Three of four samples lie nearest to a point of their class, but accuracy is {accuracy}."
    spread = exercise.class_spread(np.array([[0.0, 1.0], [2.0, 1.0], [8.0, 0.0], [10.0, 2.0]]), np.array([0, 0, 1, 1]))
    assert abs(spread - 0.75) < 1e-9, (
        f"Deviations (1, 0) in one class and (1, 1) in the other have the mean 0.75, but the spread is {spread:.3f}; "
        "the distance between the classes must not count."
    )


def check_table(exercise: ModuleType) -> None:
    """The table has 9 rows; a higher scale is more accurate and less varied."""
    points, point_labels = exercise.make_points(1000, np.random.default_rng(4))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "results.csv"
        exercise.write_table(path, exercise.exact_noise, points, point_labels)
        with path.open(newline="") as file:
            rows = {(row["steps"], row["scale"]): row for row in csv.DictReader(file)}
    expected = [(steps, scale) for steps in ("10", "50", "200") for scale in ("1", "3", "7")]
    assert sorted(rows) == sorted(expected), (
        f"The table must have one row for each of 10, 50, 200 steps and scales 1, 3, 7, but it has {sorted(rows)}."
    )
    for steps in ("10", "50", "200"):
        accuracy = [float(rows[steps, scale]["accuracy"]) for scale in ("1", "3", "7")]
        spread = [float(rows[steps, scale]["spread"]) for scale in ("1", "3", "7")]
        assert accuracy[0] < 0.95 < accuracy[2], (
            f"With {steps} steps accuracy goes {accuracy} for scales 1, 3, 7; expected: below 0.95 at 1, above at 7."
        )
        assert spread[0] > spread[1] > spread[2], (
            f"With {steps} steps the spread goes {spread} for scales 1, 3, 7; it must fall as the scale rises."
        )
