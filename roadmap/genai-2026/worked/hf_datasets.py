"""Works the numbers of the note on the datasets library."""

import hashlib
import re

# cited: releases of `datasets` from 4.0 on refuse loading scripts (release notes, 2025)


def split_of(group, test_share=20):
    """The same group always lands in the same split."""
    number = int(hashlib.sha256(group.encode()).hexdigest(), 16)
    return "test" if number % 100 < test_share else "train"


def key(text):
    """What exact copies have in common, whatever their spaces and capitals."""
    return hashlib.sha256(re.sub(r"\s+", " ", text.strip().lower()).encode()).hexdigest()


def separated(test_share):
    """The chance that a random split puts two copies on different sides."""
    return 2 * (1 - test_share) * test_share


assert key("Good  film ") == key("good film") != key("bad film")
share = sum(split_of(f"author-{i}") == "test" for i in range(5000)) / 5000
assert abs(share - 0.2) < 0.02 and split_of("author-7") == split_of("author-7")
assert round(separated(0.2), 2) == round(2 * 0.8 * 0.2, 2) == 0.32 and round(100 * separated(0.2)) == 32

# padding
lengths = [12, 48, 20, 200]
assert 4 * 512 == 2048 and 4 * max(lengths) == 800 and sum(lengths) == 280
assert 2 * 20 + 2 * 200 == 440 and round(280 / 440 * 100) == 64 and round(280 / 2048 * 100) == 14

# disk: 10 million rows of 512 tokens
assert round(10_000_000 * 512 * 8 / 1e9) == 41 and round(10_000_000 * 512 * 4 / 1e9, 1) == 20.5

# calls of a batched function: 1,000 rows at a time; a shuffle buffer of 10,000 rows
assert 1_000_000 / 1000 == 1000 and 10_000 > 1000

# the answers to Check yourself
assert round(2 * 0.9 * 0.1, 2) == 0.18


def shingles(text):
    words = text.split()
    return {tuple(words[i : i + 3]) for i in range(len(words) - 2)}


the, a = shingles("the cat sat on the mat"), shingles("the cat sat on a mat")
assert len(the & a) == 2 and len(the | a) == 6 and round(2 / 6, 2) == 0.33
