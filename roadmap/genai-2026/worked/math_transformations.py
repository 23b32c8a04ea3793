"""The numbers of the note on matrices as transformations."""

import numpy as np


def maps():
    """The named transformations of the plane."""
    turn = np.pi / 2
    return {
        "rotation": np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]),
        "scaling": np.array([[2, 0], [0, 1]]),
        "shear": np.array([[1, 1], [0, 1]]),
        "reflection": np.array([[0, 1], [1, 0]]),
        "projection": np.array([[1, 0], [0, 0]]),
        "identity": np.eye(2),
    }


def letter_f():
    """The outline of the letter F, and its picture and determinant under each map."""
    corners = [(0, 0), (0, 5), (3, 5), (3, 4), (1, 4), (1, 3), (2, 3), (2, 2), (1, 2), (1, 0)]
    f = np.array(corners, dtype=float).T
    return f, {name: (m @ f, np.linalg.det(m)) for name, m in maps().items()}


def layer_parameters(inputs, outputs):
    """Weights and biases of a linear layer."""
    return inputs * outputs + outputs


A = np.array([[2, 1], [0, 3]])
assert (A @ [4, 5]).tolist() == [13, 15]
assert (4 * A[:, 0]).tolist() == [8, 0] and (5 * A[:, 1]).tolist() == [5, 15]
assert (np.array([[1, 2], [3, 4]]) @ [[5, 6], [7, 8]]).tolist() == [[19, 22], [43, 50]]
assert 1_000 * 1_000 * 1_000 == 1_000_000_000

R, D = maps()["rotation"], maps()["scaling"]
assert np.allclose(R, [[0, -1], [1, 0]]) and np.allclose(R @ [1, 0], [0, 1])
assert np.allclose(D @ R @ [1, 0], [0, 1]) and np.allclose(R @ D @ [1, 0], [0, 2])
turned = [[np.cos(np.pi / 6), -np.sin(np.pi / 6)], [np.sin(np.pi / 6), np.cos(np.pi / 6)]]
assert np.allclose(turned, [[0.866, -0.5], [0.5, 0.866]], atol=5e-4)
assert 2 * 1_000**2 == 2_000_000 and 1_000**3 + 1_000**2 == 1_001_000_000  # 2 and 1_001 million
assert np.allclose(np.linalg.inv([[2, 1], [1, 3]]), np.array([[3, -1], [-1, 2]]) / 5)
areas = {name: round(area, 9) for name, (_, area) in letter_f()[1].items()}
assert areas == {"rotation": 1, "scaling": 2, "shear": 1, "reflection": -1, "projection": 0, "identity": 1}
assert np.isclose(np.linalg.det(D @ R), 2) and np.isclose(np.linalg.det([[3, 1], [2, 4]]), 10)
assert np.linalg.matrix_rank(maps()["projection"]) == 1

B = np.array([[1, 2], [2, 4]])
assert np.linalg.matrix_rank(B) == 1 and (B @ [-2, 1]).tolist() == [0, 0]
assert (B @ [3, 0]).tolist() == (B @ [1, 1]).tolist() == [3, 6]

assert (3 * 3 - 1 * 5) / 5 == 0.8 and (2 * 5 - 1 * 3) / 5 == 1.4
assert np.allclose(np.linalg.solve([[2, 1], [1, 3]], [3, 5]), [0.8, 1.4])
assert np.isclose(np.linalg.det([[2, 1], [1, 3]]), 5)
tiny = 0.1 * np.eye(10)
assert np.isclose(np.linalg.det(tiny), 1e-10, rtol=1e-6, atol=0) and np.isclose(np.linalg.cond(tiny), 1)
assert np.allclose(np.linalg.inv(tiny), 10 * np.eye(10))

assert 768 * 3_072 == 2_359_296 and layer_parameters(768, 3_072) == 2_362_368
rng = np.random.default_rng(0)
W1, W2, X = rng.normal(size=(5, 3)), rng.normal(size=(2, 5)), rng.normal(size=(4, 3))
assert np.allclose((X @ W1.T) @ W2.T, X @ (W2 @ W1).T)
assert np.allclose((W2 @ W1).T, W1.T @ W2.T)
Q, _ = np.linalg.qr(rng.normal(size=(3, 3)))
assert np.allclose(np.linalg.norm(X @ Q, axis=1), np.linalg.norm(X, axis=1)) and np.allclose(Q.T @ Q, np.eye(3))

# Check yourself
assert 512 * 2_048 == 1_048_576 and 1_048_576 + 2_048 == 1_050_624
assert round(0.01**4, 12) == 1e-8
