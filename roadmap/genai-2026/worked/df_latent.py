"""The worked numbers of the note on latent diffusion."""

import numpy as np

# cited: 860, 123 and 84 million parameters (Stable Diffusion 1); scaling factor 0.18215 (its configuration)
# cited: 16 channels (Esser et al. 2024); sides by 32, 32 channels (DC-AE, Chen et al. 2024)
# cited: 24.5 dB for 256 × 256 photos of COCO (model card of sd-vae-ft-mse)


def latent(height, width, channels, side=8):
    """Shape of the latent of an image."""
    return height // side, width // side, channels


def numbers(shape):
    return int(np.prod(shape))


image, small = numbers((512, 512, 3)), numbers(latent(512, 512, 4))
assert image == 786_432 and small == 16_384 and image / small == 48
assert image * 1 / (small * 2) == 24 and small * 2 == 32_768 and round(small * 2 / 1_000) == 33
assert 512 * 512 == 262_144 and 64 * 64 == 4_096 and 262_144 / 4_096 == 64

large = numbers((1_024, 1_024, 3))
assert latent(1_024, 1_024, 16) == (128, 128, 16) and large / numbers(latent(1_024, 1_024, 16)) == 12
assert latent(1_024, 1_024, 32, side=32) == (32, 32, 32) and large / numbers((32, 32, 32)) == 96
assert 32 * 32 == 1_024 and 128 * 128 == 16_384

assert round(1 / 0.18215, 2) == 5.49

assert round((860 + 123 + 84) * 1e6 * 2 / 1e9, 1) == 2.1


def score_bytes(positions, heads=8, size=2):
    """Memory of one layer's stored attention scores."""
    return positions**2 * heads * size


assert round(score_bytes(4_096) / 1e6) == 268 and round(score_bytes(16_384) / 1e9, 1) == 4.3
assert score_bytes(16_384) / score_bytes(4_096) == 16


def psnr(a, b):
    return 10 * np.log10(255**2 / np.mean((a.astype(float) - b.astype(float)) ** 2))


photo = np.full((4, 4, 3), 100, dtype=np.uint8)
assert 255**2 == 65_025 and round(10 * np.log10(65_025 / 100), 1) == 28.1
assert round(psnr(photo, photo + 10), 1) == 28.1
assert round(psnr(photo, photo + 5) - psnr(photo, photo + 10), 2) == 6.02

text, picture = np.array([3.0, 4.0]), np.array([4.0, 3.0])
assert text @ picture == 24 and np.isclose(24 / 25, 0.96)
assert np.isclose(text @ picture / (np.linalg.norm(text) * np.linalg.norm(picture)), 0.96)
# cited: CLIP score scaled by 2.5 (Hessel et al. 2021)

# Check yourself
assert numbers(latent(768, 768, 4)) == 36_864

# cited: 4 × 8 × 8 compression, 16 channels, patches of 1 × 2 × 2 (Wan 2.1, 2025)
clip = 81 * 480 * 832 * 3
frames, rows, columns = 1 + 80 // 4, 480 // 8, 832 // 8
assert (frames, rows, columns) == (21, 60, 104) and round(81 / 16) == 5
assert clip == 97_044_480 and frames * rows * columns * 16 == 2_096_640 and round(clip / 2_096_640) == 46
tokens, picture = frames * (rows // 2) * (columns // 2), (rows // 2) * (columns // 2)
assert (tokens, picture) == (32_760, 1_560) and (tokens // picture) ** 2 == 441
assert (1 + 48 // 4, 640 // 8, 320 // 8) == (13, 80, 40)

# the answers to Check yourself
assert round(10 * np.log10(9), 2) == 9.54
