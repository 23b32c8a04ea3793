"""Write greedy, temperature, top-k and top-p decoding from raw logits, then a KV cache for a small model.

The model here is a stand-in for GPT-2: two layers of causal attention with random weights. `forward` is its full pass.
When your functions pass, use the same ones with GPT-2 and time them. They take about two hours.

Check it: python check.py tf-decoding
"""

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
    raise NotImplementedError("divide the logits by the temperature before softmax")


def keep_top_k(p: Array, k: int) -> Array:
    """The probabilities with all but the k largest set to 0, rescaled to sum to 1. p keeps its order."""
    raise NotImplementedError("find the k largest, clear the others, rescale")


def keep_top_p(p: Array, mass: float) -> Array:
    """The smallest set of most probable tokens whose probabilities reach `mass`, rescaled to sum to 1."""
    raise NotImplementedError("sort, add up; the token that crosses the limit stays")


def draw(p: Array, rng: np.random.Generator) -> int:
    """A token drawn with these probabilities."""
    raise NotImplementedError("one draw")


def forward_cached(model: Model, new: Sequence[int], cache: Cache) -> Array:
    """The logits (len(new), vocabulary) after each new id; adds keys and values of the new ids to the cache.

    An empty list is the cache of an empty text. `new` may be the whole prompt or a single id.
    """
    raise NotImplementedError("positions go on from the cache; new queries see the cached keys and their own past")


def generate(model: Model, prompt: Sequence[int], count: int, cached: bool) -> list[int]:
    """The `count` ids that greedy decoding adds to the prompt."""
    raise NotImplementedError("with a cache, feed the prompt first and then only the newest id")


def cache_bytes(layers: int, heads: int, head_width: int, tokens: int, sequences: int = 1, size: int = 2) -> int:
    """Bytes of a KV cache, with `size` bytes per number."""
    raise NotImplementedError("keys and values")


def count_positions(prompt: int, new: int, cached: bool) -> int:
    """Token positions that the model processes to add `new` tokens to a prompt."""
    raise NotImplementedError("the whole text for each token, or the prompt once and then one by one")
