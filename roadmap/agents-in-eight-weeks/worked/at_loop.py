"""The numbers of the note on tool calls and the loop."""

SECONDS = (0.8, 1.2, 2.0)
assert round(sum(SECONDS), 1) == 4.0
assert max(SECONDS) == 2.0


def read(steps: int, start: int, new: int) -> int:
    """Return the input tokens of all steps, of which each sends everything before it again."""
    return sum(start + new * step for step in range(steps))


BUDGET = 60_000
assert [6 * 6_000, 900 * 15, read(6, 6_000, 900)] == [36_000, 13_500, 49_500]
assert [7 * 6_000, read(7, 6_000, 900)] == [42_000, 60_900]
assert read(6, 6_000, 900) < BUDGET < read(7, 6_000, 900)
assert [read(7, 6_000, 300), read(9, 6_000, 300)] == [48_300, 64_800]
assert [5 * 4_000, read(5, 4_000, 1_000)] == [20_000, 30_000]
assert 30_000 - 20_000 == 10_000

# as the sources report: 55,000 and 8,700 tokens of definitions; 150,000 and 2,000 tokens; arXiv 2210.03629
assert isinstance(True, int)

# the answers to Check yourself
assert round(0.4 + 0.7 + 1.1, 1) == 2.2 and max(0.4, 0.7, 1.1) == 1.1
