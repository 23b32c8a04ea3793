"""Build a text data set from a stream: filter, remove exact and near duplicates, split without leaks, write the card.

Records are dictionaries with the keys "id" and "text". The functions work on any stream. When all checks pass, put
`load_dataset(..., streaming=True)` in the place of the list, push the splits to a private Hub repository with your
card, and load them in a fresh environment by commit hash.
It takes about two hours, and one more with the Hub.

Check it: python check.py hf-datasets
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator

Record = dict[str, str]


def normalise(text: str) -> str:
    """The form in which two texts count as equal: NFKC, lower case, spaces for punctuation (also _), single spaces."""
    raise NotImplementedError("NFKC, lower case, punctuation to spaces, single spaces")


def keep_long(records: Iterable[Record], least: int) -> Iterator[Record]:
    """Yield the records whose text has at least `least` words, one after the other, without reading ahead."""
    raise NotImplementedError("count the words and yield the record")


def drop_exact(records: Iterable[Record]) -> Iterator[Record]:
    """Yield each normalised text the first time it comes; remember digests of 16 bytes, not texts."""
    raise NotImplementedError("a set of digests of normalised texts seen so far")


def shingles(text: str, size: int = 3) -> set[str]:
    """All runs of `size` words of the normalised text; a shorter text is one run."""
    raise NotImplementedError("all runs of neighbouring words")


def jaccard(first: set[str], second: set[str]) -> float:
    """Shared elements divided by all elements of both sets."""
    raise NotImplementedError("intersection by union")


def signature(elements: set[str], count: int = 64) -> tuple[int, ...]:
    """MinHash: for each of `count` hash functions the smallest hash of an element; equal in every process."""
    raise NotImplementedError("for each number a salted hash of every element, and the smallest of them")


def estimate_jaccard(first: tuple[int, ...], second: tuple[int, ...]) -> float:
    """The share of equal positions of two signatures."""
    raise NotImplementedError("the share of positions that agree")


def drop_near(records: Iterable[Record], threshold: float) -> Iterator[Record]:
    """Yield the records whose shingles have a Jaccard similarity below the threshold to every record kept so far."""
    raise NotImplementedError("compare with every kept record")


def split_of(group: str) -> str:
    """The split of a group (an author, a document) by its whole SHA-256, a big-endian number, modulo 100.

    Below 80 train, below 90 validation, else test.
    """
    raise NotImplementedError("SHA-256 as a number, modulo 100")


def make_splits(records: Iterable[Record]) -> dict[str, list[Record]]:
    """Put each record into the split of its normalised text; all three splits are there, also empty ones."""
    raise NotImplementedError("the split of the normalised text")


def count_leaks(splits: dict[str, list[Record]]) -> int:
    """How many normalised texts stand in more than one split."""
    raise NotImplementedError("in which splits each normalised text stands")


def write_card(splits: dict[str, list[Record]], source: str, licence: str, gaps: str) -> str:
    """The data set card: sections Source, Licence, Known gaps and Rows, with a line `- train: 80` for each split."""
    raise NotImplementedError("four headings, each with its text")


def read_counts(card: str) -> dict[str, int]:
    """The row counts that a card states in its section Rows."""
    raise NotImplementedError("the lines of the section Rows")
