"""The worked numbers of the note on audio."""

import numpy as np

# cited: EnCodec at 24 kHz, 75 frames a second, codebooks of 1_024 entries (Défossez et al. 2022)
# cited: MusicGen, 50 frames a second, 4 codebooks (Copet et al. 2023); Stable Audio Open, 47 s (Evans et al. 2024)
# cited: ACE-Step 1.5 (2026), 8 steps

RATE, WINDOW, HOP = 16_000, 1_024, 160


def spectrogram(sound, window=WINDOW, hop=HOP):
    """Magnitudes of the short-time Fourier transform, one row for each frame."""
    padded = np.pad(sound, window // 2, mode="reflect")
    frames = np.stack([padded[start : start + window] for start in range(0, sound.size + 1, hop)])
    return np.abs(np.fft.rfft(frames * np.hanning(window)))


def mel(f):
    return 2595 * np.log10(1 + f / 700)


def mel_bank(bands=64):
    """Triangular filters over the bins, and the frequencies where they begin, peak and end."""
    points = 700 * (10 ** (np.linspace(0, mel(RATE / 2), bands + 2) / 2595) - 1)
    bins = np.linspace(0, RATE / 2, WINDOW // 2 + 1)
    up = (bins - points[:-2, None]) / (points[1:-1] - points[:-2])[:, None]
    down = (points[2:, None] - bins) / (points[2:] - points[1:-1])[:, None]
    return np.clip(np.minimum(up, down), 0, None), points


tone = np.sin(2 * np.pi * 440 * np.arange(5 * RATE) / RATE)
assert tone.size == 5 * 16_000 == 80_000 and RATE / 2 == 8_000
spec = spectrogram(tone)
assert spec.shape == (80_000 // 160 + 1, 1_024 // 2 + 1) == (501, 513) and spec.size == 257_013
assert WINDOW / RATE == 0.064 and RATE / WINDOW == 15.625 and HOP / RATE == 0.01
assert (spec[10:-10].argmax(1) == 28).all() and round(440 / 15.625, 1) == 28.2
assert 501 * 64 == 32_064 and round(32_064 / 80_000, 2) == 0.40
assert 500 // 4 * (64 // 4) * 8 == 125 * 16 * 8 == 16_000 == tone.size / 5  # AudioLDM's latent

assert round(mel(1_000)) == 1_000 and round(mel(8_000)) == 2_840
assert round(mel(200) - mel(100)) == 133 and round(mel(7_100) - mel(7_000)) == 15
bank, points = mel_bank()
logmel = np.log(np.maximum(spec**2 @ bank.T, 1e-5))
assert logmel.shape == (501, 64)
peak = logmel[250].argmax()
assert points[peak] < 440 < points[peak + 2]


def bits_per_second(frames, codebooks, entries):
    return frames * codebooks * int(np.log2(entries))


assert bits_per_second(75, 8, 1_024) == 75 * 8 * 10 == 6_000 and 24_000 * 16 / 6_000 == 64
assert 50 * 4 * 30 == 6_000 and 50 * 30 == 1_500
assert round(44_100 / 2_048, 1) == 21.5 and 44_100 == 44.1 * 1_000
assert round(2 * 44_100 / (44_100 / 2_048 * 64)) == 64
assert round(48 / 44.1 - 1, 2) == 0.09 and round(12 * np.log2(48 / 44.1), 1) == 1.5  # semitones

# Check yourself
assert 10 * RATE == 160_000 and 160_000 // 160 + 1 == 1_001 and bits_per_second(25, 4, 1_024) == 1_000

# the answers to Check yourself
assert round(mel(300) - mel(200)) == 119 and round(mel(5_100) - mel(5_000)) == 20
