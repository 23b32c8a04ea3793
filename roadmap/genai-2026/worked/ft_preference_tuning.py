"""The numbers of the note on preference tuning."""

import math
from math import comb, exp, log
from statistics import mean, pstdev


def sigmoid(z):
    return 1 / (1 + exp(-z))


assert comb(9, 2) == 36
assert round(sigmoid(1.2 - 0.4), 3) == 0.690 and round(-log(sigmoid(0.8)), 3) == 0.371
assert abs(sigmoid(6.2 - 5.4) - sigmoid(0.8)) < 1e-9
assert 2.0 - 0.1 * 5 == 1.5
ratio, advantage, eps = 1.5, 2.0, 0.2
clipped = min(max(ratio, 1 - eps), 1 + eps) * advantage
assert min(ratio * advantage, clipped) == 2.4


def dpo_loss(d_w, d_l, beta=0.1):
    return -log(sigmoid(beta * (d_w - d_l)))


assert round(dpo_loss(-12 - -14, -20 - -17), 3) == 0.474 and round(sigmoid(0.5), 3) == 0.622
assert round(dpo_loss(0, 0), 3) == 0.693
assert round(dpo_loss(-2, -10), 3) == 0.371  # both fall, and the loss falls as well

group = [1, 0, 0, 1]
assert [(r - mean(group)) / pstdev(group) for r in group] == [1, -1, -1, 1]
# cited: 1.3 billion parameters of InstructGPT (Ouyang et al. 2022)

# Check yourself
assert round(2.0 - 0.6, 9) == 1.4 and round(1 / (1 + math.exp(-1.4)), 3) == 0.802
