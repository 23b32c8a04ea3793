"""The numbers of the note on eigenvalues and the singular value decomposition."""

import numpy as np


def eigenvalues_by_trace(a):
    """Both eigenvalues of a 2 by 2 matrix from its trace and determinant, the larger first."""
    t, d = np.trace(a), np.linalg.det(a)
    root = np.sqrt(t * t - 4 * d)
    return (t + root) / 2, (t - root) / 2


def power_iteration(a, start, steps):
    """The directions that a start takes, step by step."""
    v = np.array(start, dtype=float)
    path = [v]
    for _ in range(steps):
        v = a @ v
        v = v / np.linalg.norm(v)
        path.append(v)
    return np.array(path)


def svd_by_hand():
    """A, its output directions, singular values and input directions, all directions as columns."""
    a = np.array([[3.0, 0.0], [4.0, 5.0]])
    v = np.array([[1, 1], [1, -1]]) / np.sqrt(2)
    s = np.sqrt(np.array(eigenvalues_by_trace(a.T @ a)))
    return a, a @ v / s, s, v


A = np.array([[4.0, 1.0], [2.0, 3.0]])
assert np.trace(A) == 7 and np.isclose(np.linalg.det(A), 10)
assert np.allclose(eigenvalues_by_trace(A), [5, 2])
assert np.allclose((A - 5 * np.eye(2))[0], [-1, 1]) and np.allclose((A - 2 * np.eye(2))[0], [2, 1])
assert (A @ [1, 1]).tolist() == [5, 5] and (A @ [1, -2]).tolist() == [2, -4]

values, vectors = np.linalg.eig(A)
assert np.allclose(vectors @ np.diag(values**3) @ np.linalg.inv(vectors), A @ A @ A)
assert np.allclose(np.linalg.eigvalsh([[2, 1], [1, 2]]), [1, 3])
assert np.allclose([[2, 1], [1, 2]] @ np.array([[1, 1], [1, -1]]), [[3, 1], [3, -1]])
shear = np.linalg.eig(np.array([[1.0, 1.0], [0.0, 1.0]]))[1]
assert np.linalg.matrix_rank(shear, tol=1e-8) == 1
turned = np.linalg.eigvals(np.array([[0.0, -1.0], [1.0, 0.0]]))
assert np.allclose(sorted(turned.imag), [-1, 1]) and np.allclose(turned.real, 0)

axis = np.array([0, 0, 1.0])
spin = np.array([[0.8, -0.6, 0], [0.6, 0.8, 0], [0, 0, 1]])
assert (spin @ axis == axis).all()
assert 0.5 * 2 == 1  # an eigenvalue of 0.5 halves

path = power_iteration(A, [1, 0], 20)
assert np.isclose(path[-1] @ A @ path[-1], 5) and np.allclose(path[-1], np.array([1, 1]) / np.sqrt(2))
assert 2 / 5 == 0.4 and np.isclose(0.4**20, 1e-8, rtol=0.1)
assert abs(1 - 0.39 * 5) < 1 < abs(1 - 0.41 * 5)  # descent on a bowl of curvature 5 is stable below 0.4

B, U, S, V = svd_by_hand()
assert np.allclose(B.T @ B, [[25, 20], [20, 25]]) and np.allclose(S**2, [45, 5])
assert np.isclose(np.trace(B.T @ B), 50) and np.isclose(np.linalg.det(B.T @ B), 225)
assert S.round(4).tolist() == [6.7082, 2.2361]
assert np.allclose(U, np.array([[1, 3], [3, -1]]) / np.sqrt(10))
assert np.allclose(U @ np.diag(S) @ V.T, B)
assert np.allclose(sorted(np.linalg.eigvals(B)), [3, 5])
assert np.isclose(S.prod(), 15) and np.isclose(abs(np.linalg.det(B)), 15)
assert round(np.linalg.norm(B), 4) == 7.0711 and np.isclose(np.linalg.norm(B) ** 2, 50)
assert np.isclose(np.linalg.norm(B, 2), S[0]) and np.isclose(np.linalg.cond(B), 3)

angles = np.linspace(0, 2 * np.pi, 100_001)
stretched = np.linalg.norm(B @ [np.cos(angles), np.sin(angles)], axis=0)
assert np.allclose([stretched.max(), stretched.min()], S)

tall = np.ones((6, 4))
assert np.linalg.svd(tall)[0].shape == (6, 6)
assert np.linalg.svd(tall, full_matrices=False)[0].shape == (6, 4)
assert -np.log10(np.finfo(np.float64).eps) > 15.6  # about 16 digits
ill = np.diag([1.0, 1e-10])
assert np.isclose(np.linalg.cond(ill), 1e10)

# Check yourself
roots = (3 + 5**0.5) / 2, (3 - 5**0.5) / 2
assert [round(root, 3) for root in roots] == [2.618, 0.382]
assert [round(root**0.5, 3) for root in roots] == [1.618, 0.618]
