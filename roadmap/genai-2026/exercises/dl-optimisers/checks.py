"""Checks of the exercise dl-optimisers."""

import math
from types import ModuleType
from typing import Any

import numpy as np

MINUTES = 120


def run_bowl(optimiser: Any, rate: float, steps: int) -> list[float]:
    """Weights of the optimiser on f(w) = 2 w² from w = 1."""
    w, path = np.array([1.0]), []
    for _ in range(steps):
        w = optimiser.step(w, 4 * w, rate)
        path.append(round(float(w[0]), 4))
    return path


def check_momentum(exercise: ModuleType) -> None:
    """Momentum takes the steps that the note computes by hand."""
    path = run_bowl(exercise.Momentum(), 0.1, 3)
    assert np.allclose(path, [0.6, 0.0, -0.54]), (
        f"On 2 w² from w = 1 with rate 0.1, momentum went to {path}; expected [0.6, 0.0, -0.54], with v = 0.9 v + g."
    )
    momentum, g = exercise.Momentum(), np.array([1.0])
    w = momentum.step(np.array([0.0]), g, 1.0)
    w = momentum.step(w, g, 0.1)
    assert np.allclose(w, [-1.19]), (
        f"From 0 with gradients of 1, rate 1 and then rate 0.1, momentum ended at {w[0]:.2f}; expected -1.19: v holds "
        "gradients only, and the rate multiplies v in each step."
    )


def check_first_step(exercise: ModuleType) -> None:
    """Adam's first step moves each weight by almost exactly the learning rate."""
    gradient = np.array([4.0, 0.004, -700.0])
    moves = np.array([1.0, 1.0, 1.0]) - exercise.Adam().step(np.ones(3), gradient, 0.1)
    assert np.allclose(moves, [0.1, 0.1, -0.1], rtol=1e-4), (
        f"For gradients 4, 0.004 and -700 and rate 0.1, Adam's first step moved the weights by "
        f"{moves.round(4).tolist()}; expected 0.1, 0.1 and -0.1: average g and g², and divide both averages by 1 - b^t "
        "with t = 1."
    )


def check_later_steps(exercise: ModuleType) -> None:
    """Adam's later steps use the averages of all gradients so far."""
    path = run_bowl(exercise.Adam(), 0.1, 2)
    assert np.allclose(path, [0.9, 0.8004], atol=2e-4), (
        f"On 2 w² from w = 1 with rate 0.1, Adam went to {path}; expected [0.9, 0.8004]: average all gradients."
    )
    w, adam = np.array([0.0]), exercise.Adam()
    for t in range(100):
        w = adam.step(w, np.array([1.0 if t % 2 else -1.0]), 0.1)
    assert abs(w[0]) < 1, (
        f"With gradients of 1 and -1 in turn, Adam ended at {w[0]:.3f} after 100 steps; it stays near 0, "
        "because the average gradient is near 0."
    )


def check_state(exercise: ModuleType) -> None:
    """An optimiser leaves the weights and gradients that it is given unchanged."""
    for make in (exercise.Momentum, exercise.Adam, exercise.AdamW):
        w, g = np.array([1.0, 2.0]), np.array([0.5, -0.5])
        optimiser = make()
        optimiser.step(w, g, 0.1)
        optimiser.step(w, g, 0.1)
        assert w.tolist() == [1, 2] and g.tolist() == [0.5, -0.5], (
            f"`{make.__name__}.step` changed the array w or g that it was given; return new weights."
        )


def check_decoupled_decay(exercise: ModuleType) -> None:
    """AdamW subtracts rate × decay × w directly; Adam divides its penalty by the size of the gradient."""
    w, g = np.array([2.0, -3.0]), np.array([100.0, 0.01])
    plain = exercise.Adam().step(w, g, 0.1)
    decoupled = exercise.AdamW(decay=0.5).step(w, g, 0.1)
    assert np.allclose(plain - decoupled, 0.1 * 0.5 * w), (
        f"For w = (2, -3), rate 0.1 and decay 0.5, AdamW ends {(plain - decoupled).round(4).tolist()} below Adam; "
        f"expected rate × decay × w = {(0.05 * w).round(4).tolist()}."
    )
    penalised = exercise.Adam(decay=0.5).step(w, g, 0.1)
    assert np.allclose(penalised, [1.9, -2.9], atol=1e-4), (
        f"Adam with the L2 penalty 0.5 moved (2, -3) with gradient (100, 0.01) to {penalised.round(4).tolist()}; "
        "expected [1.9, -2.9], because the penalty is part of the gradient."
    )


def check_cosine(exercise: ModuleType) -> None:
    """The schedule warms up linearly and falls along half a cosine."""
    for step, expected in ((0, 0.0), (50, 1.5e-4), (100, 3e-4), (550, 1.65e-4), (1000, 3e-5)):
        value = exercise.cosine(step, 3e-4, 100, 1000, 3e-5)
        assert math.isclose(value, expected, rel_tol=1e-9, abs_tol=1e-15), (
            f"With peak 3e-4, low 3e-5 and 100 of 1,000 steps of warm-up, the rate at step {step} is {value:.3g}; "
            f"expected {expected:.3g}."
        )


def check_rosenbrock(exercise: ModuleType) -> None:
    """The Rosenbrock gradient is right, and all three optimisers come close to (1, 1)."""
    for point in np.random.default_rng(1).normal(size=(3, 2)):
        pairs = [(point + 1e-5 * e, point - 1e-5 * e) for e in np.eye(2)]
        numeric = [(exercise.rosenbrock(a) - exercise.rosenbrock(b)) / 2e-5 for a, b in pairs]
        gradient = np.asarray(exercise.rosenbrock_gradient(point))
        assert np.allclose(gradient, numeric, rtol=1e-4, atol=1e-5), (
            f"At {point.round(3).tolist()} your gradient is {gradient.round(3).tolist()} and central differences give "
            f"{np.round(numeric, 3).tolist()}."
        )
    calls = []

    class Counter:
        def step(self, w: np.ndarray, g: np.ndarray, rate: float) -> np.ndarray:
            calls.append(rate)
            return w - rate * g

    exercise.minimise(Counter(), np.array([-1.2, 1.0]), 1e-4, 7)
    assert len(calls) == 7, f"`minimise` with 7 steps called the optimiser {len(calls)} times."
    for make, rate in ((exercise.Momentum, 0.001), (exercise.Adam, 0.01), (exercise.AdamW, 0.01)):
        start = np.array([-1.2, 1.0])
        value = exercise.rosenbrock(exercise.minimise(make(), start, rate, 5000))
        assert value < 1e-3, (
            f"`{make.__name__}` with rate {rate} is at the value {value:.3g} after 5,000 steps from (-1.2, 1); "
            "it gets below 0.001."
        )


def check_training(exercise: ModuleType) -> None:
    """Training lowers the loss and passes the rate of the schedule to each step."""
    X, y = exercise.make_digits(300)
    first = exercise.loss_and_gradient(exercise.start_weights(), X, y)[0]
    loss = exercise.train(exercise.Adam(), 0.01, "constant", X, y, 100)
    assert loss < first / 2, (
        f"100 steps of Adam with rate 0.01 took the loss from {first:.3f} to {loss:.3f}; it halves."
    )

    class Recorder:
        def __init__(self) -> None:
            self.rates: list[float] = []

        def step(self, w: np.ndarray, g: np.ndarray, rate: float) -> np.ndarray:
            self.rates.append(rate)
            self.weights = w - rate * g
            return self.weights

    own_loss, batches = exercise.loss_and_gradient, []

    def record_batch(w: np.ndarray, rows: np.ndarray, classes: np.ndarray) -> tuple[float, np.ndarray]:
        batches.append(rows)
        return own_loss(w, rows, classes)

    recorder = Recorder()
    exercise.loss_and_gradient = record_batch
    try:
        loss = exercise.train(recorder, 0.1, "constant", X, y, 20)
    finally:
        exercise.loss_and_gradient = own_loss
    sizes = {len(rows) for rows in batches if len(rows) != len(X)}
    assert sizes == {64}, f"The steps took batches of {sorted(sizes or {len(X)})} rows; take 64 rows a step."
    assert not np.array_equal(next(rows for rows in batches if len(rows) == 64), X[:64]), (
        "The first batch holds the rows 0 to 63 in order; draw random rows."
    )
    expected_loss = own_loss(recorder.weights, X, y)[0]
    assert math.isclose(loss, expected_loss, rel_tol=1e-9), (
        f"`train` returned {loss:.4f}, but its final weights have the loss {expected_loss:.4f} on all of X and y; "
        "measure after the last step, on all rows."
    )
    for schedule in ("constant", "cosine"):
        recorder = Recorder()
        exercise.train(recorder, 0.1, schedule, X, y, 40)
        expected = [0.1 if schedule == "constant" else exercise.cosine(t, 0.1, 10, 40) for t in range(40)]
        assert len(recorder.rates) == 40, f"40 steps called the optimiser {len(recorder.rates)} times."
        assert np.allclose(recorder.rates, expected), (
            f'With the schedule "{schedule}" and rate 0.1 the rates of steps 1, 11 and 40 are '
            f"{[round(recorder.rates[t], 4) for t in (0, 10, 39)]}; "
            f"expected {[round(expected[t], 4) for t in (0, 10, 39)]}."
        )


def check_sweep(exercise: ModuleType) -> None:
    """The sweep covers each optimiser, five rates and both schedules, each with a fresh optimiser."""
    X, y = exercise.make_digits(200)
    makers = {"momentum": exercise.Momentum, "Adam": exercise.Adam}
    losses = exercise.sweep(makers, X, y, 30)
    assert len(set(exercise.RATES)) == 5, f"RATES holds {len(set(exercise.RATES))} rates; sweep over five."
    keys = {(name, rate, way) for name in makers for rate in exercise.RATES for way in ("constant", "cosine")}
    assert set(losses) == keys, f"The sweep has {len(losses)} of the {len(keys)} runs (name, rate, schedule)."
    for name in makers:
        key = (name, exercise.RATES[2], "constant")
        alone = exercise.train(makers[name](), key[1], key[2], X, y, 30)
        assert math.isclose(losses[key], alone, rel_tol=1e-9), (
            f"In the sweep {name} at rate {key[1]} ends at {losses[key]:.4f} and alone at {alone:.4f}; make a fresh "
            "optimiser for each run, because it carries its averages along, and seed the batches."
        )
