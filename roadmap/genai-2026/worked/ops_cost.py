"""The sums of the note on cost, all with made-up prices."""


def cost(n_in, n_out, p_in=1.00, p_out=4.00):  # made-up euros per million tokens
    return (n_in * p_in + n_out * p_out) / 1e6


full = cost(2200, 300)
assert round(full, 4) == 0.0034 and round(full * 10_000 * 30) == 1020
assert sum(500 * turn for turn in range(1, 11)) == 27_500

hosting = 2.00 * 730
assert hosting == 1460 and round(hosting / full) == 429_412
assert round((hosting + 2000) / full) == 1_017_647
assert round(1_017_647 / (730 * 3600), 2) == 0.39
assert round(1_017_647 * 300 / (730 * 3600)) == 116
price = [round(2.00 * 1e6 / (3600 * 1000 * u), 2) for u in (1, 0.5, 0.1)]
assert price == [0.56, 1.11, 5.56]

cached = (2000 * 1.00 * 0.1 + 200 * 1.00 + 300 * 4.00) / 1e6
assert round(cached, 4) == 0.0016 and round(1 - cached / full, 2) == 0.53
assert round(full * (1 - 0.25), 5) == 0.00255

small = 0.0004
router = 0.7 * small + 0.3 * full
cascade = small + 0.3 * full
assert round(router, 5) == 0.0013 and round(cascade, 5) == 0.00142
assert round(1 - cascade / full, 2) == 0.58
assert round(small / full, 2) == 0.12 and round(1 - small / full, 2) == 0.88

joules = 700 / 1000 * 1.3 * 300
assert round(joules) == 273 and round(joules / 3600, 3) == 0.076
assert round(joules / 10) == 27 and round(joules / 3600 * 300_000 / 1000) == 23

human = 1.00
cheap, strong = small + 0.20 * human, full + 0.10 * human
assert round(cheap, 4) == 0.2004 and round(strong, 4) == 0.1034


class Budget:
    """Reserve the worst case before a call and settle the real cost after it."""

    def __init__(self, limit):
        self.limit, self.used = limit, 0.0

    def reserve(self, n_in, max_out):
        worst = cost(n_in, max_out)
        if self.used + worst > self.limit:
            return None  # refuse, or fall back to a cheaper answer
        self.used += worst
        return worst

    def settle(self, worst, n_in, n_out):
        self.used += cost(n_in, n_out) - worst


budget = Budget(limit=0.010)
for _ in range(2):
    worst = budget.reserve(2200, 500)
    assert round(worst, 4) == 0.0042
    budget.settle(worst, 2200, 300)
assert round(budget.used, 4) == 0.0068
assert budget.reserve(2200, 500) is None  # 0.0068 + 0.0042 would exceed 0.010
assert round(0.076, 2) == 0.08 and round(2200 / 1e6, 4) == 0.0022 and round(4 * 300 / 1e6, 4) == 0.0012
assert round(1000 / 0.75) == 1_333  # three quarters of an English word a token
assert 10 * 500 == 5_000

# A model on the device: weights, and the most tokens a second that the memory can deliver
# cited: Llama 3.2 (Meta 2024); models of 0.3 to 8 billion parameters: illustration
weights_gb = 3 * 4.5 / 8
assert round(weights_gb, 2) == 1.69 and round(60 / 1.69, 1) == 35.5

assert round(1_017_647 / (730 * 3600), 3) == 0.387 and round(0.387 * 2200 + 0.2) == 852
# cited: 0.24 Wh for the median Gemini text prompt (Elsworth et al. 2025)
# Check yourself
assert cost(3_000, 500) == 0.005 and (round(cost(3_000, 0), 3), round(cost(0, 500), 3)) == (0.003, 0.002)
assert sum(300 * turn for turn in range(1, 9)) == 10_800 and 300 * 8 == 2_400
assert 1.50 * 730 == 1_095 and round(1_095 / 0.005) == 219_000
assert round(4.00 * 1e6 / (3600 * 2000 * 0.2), 2) == 2.78 and round(2.78 / 5, 2) == 0.56
tasks = [round(0.001 + 0.10 * 0.50, 3), round(0.02 + 0.04 * 0.50, 3)]
assert tasks == [0.051, 0.04] and round((0.02 - 0.001) / 0.06, 2) == round(0.019 / 0.06, 2) == 0.32
