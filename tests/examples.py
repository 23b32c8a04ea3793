"""How much a test tries, by the profile of hypothesis: see `tests/conftest.py`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from hypothesis import settings

T = TypeVar("T")


def examples(number: int) -> settings:
    """Return settings that try so many examples in the nightly profile, and a seventh of them each day."""
    return settings(max_examples=max(1, number * _percent() // 100), deadline=None)


def sample(items: Iterable[T], step: int) -> list[T]:
    """Return all items in the nightly profile, and each day only every `step`-th of them, the first among them."""
    return [*items][:: 1 if _percent() == 100 else step]


def _percent() -> int:
    assert settings.default is not None
    return settings.default.max_examples
