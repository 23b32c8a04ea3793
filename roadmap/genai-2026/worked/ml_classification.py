"""Works the numbers of the note on classification metrics."""

from statistics import NormalDist

import numpy as np

# cited: 38,455 stays, 2,552 with sepsis, 6,971 with an alert, 1,709 missed, AUC 0.63 (Wong et al. 2021)
# cited: AUC 0.82 to 0.92, precision 0.13 to 0.26 (Wong et al. 2026)

ONE_IN_A_HUNDRED = NormalDist().inv_cdf(0.99)  # the score that 1% of the negatives exceed
GAP = ONE_IN_A_HUNDRED + NormalDist().inv_cdf(0.8)  # so that 80% of the positives exceed it


def counts(tp, fp, fn, tn):
    """Accuracy, precision, recall, specificity and F1 from the four counts."""
    precision, recall = tp / (tp + fp), tp / (tp + fn)
    return {
        "accuracy": (tp + tn) / (tp + fp + fn + tn),
        "precision": precision,
        "recall": recall,
        "specificity": tn / (tn + fp),
        "f1": 2 * precision * recall / (precision + recall),
    }


def bells(threshold, negatives=10_000, positives=100, apart=GAP):
    """The four counts when scores of negatives and positives are bell curves of spread 1, some way apart."""
    above = NormalDist().cdf
    tp, fp = positives * above(apart - threshold), negatives * above(-threshold)
    return tp, fp, positives - tp, negatives - fp


def roc_auc(y, s):
    """The share of pairs of a positive and a negative in the right order, ties counted as a half."""
    pos, neg = s[y == 1], s[y == 0]
    return (pos[:, None] > neg).mean() + 0.5 * (pos[:, None] == neg).mean()


def average_precision(y, s):
    """The mean of the precision at each positive found; scores without ties."""
    hits = y[np.argsort(-s)]
    precision = np.cumsum(hits) / np.arange(1, len(y) + 1)
    return (precision * hits).sum() / hits.sum()


def cost(y, p, threshold, miss=20, false_alarm=1):
    """The total cost of alarms from a threshold on."""
    alarm = p >= threshold
    return miss * ((y == 1) & ~alarm).sum() + false_alarm * ((y == 0) & alarm).sum()


# one confusion matrix by hand
m = counts(30, 20, 10, 940)
assert m["accuracy"] == 970 / 1000 == 0.97 and m["precision"] == 0.6 and m["recall"] == 0.75
assert round(m["specificity"], 3) == 0.979 and round(m["f1"], 3) == 0.667
assert round(100 * m["specificity"], 1) == 97.9 and round(100 * (1 - m["specificity"]), 1) == 2.1
assert np.isclose(m["f1"], 2 * 30 / (2 * 30 + 20 + 10)) and round(0.9 / 1.35, 3) == 0.667
assert (0.6 + 0.75) / 2 == 0.675
f2 = 5 * 0.6 * 0.75 / (4 * 0.6 + 0.75)
assert round(f2, 3) == 0.714
lazy = counts(1, 0, 99, 900)
assert lazy["precision"] == 1 and lazy["recall"] == 0.01 and round(lazy["f1"], 2) == 0.02
assert (1 + 0.01) / 2 == 0.505

# sepsis alerts, from the published counts
found = 2552 - 1709
wrong = 6971 - found
assert found == 843 and wrong == 6128
sepsis = counts(843, 6128, 1709, 38455 - 2552 - 6128)
assert round(sepsis["precision"], 2) == 0.12 and round(sepsis["recall"], 2) == 0.33
assert round(sepsis["specificity"], 2) == 0.83

# ROC AUC by counting pairs, average precision by ranks
y = np.array([0, 1, 0, 1, 0, 0])
s = np.array([0.9, 0.8, 0.6, 0.5, 0.3, 0.1])
assert roc_auc(y, s) == (3 + 2) / (2 * 4) == 0.625
assert roc_auc(np.array([1, 0]), np.array([0.4, 0.4])) == 0.5
assert average_precision(y, s) == (1 / 2 + 2 / 4) / 2 == 0.5
assert roc_auc(y, np.exp(5 * s)) == roc_auc(y, s)  # only the order counts

# rare positives
rare = counts(80, 100, 20, 9_900)
assert 0.01 * 10_000 == 100 and round(rare["precision"], 3) == 0.444 and round(100 * rare["precision"], 1) == 44.4
assert 0.01 * 100_000 == 1000 and round(80 / (80 + 1000), 3) == 0.074 and round(100 * 80 / 1080, 1) == 7.4
assert (1000 - 40) / 1000 == 0.96

for negatives, precision in ((10_000, 0.444), (100_000, 0.074)):
    drawn = counts(*bells(ONE_IN_A_HUNDRED, negatives))
    assert round(drawn["recall"], 6) == 0.8 and round(drawn["specificity"], 6) == 0.99
    assert round(drawn["precision"], 3) == precision

# threshold from costs
assert round(1 / (1 + 20), 3) == 0.048
assert 0.1 * 20 == 2 and 0.9 * 1 == 0.9
rng = np.random.default_rng(0)
p = rng.beta(0.5, 10, 50_000)  # calibrated by construction
labels = (rng.random(50_000) < p).astype(int)
grid = np.linspace(0.005, 0.6, 120)
assert abs(grid[np.argmin([cost(labels, p, t) for t in grid])] - 0.048) < 0.02
assert cost(labels, p, 1 / 21) < cost(labels, p, 0.5)

# calibration and log loss
ece = 0.5 * abs(0.9 - 0.8) + 0.5 * abs(0.6 - 0.6)
assert np.isclose(ece, 0.05)
losses = -np.log([0.9, 0.5, 0.01])
assert np.round(losses, 3).tolist() == [0.105, 0.693, 4.605]
assert round((0.105 + 0.693 + 4.605) / 3, 3) == round(losses.mean(), 3) == 1.801
assert round(np.log(10), 3) == 2.303

# averages over classes
f, n = np.array([0.9, 0.6, 0.3]), np.array([80, 15, 5])
assert np.isclose(f.mean(), 0.6) and np.isclose((f * n).sum() / 100, 0.825)
assert round(0.8 * 0.9 + 0.15 * 0.6 + 0.05 * 0.3, 3) == 0.825

# Check yourself
assert (40 / (40 + 10), 40 / (40 + 60), round(890 / (890 + 10), 3)) == (0.8, 0.4, 0.989)  # specificity 98.9%
assert 0.9 * 50 == 45 and 0.02 * 10_000 == 200 and round(100 * 45 / 245, 1) == 18.4
assert 2 / (2 + 6) == 0.25
assert round((0.8 + 0.7 + 0.1) / 3, 3) == round(1.6 / 3, 3) == 0.533
assert round(0.6 * 0.8, 2) == 0.48 and round(0.3 * 0.7, 2) == 0.21 and round(0.48 + 0.21 + 0.1 * 0.1, 2) == 0.7
