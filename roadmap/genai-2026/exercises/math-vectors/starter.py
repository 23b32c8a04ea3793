"""Rank ten sentences against a query by dot product, cosine and distance, and move the letter F by matrices.

`count_words` turns sentences into vectors, `rank` orders them, `scale_to_unit` gives each row length one. `rotation`
and `shear` make 2×2 matrices, `move` applies one to points. Run this file: it prints the rankings before and after
scaling, and writes letters.svg, where each picture shows the determinant that you predicted and the computed one.

It takes about 90 minutes.
Check it: python check.py math-vectors
"""

from pathlib import Path

import numpy as np

QUERY = "the cat sat on the mat"
SENTENCES = [
    "the cat sat",
    "a dog sat on the mat",
    "the cat saw the dog and the dog saw the cat on the road by the old house near the river",
    "on the mat the cat sat and on the mat the cat slept",
    "rain fell on the town",
    "cat on mat",
    "the train left the station",
    "my cat likes fish",
    "the the the the the",
    "numbers are not words",
]
LETTER_F = np.array([[0, 0], [0, 5], [3, 5], [3, 4], [1, 4], [1, 3], [2, 3], [2, 2], [1, 2], [1, 0]], dtype=float)


def predict_determinants() -> dict[str, float]:
    """Your predictions for "rotation", "shear", "shear after rotation" and "rotation after shear"."""
    raise NotImplementedError("return four numbers that you worked out on paper, without NumPy")


def count_words(texts: list[str], vocabulary: list[str]) -> np.ndarray:
    """Counts of shape (texts, words): entry (i, j) says how often word j stands in text i."""
    raise NotImplementedError("split each text at spaces and count each word of the vocabulary")


def scale_to_unit(rows: np.ndarray) -> np.ndarray:
    """Each row divided by its Euclidean norm."""
    raise NotImplementedError("divide by the norms along the last axis, kept as an axis")


def rank(query: np.ndarray, documents: np.ndarray, measure: str) -> list[int]:
    """Row numbers of the documents, closest first, by "dot", "cosine" or "distance"."""
    raise NotImplementedError(
        "compute one number for each document and sort: large dot products and cosines first, small distances first"
    )


def rotation(degrees: float) -> np.ndarray:
    """The 2×2 matrix that turns counter-clockwise by `degrees`."""
    raise NotImplementedError("cosines on the diagonal, sines in the other corners, one of them negative")


def shear(factor: float) -> np.ndarray:
    """The 2×2 matrix that slides each point sideways by `factor` times its height."""
    raise NotImplementedError("the identity with one more entry")


def move(matrix: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The matrix applied to each row of `points`, an array of shape (points, 2)."""
    raise NotImplementedError("points are rows here, so one of the two has to be transposed")


def make_matrices() -> dict[str, np.ndarray]:
    """The four matrices with the keys of `predict_determinants`: 30 degrees, and a shear by 1."""
    raise NotImplementedError("both matrices and their two products; the matrix that acts first stands on the right")


def write_svg(path: Path) -> None:
    """Draw the letter F under each of the four matrices, with both determinants."""
    pictures = []
    for i, (name, matrix) in enumerate(make_matrices().items()):
        corners = " ".join(f"{120 + 220 * i + 20 * x:.1f},{180 - 20 * y:.1f}" for x, y in move(matrix, LETTER_F))
        text = f"{name}: {predict_determinants()[name]:g} predicted, {np.linalg.det(matrix):.3f} computed"
        pictures.append(f'<polygon points="{corners}"/><text x="{20 + 220 * i}" y="220" font-size="8">{text}</text>')
    path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 240">{"".join(pictures)}</svg>')


if __name__ == "__main__":
    words = sorted(set(" ".join([QUERY, *SENTENCES]).split()))
    question, counts = count_words([QUERY], words)[0], count_words(SENTENCES, words)
    for title, query, documents in (
        ("counts", question, counts),
        ("unit length", scale_to_unit(question), scale_to_unit(counts)),
    ):
        for way in ("dot", "cosine", "distance"):
            print(f"{title:12} {way:9} {rank(query, documents, way)}")
    write_svg(Path("letters.svg"))
