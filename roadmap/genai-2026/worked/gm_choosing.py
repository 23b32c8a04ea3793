"""The worked numbers of the note on choosing a generative model."""

import math

import numpy as np

# cited: 50,000 samples are usual for FID (Heusel et al. 2017)


def fid(mean1, var1, mean2, var2):
    """Fréchet distance of Gaussians with independent dimensions."""
    one, two = np.array(mean1, float), np.array(mean2, float)
    return float(((one - two) ** 2 + (np.sqrt(var1) - np.sqrt(var2)) ** 2).sum())


assert fid([1], [4], [3], [1]) == 5 == (1 - 3) ** 2 + (2 - 1) ** 2
assert fid([0, 0], [1, 1], [1, 0], [4, 1]) == 2


def seconds(passes, milliseconds):
    return passes * milliseconds / 1_000


assert seconds(1, 20) == 0.02 and seconds(50 * 2, 20) == 2 and seconds(4, 20) == 0.08
assert round(seconds(1_024, 15), 1) == 15.4

noise = -0.5 * 1**2 - 0.5 * math.log(2 * math.pi)
assert (3 - 1) / 2 == 1 and round(noise, 4) == -1.4189 and round(noise - math.log(2), 4) == -2.1121
assert 32 * 32 * 3 == 3_072 and round(7_450 / (3_072 * math.log(2)), 2) == 3.50

assert 64 * 64 == 4_096 and 512 * 512 == 262_144 and 262_144 // 4_096 == 64
assert (262_144 // 4_096) ** 2 == 4_096


def cards(requests, each):
    """Graphics cards for a day's requests at an even load."""
    return math.ceil(requests * each / 86_400)


assert 100_000 * 2 == 200_000 and cards(100_000, 2) == 3
assert round(100_000 * 0.08) == 8_000 and cards(100_000, 0.08) == 1

share = 130 / 200
error = math.sqrt(0.65 * 0.35 / 200)
assert share == 0.65 and round(100 * error, 1) == 3.4
assert round(share - 1.96 * error, 2) == 0.58 and round(share + 1.96 * error, 2) == 0.72
assert abs(7.9 - 8.1) < 0.4

# Check yourself
assert seconds(40 * 2, 20) == 1.6 and fid([0], [1], [2], [16]) == 13

# the answers to Check yourself
assert 40 * 2 * 20 == 1_600

# Check yourself
assert round(-1.4189 - math.log(3), 4) == -2.5175
error = (0.54 * 0.46 / 200) ** 0.5
assert round(100 * error, 1) == 3.5 and (round(0.54 - 1.96 * error, 2), round(0.54 + 1.96 * error, 2)) == (0.47, 0.61)
