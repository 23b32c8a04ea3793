"""Checks of the exercise math-vectors."""

from types import ModuleType

import numpy as np

MINUTES = 90
MEASURES = ("dot", "cosine", "distance")


def count_all(exercise: ModuleType) -> tuple[np.ndarray, np.ndarray]:
    words = sorted(set(" ".join([exercise.QUERY, *exercise.SENTENCES]).split()))
    return exercise.count_words([exercise.QUERY], words)[0], exercise.count_words(exercise.SENTENCES, words)


def compute_area(points: np.ndarray) -> float:
    """Signed area of a polygon, positive if its corners run clockwise as those of LETTER_F do."""
    x, y = points.T
    return float((np.roll(x, -1) * y - x * np.roll(y, -1)).sum() / 2)


def check_counts(exercise: ModuleType) -> None:
    """A sentence becomes a vector of word counts."""
    counts = np.asarray(exercise.count_words(["the cat and the cats", "a dog"], ["cat", "dog", "the"]))
    assert counts.shape == (2, 3), (
        f"Two texts and three words gave shape {counts.shape}; expected (2, 3), one row for each text."
    )
    assert counts.tolist() == [[1, 0, 2], [0, 1, 0]], (
        f'"the cat and the cats" and "a dog" over cat, dog, the gave {counts.tolist()}; expected [[1, 0, 2], '
        "[0, 1, 0]]: whole words only, counted as often as they occur."
    )


def check_scaling(exercise: ModuleType) -> None:
    """Scaling gives each row the length one and keeps its direction."""
    rows = np.array([[3.0, 4.0], [0.0, 0.5]])
    scaled = np.asarray(exercise.scale_to_unit(rows))
    assert np.allclose(scaled, [[0.6, 0.8], [0, 1]]), (
        f"Rows (3, 4) and (0, 0.5) became {scaled.round(3).tolist()}; expected [[0.6, 0.8], [0, 1]]."
    )


def check_measures(exercise: ModuleType) -> None:
    """Each measure has the winner that the note computes by hand."""
    query, documents = np.array([2.0, 1.0]), np.array([[10, 0], [1, 0.5], [2, 0.5]])
    for measure, winner, reason in zip(MEASURES, (0, 1, 2), ("20", "1", "0.5"), strict=True):
        order = [int(i) for i in exercise.rank(query, documents, measure)]
        assert sorted(order) == [0, 1, 2], (
            f"The ranking by {measure} of three documents was {order}; each row number has to occur once."
        )
        assert order[0] == winner, (
            f"For the query (2, 1), {measure} put {documents[order[0]].tolist()} first; "
            f"expected {documents[winner].tolist()} with {reason}."
        )


def check_differences_before_scaling(exercise: ModuleType) -> None:
    """Before scaling, at least two of the three rankings differ."""
    query, documents = count_all(exercise)
    rankings = {tuple(exercise.rank(query, documents, measure)) for measure in MEASURES}
    assert len(rankings) > 1, (
        "The three rankings of the unscaled sentences are equal; "
        "rank by the raw counts, and let only cosine divide by the lengths."
    )


def check_agreement_after_scaling(exercise: ModuleType) -> None:
    """After scaling to length one, all three rankings agree."""
    query, documents = (exercise.scale_to_unit(array) for array in count_all(exercise))
    cosines = documents @ query
    for measure in MEASURES:
        order = exercise.rank(query, documents, measure)
        falls = np.diff(cosines[order])
        assert (falls < 1e-9).all(), (
            f"For vectors of length one, the ranking by {measure} is {order}, and its cosines do not fall from first "
            "to last; all three measures have to agree."
        )


def check_matrices(exercise: ModuleType) -> None:
    """The rotation turns counter-clockwise and the shear slides points sideways."""
    turned = np.asarray(exercise.move(exercise.rotation(90), np.array([[1.0, 0.0], [0.0, 2.0]])))
    assert np.allclose(turned, [[0, 1], [-2, 0]]), (
        f"A turn by 90 degrees sent (1, 0) and (0, 2) to {turned.round(3).tolist()}; expected (0, 1) and (-2, 0)."
    )
    slid = np.asarray(exercise.move(exercise.shear(2), np.array([[1.0, 0.0], [0.0, 1.0]])))
    assert np.allclose(slid, [[1, 0], [2, 1]]), (
        f"A shear by 2 sent (1, 0) and (0, 1) to {slid.round(3).tolist()}; expected (1, 0) and (2, 1)."
    )


def check_products(exercise: ModuleType) -> None:
    """In a product, the matrix that acts first stands on the right."""
    matrices = exercise.make_matrices()
    corner = np.array([1.0, 0.0])
    moved = np.asarray(matrices["shear after rotation"]) @ corner
    expected = np.array([np.cos(np.pi / 6) + 0.5, 0.5])
    assert np.allclose(moved, expected), (
        f"Rotation by 30 degrees and then shear by 1 sent (1, 0) to {moved.round(3).tolist()}; "
        f"expected {expected.round(3).tolist()}."
    )
    moved = np.asarray(matrices["rotation after shear"]) @ corner
    expected = np.array([np.cos(np.pi / 6), 0.5])
    assert np.allclose(moved, expected), (
        f"Shear by 1 and then rotation by 30 degrees sent (1, 0) to {moved.round(3).tolist()}; "
        f"expected {expected.round(3).tolist()}."
    )


def check_determinants(exercise: ModuleType) -> None:
    """Each predicted determinant equals the computed one and the factor by which the area of the F changes."""
    predictions, matrices = exercise.predict_determinants(), exercise.make_matrices()
    for name, matrix in matrices.items():
        assert name in predictions, f'There is no prediction for "{name}"; predict all four.'
        computed = np.linalg.det(matrix)
        factor = compute_area(exercise.move(matrix, exercise.LETTER_F)) / compute_area(exercise.LETTER_F)
        assert np.isclose(factor, computed), (
            f"Under {name} the area of the F changed by the factor {factor:.3f} and the determinant is {computed:.3f}; "
            "move the points by that matrix."
        )
        assert np.isclose(predictions[name], computed), (
            f"For {name} you predicted {predictions[name]:g} and the determinant is {computed:.3f}; "
            "does the matrix change the area?"
        )
