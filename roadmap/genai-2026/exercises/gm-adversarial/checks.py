"""Checks of the losses of a GAN and of mode counts."""

import numpy as np

MINUTES = 120


def check_gan(exercise):
    """At a probability of 0.5 the discriminator's loss is ln 4, and at 0.01 the generator's is 4.605."""
    discriminator, generator = exercise.gan_losses(np.zeros(4), np.zeros(4))
    assert np.isclose(discriminator, np.log(4)) and np.isclose(generator, np.log(2)), (
        f"Logits of 0 gave {discriminator:.3f} and {generator:.3f}; expected 1.386 and 0.693."
    )
    logit = np.full(4, np.log(0.01 / 0.99))
    generator = exercise.gan_losses(-logit, logit)[1]
    assert np.isclose(generator, -np.log(0.01)), (
        f"Fakes with probability 0.01 cost the generator {generator:.3f}; the non-saturating loss is -ln 0.01 = 4.605."
    )
    with np.errstate(all="ignore"):
        losses = exercise.gan_losses(np.full(2, -1000.0), np.full(2, -1000.0))
    assert np.allclose(losses, 1000), f"Logits of -1,000 gave {losses}; both losses are 1,000, without overflow."


def check_modes(exercise):
    """Eight blobs are counted by nearest centre, and stray samples belong to none."""
    angle = np.arange(8) * np.pi / 4
    centres = np.stack([np.cos(angle), np.sin(angle)], axis=1) * 2
    expected = [480, 310, 190, 15, 5, 0, 0, 0]
    rng = np.random.default_rng(3)
    samples = np.repeat(centres, expected, axis=0) + rng.normal(0, 0.05, (1000, 2))
    counts = np.asarray(exercise.count_modes(samples, centres, 0.5))
    assert counts.tolist() == expected, f"The samples fall on the blobs as {expected}; got {counts.tolist()}."
    counts = np.asarray(exercise.count_modes(np.array([[0.0, 0.1], [2.0, 0.1]]), centres, 0.5))
    assert counts.sum() == 1, f"(0, 0.1) is further than 0.5 from each centre; got {counts.sum()} counted, expected 1."


def check_coverage(exercise):
    """480, 310, 190, 15, 5, 0, 0 and 0 of 1,000 samples cover three modes."""
    counts = np.array([480, 310, 190, 15, 5, 0, 0, 0])
    covered = exercise.covered_modes(counts, 1000)
    assert covered == 3, f"With a share of 2% of 1,000 samples, 3 modes are covered; got {covered}."
    covered = exercise.covered_modes(np.array([10, 10]), 1000)
    assert covered == 0, (
        f"If only 20 of 1,000 samples lie near a centre, no mode has 2% of all samples; got {covered} covered modes."
    )
