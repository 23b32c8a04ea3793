"""Checks of picture sizes, PSNR, crops, spectrogram and mel bands."""

import csv
import math
import tempfile
from pathlib import Path
from types import ModuleType

import numpy as np

MINUTES = 120
RATE = 16_000


def check_pixels(exercise: ModuleType) -> None:
    """Pixels go to -1 to 1 for the encoder and come back as the same uint8 values."""
    pixels = np.arange(256, dtype=np.uint8)
    values = exercise.to_model(pixels)
    assert np.isclose(values.min(), -1) and np.isclose(values.max(), 1), (
        f"0 and 255 became {values.min():.3f} and {values.max():.3f}; the encoder expects -1 and 1."
    )
    back = exercise.to_pixels(values)
    assert back.dtype == np.uint8, f"`to_pixels` gave {back.dtype}; pictures are uint8."
    changed = int((back != pixels).sum())
    assert changed == 0, f"{changed} of 256 grey levels came back changed; round before you convert to uint8."
    outside = exercise.to_pixels(np.array([-1.2, 1.2])).tolist()
    assert outside == [0, 255], f"Values -1.2 and 1.2 became {outside}; cut off at 0 and 255 or they wrap around."


def check_psnr(exercise: ModuleType) -> None:
    """An error of 10 grey levels gives 28.1 dB in either direction, and equal pictures are infinite."""
    dark, light = np.full((4, 4, 3), 100, dtype=np.uint8), np.full((4, 4, 3), 110, dtype=np.uint8)
    for first, second in ((dark, light), (light, dark)):
        value = exercise.psnr(first, second)
        assert abs(value - 28.131) < 0.01, (
            f"Grey {first[0, 0, 0]} against {second[0, 0, 0]} gave {value:.2f} dB, not 28.13; "
            "convert to float before you subtract and use 10 log10(255^2 / MSE)."
        )
    assert exercise.psnr(dark, dark) == math.inf, "Equal pictures have no error: return infinity."


def check_ratio(exercise: ModuleType) -> None:
    """A 512-pixel picture and its latent of 4 channels have the ratio 48."""
    ratio = exercise.size_ratio(512, 512, 4)
    assert ratio == 48, (
        f"786,432 numbers against 16,384 are 48 to 1, not {ratio}; the latent has 4 channels, the picture 3."
    )
    ratio = exercise.size_ratio(1024, 768, 16)
    assert ratio == 12, f"With 16 channels the ratio is 12 for 1024 by 768 pixels too, not {ratio}."


def check_crop(exercise: ModuleType) -> None:
    """The worst crop is the one with the largest squared error."""
    photo = np.full((96, 128, 3), 200, dtype=np.uint8)
    decoded = photo.copy()
    decoded[0:32, 0:32] += 20
    decoded[64:80, 96:128] -= 60
    crop = exercise.worst_crop(photo, decoded, 32)
    assert tuple(crop) == (64, 96), (
        f"The largest error lies in the crop at row 64, column 96, but you found {tuple(crop)}; subtract as floats, "
        "square, and give pixels, not numbers of crops."
    )


def check_photo_table(exercise: ModuleType) -> None:
    """The table has each photo with its PSNR, ratio and the crop of the fine print."""
    photos = {f"photo-{seed}": exercise.make_photo(seed) for seed in range(3)}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "results.csv"
        exercise.write_table(path, photos)
        with path.open(newline="") as file:
            rows = {row["photo"]: row for row in csv.DictReader(file)}
    assert sorted(rows) == sorted(photos), f"The table must have the rows {sorted(photos)}, but it has {sorted(rows)}."
    for name, photo in photos.items():
        wide = photo.astype(float).reshape(16, 8, 16, 8, 3)
        blocks = np.round(wide.mean(axis=(1, 3), keepdims=True))
        expected = 10 * np.log10(255**2 / ((wide - blocks) ** 2).mean())
        value = float(rows[name]["psnr"])
        assert abs(value - expected) < 0.1, f"The PSNR of {name} is {expected:.2f} dB, but the table says {value:.2f}."
        ratio = float(rows[name]["ratio"])
        assert ratio == 64, f"The stand-in's latent has 3 channels, so the ratio is 64, but the table says {ratio}."
        row, column = int(rows[name]["crop_row"]), int(rows[name]["crop_column"])
        crop = photo[row : row + 32, column : column + 32]
        assert set(np.unique(crop)) == {0, 255}, f"The worst crop of {name} is not its fine print: ({row}, {column})."


def check_spectrogram(exercise: ModuleType) -> None:
    """Five seconds at 16 kHz give 501 frames of 513 bins, with 440 Hz in bin 28."""
    tone = np.sin(2 * np.pi * 440 * np.arange(5 * RATE) / RATE)
    magnitudes = exercise.spectrogram(tone, 1024, 160)
    assert magnitudes.shape == (501, 513), (
        f"80,000 samples, windows of 1,024 and hops of 160 gave {magnitudes.shape}, not (501, 513): pad both ends by "
        "half a window and keep window / 2 + 1 bins."
    )
    click = np.zeros(RATE)
    click[8000] = 1
    loudest = int(exercise.spectrogram(click, 1024, 160).sum(axis=1).argmax())
    assert loudest == 50, (
        f"A click at 0.5 s must be loudest in frame 50, not {loudest}: pad half a window at both ends."
    )
    assert not np.iscomplexobj(magnitudes), "The spectrogram is complex; keep the magnitude."
    peak = int(magnitudes[250].argmax())
    assert peak == 28, f"440 Hz are 440 / 15.625 = 28.2 bins, but the peak is in bin {peak}."
    leak = magnitudes[250, 100:].max() / magnitudes[250].max()
    assert leak < 1e-4, f"The tone leaks into far bins ({leak:.1e} of the peak): multiply each frame by a Hann window."


def check_mel(exercise: ModuleType) -> None:
    """1,000 Hz are 1,000 mel and 8,000 Hz 2,840."""
    for hertz, expected in ((0, 0), (1000, 1000), (8000, 2840)):
        value = float(exercise.mel(hertz))
        assert abs(value - expected) < 0.5, f"{hertz:,} Hz are {expected:,} mel, but you have {value:,.1f}."


def check_filters(exercise: ModuleType) -> None:
    """64 triangular bands: narrow at low, wide at high frequencies, each overlapping its neighbours."""
    filters = exercise.mel_filters(64, 1024, RATE)
    assert filters.shape == (64, 513), f"64 bands over 513 bins need the shape (64, 513), not {filters.shape}."
    assert filters.min() >= 0 and filters.max() <= 1.0001, "Filter weights must lie between 0 and 1."
    widths = (filters > 0).sum(axis=1)
    assert widths[-1] >= 6 * widths[0], (
        f"The first band has {widths[0]} bins, the last {widths[-1]}; space the corners evenly in mel, not in hertz."
    )
    sums = filters[:, 10:480].sum(axis=0)
    assert np.allclose(sums, 1, atol=0.01), (
        "Each band must fall to 0 where the next one reaches 1, so that the weights of a bin add up to 1."
    )


def check_log_mel(exercise: ModuleType) -> None:
    """A clip becomes 501 frames of 64 bands; ten times the loudness adds 2, and silence stays finite."""
    wave = 0.05 * np.random.default_rng(1).standard_normal(5 * RATE)
    quiet = exercise.log_mel(wave, RATE, 1024, 160, 64)
    assert quiet.shape == (501, 64), f"The log mel spectrogram must have the shape (501, 64), not {quiet.shape}."
    step = float((exercise.log_mel(10 * wave, RATE, 1024, 160, 64) - quiet).mean())
    assert abs(step - 2) < 0.01, f"Ten times the amplitude is 100 times the power and adds 2, but you add {step:.2f}."
    silence = exercise.log_mel(np.zeros(RATE), RATE, 1024, 160, 64)
    assert np.isfinite(silence).all(), "Silence gives infinite values: keep at least 1e-10 before the logarithm."
