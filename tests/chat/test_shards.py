"""How shards are set, shared evenly, handed over one by one, and left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.shards import ShardShares, UnsharedShards, WantedShards, parse_wanted


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("auto", WantedShards()),
        ("4", WantedShards(4)),
        ("0,1/4", WantedShards(4, (0, 1))),
        (" 3 , 1 / 4 ", WantedShards(4, (1, 3))),
        ("0/1", WantedShards(1, (0,))),
    ],
)
def test_shards_are_set_as_a_number_or_as_those_of_a_process(words: str, wanted: WantedShards) -> None:
    assert parse_wanted(words) == wanted


@pytest.mark.parametrize("words", ["", "0", "4/4", "1,2", "-1/4", "a/4", "0,/4", "2000", "0-1/4"])
def test_what_names_no_shard_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match="0,1/4"):
        parse_wanted(words)


def shares(
    owners: Mapping[int, str], seats: str = "ab", count: int = 4, served: Mapping[int, str] | None = None
) -> ShardShares:
    return ShardShares(count, "a", frozenset(seats), owners, owners if served is None else served)


def test_the_first_takes_all_and_each_next_one_its_share() -> None:
    assert shares({}, "a").free(()) == ([0, 1, 2, 3], 4)
    assert shares({0: "b"}).free(()) == ([1, 2, 3], 2)
    assert shares({0: "a", 1: "a"}).free(()) == ([2, 3], 0)
    assert shares({}, "abc").free(()) == ([0, 1, 2, 3], 2)


def test_what_was_lost_in_a_bad_moment_comes_back_first_whatever_the_share() -> None:
    assert shares({0: "a", 1: "a"}).free((3,)) == ([3, 2], 1)


def test_one_is_handed_over_to_who_has_the_fewest() -> None:
    assert shares(dict.fromkeys(range(4), "a")).handed() == (3, "b")
    assert shares({0: "a", 1: "a", 2: "a", 3: "b"}).handed() == (2, "b")
    assert shares({0: "a", 1: "a", 2: "b", 3: "b"}).handed() is None
    assert shares({0: "a"}, count=1).handed() is None


def test_nothing_is_handed_over_while_another_is_on_its_way() -> None:
    owners = {0: "a", 1: "a", 2: "a", 3: "b"}
    assert shares(owners, served={0: "a", 1: "a", 2: "a", 3: "a"}).handed() is None
    assert shares(owners, served={0: "a", 1: "a", 2: "a"}).handed() is None
    assert shares({0: "a", 1: "a", 2: "a"}).handed() is None
    assert not shares({0: "a", 1: "a", 2: "a"}).are_all_owned


def test_what_another_serves_may_go_and_nothing_before() -> None:
    handed = {0: "a", 1: "b"}
    assert shares(handed, served={0: "a", 1: "a"}, count=2).may_go({0, 1}) == []
    assert shares(handed, served={0: "a"}, count=2).may_go({0, 1}) == []
    assert shares(handed, served={0: "a", 1: "b"}, count=2).may_go({0, 1}) == [1]


def test_who_ends_leaves_its_own_evenly_and_to_nobody_where_there_is_nobody() -> None:
    owners = {0: "a", 1: "a", 2: "a", 3: "b"}
    assert shares(owners, "bc").parted() == {0: "c", 1: "b", 2: "c"}
    assert shares(owners, "").parted() == {}


def test_what_gets_no_connection_goes_to_who_serves_all_of_its_own() -> None:
    owners = {0: "a", 1: "a", 2: "b", 3: "c"}
    assert shares(owners, "abc", served={0: "a", 2: "b"}).parted({1}) == {1: "b"}
    assert shares(owners, "abc", served={0: "a"}).parted({1}) == {}
    assert shares(owners, "abcd", served={0: "a"}).parted({1}) == {1: "d"}  # who has none is well


@given(st.integers(1, 40), st.integers(1, 7), st.data())
def test_however_they_begin_they_end_with_the_same_or_one_more(count: int, seats: int, data: st.DataObject) -> None:
    names = [chr(97 + n) for n in range(seats)]
    owners = {one: data.draw(st.sampled_from(names)) for one in range(count)}
    for _ in range(count * seats):
        moves = [
            moved
            for me in names
            if (moved := ShardShares(count, me, frozenset(names), owners, owners).handed()) is not None
        ]
        assert len(moves) <= 1  # never two at a time
        if not moves:
            break
        owners = {**owners, moves[0][0]: moves[0][1]}
    held = [sum(owner == name for owner in owners.values()) for name in names]
    assert max(held) - min(held) <= 1


async def test_who_shares_nothing_serves_all_or_what_is_named() -> None:
    assert (await UnsharedShards().look(3, ())).mine == (0, 1, 2)
    assert (await UnsharedShards((1,)).look(3, ())).mine == (1,)
    assert replace(await UnsharedShards().look(1, ()), count=1).are_all_owned
