"""Checks of schedules, forward process, training batch and reverse process."""

from types import ModuleType

import numpy as np

MINUTES = 120
BETAS = np.array([0.1, 0.2, 0.3])


def check_alpha_bars(exercise: ModuleType) -> None:
    """Alpha-bar is the running product of 1 - beta."""
    abar = exercise.alpha_bars(BETAS)
    assert np.allclose(abar, [0.9, 0.72, 0.504]), (
        f"Betas 0.1, 0.2 and 0.3 gave {np.round(abar, 3).tolist()}; multiply the shares kept: 0.9, 0.72, 0.504."
    )


def check_linear(exercise: ModuleType) -> None:
    """The linear betas are rescaled with the number of steps, so that no signal is left at the end."""
    betas = exercise.linear_betas(1000)
    assert len(betas) == 1000 and np.allclose(betas[[0, -1]], [0.0001, 0.02]), (
        f"1,000 steps must go from 0.0001 to 0.02, not from {betas[0]:.4g} to {betas[-1]:.4g}."
    )
    final = np.prod(1 - exercise.linear_betas(200))
    assert final < 1e-4, (
        f"With 200 steps alpha-bar ends at {final:.3f}, so a good part of the signal is left; "
        "multiply both ends by 1,000 / steps."
    )


def check_schedules(exercise: ModuleType) -> None:
    """At step 500 of 1,000 the cosine schedule keeps SNR 0.976, the linear one 0.085."""
    cosine = exercise.cosine_alpha_bars(1000)
    assert len(cosine) == 1000, f"The cosine schedule must have 1,000 values for steps 1 to 1,000, not {len(cosine)}."
    assert abs(cosine[499] - 0.4938) < 0.0005, (
        f"Alpha-bar of the cosine schedule at step 500 is 0.494, but you have {cosine[499]:.4f}; divide f(t) by f(0)."
    )
    linear = np.cumprod(1 - np.linspace(0.0001, 0.02, 1000))
    ratios = exercise.snr(np.array([cosine[499], linear[499], 0.9]))
    assert np.allclose(ratios, [0.9755, 0.0853, 9], atol=0.001), (
        f"Alpha-bars 0.494, 0.079 and 0.9 gave SNR {np.round(ratios, 3).tolist()}; divide signal by noise variance."
    )


def check_closed_form(exercise: ModuleType) -> None:
    """The closed form noises 2 with noise 0.5 at alpha-bar 0.504 to 1.772, and the estimate leads back."""
    noisy = exercise.noise_closed_form(np.array([2.0]), 0.504, 0.5)
    assert np.allclose(noisy, 1.772, atol=0.001), (
        f"`noise_closed_form(2, 0.504, 0.5)` gave {float(noisy[0]):.3f}, not 1.772; both factors are square roots."
    )
    clean = exercise.estimate_clean(noisy, 0.504, 0.5)
    assert np.allclose(clean, 2), f"With the true noise the clean value must come back as 2, not {float(clean[0]):.3f}."


def check_two_routes(exercise: ModuleType) -> None:
    """Mean and variance of 100,000 values agree within 0.02 on both routes."""
    x0 = np.full(100_000, 2.0)
    steps = exercise.noise_step_by_step(x0, BETAS, np.random.default_rng(1))
    jump = exercise.noise_closed_form(x0, np.prod(1 - BETAS), np.random.default_rng(2).standard_normal(100_000))
    assert x0[0] == 2, "`noise_step_by_step` changed the clean values that it was given; work on a copy."
    for name, route in (("step by step", steps), ("in closed form", jump)):
        for word, value, expected in (("mean", route.mean(), 2 * np.sqrt(0.504)), ("variance", route.var(), 0.496)):
            assert abs(value - expected) < 0.02, (
                f"Noising 2 {name} gave the {word} {value:.3f}, but {expected:.3f} is expected after three steps."
            )
    together = np.corrcoef(exercise.noise_step_by_step(np.zeros((2, 5000)), BETAS, np.random.default_rng(3)))[0, 1]
    assert abs(together) < 0.1, "All values got the same noise; draw fresh noise for every value and every step."


def check_batch(exercise: ModuleType) -> None:
    """Each example of a batch has its own random step and its own noise."""
    abar = np.cumprod(1 - np.linspace(0.0005, 0.1, 200))
    data = np.array([[0.5, -0.5]])
    noisy, t, eps = exercise.make_batch(data, abar, 4000, np.random.default_rng(4))
    assert noisy.shape == eps.shape == (4000, 2) and t.shape == (4000,), (
        f"A batch of 4,000 needs shapes (4000, 2), (4000,) and (4000, 2), not {noisy.shape}, {t.shape}, {eps.shape}."
    )
    assert len(np.unique(t)) > 190 and t.min() == 0 and t.max() == 199, (
        f"The steps run from {t.min()} to {t.max()} with {len(np.unique(t))} different values; draw from all 200."
    )
    assert abs(eps.mean()) < 0.05 and abs(eps.std() - 1) < 0.05, "The noise must have mean 0 and standard deviation 1."
    level = abar[t][:, None]
    assert np.allclose(noisy, np.sqrt(level) * data + np.sqrt(1 - level) * eps), (
        "The noisy points don't follow from the returned steps and noise in closed form."
    )


def check_loss(exercise: ModuleType) -> None:
    """A network that always answers 0 has a loss near 1, the exact prediction a much lower one."""
    rng = np.random.default_rng(5)
    points, abar = exercise.two_moons(200, rng), np.cumprod(1 - np.linspace(0.0005, 0.1, 200))
    batch = exercise.make_batch(points, abar, 2000, rng)
    zero = exercise.noise_loss(lambda noisy, _: np.zeros_like(noisy), *batch)
    assert abs(zero - 1) < 0.1, f"Answering 0 must cost about 1, the variance of the noise, but the loss is {zero:.3f}."
    exact = exercise.noise_loss(exercise.exact_noise(points, abar), *batch)
    assert exact < 0.5, (
        f"The exact prediction has loss {exact:.3f}; below 0.5 is expected, compare with the added noise."
    )


def check_reverse_step(exercise: ModuleType) -> None:
    """The reverse step from 3 to 2 of the worked example has mean 1.863 and variance 0.169."""
    mean = exercise.reverse_mean(np.array([1.7721]), np.array([0.5]), 2, BETAS)
    assert np.allclose(mean, 1.8634, atol=0.001), (
        f"From 1.772 with predicted noise 0.5 the mean is 1.863, not {float(mean[0]):.3f}; the noise is weighted by "
        "beta_t / sqrt(1 - abar_t)."
    )
    variance = exercise.reverse_variance(2, BETAS)
    assert abs(variance - 0.1694) < 0.001, f"The smaller variance at index 2 is 0.169, not {variance:.3f}."
    last = exercise.reverse_variance(0, BETAS)
    assert last == 0, f"The last step, t = 0, adds no noise, but its variance is {last}."


def check_sampler(exercise: ModuleType) -> None:
    """With the exact prediction, 90% of the samples lie within 0.1 of a training point, on both moons."""
    betas = np.linspace(0.0005, 0.1, 200)
    points = exercise.two_moons(200, np.random.default_rng(6))
    predict = exercise.exact_noise(points, np.cumprod(1 - betas))
    visited: list[int] = []

    def follow(noisy: np.ndarray, t: np.ndarray) -> np.ndarray:
        visited.append(int(t[0]))
        return predict(noisy, t)

    samples = exercise.sample(follow, betas, 300, np.random.default_rng(7))
    assert visited == list(range(199, -1, -1)), (
        f"The sampler asked for the noise at steps {visited[:2]} to {visited[-2:]}; walk from 199 down to 0."
    )
    distance = np.sqrt(((samples[:, None] - points) ** 2).sum(axis=2))
    near = (distance.min(axis=1) <= 0.1).mean()
    assert near >= 0.9, f"Only {near:.0%} of the samples lie within 0.1 of a training point; 90% are needed."
    spread = samples.std(axis=0)
    assert np.allclose(spread, points.std(axis=0), atol=0.15), (
        "The samples crowd together: add noise in every step but the last."
    )
    upper = (distance.argmin(axis=1) % 2 == 0).mean()
    assert 0.3 < upper < 0.7, f"{upper:.0%} of the samples lie on the upper moon; about half is expected."


def check_share_near(exercise: ModuleType) -> None:
    """`share_near` measures the distance to the nearest training point."""
    points = np.array([[0.0, 0.0], [1.0, 0.0]])
    share = exercise.share_near(np.array([[0.05, 0.0], [0.08, 0.08], [1.0, 0.09], [0.5, 0.0]]), points)
    assert share == 0.5, (
        f"Distances to the nearest point of 0.05, 0.113, 0.09 and 0.5 give the share 0.5 within 0.1, not {share}."
    )
