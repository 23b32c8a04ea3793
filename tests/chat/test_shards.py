"""How shards are set, shared evenly, handed over one by one, and left."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.shards import WantedShards, parse_wanted, split_shards


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


@given(st.integers(1, 1024))
def test_groups_hold_each_shard_once_and_are_at_most_sixteen(count: int) -> None:
    groups = split_shards(count)
    assert [shard for group in groups for shard in group] == list(range(count))
    assert len(groups) <= 16 and all(groups)


def test_a_small_bot_leases_each_shard_by_itself() -> None:
    assert split_shards(1) == [[0]]
    assert split_shards(3) == [[0], [1], [2]]
    assert split_shards(20)[:2] == [[0, 1], [2, 3]]
