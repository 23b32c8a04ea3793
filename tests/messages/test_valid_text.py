from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.context import Account
from bot.messages.call import Call
from bot.messages.characters import make_valid, make_valid_data
from bot.messages.reply import Reply, say


@pytest.mark.parametrize(
    ("entered", "kept"),
    [
        ("plain", "plain"),
        ("naïve 学 🦉", "naïve 学 🦉"),
        ("tok\ud800en", "tok\ufffden"),
        ("\ud83e\udd89", "🦉"),
        ("\udcff", "\ufffd"),
    ],
)
def test_half_a_character_is_replaced_and_two_halves_are_joined(entered: str, kept: str) -> None:
    assert make_valid(entered) == kept


@given(st.text(st.characters(categories=("Cs", "L", "So")), max_size=30))
def test_whatever_enters_can_be_written(text: str) -> None:
    assert make_valid(text).encode().decode() == make_valid(text)
    assert make_valid(make_valid(text)) == make_valid(text)


def test_data_is_made_valid_through_and_through() -> None:
    data = json.loads('{"a\\ud800": ["\\udfff", {"b": "x"}, 3, null, true]}')
    assert make_valid_data(data) == {"a\ufffd": ["\ufffd", {"b": "x"}, 3, None, True]}


def test_no_call_and_no_account_holds_half_a_character() -> None:
    call = Call("checkin", {"note": "tok\ud800en"})
    assert Call.unpack(call.pack()).args == {"note": "tok\ufffden"}
    assert Account("slack", "T", "U", "Ad\ud800a", tenant_name="\udfff").name == "Ad\ufffda"


def test_a_stored_reply_that_holds_half_a_character_can_be_shown() -> None:
    stored = say("tok\ud800en").to_json()
    assert Reply.from_json(stored).plain() == "tok\ufffden"
