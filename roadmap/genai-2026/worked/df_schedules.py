"""The worked numbers of the note on noise schedules and flow matching."""

import numpy as np

T = 1_000


def snr(abar):
    return abar / (1 - abar)


def linear(steps=T, first=0.0001, last=0.02):
    return np.cumprod(1 - np.linspace(first, last, steps))


def cosine(steps=T, offset=0.008):
    f = np.cos((np.arange(steps + 1) / steps + offset) / (1 + offset) * np.pi / 2) ** 2
    return f[1:] / f[0]


def alpha_bars():
    """Alpha-bar of each of the steps, by name of the schedule."""
    return {"linear": linear(), "cosine": cosine()}


def below(abar, level):
    """The first step, counted from 1, at which alpha-bar is below a level."""
    return int(np.argmax(abar < level)) + 1


assert np.isclose(snr(0.5), 1) and np.isclose(snr(0.9), 9) and round(snr(0.1), 3) == 0.111

lin, cos = linear(), cosine()
assert [round(lin[t - 1], 3) for t in (250, 500)] == [0.524, 0.079]
assert [round(cos[t - 1], 3) for t in (250, 500)] == [0.847, 0.494]
assert round(snr(lin[499]), 3) == 0.085 and round(snr(cos[499]), 3) == 0.976
assert round(1 / lin[499]) == 13 and round(1 / cos[499]) == 2  # a thirteenth and a half of the variance
assert below(lin, 0.01) == 674 and below(cos, 0.01) == 936
assert below(lin, 0.5) == 260 and below(cos, 0.5) == 497
assert round(lin[-1], 5) == 0.00004

f = np.cos((np.arange(T + 1) / T + 0.008) / 1.008 * np.pi / 2) ** 2
assert max(1 - f[1:] / f[:-1]) > 0.999  # the last beta of the cosine schedule, capped

scaled = np.cumprod(1 - np.linspace(0.00085**0.5, 0.012**0.5, T) ** 2)  # Stable Diffusion
assert round(scaled[-1], 4) == 0.0047 and round(scaled[-1] ** 0.5, 3) == 0.068

assert round(linear(200)[-1], 3) == 0.132 and linear(200, 0.0005, 0.1)[-1] < 0.0001

assert np.isclose(snr(0.99), 99) and round(min(99, 5) / 99, 3) == 0.051 and min(1, 5) / 1 == 1

x0, eps, t = 2.0, 0.5, 0.4
xt, v = (1 - t) * x0 + t * eps, eps - x0
assert np.isclose(1 - t, 0.6) and np.isclose(xt, 1.4) and v == -1.5 and np.isclose(xt - t * v, x0)
assert np.isclose((0.6 / 0.4) ** 2, 2.25)
same = 0.6**2 / (0.6**2 + 0.4**2)
assert round(same, 3) == 0.692 and np.isclose(snr(same), 2.25)
assert 3 * 0.5 / (1 + 2 * 0.5) == 0.75

# Check yourself
assert snr(0.75) == 3 and min(50, 5) / 50 == 0.1 and np.isclose(0.2 * 2 + 0.8 * 0.5, 0.8)

# for normal data the best guess of the noise errs by alpha-bar, so the linear schedule's mean loss is lower
assert lin.mean() < cos.mean()

# the answers to Check yourself
assert 0.75 / 0.25 == 3
assert round(5 / 51, 3) == 0.098
assert round(1 - 0.847, 3) == 0.153 and round(1 - 0.524, 3) == 0.476
assert round(0.847 / 0.153, 2) == 5.54 and round(0.524 / 0.476, 2) == 1.10 and round(5.54 / 1.10, 1) == 5.0
assert 0.8 * -1 + 0.2 * 1.5 == -0.5 and 1.5 - -1 == 2.5 and -0.5 - 0.2 * 2.5 == -1
assert round(2.25 / 3.25, 3) == 0.692
