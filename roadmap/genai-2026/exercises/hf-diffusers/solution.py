"""Write the loop of a text-to-image pipeline yourself: text encoder, guidance, scheduler, autoencoder.

The given parts are small NumPy stand-ins with the attributes of Diffusers: `init_noise_sigma`, `timesteps`,
`scale_model_input`, `step`, `scaling_factor`. When all checks pass, replace them by the parts of a Stable Diffusion
pipeline (256 pixels and 10 steps without a GPU) and compare three prompts with the pipeline's own pictures.
It takes about two hours, and two more with the real parts.

Check it: python check.py hf-diffusers
"""

import zlib
from collections.abc import Callable

import numpy as np

SHAPE = (8, 8, 4)  # of a latent: height, width, channels
ABAR = np.cumprod(1 - np.linspace(0.0005, 0.1, 200))


class TextEncoder:
    """Turns each prompt into a vector of four numbers."""

    def __call__(self, prompts: list[str]) -> np.ndarray:
        rows = [np.random.default_rng(zlib.crc32(prompt.encode())).standard_normal(4) for prompt in prompts]
        return np.stack(rows)


class UNet:
    """Predicts the noise of latents (batch, 8, 8, 4) at step t, given text vectors (batch, 4)."""

    def __call__(self, latents: np.ndarray, t: int, text: np.ndarray) -> np.ndarray:
        assert len(latents) == len(text), f"{len(latents)} latents need as many text vectors, not {len(text)}."
        pattern = np.sin(np.arange(8)[:, None, None] + 2 * np.arange(8)[:, None])
        clean = 0.8 * pattern * text[:, None, None, :]
        return (latents - np.sqrt(ABAR[t]) * clean) / np.sqrt(ABAR[t] * 0.04 + 1 - ABAR[t])


class DDIMScheduler:
    """Starts from noise of standard deviation 1 and takes latents as they are."""

    init_noise_sigma = 1.0

    def set_timesteps(self, count: int) -> None:
        self.timesteps = [199 - round(position * 200 / count) for position in range(count)]

    def scale_model_input(self, latents: np.ndarray, t: int) -> np.ndarray:
        return latents

    def step(self, noise: np.ndarray, t: int, latents: np.ndarray) -> np.ndarray:
        later = [step for step in self.timesteps if step < t]
        then = ABAR[later[0]] if later else 1.0
        clean = (latents - np.sqrt(1 - ABAR[t]) * noise) / np.sqrt(ABAR[t])
        return np.sqrt(then) * clean + np.sqrt(1 - then) * noise


class EulerScheduler(DDIMScheduler):
    """Works with latents plus noise of size sigma, so noise starts large and the U-Net's input is scaled down."""

    init_noise_sigma = float(np.sqrt(1 / ABAR[-1]))

    def sigma(self, t: int) -> float:
        return float(np.sqrt((1 - ABAR[t]) / ABAR[t]))

    def scale_model_input(self, latents: np.ndarray, t: int) -> np.ndarray:
        return latents / np.sqrt(self.sigma(t) ** 2 + 1)

    def step(self, noise: np.ndarray, t: int, latents: np.ndarray) -> np.ndarray:
        later = [step for step in self.timesteps if step < t]
        return latents + ((self.sigma(later[0]) if later else 0.0) - self.sigma(t)) * noise


class VAE:
    """Decodes unscaled latents (8, 8, 4) to pixels (64, 64, 3) with values of about -1 to 1."""

    scaling_factor = 0.18215

    def decode(self, latents: np.ndarray) -> np.ndarray:
        colours = np.array([[0.2, 0.1, -0.1], [-0.1, 0.2, 0.1], [0.1, -0.1, 0.2], [0.05, 0.05, 0.05]])
        return (latents @ colours).repeat(8, axis=0).repeat(8, axis=1)


text_encoder, unet, vae = TextEncoder(), UNet(), VAE()


def start_latents(seed: int, scheduler: DDIMScheduler) -> np.ndarray:
    """Normal noise (1, 8, 8, 4) from a fresh `np.random.default_rng(seed)`, at the scheduler's size."""
    return np.random.default_rng(seed).standard_normal((1, *SHAPE)) * scheduler.init_noise_sigma


def guided_noise(
    latents: np.ndarray, t: int, scheduler: DDIMScheduler, prompt: str, negative: str, scale: float
) -> np.ndarray:
    """Noise (1, 8, 8, 4) with classifier-free guidance; one call of `unet` with a batch of two."""
    both = scheduler.scale_model_input(np.concatenate([latents, latents]), t)
    without, with_prompt = unet(both, t, text_encoder([negative, prompt]))
    return (without + scale * (with_prompt - without))[None]


def to_picture(latents: np.ndarray) -> np.ndarray:
    """Finished latents (1, 8, 8, 4) to a picture (64, 64, 3) of uint8: unscale, decode, map -1 to 1 to 0 to 255."""
    pixels = vae.decode(latents[0] / vae.scaling_factor)
    return np.round(np.clip((pixels + 1) * 127.5, 0, 255)).astype(np.uint8)


def generate(
    prompt: str, seed: int, scheduler: DDIMScheduler, steps: int, scale: float = 7.5, negative: str = ""
) -> np.ndarray:
    """The whole loop: a picture (64, 64, 3) of uint8 for the prompt."""
    scheduler.set_timesteps(steps)
    latents = start_latents(seed, scheduler)
    for t in scheduler.timesteps:
        noise = guided_noise(latents, t, scheduler, prompt, negative, scale)
        latents = scheduler.step(noise, t, latents)
    return to_picture(latents)


def pixel_difference(first: np.ndarray, second: np.ndarray) -> float:
    """Mean absolute difference of two uint8 pictures, from 0 to 255."""
    return float(np.abs(first.astype(int) - second.astype(int)).mean())


def cheapest_setting(
    pictures: dict[tuple[str, int], np.ndarray], seconds: dict[tuple[str, int], float], limit: float
) -> tuple[str, int]:
    """The fastest (scheduler, steps) that differs by at most `limit` from that scheduler's picture with most steps."""
    accepted = []
    for name, steps in pictures:
        most = max(count for other, count in pictures if other == name)
        if pixel_difference(pictures[name, steps], pictures[name, most]) <= limit:
            accepted.append((name, steps))
    return min(accepted, key=lambda setting: seconds[setting])


def time_setting(run: Callable[[], np.ndarray], clock: Callable[[], float], repeats: int = 3) -> float:
    """Median seconds of the runs after a first one, which warms up. `clock` gives seconds."""
    run()
    times = []
    for _ in range(repeats):
        start = clock()
        run()
        times.append(clock() - start)
    return float(np.median(times))
