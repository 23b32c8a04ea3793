"""Checks of the positional encodings against hand-worked values."""

import tempfile
from pathlib import Path

import numpy as np

MINUTES = 90


def check_sinusoidal(exercise):
    """At width 4, position 3 has the vector (0.141, -0.990, 0.030, 1.000)."""
    vector = exercise.sinusoidal(np.array([3]), 4)
    assert np.shape(vector) == (1, 4), f"One position of width 4 gave the shape {np.shape(vector)}; expected (1, 4)."
    assert np.allclose(vector, [[0.141, -0.990, 0.030, 1.000]], atol=1e-3), (
        f"Position 3 at width 4 is {np.round(vector, 3).tolist()}; expected (0.141, -0.990, 0.030, 1.000)."
    )
    a, b, c, d = exercise.sinusoidal(np.array([3, 5, 100, 102]), 16)
    assert np.isclose(a @ b, c @ d), (
        f"Positions 3 and 5 have the dot product {a @ b:.3f}, positions 100 and 102 {c @ d:.3f}; both are 2 apart, so "
        "they should be equal."
    )


def check_order(exercise):
    """Unmasked attention ignores order without positions and notices it with them."""
    rng = np.random.default_rng(0)
    x, order = rng.normal(size=(6, 8)), np.array([3, 1, 5, 0, 2, 4])
    effect = exercise.order_effect(x, np.zeros((6, 8)), order)
    assert effect < 1e-9, (
        f"Without positions, shuffling moves the outputs by {effect:.3f} beyond the shuffle; expected 0."
    )
    effect = exercise.order_effect(x, exercise.sinusoidal(np.arange(6), 8), order)
    assert effect > 0.1, f"With sinusoidal positions the effect is {effect:.4f}; positions stay in their places."


def check_rope_angles(exercise):
    """At dimension 8, one position turns the four pairs by 1, 0.1, 0.01 and 0.001 radians."""
    turned = exercise.rope(np.array([[1.0, 0, 1, 0, 1, 0, 1, 0]]), np.array([1]))
    assert np.shape(turned) == (1, 8), f"`rope` of a (1, 8) array gave the shape {np.shape(turned)}."
    angles = np.arctan2(turned[0, 1::2], turned[0, 0::2])
    assert np.allclose(angles, [1, 0.1, 0.01, 0.001]), (
        f"The pairs (0, 1), (2, 3), (4, 5), (6, 7) turned by {np.round(angles, 4).tolist()} radians; expected 1, 0.1, "
        "0.01 and 0.001."
    )


def check_rope_by_hand(exercise):
    """With 1 radian per position, (2, 0) at position 3 turns to (-1.980, 0.282)."""
    turned = exercise.rope(np.array([[2.0, 0], [2.0, 0]]), np.array([3, 0]))
    assert np.allclose(turned[0], [2 * np.cos(3), 2 * np.sin(3)]), (
        f"(2, 0) at position 3 became {np.round(turned[0], 3).tolist()}; expected (-1.980, 0.282)."
    )
    assert np.allclose(turned[1], [2, 0]), f"At position 0 nothing turns; got {np.round(turned[1], 3).tolist()}."


def check_rope_shift(exercise):
    """RoPE scores stay within 1e-4 when both positions shift by 50, and change with the distance."""
    rng = np.random.default_rng(1)
    q, k = rng.normal(size=(1, 8)), rng.normal(size=(1, 8))

    def score(m, n):
        return float((exercise.rope(q, np.array([m])) @ exercise.rope(k, np.array([n])).T)[0, 0])

    for m, n in ((9, 4), (0, 7), (100, 20)):
        before, after = score(m, n), score(m + 50, n + 50)
        assert abs(before - after) < 1e-4, (
            f"The score of positions {m} and {n} is {before:.4f}, of {m + 50} and {n + 50} it is {after:.4f}; only the "
            "distance may count."
        )
    assert abs(score(9, 4) - score(9, 5)) > 1e-3, "The score does not change with the distance; turn q and k."


def check_rope_length(exercise):
    """RoPE leaves the length of each vector unchanged."""
    x = np.random.default_rng(2).normal(size=(5, 8))
    turned = exercise.rope(x, np.arange(5) * 40)
    before, after = np.linalg.norm(x, axis=1), np.linalg.norm(turned, axis=1)
    assert np.allclose(before, after), (
        f"Vectors of length {np.round(before, 2).tolist()} became {np.round(after, 2).tolist()}; a turn keeps lengths."
    )


def check_interpolation(exercise):
    """With scale 0.25, position 8,192 is turned like position 2,048."""
    x = np.random.default_rng(3).normal(size=(1, 8))
    stretched = exercise.rope(x, np.array([8192]), scale=0.25)
    assert np.allclose(stretched, exercise.rope(x, np.array([2048]))), (
        "Position 8,192 with scale 0.25 differs from position 2,048 without; multiply the position by the scale."
    )


def check_slopes(exercise):
    """The ALiBi slopes of 8 heads run from 1/2 to 1/256, those of 4 heads from 1/4 to 1/256."""
    for heads, expected in ((8, [2.0**-i for i in range(1, 9)]), (4, [1 / 4, 1 / 16, 1 / 64, 1 / 256])):
        slopes = np.asarray(exercise.alibi_slopes(heads))
        assert np.allclose(slopes, expected), f"Slopes of {heads} heads: got {slopes.tolist()}; expected {expected}."


def check_alibi(exercise):
    """With slope 1/2 and equal scores, the last of four tokens has the weights 0.102, 0.167, 0.276 and 0.455."""
    bias = exercise.alibi_bias(8, 4)
    assert np.shape(bias) == (8, 4, 4), f"8 heads and 4 tokens gave the shape {np.shape(bias)}; expected (8, 4, 4)."
    assert np.all(np.isneginf(bias[:, 0, 1:])), f"Token 0 sees later tokens: its biases are {bias[0, 0].tolist()}."
    weights = np.exp(bias[0, 3]) / np.exp(bias[0, 3]).sum()
    assert np.allclose(weights, [0.102, 0.167, 0.276, 0.455], atol=1e-3), (
        f"The weights of the last token are {np.round(weights, 3).tolist()}; expected 0.102, 0.167, 0.276 and 0.455, "
        "for penalties of 1.5, 1, 0.5 and 0."
    )


def check_learned_table(exercise):
    """A learned table of 128 rows has no vector for position 128, and the error says so."""
    table = np.random.default_rng(4).normal(size=(128, 8))
    assert np.array_equal(exercise.look_up(table, np.array([0, 127])), table[[0, 127]]), (
        "Positions 0 and 127 of a table of 128 rows are its first and last row."
    )
    try:
        exercise.look_up(table, np.arange(256))
    except ValueError as error:
        assert "128" in str(error), f'Name the first position without a vector, 128; the error says "{error}".'
    except IndexError:
        raise AssertionError("Position 128 of a table of 128 rows gave an IndexError; raise ValueError.") from None
    else:
        raise AssertionError("Positions 0 to 255 of a table of 128 rows gave vectors; position 128 has none.")


def _read(exercise, rows):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "losses.csv"
        path.write_text("scheme,length,loss\n" + "".join(f"{row}\n" for row in rows))
        return exercise.read_losses(path)


def check_losses(exercise):
    """The table of losses is accepted only with all nine numbers."""
    rows = [f"{scheme},{length},1.5" for scheme in ("sinusoidal", "rope", "alibi") for length in (128, 256, 512)]
    losses = _read(exercise, rows)
    assert len(losses) == 9 and losses["rope", 256] == 1.5, f"Nine rows gave {losses}; expected a loss for each pair."
    for fault, changed in (
        ("without its last row", rows[:-1]),
        ("with its last row twice", [*rows, rows[-1]]),
        ("with the loss nan in its last row", [*rows[:-1], "alibi,512,nan"]),
    ):
        try:
            _read(exercise, changed)
        except ValueError as error:
            assert "alibi" in str(error) and "512" in str(error), (
                f'The table {fault} is wrong at alibi, 512; name both. The error says "{error}".'
            )
        else:
            raise AssertionError(f"The table {fault} was accepted; raise ValueError.")
