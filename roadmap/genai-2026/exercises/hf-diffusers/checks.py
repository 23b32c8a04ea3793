"""Checks of the hand-written loop against a pipeline of the same parts."""

from types import ModuleType

import numpy as np

MINUTES = 120
PROMPTS = ("a lighthouse in fog", "a red bicycle", "two cats on a roof")


def run_pipeline(
    exercise: ModuleType, prompt: str, seed: int, scheduler: object, steps: int, scale: float, negative: str = ""
) -> np.ndarray:
    """The picture that the parts make, one prediction after the other."""
    scheduler.set_timesteps(steps)
    latents = np.random.default_rng(seed).standard_normal((1, *exercise.SHAPE)) * scheduler.init_noise_sigma
    text = exercise.TextEncoder()([negative, prompt])
    for t in scheduler.timesteps:
        scaled = scheduler.scale_model_input(latents, t)
        without, with_prompt = (exercise.UNet()(scaled, t, text[row : row + 1]) for row in (0, 1))
        latents = scheduler.step(without + scale * (with_prompt - without), t, latents)
    pixels = exercise.VAE().decode(latents[0] / exercise.VAE.scaling_factor)
    return np.round(np.clip((pixels + 1) * 127.5, 0, 255)).astype(np.uint8)


def check_start(exercise: ModuleType) -> None:
    """A seed gives the same noise at every call, at the scheduler's size."""
    ddim, euler = exercise.DDIMScheduler(), exercise.EulerScheduler()
    first, second = exercise.start_latents(3, ddim), exercise.start_latents(3, ddim)
    assert first.shape == (1, 8, 8, 4), f"The starting noise must have the shape (1, 8, 8, 4), not {first.shape}."
    assert np.array_equal(first, second), "Two calls with seed 3 differ: make a fresh generator in each call."
    assert not np.array_equal(first, exercise.start_latents(4, ddim)), "Seeds 3 and 4 gave the same noise."
    ratio = float((exercise.start_latents(3, euler) / first).mean())
    assert abs(ratio - euler.init_noise_sigma) < 1e-6, (
        f"For the Euler scheduler the noise must be {euler.init_noise_sigma:.1f} times as large, not {ratio:.1f}: "
        "multiply by `init_noise_sigma`."
    )


def check_guided_noise(exercise: ModuleType) -> None:
    """At scale 1 guidance gives the prediction with the prompt, at scale 0 the one without."""
    ddim, latents = exercise.DDIMScheduler(), np.random.default_rng(1).standard_normal((1, 8, 8, 4))
    text = exercise.TextEncoder()(["", PROMPTS[0]])
    plain = [exercise.UNet()(latents, 100, text[row : row + 1]) for row in (0, 1)]
    for scale, expected in ((0.0, plain[0]), (1.0, plain[1]), (7.5, plain[0] + 7.5 * (plain[1] - plain[0]))):
        noise = exercise.guided_noise(latents, 100, ddim, PROMPTS[0], "", scale)
        assert noise.shape == (1, 8, 8, 4), f"The guided noise must have the shape (1, 8, 8, 4), not {noise.shape}."
        swapped = np.allclose(noise, plain[1] + scale * (plain[0] - plain[1]))
        assert np.allclose(noise, expected), f"At scale {scale} the guided noise is wrong" + (
            ": the halves with and without the prompt are swapped." if swapped else "; use e_u + w (e_c - e_u)."
        )


def check_scaled_input(exercise: ModuleType) -> None:
    """The U-Net gets the input that the scheduler scales, once and in one batch of two."""
    euler, latents = exercise.EulerScheduler(), 30 * np.random.default_rng(2).standard_normal((1, 8, 8, 4))
    calls: list[np.ndarray] = []
    original = exercise.unet

    def record(batch: np.ndarray, t: int, text: np.ndarray) -> np.ndarray:
        calls.append(batch)
        return original(batch, t, text)

    exercise.unet = record
    try:
        exercise.guided_noise(latents, 150, euler, PROMPTS[1], "", 7.5)
    finally:
        exercise.unet = original
    assert len(calls) == 1 and calls[0].shape == (2, 8, 8, 4), (
        f"The U-Net must run once on a batch (2, 8, 8, 4), but it got {[batch.shape for batch in calls]}."
    )
    expected = latents / np.sqrt(euler.sigma(150) ** 2 + 1)
    assert np.allclose(calls[0], expected), (
        f"The U-Net's input has the standard deviation {calls[0].std():.2f}, but {expected.std():.2f} is expected: "
        "call `scale_model_input` once in each step."
    )


def check_picture(exercise: ModuleType) -> None:
    """Latents are divided by the scaling factor, decoded, and mapped to 0 to 255 without wrapping around."""
    latents = np.random.default_rng(3).standard_normal((1, 8, 8, 4)) * exercise.VAE.scaling_factor * 3
    picture = exercise.to_picture(latents)
    assert picture.shape == (64, 64, 3) and picture.dtype == np.uint8, (
        f"The picture must be (64, 64, 3) of uint8, not {picture.shape} of {picture.dtype}."
    )
    pixels = exercise.VAE().decode(latents[0] / exercise.VAE.scaling_factor)
    expected = np.round(np.clip((pixels + 1) * 127.5, 0, 255))
    gap = np.abs(picture - expected).max()
    assert gap <= 1, f"A pixel differs by {gap:.0f} grey levels: divide by `scaling_factor`, decode, clip to 0 to 255."


def check_same_as_pipeline(exercise: ModuleType) -> None:
    """Three prompts with fixed seeds differ by less than 2 grey levels from the pipeline, with both schedulers."""
    for name in ("DDIMScheduler", "EulerScheduler"):
        for seed, prompt in enumerate(PROMPTS):
            expected = run_pipeline(exercise, prompt, seed, getattr(exercise, name)(), 10, 3.0)
            picture = exercise.generate(prompt, seed, getattr(exercise, name)(), 10, 3.0)
            gap = np.abs(picture.astype(int) - expected.astype(int)).mean()
            assert gap < 2, (
                f"With {name}, {prompt!r} and seed {seed} the mean pixel difference is {gap:.1f}, not below 2."
            )


def check_negative(exercise: ModuleType) -> None:
    """A negative prompt changes the picture at scale 7.5 and does nothing at scale 1."""

    def draw(scale: float, negative: str) -> np.ndarray:
        return exercise.generate(PROMPTS[0], 5, exercise.DDIMScheduler(), 10, scale, negative).astype(int)

    at_one = np.abs(draw(1.0, "blurry") - draw(1.0, "")).mean()
    assert at_one < 1, f"At scale 1 the negative prompt must cancel out, but the picture changed by {at_one:.1f}."
    stronger = np.abs(draw(7.5, "blurry") - draw(7.5, "")).mean()
    assert stronger > 2, "At scale 7.5 the negative prompt changed nothing: put it in the place of the empty prompt."


def check_difference(exercise: ModuleType) -> None:
    """The mean pixel difference of 10 and 250 is 240, whichever comes first."""
    dark, light = np.full((2, 2, 3), 10, dtype=np.uint8), np.full((2, 2, 3), 250, dtype=np.uint8)
    for first, second in ((dark, light), (light, dark)):
        value = exercise.pixel_difference(first, second)
        assert value == 240, (
            f"Grey {first[0, 0, 0]} and {second[0, 0, 0]} differ by 240, not {value}: uint8 wraps around."
        )


def check_cheapest(exercise: ModuleType) -> None:
    """The cheapest setting is the fastest within the limit of its own scheduler's best picture."""

    def grey(level: int) -> np.ndarray:
        return np.full((2, 2, 3), level, dtype=np.uint8)

    pictures = {
        ("ddim", 10): grey(120),
        ("ddim", 20): grey(103),
        ("ddim", 40): grey(100),
        ("euler", 10): grey(199),
        ("euler", 20): grey(201),
        ("euler", 40): grey(205),
    }
    seconds = {setting: setting[1] * (0.3 if setting[0] == "ddim" else 0.4) for setting in pictures}
    for limit, expected in ((4, ("ddim", 20)), (6, ("euler", 10)), (1, ("ddim", 40))):
        setting = exercise.cheapest_setting(pictures, seconds, limit)
        assert setting == expected, (
            f"With a limit of {limit} grey levels the cheapest setting is {expected}, not {setting}; compare "
            "with 40 steps of the same scheduler."
        )


def check_timing(exercise: ModuleType) -> None:
    """The first run warms up and isn't timed."""
    now, seconds = [0.0], iter([9.0, 2.0, 4.0, 2.5])

    def run() -> np.ndarray:
        now[0] += next(seconds)
        return np.zeros(1)

    value = exercise.time_setting(run, lambda: now[0], 3)
    assert value == 2.5, f"After a warm-up of 9 s, runs of 2, 4 and 2.5 s have the median 2.5 s, not {value}."
