"""A release record, and the statistics of its gate and canary."""

import hashlib
import json
import math


def sha256(data):
    return hashlib.sha256(data if isinstance(data, bytes) else data.encode("utf-8")).hexdigest()


def release_id(record):
    text = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text)[:12]


prompt = "Answer only from the passages. Quote the source."
store = {sha256(prompt): prompt}  # content-addressed: the hash is the key
record = {
    "code": "git:4f2a9c1",
    "image": "sha256:" + sha256("container image"),
    "weights": sha256(b"weights file"),
    "adapter": sha256(b"adapter file"),
    "index": sha256(b"index file"),
    "prompt": sha256(prompt),
    "settings": {"temperature": 0.0, "max_new_tokens": 300, "seed": 1},
}
first = release_id(record)
assert first == release_id(dict(reversed(record.items())))  # order does not matter
changed = dict(record, prompt=sha256(prompt.replace("only", "mainly")))
assert release_id(changed) != first  # one word, another release

releases = {first: record}
log = {"release": first, "question": "what is bpe", "passages": ["tf-tokenisation#2"]}
assert store[releases[log["release"]]["prompt"]] == prompt  # rebuilt from the logged id


def compare(lost, gained, n):
    """Difference in points, its standard error and the exact McNemar p-value."""
    diff = (gained - lost) / n
    se = math.sqrt(lost + gained - (gained - lost) ** 2 / n) / n
    k, m = max(lost, gained), lost + gained
    p = min(1.0, 2 * sum(math.comb(m, i) for i in range(k, m + 1)) / 2**m)
    return 100 * diff, 100 * se, p


diff, se, p = compare(lost=14, gained=4, n=200)
assert diff == -5 and round(se, 1) == 2.1 and round(p, 3) == 0.031
assert (round(diff - 1.96 * se, 1), round(diff + 1.96 * se, 1)) == (-9.1, -0.9)
unpaired = 100 * math.sqrt(0.90 * 0.10 / 200 + 0.85 * 0.15 / 200)
assert round(unpaired, 1) == 3.3 and round(-5 + 1.96 * unpaired, 1) == 1.5
assert math.ceil(0.09 * (1.96 / 0.02) ** 2) == 865


def gate(lost, gained, n, margin):
    return compare(lost, gained, n)[0] >= -margin


assert not gate(14, 4, 200, margin=2) and gate(7, 5, 200, margin=2)


def at_least(k, n, p):
    return 1 - sum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k))


assert [round(at_least(3, 100, p), 2) for p in (0.01, 0.03)] == [0.08, 0.58]
assert [round(at_least(18, 1000, p), 2) for p in (0.01, 0.03)] == [0.01, 0.99]

# the answers to Check yourself
error = (18 - (-10) ** 2 / 200) ** 0.5 / 200
assert (round(200 * error, 2), round(100 * error, 2), round(196 * error, 1)) == (4.18, 2.09, 4.1)

assert sum(math.comb(18, i) for i in range(5)) == 1 + 18 + 153 + 816 + 3_060
assert round(2 * 4_048 / 2**18, 3) == 0.031
# a margin of 2 points over a standard error of 2.12 points
equal = 100 * (9 / 100 / 200) ** 0.5
assert round(equal, 1) == 2.1 and round(0.5 * math.erfc(2 / equal / 2**0.5), 2) == 0.17
assert math.ceil(1.96**2 * 0.09 / 0.02**2) == 865
# Check yourself
error = (18 - (-6) ** 2 / 300) ** 0.5
assert round(error, 2) == 4.23 and round(error / 3, 2) == 1.41
half = 1.96 * error / 3
assert round(half, 1) == 2.8 and (round(-2 - half, 1), round(-2 + half, 1)) == (-4.8, 0.8)
