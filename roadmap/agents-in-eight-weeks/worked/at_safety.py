"""The numbers of the note on the safety of tools."""


def passes(stopped: float, attempts: int) -> float:
    """Chance that at least one of some independent attempts gets past a filter."""
    return 1 - stopped**attempts


assert round(100 * passes(0.99, 100)) == 63
assert round(100 * passes(99.9 / 100, 100)) == 10 and round(100 * passes(99.9 / 100, 1_000)) == 63
assert round(passes(0.98, 50), 3) == 0.636
assert 3 / 50 == 0.06
# Cited: 20,000 and 15,000 attacks (Deep et al. 2026).
