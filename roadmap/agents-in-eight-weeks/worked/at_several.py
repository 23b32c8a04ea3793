"""The numbers of the note on several agents."""


def input_tokens(fixed: int, new: int, steps: int) -> int:
    """Input tokens of a run that sends its whole history at each step."""
    return sum(fixed + new * step for step in range(steps))


ONE, HELPER, LEAD = input_tokens(3_000, 2_000, 48), input_tokens(3_000, 2_000, 8), input_tokens(3_000, 3_000, 4)
assert 48 * 3_000 + 2_000 * 48 * 47 // 2 == ONE == 2_400_000
assert 8 * 3_000 + 2_000 * 8 * 7 // 2 == HELPER == 80_000 and 6 * HELPER == 480_000
assert LEAD == 30_000 and 6 * HELPER + LEAD == 510_000
assert 48 * 5 == 240 and (8 + 4) * 5 == 60

assert round(100 * 0.9**6) == 53
CHECKED = 0.9 + 0.1 * 0.8 * 0.9
assert round(CHECKED, 3) == 0.972 and round(100 * CHECKED**6) == 84
assert round(0.95**4, 4) == 0.8145
# Cited: 90.2 percent (Hadfield et al. 2025), 9.2 percent, 17.2 and 4.4 times (Kim et al. 2025).

# the answers to Check yourself
assert 6 * 2_000 + 1_000 * 6 * 5 / 2 == 27_000 and 4 * 27_000 == 108_000
