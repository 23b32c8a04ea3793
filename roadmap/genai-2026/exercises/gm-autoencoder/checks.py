"""Checks of KL, reparameterisation and the losses of a VAE."""

import numpy as np

MINUTES = 120


def check_kl(exercise):
    """The KL of mean 0.5 and deviation 0.8 is 0.1681 nats, and dimensions add up."""
    mu, logvar = np.array([[0.5, 0.0], [0.5, 0.5]]), np.log(np.array([[0.64, 1.0], [0.64, 0.64]]))
    kl = np.asarray(exercise.kl_to_prior(mu, logvar))
    assert kl.shape == (2,), f"Two examples gave a KL of shape {kl.shape}; expected one number for each, (2,)."
    assert np.allclose(kl, [0.1681, 0.3363], atol=1e-3), (
        f"Codes with one and with two dimensions of mean 0.5 and deviation 0.8 gave {np.round(kl, 4).tolist()} nats; "
        "expected 0.1681 and 0.3363."
    )


def check_monte_carlo(exercise):
    """The closed form is within 1% of the estimate from 100,000 samples."""
    for mean, deviation in ((1.0, 0.5), (-2.0, 1.5)):
        closed = float(exercise.kl_to_prior(np.array([[mean]]), np.log(np.array([[deviation**2]])))[0])
        estimate = exercise.estimate_kl(mean, deviation, 100_000, np.random.default_rng(0))
        assert abs(closed - estimate) < 0.01 * abs(closed), (
            f"Mean {mean}, deviation {deviation}: {closed:.4f} nats in closed form, {estimate:.4f} from samples."
        )


def check_code(exercise):
    """A code is the mean plus the standard deviation, not the variance, times the noise."""
    code = exercise.sample_code(np.array([[1.0]]), np.log(np.array([[4.0]])), np.array([[0.5]]))
    assert np.allclose(code, 2.0), (
        f"Mean 1, variance 4 and noise 0.5 gave the code {float(code[0, 0]):.3f}; expected 1 + 2 * 0.5 = 2."
    )


def check_gradients(exercise):
    """The gradients through the code equal central differences."""
    rng = np.random.default_rng(1)
    mu, logvar, eps, target = rng.normal(size=(4, 3, 2))

    def loss(mu, logvar):
        return ((exercise.sample_code(mu, logvar, eps) - target) ** 2).sum()

    slope = 2 * (exercise.sample_code(mu, logvar, eps) - target)
    for name, gradient, place in zip(
        ("mu", "logvar"), exercise.code_gradients(logvar, eps, slope), (0, 1), strict=True
    ):
        step, change = 1e-5, np.zeros((2, 3, 2))
        change[place, 1, 0] = step
        expected = (loss(mu + change[0], logvar + change[1]) - loss(mu - change[0], logvar - change[1])) / (2 * step)
        assert np.isclose(gradient[1, 0], expected, atol=1e-5), (
            f"The gradient for {name} is {gradient[1, 0]:.4f}; central differences give {expected:.4f}."
        )


def check_loss(exercise):
    """Reconstruction and KL are both summed within an example and averaged over the batch."""
    x, copy = np.zeros((2, 100)), np.full((2, 100), 0.1)
    copy[1] = 0.3
    mu, logvar = np.array([[1.0, 1.0], [0.0, 0.0]]), np.zeros((2, 2))
    for beta, expected in ((0.0, 5.0), (1.0, 5.5), (4.0, 7.0)):
        loss = exercise.vae_loss(x, copy, mu, logvar, beta)
        assert np.isclose(loss, expected), (
            f"Squared errors sum to 1 and 9, the KL to 1 and 0; beta = {beta} gave {loss:.3f}, expected {expected}. "
            "Sum over pixels and dimensions, average over the batch."
        )


def check_annealing(exercise):
    """The KL weight rises from 0 to 1 and stays at 1."""
    for step, expected in ((0, 0.0), (250, 0.25), (1000, 1.0), (5000, 1.0)):
        weight = exercise.kl_weight(step, 1000)
        assert np.isclose(weight, expected), f"Step {step} of a warm-up of 1,000: got {weight}; expected {expected}."


def check_collapse(exercise):
    """A collapsed dimension is named by its average KL over the examples."""
    rng = np.random.default_rng(2)
    mu, logvar = rng.normal(0, 1, (500, 3)), np.full((500, 3), -2.0)
    mu[:, 1], logvar[:, 1] = 0.001, 0.0
    unused = list(exercise.unused_dimensions(mu, logvar))
    assert unused == [1], f"Dimension 1 has mean 0.001 and variance 1 for every example; got {unused}, expected [1]."
    mu, logvar = rng.choice([-1.0, 1.0], (500, 1)), np.zeros((500, 1))
    unused = list(exercise.unused_dimensions(mu, logvar))
    assert unused == [], (
        f"A code of mean -1 or 1 carries information although its means average to 0; got {unused}, expected []. "
        "Average the KL of the examples."
    )
