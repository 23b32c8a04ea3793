"""Write a byte-level BPE tokeniser, and compare language models by bits per byte.

Ids 0 to 255 are the bytes; merge number i, counted from 0, has the id 256 + i. Use your tokeniser for a public-domain
book, then train the decoder on its tokens and compare it with the byte bigram model that you write here.
The functions take about three hours.

Check it: python check.py tf-to-llm
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


def bits_per_byte(loss: float, tokens: int, text: str) -> float:
    """Bits per byte of a text, from the mean loss per token in nats and the number of tokens."""
    raise NotImplementedError("total surprise in bits over the number of bytes, not characters")


def score_bigram(train: bytes, held_out: bytes) -> float:
    """Bits per byte of a byte bigram model with add-one smoothing on held-out bytes.

    The probability of byte b after a is (count(a, b) + 1) / (count(a) + 256), where count(a) counts the pairs that
    begin with a. The first byte of the held-out text costs 8 bits.
    """
    raise NotImplementedError("count pairs in the training bytes, then add up the surprise of the held-out ones")


def count_parameters(vocabulary: int, d: int, blocks: int) -> int:
    """Weights of a decoder: 12 d^2 in each block and one row of the shared embedding table for each token."""
    raise NotImplementedError("blocks and table")


def training_operations(parameters: int, tokens: int) -> int:
    """Operations of training on this many tokens: 6 for each parameter and token."""
    raise NotImplementedError("one product")
