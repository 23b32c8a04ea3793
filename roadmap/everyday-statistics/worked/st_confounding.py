"""The counts of the note on confounding (Charig et al. 1986)."""

SURGERY = {"small": (81, 87), "large": (192, 263)}
PUNCTURE = {"small": (234, 270), "large": (55, 80)}


def percent(cases: tuple[int, int]) -> int:
    """Share of successes, in whole percent."""
    return round(100 * cases[0] / cases[1])


def together(groups: dict[str, tuple[int, int]]) -> tuple[int, int]:
    """Successes and cases of all groups."""
    return sum(good for good, _ in groups.values()), sum(cases for _, cases in groups.values())


assert [percent(cases) for cases in (*SURGERY.values(), *PUNCTURE.values())] == [93, 73, 87, 69]
assert together(SURGERY) == (273, 350) and together(PUNCTURE) == (289, 350)
assert [percent(together(groups)) for groups in (SURGERY, PUNCTURE)] == [78, 83]

# the answers to Check yourself
CLINIC_A, CLINIC_B = {"light": (9, 10), "severe": (30, 90)}, {"light": (72, 90), "severe": (2, 10)}
assert [percent(cases) for cases in (*CLINIC_A.values(), *CLINIC_B.values())] == [90, 33, 80, 20]
assert together(CLINIC_A) == (39, 100) and together(CLINIC_B) == (74, 100)
