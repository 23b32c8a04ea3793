"""Keys as they stand in databases: a message of an earlier version is found again by the same one."""

from __future__ import annotations

import pytest

from bot.features.checkins import sharing
from bot.features.groups import message_keys


def test_keys_are_those_that_databases_hold() -> None:
    assert message_keys.make_welcome_key(7) == "c7:welcome"
    assert message_keys.make_post_key(7, "py-data-structures") == "c7:py-data-structures:post"
    assert message_keys.make_key(7, "pause", 3) == "c7:pause:3"
    assert sharing.make_key(7, 12) == "c7:share:12"


def test_a_key_names_its_group_and_what_it_is() -> None:
    assert message_keys.parse_group("c7:share:12") == 7 and message_keys.split_key("c7:share:12") == ["share", "12"]
    assert message_keys.make_welcome_key(71).startswith(
        message_keys.make_prefix(71)
    ) and not message_keys.make_welcome_key(71).startswith(message_keys.make_prefix(7))


@pytest.mark.parametrize("key", ["left:7:3:2026-03-02", "trouble:c7:welcome", "c7", "", "cx:post"])
def test_a_key_of_no_group_names_none(key: str) -> None:
    assert message_keys.parse_group(key) is None and message_keys.split_key(key) == []
