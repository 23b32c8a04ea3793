"""Measure what an autoencoder loses of a picture, and turn a waveform into a mel spectrogram.

`encode` and `decode` stand in for an autoencoder: they keep the mean of each 8 by 8 patch. When all checks pass, put
`stabilityai/sd-vae-ft-mse` in their place for ten photos of 512 pixels (its latent has 4 channels and the ratio 48),
and plot `log_mel` for three generated clips of 5 seconds.
It takes about two hours, and one more with the real models.

Check it: python check.py df-latent-audio
"""

import csv
from pathlib import Path

import numpy as np

SIDE = 8  # pixels of the picture for each position of the latent


def encode(pixels: np.ndarray) -> np.ndarray:
    """Picture (height, width, 3) with values from -1 to 1 to latent (height / 8, width / 8, 3)."""
    assert pixels.min() >= -1 and pixels.max() <= 1, "The encoder expects values from -1 to 1."
    height, width, channels = pixels.shape
    return pixels.reshape(height // SIDE, SIDE, width // SIDE, SIDE, channels).mean(axis=(1, 3))


def decode(latent: np.ndarray) -> np.ndarray:
    """Latent to picture (height, width, 3) with values from about -1 to 1."""
    return latent.repeat(SIDE, axis=0).repeat(SIDE, axis=1)


def make_photo(seed: int, side: int = 128) -> np.ndarray:
    """A smooth picture (side, side, 3) of uint8 with one 32-pixel area of fine print."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:side, 0:side] / side
    photo = 90 + 60 * np.stack([x, y, 1 - x], axis=2)
    row, column = rng.integers(0, side // 32, size=2) * 32
    photo[row : row + 32, column : column + 32] = 255 * rng.integers(0, 2, size=(32, 32, 1))
    return photo.astype(np.uint8)


def to_model(photo: np.ndarray) -> np.ndarray:
    """Map uint8 pixels from 0 to 255 to float32 from -1 to 1."""
    raise NotImplementedError("scale 0 to 255 to -1 to 1, as float32")


def to_pixels(values: np.ndarray) -> np.ndarray:
    """Map -1 to 1 back to uint8: rounded, and cut off at 0 and 255."""
    raise NotImplementedError("the way back, rounded and clipped, as uint8")


def psnr(photo: np.ndarray, decoded: np.ndarray) -> float:
    """Peak signal-to-noise ratio of two uint8 pictures in decibels; infinite if they are equal."""
    raise NotImplementedError("mean squared error in floats, then decibels")


def size_ratio(height: int, width: int, channels: int) -> float:
    """How many numbers of the picture (3 colours) there are for each number of its latent."""
    raise NotImplementedError("numbers of the picture by numbers of the latent")


def worst_crop(photo: np.ndarray, decoded: np.ndarray, size: int) -> tuple[int, int]:
    """Row and column of the top left corner of the size by size crop, on a grid of `size`, with the largest error."""
    raise NotImplementedError("mean squared error of each crop on the grid, then the position of the largest")


def write_table(path: Path, photos: dict[str, np.ndarray]) -> None:
    """Encode and decode each photo; write a CSV file with the columns photo, psnr, ratio, crop_row, crop_column.

    The crops are 32 pixels wide.
    """
    raise NotImplementedError("for each photo: scale, encode, decode, scale back, and write a row")


def spectrogram(wave: np.ndarray, window: int, hop: int) -> np.ndarray:
    """Magnitudes (len / hop + 1, window / 2 + 1) of Hann windows; the wave is padded by half a window at both ends."""
    raise NotImplementedError("pad, cut into windows, multiply by a Hann window, magnitude of the Fourier transform")


def mel(hertz: np.ndarray | float) -> np.ndarray | float:
    """2595 log10(1 + f / 700)."""
    raise NotImplementedError("the formula, also for arrays")


def mel_filters(bands: int, window: int, rate: int) -> np.ndarray:
    """Triangles (bands, window / 2 + 1) of height 1 over the bins' frequencies, their corners even on the mel scale.

    The bands + 2 corners run from 0 Hz to rate / 2: band i rises from corner i to i + 1 and falls to corner i + 2.
    """
    raise NotImplementedError("corners even in mel, turned back to hertz; rising and falling sides, cut off at 0")


def log_mel(wave: np.ndarray, rate: int, window: int, hop: int, bands: int) -> np.ndarray:
    """Logarithm (base 10) of the power in each band (frames, bands), with at least 1e-10 in each."""
    raise NotImplementedError("squared magnitudes, mel bands, floor of 1e-10, log10")
