from __future__ import annotations

import pytest

from bot.features.token_budget.service import Budget
from bot.features.token_budget.wording import render_bar


@pytest.mark.parametrize(("members", "part"), [(0, 1000), (1, 1000), (3, 330), (5, 200), (40, 200)])
def test_a_part_is_the_percent_or_an_equal_part_where_members_are_few(members: int, part: int) -> None:
    assert Budget(1000, 20).share(members) == part


@pytest.mark.parametrize(
    ("group", "member", "short"),
    [(0, 0, None), (999, 199, None), (999, 200, "member"), (1000, 0, "group"), (1000, 200, "group")],
)
def test_one_more_answer_is_asked_for_until_a_part_is_used_up(group: int, member: int, short: str | None) -> None:
    assert Budget(1000, 20).short(group, member, 10) == short


def test_no_bound_is_never_used_up() -> None:
    assert Budget(0).short(10**9, 10**9, 1) is None


@pytest.mark.parametrize(
    ("used", "drawn"),
    [(0, "▱▱▱▱▱▱▱▱▱▱ 0 %"), (1, "▰▱▱▱▱▱▱▱▱▱ 1 %"), (41, "▰▰▰▰▰▱▱▱▱▱ 41 %"), (130, "▰▰▰▰▰▰▰▰▰▰ used up")],
)
def test_a_bar_shows_that_something_is_used_and_never_grows_too_long(used: int, drawn: str) -> None:
    assert render_bar(used, 100) == drawn


def test_without_a_bound_nothing_is_drawn() -> None:
    assert render_bar(5, 0) == ""
