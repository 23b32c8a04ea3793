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
    return (photo / 127.5 - 1).astype(np.float32)


def to_pixels(values: np.ndarray) -> np.ndarray:
    """Map -1 to 1 back to uint8: rounded, and cut off at 0 and 255."""
    return np.clip(np.round((values + 1) * 127.5), 0, 255).astype(np.uint8)


def psnr(photo: np.ndarray, decoded: np.ndarray) -> float:
    """Peak signal-to-noise ratio of two uint8 pictures in decibels; infinite if they are equal."""
    error = np.mean((photo.astype(float) - decoded.astype(float)) ** 2)
    return float("inf") if error == 0 else float(10 * np.log10(255**2 / error))


def size_ratio(height: int, width: int, channels: int) -> float:
    """How many numbers of the picture (3 colours) there are for each number of its latent."""
    return height * width * 3 / (height // SIDE * (width // SIDE) * channels)


def worst_crop(photo: np.ndarray, decoded: np.ndarray, size: int) -> tuple[int, int]:
    """Row and column of the top left corner of the size by size crop, on a grid of `size`, with the largest error."""
    error = ((photo.astype(float) - decoded.astype(float)) ** 2).mean(axis=2)
    height, width = (side // size for side in error.shape)
    crops = error[: height * size, : width * size].reshape(height, size, width, size).mean(axis=(1, 3))
    row, column = np.unravel_index(crops.argmax(), crops.shape)
    return int(row) * size, int(column) * size


def write_table(path: Path, photos: dict[str, np.ndarray]) -> None:
    """Encode and decode each photo; write a CSV file with the columns photo, psnr, ratio, crop_row, crop_column.

    The crops are 32 pixels wide.
    """
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["photo", "psnr", "ratio", "crop_row", "crop_column"])
        for name, photo in photos.items():
            latent = encode(to_model(photo))
            decoded = to_pixels(decode(latent))
            ratio = size_ratio(*photo.shape[:2], latent.shape[2])
            writer.writerow([name, round(psnr(photo, decoded), 2), round(ratio, 2), *worst_crop(photo, decoded, 32)])


def spectrogram(wave: np.ndarray, window: int, hop: int) -> np.ndarray:
    """Magnitudes (len / hop + 1, window / 2 + 1) of Hann windows; the wave is padded by half a window at both ends."""
    padded = np.pad(wave, window // 2, mode="reflect")
    frames = np.stack([padded[start : start + window] for start in range(0, len(wave) + 1, hop)])
    return np.abs(np.fft.rfft(frames * np.hanning(window)))


def mel(hertz: np.ndarray | float) -> np.ndarray | float:
    """2595 log10(1 + f / 700)."""
    return 2595 * np.log10(1 + np.asarray(hertz) / 700)


def mel_filters(bands: int, window: int, rate: int) -> np.ndarray:
    """Triangles (bands, window / 2 + 1) of height 1 over the bins' frequencies, their corners even on the mel scale.

    The bands + 2 corners run from 0 Hz to rate / 2: band i rises from corner i to i + 1 and falls to corner i + 2.
    """
    corners = 700 * (10 ** (np.linspace(0, float(mel(rate / 2)), bands + 2) / 2595) - 1)
    frequencies = np.arange(window // 2 + 1) * rate / window
    low, middle, high = (part[:, None] for part in (corners[:-2], corners[1:-1], corners[2:]))
    return np.clip(np.minimum((frequencies - low) / (middle - low), (high - frequencies) / (high - middle)), 0, None)


def log_mel(wave: np.ndarray, rate: int, window: int, hop: int, bands: int) -> np.ndarray:
    """Logarithm (base 10) of the power in each band (frames, bands), with at least 1e-10 in each."""
    power = spectrogram(wave, window, hop) ** 2 @ mel_filters(bands, window, rate).T
    return np.log10(np.maximum(power, 1e-10))
