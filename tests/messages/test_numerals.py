from __future__ import annotations

from datetime import timedelta

import pytest

from bot.messages.numerals import counted, lasting, spelt


def test_numbers_are_words_up_to_twelve() -> None:
    assert [spelt(n) for n in (0, 1, 12, 13, -1)] == ["no", "one", "twelve", "13", "-1"]


def test_what_is_counted_is_one_or_several() -> None:
    assert [counted(n, "unit") for n in (0, 1, 4, 40)] == ["no units", "one unit", "four units", "40 units"]


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(days=28), "four weeks"),
        (timedelta(days=7), "one week"),
        (timedelta(days=10), "ten days"),
        (timedelta(hours=24), "one day"),
        (timedelta(hours=36), "36 hours"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(minutes=1), "one minute"),
    ],
)
def test_a_span_is_told_in_its_greatest_whole_unit(span: timedelta, said: str) -> None:
    assert lasting(span) == said
