"""The numbers of the note on learning-rate schedules."""

import math


def cosine(t: int, peak: float = 3e-4, low: float = 3e-5, warm: int = 100, total: int = 1_000) -> float:
    """Return the rate of linear warm-up and cosine decay at a step."""
    if t < warm:
        return peak * t / warm
    share = (t - warm) / (total - warm)
    return low + 0.5 * (peak - low) * (1 + math.cos(math.pi * share))


def linear(t: int, peak: float = 3e-4, warm: int = 100, total: int = 1_000) -> float:
    """Return the rate of linear warm-up and linear decay to 0 at a step."""
    return peak * t / warm if t < warm else peak * (total - t) / (total - warm)


def step_decay(epoch: int, start: float = 0.1, factor: float = 0.1, every: int = 30) -> float:
    """Return the rate of step decay in an epoch."""
    return start * factor ** (epoch // every)


def wsd(t: int, peak: float = 3e-4, warm: int = 100, total: int = 1_000, decay: float = 0.2) -> float:
    """Return the rate of warm-up, stable phase and linear decay at a step."""
    return peak * min(1.0, t / warm, (total - t) / (decay * total))


def transformer(step: int, width: int = 512, warm: int = 4_000) -> float:
    """Return the rate of the original Transformer at a step."""
    return width**-0.5 * min(step**-0.5, step * warm**-1.5)


for t, expected in [(0, 0.0), (50, 1.5e-4), (100, 3e-4), (550, 1.65e-4), (1_000, 3e-5)]:
    assert math.isclose(cosine(t), expected, abs_tol=1e-12)
assert (550 - 100) / 900 == 0.5
assert math.isclose(3e-4 - 3e-5, 2.7e-4)
assert round(cosine(775) * 1e4, 2) == 0.70
assert round(math.cos(0.75 * math.pi), 3) == -0.707
assert round(1 + math.cos(0.75 * math.pi), 3) == 0.293

assert [round(step_decay(e), 6) for e in (0, 29, 30, 60)] == [0.1, 0.1, 0.01, 0.001]
assert math.isclose(linear(550), 1.5e-4)
assert linear(1_000) == 0
assert wsd(100) == wsd(800) == 3e-4
assert wsd(1_000) == 0

assert round(512**-0.5, 4) == 0.0442
assert round(4_000**-0.5, 4) == 0.0158
assert round(transformer(4_000) * 1e4, 2) == 6.99
assert math.isclose(transformer(16_000), transformer(4_000) / 2)

assert math.isclose(0.1 * 8_192 / 256, 3.2)
assert math.sqrt(4) == 2
assert 20_000 / 32 == 625
assert 3 * 625 == 1_875

# rates to compare in a sweep: 0.001, 0.003, 0.01, not 0.0011
# cited: 0.1 at batch 256, 3.2 at batch 8,192 (Goyal et al. 2017); LoRA ten times (Schulman et al. 2025)

# the answers to Check yourself
assert round((2e-4 + 2e-5) / 2 * 1e4, 1) == 1.1
assert round((2e-4 - 2e-5) * 1e4, 1) == 1.8

# Check yourself
assert 384 / 128 == 3 and round(0.05 * 3, 2) == 0.15
