"""Checks of exact search, IVF, graph search, filters and recall on clustered random vectors."""

import numpy as np

MINUTES = 120


def _unit(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def _make_vectors(count=2000, queries=50, d=16):
    rng = np.random.default_rng(0)
    topics = _unit(rng.normal(size=(25, d)))
    rows = topics[rng.integers(0, 25, count + queries)] + rng.normal(0, 0.15, (count + queries, d))
    return _unit(rows[:count]), _unit(rows[count:])


def _exact(vectors, query, k):
    return np.argsort(-(vectors @ query), kind="stable")[:k].tolist()


def _recall(vectors, queries, answers):
    shares = [len(set(a) & set(_exact(vectors, q, 10))) / 10 for a, q in zip(answers, queries, strict=True)]
    return float(np.mean(shares))


def _make_ivf(exercise, nlist=40):
    vectors, queries = _make_vectors()
    centres = exercise.train_centres(vectors, nlist, np.random.default_rng(1))
    return vectors, queries, centres, exercise.build_lists(vectors, centres)


def check_lengths(exercise):
    """All vectors get length 1, and a row of zeros stays without NaN."""
    with np.errstate(all="ignore"):
        rows = exercise.normalise(np.array([[3.0, 4], [0, 0], [0, 0.1]]))
    assert np.allclose(rows, [[0.6, 0.8], [0, 0], [0, 1]]), (
        f"Rows (3, 4), (0, 0) and (0, 0.1) became {rows.tolist()}; expected (0.6, 0.8), (0, 0) and (0, 1)."
    )


def check_flat(exercise):
    """Exact search gives the ten nearest, nearest first."""
    vectors, queries = _make_vectors(300)
    for query in queries[:10]:
        ids, expected = list(exercise.search_flat(vectors, query, 10)), _exact(vectors, query, 10)
        assert ids == expected, (
            f"Exact search gave {ids[:4]} and so on; the largest dot products are at {expected[:4]}."
        )


def check_recall(exercise):
    """Recall counts the exact neighbours in an answer, in any order, and no -1."""
    cases = (
        ([4, 8, 15], [4, 15, 99], 2 / 3),
        ([16, 23, 42], [42, 23, 16], 1.0),
        ([1, 2, 3, 4], [2, -1, -1, -1], 0.25),
        ([1, 2], [2, 2], 0.5),
    )
    for exact, answer, expected in cases:
        value = exercise.recall_at(exact, answer)
        assert np.isclose(value, expected), f"Exact {exact}, answer {answer}: got {value:.3f}; expected {expected:.3f}."


def check_lists(exercise):
    """Each vector is in the list of its nearest centre, once."""
    vectors, _, centres, lists = _make_ivf(exercise)
    assert len(lists) == 40, f"40 centres gave {len(lists)} lists."
    ids = np.concatenate(lists)
    assert sorted(ids.tolist()) == list(range(2000)), "Each of the 2,000 ids must be in exactly one list."
    for cluster, rows in enumerate(lists):
        for row in rows[:3]:
            nearest = int(np.argmax(centres @ vectors[row]))
            assert nearest == cluster, f"Vector {row} is in list {cluster}, but its nearest centre is {nearest}."


def check_ivf_complete(exercise):
    """With all clusters, IVF finds what exact search finds."""
    vectors, queries, centres, lists = _make_ivf(exercise)
    for query in queries[:10]:
        ids, comparisons = exercise.search_ivf(vectors, centres, lists, query, 10, 40)
        expected = _exact(vectors, query, 10)
        assert list(ids) == expected, (
            f"With nprobe = nlist, IVF gave {list(ids)[:4]}; exact search gives {expected[:4]}."
        )
        assert comparisons == 2040, f"All of 40 centres and 2,000 vectors are 2,040 comparisons; got {comparisons:,}."


def check_ivf_trade(exercise):
    """Recall at 10 rises with nprobe, and one probe compares less than a fifth of the vectors."""
    vectors, queries, centres, lists = _make_ivf(exercise)
    recalls = []
    for nprobe in (1, 4, 16):
        answers = [exercise.search_ivf(vectors, centres, lists, query, 10, nprobe) for query in queries]
        recalls.append(_recall(vectors, queries, [ids for ids, _ in answers]))
        comparisons = np.mean([answer[1] for answer in answers])
        if nprobe == 1:
            assert 40 < comparisons < 400, f"One probe of 40 compares {comparisons:.0f} vectors; expected about 100."
    assert recalls[0] < recalls[1] <= recalls[2] and recalls[2] > 0.98, (
        f"Recall at nprobe 1, 4 and 16 is {recalls[0]:.2f}, {recalls[1]:.2f} and {recalls[2]:.2f}; it should rise to "
        "about 1."
    )


def check_ivf_missing(exercise):
    """If the probed clusters hold too few vectors, the missing ids are -1."""
    vectors = _unit(np.array([[1.0, 0], [0.9, 0.1], [0, 1]]))
    centres = np.array([[1.0, 0], [0, 1]])
    ids, _ = exercise.search_ivf(vectors, centres, [np.array([0, 1]), np.array([2])], np.array([1.0, 0]), 4, 1)
    assert list(ids) == [0, 1, -1, -1], (
        f"The probed cluster holds ids 0 and 1, k is 4: got {list(ids)}; expected -1 twice."
    )


def check_links(exercise):
    """Each vector is linked to its nearest others, never to itself, and links go both ways."""
    vectors, _ = _make_vectors(200)
    links = exercise.link_neighbours(vectors, 5)
    for number in range(0, 200, 10):
        assert number not in links[number], f"Vector {number} is linked to itself; leave it out of its neighbours."
        missing = set(_exact(vectors, vectors[number], 6)) - {number} - set(links[number])
        assert not missing, f"Vector {number} has no link to {min(missing)}, which is one of its five nearest."
        one_way = [other for other in links[number] if number not in links[other]]
        assert not one_way, f"{number} is linked to {one_way[0]}, but not the other way round."


def check_graph(exercise):
    """Walking along the links finds at least 95% of the ten nearest, and a larger ef misses no more."""
    rng = np.random.default_rng(5)
    vectors, queries = _unit(rng.normal(size=(600, 6))), _unit(rng.normal(size=(30, 6)))
    links = [list(map(int, row)) for row in exercise.link_neighbours(vectors, 8)]
    recalls = []
    for ef in (10, 80):
        answers = [list(exercise.search_graph(vectors, links, query, 10, ef, 0)) for query in queries]
        assert all(len(answer) == 10 for answer in answers), (
            f"k = 10 and ef = {ef} gave {len(answers[0])} ids; expected 10."
        )
        recalls.append(_recall(vectors, queries, answers))
    assert recalls[1] >= 0.95, f"With ef = 80, recall at 10 is {recalls[1]:.2f} on 600 vectors; expected at least 0.95."
    assert recalls[0] <= recalls[1], f"Recall fell from {recalls[0]:.2f} at ef = 10 to {recalls[1]:.2f} at ef = 80."


def check_filters(exercise):
    """20 filtered queries return only matching rows, and ten of them even under a narrow filter."""
    vectors, queries = _make_vectors()
    year = np.random.default_rng(6).integers(0, 100, 2000)
    for number, query in enumerate(queries[:20]):
        allowed = year == number
        ids = list(exercise.search_filtered(vectors, query, 10, allowed))
        other = [i for i in ids if not allowed[i]]
        assert not other, f"The filter asks for year {number}, but id {other[0]} has year {year[other[0]]}."
        rows = min(10, int(allowed.sum()))
        assert len(ids) == rows, (
            f"{int(allowed.sum())} rows match, k is 10: got {len(ids)} ids; filter before you rank."
        )
        expected = [i for i in _exact(vectors, query, 2000) if allowed[i]][:10]
        assert ids == expected, f"The nearest matching ids are {expected[:4]} and so on; got {ids[:4]}."


def check_memory(exercise):
    """A million vectors of 768 dimensions with M = 32 take 3.33 GB."""
    value = exercise.hnsw_bytes(1_000_000, 768, 32)
    assert value == 3_328_000_000, f"1,000,000 vectors, 768 dimensions, M = 32: got {value:,}; expected 3,328,000,000."
