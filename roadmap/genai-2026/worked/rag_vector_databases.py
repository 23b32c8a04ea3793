"""The numbers of the note on vector databases: costs of search, memory, and an IVF index built from scratch."""

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float64]

N, D = 1_000_000, 768


def hnsw_bytes(dimensions: int, m: int) -> int:
    """What one vector takes in an HNSW index of float32 numbers, its links in the bottom layer included."""
    return dimensions * 4 + 2 * m * 4


def squared_distances(a: Vectors, b: Vectors) -> Vectors:
    """Squared Euclidean distances between all pairs."""
    return (a**2).sum(1)[:, None] - 2 * a @ b.T + (b**2).sum(1)


def k_means(base: Vectors, clusters: int, rounds: int = 10) -> Vectors:
    """Centres of the clusters, begun at the first vectors."""
    centres = base[:clusters].copy()
    for _ in range(rounds):
        home = squared_distances(base, centres).argmin(1)
        centres = np.array([base[home == c].mean(0) for c in range(clusters)])
    return centres


def ivf(base: Vectors, queries: Vectors, centres: Vectors, nprobe: int) -> tuple[float, float]:
    """Recall at 10 against exact search, and the share of vectors that were looked at."""
    exact = np.argsort(squared_distances(queries, base), axis=1)[:, :10]
    home = squared_distances(base, centres).argmin(1)
    hits = scanned = 0
    for query, truth in zip(queries, exact, strict=True):
        near = np.argsort(squared_distances(query[None], centres)[0])[:nprobe]
        ids = np.flatnonzero(np.isin(home, near))
        found = ids[np.argsort(squared_distances(query[None], base[ids])[0])[:10]]
        hits += len(set(found) & set(truth))
        scanned += len(ids)
    return hits / exact.size, scanned / len(queries) / len(base)


assert N * D == 768_000_000
assert 1_000 + 10 * N // 1_000 == 11_000
assert 10 * N // 1_000 == 10_000
assert round(N / 11_000) == 91

assert (D * 4, 2 * 32 * 4, hnsw_bytes(D, 32)) == (3_072, 256, 3_328)
assert round(N * hnsw_bytes(D, 32) / 1e9, 2) == 3.33
assert N * 256 / 1e9 == 0.256
assert round(100 * 3_072 / hnsw_bytes(D, 32)) == 92

assert 3_072 / 96 == 32
assert round(96 * 256 * 8 * 4 / 1e6, 2) == 0.79
assert [round(N * b / 1e9, 2) for b in (4 * D, 2 * D, D)] == [3.07, 1.54, 0.77]
assert N * 96 / 1e9 == 0.096

assert 10 * 0.01 == 0.1
assert 10 / 0.01 == 1_000
# cited: pgvector 0.8.0 scans iteratively; vector columns up to 2,000 and halfvec up to 4,000 dimensions (pgvector)

assert round(20_000 * 384 * 4 / 1e6, 1) == 30.7
assert 20_000 * 384 / 1e6 == 7.68

RNG = np.random.default_rng(0)
TOPICS = RNG.normal(size=(40, 16))
BASE = TOPICS[RNG.integers(40, size=4_000)] + 1.5 * RNG.normal(size=(4_000, 16))
QUERIES = TOPICS[RNG.integers(40, size=100)] + 1.5 * RNG.normal(size=(100, 16))
CENTRES = k_means(BASE, 40)
TRADE = {4: (0.70, 0.10), 8: (0.87, 0.20), 16: (0.97, 0.40), 40: (1.00, 1.00)}
for probes, expected in TRADE.items():
    assert np.allclose(ivf(BASE, QUERIES, CENTRES, probes), expected, atol=0.01)

# The plane of the figures: points, cells and a query close to a border
PLANE = np.random.default_rng(10).uniform(0.02, 0.98, size=(90, 2))
PLANE_CENTRES = k_means(PLANE, 8)
PLANE_QUERY = np.array([0.62, 0.48])


def home_of(points: Vectors) -> NDArray[np.int64]:
    """The cell of each point."""
    return squared_distances(points, PLANE_CENTRES).argmin(1)


def probed(nprobe: int) -> set[int]:
    """The cells that a search looks into."""
    return set(np.argsort(squared_distances(PLANE_QUERY[None], PLANE_CENTRES)[0])[:nprobe].tolist())


def nearest(points: Vectors, query: Vectors) -> int:
    """The place of the point that lies nearest to a query."""
    return int(squared_distances(query[None], points).argmin())


Layer = tuple[Vectors, set[tuple[int, int]], list[int]]
GRAPH_QUERY = np.array([0.86, 0.7])


def layers(sizes: tuple[int, ...] = (5, 16, 48), links: int = 3) -> list[Layer]:
    """The points of each layer of a graph, its links, and the steps of a greedy walk towards the query."""
    points, here, built = np.random.default_rng(3).uniform(0.03, 0.97, size=(sizes[-1], 2)), 0, []
    for size in sizes:
        layer = points[:size]
        gaps = squared_distances(layer, layer)
        near = np.argsort(gaps, axis=1)[:, 1 : links + 1]
        edges = {(min(a, b), max(a, b)) for a in range(size) for b in near[a].tolist()}
        to_go = squared_distances(GRAPH_QUERY[None], layer)[0]
        path = [here]
        while True:
            around = [a + b - here for a, b in edges if here in (a, b)]
            best = min(around, key=lambda place: to_go[place])
            if to_go[best] >= to_go[here]:
                break
            here = best
            path.append(here)
        built.append((layer, edges, path))
    return built


TRUE_CELL = int(home_of(PLANE)[nearest(PLANE, PLANE_QUERY)])
assert TRUE_CELL not in probed(1)
assert TRUE_CELL in probed(3)
WALK = layers()
assert [len(path) - 1 for _, _, path in WALK] == [2, 1, 1]
assert WALK[-1][2][-1] == nearest(WALK[-1][0], GRAPH_QUERY)

# Check yourself
assert 500 + 5 * 200_000 // 500 == 2_500 and 200_000 / 2_500 == 80
assert 1_024 * 4 + 2 * 16 * 4 == 4_096 + 128 == 4_224 and round(4_224 * 500_000 / 1e9, 2) == 2.11
assert 1_536 * 4 == 6_144 and 6_144 / 128 == 48
assert 10 * 0.05 == 0.5 and 10 / 0.05 == 200
