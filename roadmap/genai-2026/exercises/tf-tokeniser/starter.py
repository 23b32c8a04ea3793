"""Write a byte-level BPE tokeniser.

Ids 0 to 255 are the bytes; merge number i, counted from 0, has the id 256 + i. When all checks pass, train 1,000
merges on a public-domain book and count bytes per token. It takes about two hours.

Check it: python check.py tf-tokeniser
"""

import re
from collections.abc import Sequence

Pair = tuple[int, int]


def split_chunks(text: str) -> list[bytes]:
    """The text in word-like chunks of UTF-8 bytes; joined they are the text. No merge crosses a chunk."""
    return [chunk.encode() for chunk in re.findall(r" ?\S+|\s", text)]


def merge_pair(ids: Sequence[int], pair: Pair, new: int) -> list[int]:
    """The ids with each occurrence of the pair, from left to right, replaced by `new`."""
    raise NotImplementedError("walk from left to right; an id belongs to one pair only")


def train_merges(text: str, merges: int) -> list[Pair]:
    """The merges in the order in which they are learned; of equally frequent pairs the larger one is merged first.

    It stops early if no pair is left. Count each different chunk once and multiply by its count: 1,000 merges of a book
    should take minutes, not hours.
    """
    raise NotImplementedError("count pairs over all chunks, merge the most frequent one, repeat")


def encode(text: str, merges: Sequence[Pair]) -> list[int]:
    """The ids of a text: its bytes, with the merges applied in the order in which they were learned."""
    raise NotImplementedError("chunk by chunk, merge by merge")


def decode(ids: Sequence[int], merges: Sequence[Pair]) -> str:
    """The text of the ids; incomplete characters become the replacement character."""
    raise NotImplementedError("join the bytes of all ids before you decode them")
