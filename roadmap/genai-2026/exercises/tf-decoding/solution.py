"""Decoding from raw logits, and a KV cache for a small model."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

Array = np.ndarray
Cache = list[tuple[Array, Array]]  # for each layer the keys and values of all earlier tokens, each (tokens, d)


class Layer(NamedTuple):
    """The projections of one attention layer, each (d, d)."""

    query: Array
    key: Array
    value: Array
    output: Array


class Model(NamedTuple):
    """Token vectors (vocabulary, d), position vectors (context, d), layers, and the output table (d, vocabulary)."""

    tokens: Array
    positions: Array
    layers: list[Layer]
    table: Array


def make_model(seed: int, vocabulary: int = 50, context: int = 1024, d: int = 16, layers: int = 2) -> Model:
    """A model with random weights."""
    rng = np.random.default_rng(seed)
    blocks = [Layer(*rng.normal(0, d**-0.5, (4, d, d))) for _ in range(layers)]
    return Model(
        rng.normal(size=(vocabulary, d)), rng.normal(size=(context, d)), blocks, rng.normal(size=(d, vocabulary))
    )


def softmax(scores: Array) -> Array:
    """Positive weights that sum to 1 over the last axis."""
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def forward(model: Model, ids: Sequence[int]) -> Array:
    """The logits (n, vocabulary) after each of the n ids, without a cache."""
    n, d = len(ids), model.tokens.shape[1]
    x = model.tokens[list(ids)] + model.positions[:n]
    for layer in model.layers:
        q, k, v = x @ layer.query, x @ layer.key, x @ layer.value
        scores = np.where(np.tri(n, dtype=bool), q @ k.T / np.sqrt(d), -np.inf)
        x = x + softmax(scores) @ v @ layer.output
    return x @ model.table


def probabilities(logits: Array, temperature: float) -> Array:
    """Probabilities (vocabulary,) at a temperature; temperature 0 gives all to the largest logit."""
    if temperature == 0:
        return np.eye(len(logits))[int(np.argmax(logits))]
    return softmax(logits / temperature)


def keep_top_k(p: Array, k: int) -> Array:
    """The probabilities with all but the k largest set to 0, rescaled to sum to 1. p keeps its order."""
    kept = np.zeros_like(p)
    largest = np.argsort(-p, kind="stable")[:k]
    kept[largest] = p[largest]
    return kept / kept.sum()


def keep_top_p(p: Array, mass: float) -> Array:
    """The smallest set of most probable tokens whose probabilities reach `mass`, rescaled to sum to 1."""
    order = np.argsort(-p, kind="stable")
    before = np.cumsum(p[order]) - p[order]
    return keep_top_k(p, int(np.sum(before < mass)))


def draw(p: Array, rng: np.random.Generator) -> int:
    """A token drawn with these probabilities."""
    return int(rng.choice(len(p), p=p))


def forward_cached(model: Model, new: Sequence[int], cache: Cache) -> Array:
    """The logits (len(new), vocabulary) after each new id; adds keys and values of the new ids to the cache.

    An empty list is the cache of an empty text. `new` may be the whole prompt or a single id.
    """
    d = model.tokens.shape[1]
    if not cache:
        cache.extend((np.empty((0, d)), np.empty((0, d))) for _ in model.layers)
    past = len(cache[0][0])
    x = model.tokens[list(new)] + model.positions[past : past + len(new)]
    visible = np.tri(len(new), past + len(new), past, dtype=bool)
    for number, layer in enumerate(model.layers):
        keys = np.vstack([cache[number][0], x @ layer.key])
        values = np.vstack([cache[number][1], x @ layer.value])
        cache[number] = keys, values
        scores = np.where(visible, x @ layer.query @ keys.T / np.sqrt(d), -np.inf)
        x = x + softmax(scores) @ values @ layer.output
    return x @ model.table


def generate(model: Model, prompt: Sequence[int], count: int, cached: bool) -> list[int]:
    """The `count` ids that greedy decoding adds to the prompt."""
    ids, feed, cache = list(prompt), list(prompt), Cache()
    for _ in range(count):
        logits = forward_cached(model, feed, cache) if cached else forward(model, ids)
        newest = int(np.argmax(logits[-1]))
        ids.append(newest)
        feed = [newest]
    return ids[len(prompt) :]


def cache_bytes(layers: int, heads: int, head_width: int, tokens: int, sequences: int = 1, size: int = 2) -> int:
    """Bytes of a KV cache, with `size` bytes per number."""
    return 2 * layers * heads * head_width * tokens * sequences * size


def count_positions(prompt: int, new: int, cached: bool) -> int:
    """Token positions that the model processes to add `new` tokens to a prompt."""
    if cached:
        return prompt + new - 1
    return sum(prompt + done for done in range(new))
