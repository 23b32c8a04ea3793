"""Checks of the exercise math-distributions."""

import math
from types import ModuleType

import numpy as np

MINUTES = 75


def make_pairs() -> list[tuple[np.ndarray, np.ndarray]]:
    """Twenty pairs of distributions over five tokens."""
    rng = np.random.default_rng(5)
    return list(rng.dirichlet(np.ones(5), size=(20, 2)))


def check_log_likelihoods(exercise: ModuleType) -> None:
    """Both log-likelihoods add up the logarithms of the densities or probabilities."""
    value = exercise.gaussian_log_likelihood(np.array([1.0, 3.0]), 1.0, 2.0)
    expected = -2 * math.log(2 * math.sqrt(2 * math.pi)) - 0.5
    assert math.isclose(value, expected, rel_tol=1e-9), (
        f"Samples 1 and 3 under mean 1 and deviation 2 have log-likelihood {expected:.4f} and you computed {value:.4f}."
    )
    value = exercise.poisson_log_likelihood(np.array([0, 2, 3]), 2.0)
    expected = 5 * math.log(2) - 6 - math.log(2) - math.log(6)
    assert math.isclose(value, expected, rel_tol=1e-9), (
        f"Counts 0, 2 and 3 under the rate 2 have log-likelihood {expected:.4f} and you computed {value:.4f}; "
        "each count k adds k ln(rate) - rate - ln(k!)."
    )


def check_greatest_likelihood(exercise: ModuleType) -> None:
    """No other mean or rate has a greater likelihood than the fitted one."""
    rng = np.random.default_rng(2)
    samples, counts = rng.normal(2, 3, 300), rng.poisson(4, 300)
    mean, rate = exercise.fit_gaussian_mean(samples), exercise.fit_poisson_rate(counts)
    for step in (-0.05, 0.05):
        assert exercise.gaussian_log_likelihood(samples, mean + step, 3.0) < exercise.gaussian_log_likelihood(
            samples, mean, 3.0
        ), f"The mean {mean + step:.3f} has a greater likelihood than your fit {mean:.3f}; set the derivative to zero."
        assert exercise.poisson_log_likelihood(counts, rate + step) < exercise.poisson_log_likelihood(counts, rate), (
            f"The rate {rate + step:.3f} has a greater likelihood than your fit {rate:.3f}; set the derivative to zero."
        )


def check_absolute_error(exercise: ModuleType) -> None:
    """The error is the mean of absolute errors over as many fresh samples as `repeats` says."""
    draws: list[int] = []

    def draw(size: int) -> np.ndarray:
        draws.append(size)
        return np.full(size, 1.0 if len(draws) % 2 else 5.0)

    error = exercise.mean_absolute_error(exercise.fit_gaussian_mean, draw, 2.0, 10, 6)
    assert draws == [10] * 6, f"6 repeats of 10 samples called `draw` with {draws}; expected 10, six times."
    assert math.isclose(error, 2), (
        f"Fits of 1 and 5 in turn, with 2 as the truth, gave the error {error:.3f}; expected (1 + 3) / 2 = 2."
    )


def check_error_falls(exercise: ModuleType) -> None:
    """The mean absolute error falls about tenfold from 100 to 10,000 samples."""
    rng = np.random.default_rng(4)
    draws = {
        "Gaussian mean": (exercise.fit_gaussian_mean, lambda n: rng.normal(2, 3, n), 2.0),
        "Poisson rate": (exercise.fit_poisson_rate, lambda n: rng.poisson(4, n), 4.0),
    }
    for name, (fit, draw, truth) in draws.items():
        few, many = (exercise.mean_absolute_error(fit, draw, truth, size, 200) for size in (100, 10_000))
        assert many > 0, (
            f"The {name} from 10,000 samples was off by {many:.4f}; average the absolute errors, which are above 0."
        )
        assert 6 < few / many < 16, (
            f"The {name} is off by {few:.4f} with 100 samples and by {many:.4f} with 10,000; "
            f"expected a ratio of about 10, got {few / many:.2f}."
        )


def check_known_entropies(exercise: ModuleType) -> None:
    """Entropy, cross-entropy and KL divergence are right for an example by hand."""
    p, q, bit = np.array([0.5, 0.25, 0.25]), np.array([0.25, 0.25, 0.5]), math.log(2)
    for name, value, bits in (
        ("The entropy of p", exercise.entropy(p), 1.5),
        ("The cross-entropy of q under p", exercise.cross_entropy(p, q), 1.75),
        ("The KL divergence KL(p || q)", exercise.kl_divergence(p, q), 0.25),
    ):
        assert math.isclose(value, bits * bit, rel_tol=1e-9), (
            f"{name} for p = (0.5, 0.25, 0.25), q = (0.25, 0.25, 0.5) is {bits * bit:.4f} nats ({bits} bits) "
            f"and you computed {value:.4f}."
        )


def check_direction(exercise: ModuleType) -> None:
    """KL(p || q) weighs with p, and KL(q || p) is another number."""
    p, q = np.array([0.5, 0.5]), np.array([0.25, 0.75])
    for name, first, second, expected in (("KL(p || q)", p, q, 0.143841), ("KL(q || p)", q, p, 0.130812)):
        value = exercise.kl_divergence(first, second)
        assert abs(value - expected) < 1e-6, (
            f"For p = (0.5, 0.5) and q = (0.25, 0.75), {name} is {expected:.4f} nats and you computed {value:.4f}; "
            "the weights are the probabilities of the first distribution."
        )


def check_zeros(exercise: ModuleType) -> None:
    """A token with p = 0 adds nothing; a token with q = 0 and p above 0 makes the cross-entropy infinite."""
    p, q = np.array([0.5, 0.5, 0.0]), np.array([0.25, 0.25, 0.5])
    with np.errstate(all="ignore"):
        values = exercise.entropy(p), exercise.cross_entropy(p, q), exercise.kl_divergence(p, q)
        reverse = exercise.cross_entropy(q, p)
    assert np.allclose(values, [math.log(2), math.log(4), math.log(2)]), (
        f"For p = (0.5, 0.5, 0) and q = (0.25, 0.25, 0.5) you computed {np.round(values, 4).tolist()}; "
        "expected 0.6931, 1.3863 and 0.6931: leave out tokens with p = 0."
    )
    assert reverse == math.inf, (
        f"The cross-entropy of (0.5, 0.5, 0) under (0.25, 0.25, 0.5) is {reverse:.4f}; it is infinite, because a token "
        "occurs that has probability 0."
    )


def check_sum(exercise: ModuleType) -> None:
    """Cross-entropy equals entropy plus KL divergence to 1e-9 over five tokens."""
    pairs = [(np.asarray(exercise.P), np.asarray(exercise.Q)), *make_pairs()]
    for p, q in pairs:
        assert len(p) == len(q) == 5 and np.isclose([p.sum(), q.sum()], 1).all(), (
            "P and Q are distributions over five tokens; each has to add up to 1."
        )
        cross, total = exercise.cross_entropy(p, q), exercise.entropy(p) + exercise.kl_divergence(p, q)
        assert abs(cross - total) < 1e-9, (
            f"For p = {p.round(3).tolist()} the cross-entropy is {cross:.6f}, entropy plus KL is {total:.6f}."
        )
