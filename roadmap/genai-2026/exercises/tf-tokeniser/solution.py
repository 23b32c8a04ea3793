"""A byte-level BPE tokeniser."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

Pair = tuple[int, int]


def split_chunks(text: str) -> list[bytes]:
    """The text in word-like chunks of UTF-8 bytes; joined they are the text. No merge crosses a chunk."""
    return [chunk.encode() for chunk in re.findall(r" ?\S+|\s", text)]


def merge_pair(ids: Sequence[int], pair: Pair, new: int) -> list[int]:
    """The ids with each occurrence of the pair, from left to right, replaced by `new`."""
    merged, i = [], 0
    while i < len(ids):
        if tuple(ids[i : i + 2]) == pair:
            merged.append(new)
            i += 2
        else:
            merged.append(ids[i])
            i += 1
    return merged


def train_merges(text: str, merges: int) -> list[Pair]:
    """The merges in the order in which they are learned; of equally frequent pairs the larger one is merged first.

    It stops early if no pair is left. Count each different chunk once and multiply by its count: 1,000 merges of a book
    should take minutes, not hours.
    """
    counts = Counter(split_chunks(text))
    pieces = {chunk: list(chunk) for chunk in counts}
    learned: list[Pair] = []
    while len(learned) < merges:
        pairs: Counter[Pair] = Counter()
        for chunk, count in counts.items():
            for pair in pairwise(pieces[chunk]):
                pairs[pair] += count
        if not pairs:
            break
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        pieces = {chunk: merge_pair(ids, best, 256 + len(learned)) for chunk, ids in pieces.items()}
        learned.append(best)
    return learned


def encode(text: str, merges: Sequence[Pair]) -> list[int]:
    """The ids of a text: its bytes, with the merges applied in the order in which they were learned."""
    encoded: list[int] = []
    for chunk in split_chunks(text):
        ids = list(chunk)
        for number, pair in enumerate(merges):
            ids = merge_pair(ids, pair, 256 + number)
        encoded += ids
    return encoded


def decode(ids: Sequence[int], merges: Sequence[Pair]) -> str:
    """The text of the ids; incomplete characters become the replacement character."""
    pieces = [bytes([i]) for i in range(256)]
    for a, b in merges:
        pieces.append(pieces[a] + pieces[b])
    return b"".join(pieces[i] for i in ids).decode(errors="replace")
