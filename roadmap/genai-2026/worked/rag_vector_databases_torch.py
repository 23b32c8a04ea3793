# needs: faiss
"""An HNSW index of FAISS ranks by L2 unless told otherwise, and a larger efSearch finds more true neighbours."""

import faiss
import numpy as np

rng = np.random.default_rng(0)
mix = rng.normal(size=(8, 64))


def vectors(n):
    """Vectors of length 1, so that L2 and inner product rank alike."""
    x = (rng.normal(size=(n, 8)) @ mix + 0.3 * rng.normal(size=(n, 64))).astype("float32")
    faiss.normalize_L2(x)
    return x


base, queries = vectors(2000), vectors(50)
flat = faiss.IndexFlatIP(64)
graph = faiss.IndexHNSWFlat(64, 16)  # M = 16
assert graph.metric_type == faiss.METRIC_L2
flat.add(base)
graph.add(base)
truth = flat.search(queries, 10)[1]


def recall(ef):
    """Recall at 10 with that many candidates kept during a query."""
    graph.hnsw.efSearch = ef
    found = graph.search(queries, 10)[1]
    return np.mean([len(set(a) & set(b)) / 10 for a, b in zip(found, truth, strict=True)])


assert recall(4) < recall(64)
assert recall(64) > 0.98
