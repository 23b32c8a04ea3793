"""Compare two models on the same 200 items by a bootstrap interval and an exact sign test.

Models A and B are both right on 146 items, only A on 10, only B on 22, neither on 22. `make_results` writes that as
two arrays, `bootstrap_differences` resamples the items, `interval` cuts out the middle, and `sign_test` looks at the
disagreements. `posterior` is Bayes' rule. Run this file for the numbers, then choose a sentence of CLAIMS in `claim`.

It takes about 75 minutes.
Check it: python check.py math-inference
"""

from math import comb

import numpy as np

BOTH, ONLY_A, ONLY_B, NEITHER = 146, 10, 22, 22
CLAIMS = {
    "a": "B is better than A: the interval leaves out 0, and that proves it.",
    "b": "A and B are equally good, because p isn't below 0.05.",
    "c": "B was more accurate than A on these items, and the evidence that B is better in general is weak.",
    "d": "The probability that A and B are equally good is 5%.",
}


def posterior(prior: float, sensitivity: float, specificity: float) -> float:
    """Probability of illness after a positive result, by Bayes' rule."""
    raise NotImplementedError("true positives divided by all positives")


def make_results(both: int, only_a: int, only_b: int, neither: int) -> tuple[np.ndarray, np.ndarray]:
    """Two arrays of 0 and 1, one entry for each item: whether A is right, whether B is right."""
    raise NotImplementedError(
        "repeat each of the four pairs as often as it occurs; entry i of both arrays is the same item"
    )


def bootstrap_differences(a: np.ndarray, b: np.ndarray, repeats: int = 10_000, seed: int = 0) -> np.ndarray:
    """Accuracy of B minus accuracy of A on `repeats` samples of the items, drawn with replacement."""
    raise NotImplementedError("draw n item numbers for each repeat, and use the same items for A and for B")


def interval(values: np.ndarray, level: float = 0.95) -> tuple[float, float]:
    """The ends of the middle `level` of the values (percentile interval)."""
    raise NotImplementedError("two quantiles that leave the same share out at each end")


def sign_test(only_a: int, only_b: int) -> float:
    """Two-sided exact p-value of the split of the disagreements, at most 1."""
    raise NotImplementedError("twice the probability that a fair coin gives the smaller count or fewer")


def claim() -> tuple[float, float, float, str]:
    """Both ends of the 95% interval as fractions, the p-value, and the letter of the honest sentence in CLAIMS."""
    raise NotImplementedError("a tuple of low, high, p and one of the letters a to d")


if __name__ == "__main__":
    print(f"ill after one positive result: {posterior(0.01, 0.99, 0.95):.3f}")
    right_a, right_b = make_results(BOTH, ONLY_A, ONLY_B, NEITHER)
    low, high = interval(bootstrap_differences(right_a, right_b))
    print(f"difference {right_b.mean() - right_a.mean():.3f}, 95% interval {low:.3f} to {high:.3f}")
    print(f"two-sided p-value {sign_test(ONLY_A, ONLY_B):.4f}")
    print(CLAIMS[claim()[3]])
