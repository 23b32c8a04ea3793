"""Forms as modals, and back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.commands.command import SuggestedValue
from bot.commands.form import Form, FormField
from bot.commands.parameter_types import Kind
from bot.messages.call import Call
from bot.messages.errors import BadInput
from bot.platforms.discord.form import modal as modal_of
from bot.platforms.discord.form import read


def field(key: str, kind: Kind = Kind.TEXT, **more: Any) -> FormField:
    defaults: dict[str, Any] = {"label": key.capitalize(), "required": True, "long": False, "max": 200, "example": "x"}
    return FormField(key, kind=kind, **{**defaults, **more})


def submitted(modal: dict[str, Any], typed: dict[str, str]) -> list[dict[str, Any]]:
    """Return the components of a submission, in the form that Discord sends them."""
    sent = []
    for one in modal["components"]:
        if one["type"] != 18:
            sent.append({"type": one["type"], "id": 1})
            continue
        control = one["component"]
        value = typed.get(control["custom_id"].partition("~")[0], "")
        answer = {"value": value} if control["type"] == 4 else {"values": [value] if value else []}
        inner = {"type": control["type"], "custom_id": control["custom_id"], **answer}
        sent.append({"type": 18, "component": inner})
    return sent


def controls(modal: dict[str, Any]) -> list[dict[str, Any]]:
    return [one["component"] for one in modal["components"] if one["type"] == 18]


def test_each_kind_has_the_control_that_a_phone_handles_best() -> None:
    fields = (
        field("note", long=True),
        field("mood", Kind.CHOICE, choices=("fine", "tired"), value="tired"),
        field("who", Kind.MEMBER, value="<@12>"),
        field("where", Kind.ROOM, required=False),
        field("when", Kind.DATE, required=False),
    )
    drawn = controls(modal_of(Form("T", Call("x"), fields)))
    assert [c["type"] for c in drawn] == [4, 3, 5, 8, 4]
    assert [c["required"] for c in drawn] == [True, True, True, False, False]
    assert [o["default"] for o in drawn[1]["options"]] == [False, True]
    assert drawn[2]["default_values"] == [{"id": "12", "type": "user"}]
    assert (drawn[3]["min_values"], drawn[3]["max_values"]) == (0, 1)
    assert "default_values" not in drawn[3]


def test_what_is_submitted_becomes_the_call() -> None:
    form = Form("T", Call("cohort create", {"pace": "2 weeks"}, 4, ask=True), (field("name"), field("size")))
    modal = modal_of(form)
    call = read(modal["custom_id"], submitted(modal, {"name": "Owls", "size": "  "}))
    assert call == Call("cohort create", {"pace": "2 weeks", "name": "Owls"}, 4)


def test_what_is_too_long_for_the_modals_id_goes_on_in_the_fields_ids() -> None:
    carried = {"notes": "ä & b ~ c " * 8, "unit": "u7"}
    modal = modal_of(Form("T", Call("x", carried), tuple(field(f"field{n}") for n in range(5))))
    assert len(modal["custom_id"]) == 100
    assert all(len(c["custom_id"]) <= 100 for c in controls(modal))
    assert read(modal["custom_id"], submitted(modal, {"field1": "y"})).args == {**carried, "field1": "y"}


def test_what_no_modal_can_carry_is_refused_and_named() -> None:
    with pytest.raises(BadInput, match="notes"):
        modal_of(Form("T", Call("x", {"notes": "n" * 300, "unit": "u7"}), (field("name"),)))


def test_the_note_stands_above_the_fields_or_below_the_first_label() -> None:
    few = Form("T", Call("x"), (field("a"),), "Read *me*")
    assert modal_of(few)["components"][0] == {"type": 10, "content": r"Read \*me\*"}
    five = modal_of(replace(few, fields=tuple(field(f"f{n}") for n in range(5))))
    assert len(five["components"]) == 5
    assert five["components"][0]["description"] == "Read *me*"


def test_what_was_typed_before_may_be_too_long_and_can_be_shortened() -> None:
    (control,) = controls(modal_of(Form("T", Call("x"), (field("a", value="v" * 300),))))
    assert (len(control["value"]), control["max_length"]) == (300, 300)
    (control,) = controls(modal_of(Form("T", Call("x"), (field("a", value="v" * 5000),))))
    assert (len(control["value"]), control["max_length"]) == (4000, 4000)


def test_titles_and_labels_fit() -> None:
    modal = modal_of(Form("T" * 80, Call("x"), (field("a", label="L" * 80, note="n" * 300, example="e" * 300),)))
    assert len(modal["title"]) <= 45
    (label,) = modal["components"]
    assert len(label["label"]) <= 45
    assert len(label["description"]) <= 100
    assert len(label["component"]["placeholder"]) <= 100


def test_rows_of_old_modals_are_read_too() -> None:
    row = {"type": 1, "components": [{"type": 4, "custom_id": "note", "value": "hi"}]}
    assert read("1:checkin", [row]).args == {"note": "hi"}


def test_an_id_that_is_no_call_is_refused() -> None:
    with pytest.raises(ValueError, match="packed"):
        read("something", [])


UNITS = (SuggestedValue("Unit 7: Backpropagation", "7"), SuggestedValue("Unit 6: Gradients", "6"))


def test_the_units_that_are_open_are_picked_by_their_names() -> None:
    form = Form("Check in", Call("checkin"), (field("unit", Kind.UNIT, required=False, options=UNITS, value="6"),))
    modal = modal_of(form)
    (drawn,) = controls(modal)
    assert [(o["label"], o["value"], o["default"]) for o in drawn["options"]] == [
        ("Unit 7: Backpropagation", "7", False),
        ("Unit 6: Gradients", "6", True),
    ]
    assert (drawn["type"], drawn["min_values"], drawn["max_values"]) == (3, 0, 1)
    assert read(modal["custom_id"], submitted(modal, {"unit": "7"})).args == {"unit": "7"}


def test_a_select_holds_25_options_and_is_none_where_it_would_lose_one_or_the_value_or_be_empty() -> None:
    many = tuple(SuggestedValue(f"Unit {n}: x", str(n)) for n in range(30))
    drawn = controls(modal_of(Form("T", Call("x"), (field("unit", Kind.UNIT, options=many[:25], value="3"),))))
    assert len(drawn[0]["options"]) == 25
    typed = controls(modal_of(Form("T", Call("x"), (field("unit", Kind.UNIT, options=many, value="3"),))))
    assert (typed[0]["type"], typed[0]["value"]) == (4, "3")
    lost = controls(modal_of(Form("T", Call("x"), (field("unit", Kind.UNIT, options=many[:25], value="29"),))))
    assert (lost[0]["type"], lost[0]["value"]) == (4, "29")
    assert controls(modal_of(Form("T", Call("x"), (field("unit", Kind.UNIT),))))[0]["type"] == 4


def test_folded_fields_are_left_out_and_the_call_carries_their_values() -> None:
    lengths = (SuggestedValue("30 min", "30"), SuggestedValue("Other", "other"))
    fields = (
        field("minutes", Kind.MINUTES, value="30", options=lengths, is_closed=True),
        field("other", Kind.MINUTES, required=False, extends="minutes"),
        field("unit", Kind.UNIT, required=False, value="py-numpy", is_folded=True),
    )
    modal = modal_of(Form("T", Call("x"), fields))
    assert [(c["type"], c["custom_id"]) for c in controls(modal)] == [(3, "minutes"), (4, "other")]
    sent = submitted(modal, {"minutes": "other", "other": "1h20"})
    assert read(modal["custom_id"], sent).args == {"minutes": "other", "other": "1h20", "unit": "py-numpy"}


def test_a_folded_value_that_is_too_long_for_the_ids_keeps_its_field() -> None:
    link = "https://example.org/" + "x" * 400
    fields = (field("note"), field("link", Kind.URL, required=False, value=link, max=500, is_folded=True))
    drawn = controls(modal_of(Form("T", Call("x"), fields)))
    assert [(c["custom_id"], c.get("value", "")) for c in drawn] == [("note", ""), ("link", link)]
