"""The comparison of a benchmark with an older commit prints before, after and their ratio."""

from __future__ import annotations

from benchmarks import compare


def test_each_number_of_a_line_stands_beside_what_it_was() -> None:
    before = [["checkin 34 statements, 11.00 ms"], ["checkin 34 statements, 13.00 ms"]]
    after = [["checkin 12 statements,  3.00 ms"], ["checkin 12 statements, 3.00 ms"]]
    assert compare.told(before, after) == ["checkin [34 > 12, ratio 0.35] statements, [12 > 3, ratio 0.25] ms"]


def test_what_stays_is_told_once_and_digits_inside_a_word_are_no_number() -> None:
    assert compare.told([["p50 1,200 rows"]], [["p50 1,200 rows"]]) == ["p50 1200 rows"]


def test_a_line_of_one_side_alone_is_told_as_that() -> None:
    assert compare.told([["old 3"]], [["new 4"]]) == ["only after: new 4", "only before: old 3"]


def test_nothing_is_divided_by_zero() -> None:
    assert compare.told([["a 0 ms"]], [["a 2 ms"]]) == ["a [0 > 2] ms"]
