"""The worked numbers of the note on context engineering."""

import json

# A rule of thumb for English: 1,000 tokens are about 750 words.
assert 1_000 * 0.75 == 750 and 100_000 * 0.75 == 75_000

BUDGET = {"instructions": 1_500, "tools": 4_000, "history": 12_000, "passages": 6_000, "question": 500, "answer": 4_000}
assert sum(BUDGET.values()) == 28_000 and 32_000 - 28_000 == 4_000

# cited: a cache write costs 1.25 times and a read 0.1 times the input price (Anthropic documentation, 2026)
WRITE, READ = 1.25, 0.1


def with_cache(prefix: int, requests: int) -> float:
    """Price of a prefix over some requests, in input tokens at the full price."""
    return prefix * WRITE + prefix * READ * (requests - 1)


assert with_cache(10_000, 20) == 12_500 + 19_000 == 31_500
assert 10_000 * 20 == 200_000 and round(1 - 31_500 / 200_000, 2) == 0.84
assert with_cache(10_000, 1) == 12_500 and with_cache(10_000, 2) == 13_500 < 20_000


def kept(parts: list[tuple[str, int]], changed: str) -> int:
    """Tokens before the first part that changed: what a prefix cache still serves."""
    names = [name for name, _ in parts]
    return sum(size for _, size in parts[: names.index(changed)])


early = [("date", 20), ("instructions", 1_500), ("tools", 4_000), ("history", 12_000)]
late = [("instructions", 1_500), ("tools", 4_000), ("history", 12_000), ("date", 20)]
assert kept(early, "date") == 0 and kept(late, "date") == 17_500

# Retrieval or the whole manual, in input tokens for each question
assert round(150_000 / 3_000) == 50
assert with_cache(150_000, 40) / 40 > 3_000 and round(with_cache(150_000, 40) / 40, -2) == 19_300

# Compaction: 60,000 tokens of history become a summary of 2,000 and the last 8,000 stay.
assert 60_000 - (2_000 + 8_000) == 50_000


def read(start: int, new: int, steps: int) -> int:
    """Input tokens of some steps that begin with a context of a size."""
    return sum(start + new * step for step in range(steps))


assert read(60_000, 1_000, 20) == 1_390_000 and read(10_000, 1_000, 20) == 390_000

rows = [{"order_id": 10_000 + n, "status": "shipped", "total": 24.5} for n in range(100)]
as_json = len(json.dumps(rows, indent=2))
as_lines = len("order_id,status,total\n" + "".join(f"{r['order_id']},{r['status']},{r['total']}\n" for r in rows))
assert (as_json, as_lines) == (7_502, 1_922) and round(as_json / as_lines, 1) == 3.9

# Check yourself
assert with_cache(4_000, 10) == 8_600

# the answers to Check yourself
assert (4_000 * 1.25, round(9 * 4_000 * 0.1), 10 * 4_000) == (5_000, 3_600, 40_000)
assert round(100 * (1 - (5_000 + 3_600) / 40_000), 1) == 78.5
# cited: a minimum of 1,024 tokens for a cached prefix (providers' documentation, 2026)
assert 20 * 60_000 + 190_000 == 1_390_000 and 150_000 * 0.1 == 15_000 and 1_000 * 190 == 190_000
assert round((150_000 * 1.25 + 39 * 15_000) / 40) == 19_312
