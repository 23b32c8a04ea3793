"""How many examples a property is tried with, by the profile of hypothesis: see `tests/conftest.py`."""

from __future__ import annotations

from hypothesis import settings


def examples(number: int) -> settings:
    """Return settings that try so many examples in the nightly profile, and a quarter of them each day."""
    assert settings.default is not None
    return settings(max_examples=number * settings.default.max_examples // 100, deadline=None)
