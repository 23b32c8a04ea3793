"""A Call and its packed form, which stands on buttons for years."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages.call import Call

NAMES = st.from_regex(r"[a-z]{1,12}( [a-z]{1,12})?", fullmatch=True)
KEYS = st.from_regex(r"[a-z_]{1,12}", fullmatch=True)
CALLS = st.builds(
    Call,
    NAMES,
    st.dictionaries(KEYS, st.text(max_size=30), max_size=4),
    st.one_of(st.none(), st.integers(0, 10**12)),
    st.booleans(),
)


@given(CALLS)
def test_a_call_comes_back_from_its_packed_form(call: Call) -> None:
    assert Call.unpack(call.pack()) == call


@given(CALLS)
def test_a_packed_call_is_ascii_and_has_no_tilde(call: Call) -> None:
    packed = call.pack()
    assert packed.isascii()
    assert packed.isprintable()
    assert "~" not in packed


def test_the_packed_form_reads_like_what_it_does() -> None:
    assert Call("cohort create", {"draft": "x1"}, ask=True).pack() == "1:cohort.create!?draft=x1"
    assert Call("checkin", {"unit": "llm-3"}, 7).pack() == "1:checkin@7?unit=llm-3"


@pytest.mark.parametrize(
    "packed",
    ["", "x", "2:checkin", "checkin", "1:", "1:!", "1:@7", "1:checkin@", "1:checkin@x", "1:checkin@٧", "0:a", "1;a"],
)
def test_an_unknown_version_or_shape_is_refused(packed: str) -> None:
    with pytest.raises(ValueError):
        Call.unpack(packed)


@given(st.text(max_size=80))
def test_any_text_is_a_call_or_a_value_error(text: str) -> None:
    for packed in (text, "1:" + text):
        try:
            Call.unpack(packed)
        except ValueError:
            continue


def test_equal_calls_are_one_in_a_set() -> None:
    assert len({Call("a", {"x": "1"}), Call("a", {"x": "1"}), Call("a", {"x": "2"})}) == 2


def test_arguments_cannot_be_changed_afterwards() -> None:
    given_args = {"x": "1"}
    call = Call("a", given_args)
    given_args["x"] = "2"
    assert call.args["x"] == "1"
    with pytest.raises(TypeError):
        call.args["x"] = "3"  # type: ignore[index]
