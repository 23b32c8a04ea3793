"""pace.yaml: what is read from it, and what is wrong in one."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.curriculum.pace import CompletionPace, read_pace
from tests.curriculum.test_parts import built

WAY = built([4])


def test_a_pace_is_read_as_it_is_spelled(tmp_path: Path) -> None:
    pace = CompletionPace(7, {"u1": 100, "u2": 71, "u3": 86, "old": 57})
    (tmp_path / "pace.yaml").write_text(pace.spelled())
    assert read_pace(tmp_path / "pace.yaml", WAY) == (pace, [])
    assert read_pace(tmp_path / "none.yaml", WAY) == (None, [])
    assert (pace.typical_count(["u1", "u2", "u3"]), pace.typical_count(["u1", "u4"]), pace.typical_count([])) == (
        3,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("finishers: 4\nkept: {u1: 90}", "finishers"),
        ("finishers: 5\nkept: {u1: 101}", "u1"),
        ("finishers: 5\nkept: {u9: 90}", "u9"),
        ("finishers: 5", "kept"),
        ("- x", ""),
    ],
)
def test_a_pace_of_few_or_of_units_that_are_not_there_is_refused(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "pace.yaml").write_text(text)
    pace, faults = read_pace(tmp_path / "pace.yaml", WAY)
    assert pace is None and any(told in fault.sentence for fault in faults)
