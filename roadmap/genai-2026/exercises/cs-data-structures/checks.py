"""Checks of the exercise cs-data-structures."""

import os
import random
import subprocess
import sys
import time
from collections import OrderedDict
from types import ModuleType

MINUTES = 120
PRINT_BITS = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("exercise", sys.argv[1])
exercise = sys.modules["exercise"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(exercise)
bloom = exercise.BloomFilter(100, 0.01)
for number in range(10):
    bloom.add(f"key {number}")
print(bytes(bloom.array).hex())
"""


def check_eviction(exercise: ModuleType) -> None:
    """The entry that was not used for longest leaves first, and `get` counts as use."""
    cache = exercise.LRUCache(2)
    cache.put("a", 1)
    cache.put("b", 2)
    assert cache.get("a") == 1, f"After put('a', 1), get('a') gave {cache.get('a')!r}; expected 1."
    cache.put("c", 3)
    kept = [key for key in "abc" if cache.get(key) is not None]
    assert kept == ["a", "c"], (
        f"A cache for 2 entries got a, b, a use of a, and c; it holds {kept} and should hold a and c."
    )
    assert cache.get("missing", "nothing") == "nothing", "`get` of a missing key has to return the default."
    for value in (0, "", None):
        cache.put("empty", value)
        stored = cache.get("empty", "nothing")
        assert stored == value, (
            f"After put('empty', {value!r}), get('empty', 'nothing') gave {stored!r}: the key is there."
        )


def check_replacement(exercise: ModuleType) -> None:
    """`put` of a known key replaces its value, makes it the newest and evicts nothing."""
    cache = exercise.LRUCache(2)
    cache.put("a", 1)
    cache.put("b", 2)
    cache.put("a", 10)
    assert cache.get("b") == 2 and len(cache) == 2, "`put` of a key that was already there evicted another entry."
    assert cache.get("a") == 10, f"After put('a', 1) and put('a', 10), get('a') gave {cache.get('a')!r}; expected 10."
    cache = exercise.LRUCache(2)
    cache.put("a", 1)
    cache.put("b", 2)
    cache.put("a", 10)
    cache.put("c", 3)
    assert cache.get("a") == 10 and cache.get("b") is None, (
        "After put a, b, a again and c, the cache for 2 entries has to hold a and c; "
        "`put` makes a known key the newest."
    )


def check_links(exercise: ModuleType) -> None:
    """The list holds the entries of the dict from oldest to newest, linked in both directions."""
    cache = exercise.LRUCache(3)
    for key in "abcd":
        cache.put(key, key)
    cache.get("b")
    forwards, node = [], cache.oldest.newer
    while node is not cache.newest and node is not None and len(forwards) < 10:
        forwards.append(node.key)
        node = node.newer
    backwards, node = [], cache.newest.older
    while node is not cache.oldest and node is not None and len(backwards) < 10:
        backwards.append(node.key)
        node = node.older
    assert forwards == ["c", "d", "b"], (
        f"After put a, b, c, d and a use of b, the list of a cache for 3 reads {forwards} from oldest to newest; "
        "expected ['c', 'd', 'b']."
    )
    assert backwards == forwards[::-1], (
        f"From newest to oldest the list reads {backwards}; expected {forwards[::-1]}, so set both links of each node."
    )
    assert set(cache.nodes) == set(forwards), f"The dict holds {sorted(cache.nodes)} and the list {forwards}."


def check_model(exercise: ModuleType) -> None:
    """The cache agrees with an `OrderedDict` model over 100,000 random calls."""
    rng, cache, model = random.Random(6), exercise.LRUCache(50), OrderedDict()
    for call in range(100_000):
        key = rng.randrange(120)
        if rng.random() < 0.5:
            cache.put(key, call)
            model[key] = call
            model.move_to_end(key)
            if len(model) > 50:
                model.popitem(last=False)
        else:
            expected = model.get(key)
            if key in model:
                model.move_to_end(key)
            value = cache.get(key)
            assert value == expected, (
                f"In call {call + 1:,}, get({key}) gave {value!r} and the OrderedDict model {expected!r}."
            )
        assert len(cache) == len(model), (
            f"After call {call + 1:,} the cache holds {len(cache)} entries, the model {len(model)}."
        )


def check_constant_time(exercise: ModuleType) -> None:
    """A call takes as long with 20,000 entries as with 200."""

    def time_calls(capacity: int) -> float:
        cache = exercise.LRUCache(capacity)
        for key in range(capacity):
            cache.put(key, key)
        start = time.process_time()
        for key in range(1000):
            cache.get((key * 7919) % capacity)
            cache.put(key + capacity, key)
        return time.process_time() - start

    small, large = min(time_calls(200) for _ in range(3)), min(time_calls(20_000) for _ in range(3))
    assert large < 15 * small, (
        f"2,000 calls took {small:.4f} s with 200 entries and {large:.4f} s with 20,000; "
        "reach each node through the dict, and never walk along the list."
    )


def check_size(exercise: ModuleType) -> None:
    """The Bloom filter for 10,000 keys at 1% has 95,851 bits and 7 hash functions."""
    size = tuple(exercise.BloomFilter.choose_size(10_000, 0.01))
    assert size == (95_851, 7), (
        f"10,000 keys at 1% gave {size[0]} bits and {size[1]} hash functions; "
        "expected 95851 and 7, from -n ln(p) / (ln 2)² and (m / n) ln 2."
    )
    size = tuple(exercise.BloomFilter.choose_size(10_000, 0.05))
    assert size == (62_353, 4), (
        f"10,000 keys at 5% gave {size[0]} bits and {size[1]} hash functions; expected 62353, rounded up, and 4, "
        "because 4.32 is rounded to the nearest."
    )


def check_positions(exercise: ModuleType) -> None:
    """Each key has 7 positions, spread over all bits."""
    bloom = exercise.BloomFilter(10_000, 0.01)
    positions = [list(bloom.find_positions(f"key {number}")) for number in range(2000)]
    assert all(len(row) == 7 for row in positions), f"A key has {len(positions[0])} positions; expected 7."
    flat = [position for row in positions for position in row]
    assert min(flat) >= 0 and max(flat) < 95_851, (
        f"The positions run from {min(flat)} to {max(flat)}; expected 0 to 95850."
    )
    assert len(set(flat)) > 12_000, (
        f"2,000 keys with 7 positions each use only {len(set(flat))} different bits; about 13,000 are expected, "
        "so the positions of a key have to differ from one another."
    )


def check_false_negatives(exercise: ModuleType) -> None:
    """Every key that was added is found."""
    bloom = exercise.BloomFilter(10_000, 0.01)
    for number in range(10_000):
        bloom.add(f"key {number}")
    for key in ("caf\u00e9", "\u043a\u043b\u044e\u0447", "\u9375"):
        bloom.add(key)
        assert key in bloom, f"The key {key!r} was added and is not found; encode keys as UTF-8."
    missing = sum(f"key {number}" not in bloom for number in range(10_000))
    assert not missing, (
        f"{missing} of 10,000 keys that were added are not found; `add` and `in` have to use the same bits."
    )


def check_false_positives(exercise: ModuleType) -> None:
    """100,000 absent keys give 0.5% to 2% false positives."""
    bloom = exercise.BloomFilter(10_000, 0.01)
    empty = sum(f"absent {number}" in bloom for number in range(100))
    assert not empty, f"An empty filter said yes to {empty} of 100 keys."
    for number in range(10_000):
        bloom.add(f"key {number}")
    share = sum(f"absent {number}" in bloom for number in range(100_000)) / 100_000
    assert 0.005 <= share <= 0.02, f"{share:.2%} of 100,000 absent keys were false positives; expected 0.5% to 2%."


def check_stable_hash(exercise: ModuleType) -> None:
    """Two processes set the same bits, so that a saved filter works after a restart."""
    bits = [
        subprocess.run(
            [sys.executable, "-c", PRINT_BITS, exercise.__file__],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert bits[0] == bits[1], (
        "Two processes set different bits for the same keys; `hash` of a string differs from process to process, so "
        "use hashlib."
    )
