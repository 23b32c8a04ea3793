"""The numbers of the note on tokenisation, and byte-level byte-pair encoding in full."""

import re
from collections import Counter
from itertools import pairwise

CHUNK = re.compile(r" ?\S+|\s+")  # matches every character, so nothing is lost
WORDS = Counter({"sea": 4, "seal": 3, "real": 5, "deal": 2})


def merge(ids, pair, new):
    out, i = [], 0
    while i < len(ids):
        if tuple(ids[i : i + 2]) == pair:
            out.append(new)
            i += 2
        else:
            out.append(ids[i])
            i += 1
    return out


def count_pairs(seqs, words):
    pairs = Counter()
    for w, count in words.items():
        for pair in pairwise(seqs[w]):
            pairs[pair] += count
    return pairs


def train(words, merges):
    """Return the merges, the symbols left after each, and how often each pair was counted."""
    seqs = {w: list(w.encode("utf-8")) for w in words}
    rules, sizes, counts = {}, [sum(len(seqs[w]) * c for w, c in words.items())], []
    for new in range(256, 256 + merges):
        pairs = count_pairs(seqs, words)
        if not pairs:
            break
        best = max(pairs, key=lambda p: (pairs[p], p))  # ties are broken the same way each time
        rules[best] = new
        counts.append(pairs[best])
        seqs = {w: merge(s, best, new) for w, s in seqs.items()}
        sizes.append(sum(len(seqs[w]) * c for w, c in words.items()))
    return rules, sizes, counts


def encode(text, rules):
    ids = []
    for chunk in CHUNK.findall(text):
        s = list(chunk.encode("utf-8"))
        while len(s) > 1:
            best = min(pairwise(s), key=lambda p: rules.get(p, float("inf")))
            if best not in rules:
                break
            s = merge(s, best, rules[best])
        ids += s
    return ids


def pieces(rules):
    table = {i: bytes([i]) for i in range(256)}
    for (a, b), new in rules.items():
        table[new] = table[a] + table[b]
    return table


def decode(ids, rules):
    table = pieces(rules)
    return b"".join(table[i] for i in ids).decode("utf-8")


def merges(words=WORDS, number=3):
    """The pieces of the worked example with their counts, and the symbols left."""
    rules, sizes, counts = train(words, number)
    return [pieces(rules)[i].decode() for i in rules.values()], counts, sizes


rules, sizes, counts = train(WORDS, 3)
assert sizes == [52, 38, 28, 23] and counts == [14, 10, 5]
assert merges()[0] == ["ea", "eal", "real"]
assert count_pairs({w: list(w) for w in WORDS}, WORDS)["s", "e"] == 7
assert [pieces(rules)[i] for i in encode("meal", rules)] == [b"m", b"eal"]
text = "The seal\n\tswam  to the café: 1,234 🙂 日本 "
rules, _, _ = train(Counter(CHUNK.findall(text * 3)), 40)
assert decode(encode(text, rules), rules) == text  # exact round trip
assert len(encode(text, rules)) < len(text.encode("utf-8"))

assert [len(s.encode("utf-8")) for s in ("café", "日本", "🙂")] == [5, 6, 4]
assert 256 + 50_000 + 1 == 50_257
assert round(50_257 * 768 / 1e6, 1) == 38.6 and round(50_257 * 768 / 124e6, 2) == 0.31
assert round(128_256 * 4_096 / 1e6) == 525
assert round(1_000 / 0.75) == 1_333 and round(500 / 0.75) == 667
# cited: up to 15 times as many tokens (Petrov et al. 2023); multilingual vocabularies of 100,000 entries or more;
# 124 million parameters in GPT-2 small

# Check yourself
assert 256 + 32_000 + 4 == 32_260
assert round(6_000 / 0.75) == 8_000
