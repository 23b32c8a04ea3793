"""The numbers of the note on base rates, counted in people."""

PEOPLE = 10_000


def tree(base: float, finds: float = 0.90, rings: float = 0.09) -> dict[str, int]:
    """Counts at the four ends of the tree."""
    ill = round(PEOPLE * base)
    return {
        "found": round(ill * finds),
        "missed": ill - round(ill * finds),
        "false": round((PEOPLE - ill) * rings),
        "cleared": PEOPLE - ill - round((PEOPLE - ill) * rings),
    }


RARE, COMMON, HALF = tree(0.01), tree(0.10), tree(0.5)
assert RARE == {"found": 90, "missed": 10, "false": 891, "cleared": 9_009}
assert RARE["found"] + RARE["false"] == 981 and RARE["missed"] + RARE["cleared"] == 9_019
assert round(100 * 90 / 981) == 9 and PEOPLE - 100 == 9_900 and round(100 * 9_009 / 9_900) == 91
assert (COMMON["found"], COMMON["false"]) == (900, 810) and 900 + 810 == 1_710 and round(100 * 900 / 1_710) == 53
assert round(0.90 / 0.09) == 10 and round(100 * 10 / 109) == 9 and round(100 * 100 / 199) == 50
assert round(100 * 10 / 9_019, 2) == 0.11 and round(9_019 / 10) == 902
assert HALF["missed"] == 500 and HALF["missed"] + HALF["cleared"] == 5_050
assert 500_000 / 10_000 == 50

# the answers to Check yourself
FIVE, TEN = tree(0.02, 0.80, 0.05), tree(0.10, 0.80, 0.05)
assert FIVE["found"] == 160 and FIVE["false"] == 490 and PEOPLE - 200 == 9_800 and round(100 * 160 / 650) == 25
assert TEN["found"] == 800 and TEN["false"] == 450 and 800 / 1_250 == 0.64
assert 2_000_000 / 50_000 == 40
