"""Board: shared ranks, what each reader sees, and who is never shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.features.standings.leaderboard import BoardRow, SkippedRows, Standing, rank_rows, select_view
from tests.examples import examples


def standings(*numbers: int, hidden: int | None = None) -> list[Standing]:
    return [Standing(member, f"m{member:02}", n, member == hidden) for member, n in enumerate(numbers, 1)]


def shown(lines: list[BoardRow | SkippedRows]) -> list[int | str]:
    return [f"gap of {line.n_rows}" if isinstance(line, SkippedRows) else line.member_id for line in lines]


@pytest.mark.parametrize(
    ("numbers", "ranks"),
    [
        ([], []),
        ([0], [1]),
        ([30, 20, 10], [1, 2, 3]),
        ([30, 30, 10], [1, 1, 3]),
        ([30, 20, 20, 20, 10], [1, 2, 2, 2, 5]),
        ([0, 0, 0], [1, 1, 1]),
    ],
)
def test_ties_share_a_rank_and_the_next_rank_is_left_out(numbers: list[int], ranks: list[int]) -> None:
    assert [row.rank for row in rank_rows(standings(*numbers))] == ranks


def test_ties_stand_by_name_whatever_its_case() -> None:
    rows = rank_rows([Standing(1, "zoe", 5), Standing(2, "Ann", 5), Standing(3, "bob", 5)])
    assert [row.name for row in rows] == ["Ann", "bob", "zoe"]


def test_hidden_members_are_not_on_the_board() -> None:
    assert [(row.member_id, row.rank) for row in rank_rows(standings(30, 20, 10, hidden=2))] == [(1, 1), (3, 2)]


def test_a_hidden_member_sees_themselves_and_moves_nobody() -> None:
    rows = rank_rows(standings(30, 20, 10, hidden=2), me=2)
    assert [(row.member_id, row.rank, row.is_me, row.is_hidden) for row in rows] == [
        (1, 1, False, False),
        (2, 2, True, True),
        (3, 2, False, False),
    ]


@pytest.mark.parametrize(
    ("me", "expected"),
    [
        (None, [1, 2, 3, 4, 5]),
        (99, [1, 2, 3, 4, 5]),
        (1, [1, 2, 3, 4, 5]),
        (5, [1, 2, 3, 4, 5, 6, 7]),
        (7, [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        (8, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        (9, [1, 2, 3, 4, 5, "gap of 1", 7, 8, 9, 10, 11]),
        (15, [1, 2, 3, 4, 5, "gap of 7", 13, 14, 15, 16, 17]),
        (20, [1, 2, 3, 4, 5, "gap of 12", 18, 19, 20]),
    ],
)
def test_a_view_shows_the_first_five_then_me_with_two_neighbours(me: int | None, expected: list[int | str]) -> None:
    assert shown(select_view(standings(*range(200, 0, -10)), me)) == expected


def test_a_view_may_be_cut_differently() -> None:
    assert shown(select_view(standings(*range(100, 0, -10)), 8, top=2, neighbours=0)) == [1, 2, "gap of 5", 8]


def test_a_small_group_is_shown_whole() -> None:
    assert shown(select_view(standings(3, 2, 1), 3)) == [1, 2, 3]
    assert select_view([], 1) == []


@examples(100)
@given(st.lists(st.tuples(st.integers(0, 6), st.booleans()), max_size=20), st.integers(1, 20))
def test_every_reader_sees_the_same_ranks_and_nobody_who_is_hidden(people: list[tuple[int, bool]], me: int) -> None:
    rows = [Standing(member, f"m{member}", n, hidden) for member, (n, hidden) in enumerate(people, 1)]
    public = {row.member_id: row.rank for row in rank_rows(rows)}
    lines = [line for line in select_view(rows, me) if isinstance(line, BoardRow)]
    assert {line.member_id for line in lines} <= public.keys() | {me}
    assert all(line.rank == public[line.member_id] for line in lines if line.member_id in public)
    assert any(line.is_me for line in lines) == (me <= len(people))
    assert [line.rank for line in lines] == sorted(line.rank for line in lines)
