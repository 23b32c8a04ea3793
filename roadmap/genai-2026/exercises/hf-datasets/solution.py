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
    plain = unicodedata.normalize("NFKC", text).lower()
    return " ".join(re.sub(r"[^\w\s]|_", " ", plain).split())


def keep_long(records: Iterable[Record], least: int) -> Iterator[Record]:
    """Yield the records whose text has at least `least` words, one after the other, without reading ahead."""
    for record in records:
        if len(record["text"].split()) >= least:
            yield record


def drop_exact(records: Iterable[Record]) -> Iterator[Record]:
    """Yield each normalised text the first time it comes; remember digests of 16 bytes, not texts."""
    seen: set[bytes] = set()
    for record in records:
        digest = hashlib.sha256(normalise(record["text"]).encode()).digest()[:16]
        if digest not in seen:
            seen.add(digest)
            yield record


def shingles(text: str, size: int = 3) -> set[str]:
    """All runs of `size` words of the normalised text; a shorter text is one run."""
    words = normalise(text).split()
    return {" ".join(words[start : start + size]) for start in range(max(1, len(words) - size + 1))}


def jaccard(first: set[str], second: set[str]) -> float:
    """Shared elements divided by all elements of both sets."""
    return len(first & second) / len(first | second)


def signature(elements: set[str], count: int = 64) -> tuple[int, ...]:
    """MinHash: for each of `count` hash functions the smallest hash of an element; equal in every process."""
    return tuple(
        min(
            int.from_bytes(hashlib.blake2b(element.encode(), digest_size=8, salt=number.to_bytes(8)).digest())
            for element in elements
        )
        for number in range(count)
    )


def estimate_jaccard(first: tuple[int, ...], second: tuple[int, ...]) -> float:
    """The share of equal positions of two signatures."""
    return sum(a == b for a, b in zip(first, second, strict=True)) / len(first)


def drop_near(records: Iterable[Record], threshold: float) -> Iterator[Record]:
    """Yield the records whose shingles have a Jaccard similarity below the threshold to every record kept so far."""
    kept: list[set[str]] = []
    for record in records:
        runs = shingles(record["text"])
        if all(jaccard(runs, other) < threshold for other in kept):
            kept.append(runs)
            yield record


def split_of(group: str) -> str:
    """The split of a group (an author, a document) by its whole SHA-256, a big-endian number, modulo 100.

    Below 80 train, below 90 validation, else test.
    """
    number = int(hashlib.sha256(group.encode()).hexdigest(), 16) % 100
    return "train" if number < 80 else "validation" if number < 90 else "test"


def make_splits(records: Iterable[Record]) -> dict[str, list[Record]]:
    """Put each record into the split of its normalised text; all three splits are there, also empty ones."""
    splits: dict[str, list[Record]] = {"train": [], "validation": [], "test": []}
    for record in records:
        splits[split_of(normalise(record["text"]))].append(record)
    return splits


def count_leaks(splits: dict[str, list[Record]]) -> int:
    """How many normalised texts stand in more than one split."""
    places: dict[str, set[str]] = {}
    for name, records in splits.items():
        for record in records:
            places.setdefault(normalise(record["text"]), set()).add(name)
    return sum(len(names) > 1 for names in places.values())


def write_card(splits: dict[str, list[Record]], source: str, licence: str, gaps: str) -> str:
    """The data set card: sections Source, Licence, Known gaps and Rows, with a line `- train: 80` for each split."""
    rows = "\n".join(f"- {name}: {len(records)}" for name, records in splits.items())
    sections = {"Source": source, "Licence": licence, "Known gaps": gaps, "Rows": rows}
    return "\n".join(f"## {heading}\n\n{text}\n" for heading, text in sections.items())


def read_counts(card: str) -> dict[str, int]:
    """The row counts that a card states in its section Rows."""
    rows = card.partition("## Rows")[2].partition("\n## ")[0]
    return {name: int(count) for name, count in re.findall(r"^- (\w+): (\d+)$", rows, flags=re.MULTILINE)}
