"""Rebuild text classification without `pipeline`: padded batches, attention mask, scores, chat template, pinned name.

`encode` and `TinyModel` stand in for a tokeniser and a checkpoint; the model has one attention layer and fixed
weights. When all checks pass, put `distilbert/distilbert-base-uncased-finetuned-sst-2-english` in their place,
compare with `pipeline` on 100 sentences and measure sentences per second for batch sizes 1, 8 and 32.
It takes about 90 minutes, and 45 more with the real model.

Check it: python check.py hf-transformers
"""

import re
import zlib
from collections.abc import Callable, Iterator

import numpy as np

PAD, START, END = 0, 1, 2
LIMIT = 24  # the model's maximum length, special tokens included
LABELS = {0: "NEGATIVE", 1: "POSITIVE"}


def encode(text: str) -> list[int]:
    """Token ids of a text, without special tokens: one id from 3 to 999 for each word."""
    return [3 + zlib.crc32(word.encode()) % 997 for word in text.lower().split()]


class TinyModel:
    """A classifier with word vectors, positions and one attention layer; `heard` notes the shape of each batch."""

    def __init__(self) -> None:
        rng = np.random.default_rng(11)
        self.words = rng.standard_normal((1000, 16))
        self.positions = 0.3 * rng.standard_normal((LIMIT, 16))
        self.query, self.key, self.value = (rng.standard_normal((16, 16)) / 4 for _ in range(3))
        self.head = rng.standard_normal((16, 2))
        self.heard: list[tuple[int, ...]] = []

    def __call__(self, ids: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """Token ids and attention mask (batch, length) to logits (batch, 2), read at the first token."""
        self.heard.append(ids.shape)
        x = self.words[ids] + self.positions[: ids.shape[1]]
        scores = (x @ self.query) @ (x @ self.key).swapaxes(1, 2) / 4
        return (attention_weights(scores, mask) @ (x @ self.value))[:, 0] @ self.head


def add_special_tokens(ids: list[int], limit: int = LIMIT) -> list[int]:
    """START, the text's ids, END; a text that is too long loses its end, but not END."""
    return [START, *ids[: limit - 2], END]


def pad(sequences: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    """Ids padded on the right with PAD to the longest sequence, and the mask: 1 for tokens, 0 for padding."""
    longest = max(len(sequence) for sequence in sequences)
    ids = np.full((len(sequences), longest), PAD)
    mask = np.zeros((len(sequences), longest), dtype=int)
    for row, sequence in enumerate(sequences):
        ids[row, : len(sequence)] = sequence
        mask[row, : len(sequence)] = 1
    return ids, mask


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities along the last axis, also for logits in the thousands."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def attention_weights(scores: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Weights of scores (batch, from, to): padding (mask (batch, to) is 0) gets weight 0."""
    return softmax(np.where(mask[:, None, :] == 1, scores, -1e9))


def batches_by_length(lengths: list[int], size: int) -> Iterator[list[int]]:
    """Indices in batches of `size`, the shortest first, so that texts of similar length travel together."""
    order = sorted(range(len(lengths)), key=lambda index: lengths[index])
    for start in range(0, len(order), size):
        yield order[start : start + size]


def classify(model: TinyModel, texts: list[str], size: int) -> list[tuple[str, float]]:
    """Label and score of each text, in the order of the texts; the model runs on batches by length."""
    sequences = [add_special_tokens(encode(text)) for text in texts]
    results: list[tuple[str, float]] = [("", 0.0)] * len(texts)
    for batch in batches_by_length([len(sequence) for sequence in sequences], size):
        probabilities = softmax(model(*pad([sequences[index] for index in batch])))
        for index, row in zip(batch, probabilities, strict=True):
            results[index] = (LABELS[int(row.argmax())], float(row.max()))
    return results


def sentences_per_second(run: Callable[[list[str]], object], texts: list[str], clock: Callable[[], float]) -> float:
    """Speed of `run` on the texts; a first, untimed run warms up. `clock` gives seconds."""
    run(texts)
    start = clock()
    run(texts)
    return len(texts) / (clock() - start)


def render_chat(messages: list[dict[str, str]], add_generation_prompt: bool) -> str:
    """Each message as `<|start|>ROLE`, a new line, its content, `<|end|>` and a new line.

    With `add_generation_prompt`, the opening of the assistant's turn follows.
    """
    turns = [f"<|start|>{message['role']}\n{message['content']}<|end|>\n" for message in messages]
    return "".join(turns) + ("<|start|>assistant\n" if add_generation_prompt else "")


def is_pinned(revision: str | None) -> bool:
    """Whether a revision always names the same files: a full commit hash of 40 digits 0 to 9 and a to f."""
    return revision is not None and re.fullmatch(r"[0-9a-f]{40}", revision) is not None
