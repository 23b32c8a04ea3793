"""Forms as modals, and back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from slack_sdk.models.views import View

from bot.commands.command import SuggestedValue
from bot.commands.form import Form, FormField, Opening, form_of
from bot.commands.parameter_types import Kind
from bot.commands.refusals import refused, show_typed
from bot.messages.call import Call
from bot.messages.errors import TryLater
from bot.messages.reply import Button, say
from bot.platforms.slack.decode import Route, read_metadata
from bot.platforms.slack.form import field_errors, submitted, view_of
from bot.runtime.catalogue import registry
from tests.platforms.slack.world import checkin, settings

ROUTE = Route("slash", "C1", "U1", "C1", url="https://hooks.slack.example/1")


def _field(kind: Kind, **more: Any) -> FormField:
    values = {"required": True, "long": False, "max": 200, "example": "45m", **more}
    return FormField("key", "Label", kind, **values)


def _element(kind: Kind, **more: Any) -> dict[str, Any]:
    form = Form("Title", Call("checkin"), (_field(kind, **more),))
    block: dict[str, Any] = view_of(form, checkin, ROUTE)["blocks"][-1]
    element: dict[str, Any] = block["element"]
    return element


def test_a_form_is_a_view_that_carries_its_call_and_the_ways_back() -> None:
    form = form_of(checkin, Call("checkin", {"unit": "py-numpy"}, 3), Opening({"note": "read"}))
    view = view_of(Form(form.title, form.call, form.fields, "Who reads it: **you**."), checkin, ROUTE)
    View(**view).validate_json()
    assert view["title"]["text"] == "Check in" and view["submit"]["text"] == "Send"
    assert view["blocks"][0]["elements"][0]["text"] == "Who reads it: *you*."
    minutes, note = view["blocks"][1:]
    assert minutes["element"]["multiline"] is False and note["element"]["multiline"] is True
    assert (note["element"]["initial_value"], note["element"]["max_length"]) == ("read", 500)
    assert read_metadata(view["private_metadata"]) == (Call("checkin", {"unit": "py-numpy"}, 3), ROUTE)


def test_each_kind_has_its_element() -> None:
    opened = Opening({"loud": "yes", "zone": "Asia/Tokyo"})
    view = view_of(form_of(settings, Call("settings"), opened), settings, ROUTE)
    zone, unit, loud = view["blocks"]
    assert zone["element"]["type"] == "external_select" and zone["element"]["min_query_length"] == 1
    assert zone["element"]["initial_option"]["value"] == "Asia/Tokyo"
    assert unit["element"]["type"] == "external_select" and unit["optional"]
    assert [o["value"] for o in loud["element"]["options"]] == ["yes", "no"]
    assert loud["element"]["initial_option"]["text"]["text"] == "Yes"
    assert loud["hint"]["text"] == "Everybody hears it."
    assert _element(Kind.UNIT)["type"] == "plain_text_input"


def test_a_unit_that_is_picked_already_shows_its_label() -> None:
    labelled = (SuggestedValue("Unit 7 of 53: Arrays", "7"),)
    field = FormField("unit", "Unit", Kind.UNIT, False, False, 60, "7", "7", options=labelled)
    block = view_of(Form("T", Call("settings"), (field,)), settings, ROUTE)["blocks"][-1]
    chosen = block["element"]["initial_option"]
    assert (chosen["text"]["text"], chosen["value"]) == ("Unit 7 of 53: Arrays", "7")


def test_people_and_rooms_are_picked_and_what_is_typed_is_bounded() -> None:
    assert _element(Kind.MEMBER, value="U1ADA")["initial_user"] == "U1ADA"
    assert _element(Kind.ROOM, value="C0123456")["initial_conversation"] == "C0123456"
    assert (_element(Kind.DATE)["type"], _element(Kind.DATE, value="2026-12-01")["initial_date"]) == (
        "datepicker",
        "2026-12-01",
    )
    assert (_element(Kind.TIME)["type"], _element(Kind.TIME, value="19:00")["initial_time"]) == ("timepicker", "19:00")
    unpicked = ((Kind.ROOM, "study"), (Kind.MEMBER, "ben"), (Kind.DATE, "soon"), (Kind.TIME, "25:00"), (Kind.TIME, "7"))
    for kind, typed in unpicked:
        assert _element(kind, value=typed)["initial_value"] == typed, "what cannot be picked stays to be mended"
    assert _element(Kind.INT, max=5, value="12345678")["initial_value"] == "12345678"


def test_texts_are_cut_to_what_a_view_takes() -> None:
    form = Form("T" * 30, Call("checkin"), (_field(Kind.TEXT, max=9000, value="x" * 4000, example="e" * 200),))
    view = view_of(form, checkin, ROUTE)
    View(**view).validate_json()
    assert len(view["title"]["text"]) == 24
    element = view["blocks"][0]["element"]
    assert len(element["initial_value"]) == element["max_length"] == 3000 and len(element["placeholder"]["text"]) <= 150


def test_several_boxes_are_ticked_though_their_values_are_suggested() -> None:
    feedback = registry().find("solution feedback")
    assert feedback is not None
    long = "The two most unusual values are marked, each with a reason or a question mark"
    options = (SuggestedValue("It runs", "1"), SuggestedValue(long, "2"))
    form = form_of(feedback, Call("solution feedback", {"of": "1"}), Opening({"done": "2"}, {"done": options}))
    view = view_of(form, feedback, ROUTE)
    View(**view).validate_json()
    (boxes,) = (block["element"] for block in view["blocks"] if block.get("block_id") == "done")
    assert boxes["type"] == "checkboxes" and boxes["initial_options"] == [boxes["options"][1]]
    assert boxes["options"][1]["description"]["text"] == "mark"
    view["state"] = {"values": {"done": {"done": {"selected_options": boxes["options"]}}}}
    assert submitted(view, form.call).args["done"] == "1,2"


def test_what_was_typed_joins_the_call() -> None:
    state = {
        "minutes": {"minutes": {"type": "plain_text_input", "value": "45"}},
        "zone": {"zone": {"selected_option": {"value": "UTC"}}},
        "who": {"who": {"selected_user": "U1"}},
        "until": {"until": {"type": "datepicker", "selected_date": "2026-12-01"}},
        "from": {"from": {"type": "datepicker", "selected_date": None}},
        "hour": {"hour": {"type": "timepicker", "selected_time": "19:00"}},
        "where": {"where": {"selected_conversation": "C1"}},
        "link": {"link": {"type": "plain_text_input", "value": None}},
    }
    call = submitted({"state": {"values": state}}, Call("checkin", {"unit": "7"}, 3))
    picked = {"who": "U1", "until": "2026-12-01", "from": "", "hour": "19:00", "where": "C1", "link": ""}
    assert call == Call("checkin", {"unit": "7", "minutes": "45", "zone": "UTC", **picked}, 3)


def test_errors_find_their_fields() -> None:
    view = view_of(form_of(checkin, Call("checkin"), Opening()), checkin, ROUTE)
    correct = Button("Correct it", Call("checkin", {"draft": "1"}, ask=True))
    wrong = say("**What you did**: too long.", "Something else.", tone="error", buttons=(correct,))
    assert field_errors(view, wrong) == {"note": "too long.", "minutes": "Something else."}
    assert field_errors(view, refused(TryLater("Busy."))) == {"minutes": "Busy."}
    away = say("Not yet.", tone="error", buttons=(correct, Button("Unit 3", Call("checkin", {"unit": "3"}))))
    assert field_errors(view, away) == {}
    assert field_errors(view, say("Logged.")) == {}
    for field, stays_open in (("note", True), ("date", False)):  # what the modal does not show is corrected in another
        beside = Button("Correct it", Call("checkin", {"draft": "1", "wrong": field}, ask=True))
        assert bool(field_errors(view, say("Wrong.", tone="error", buttons=(beside,)))) is stays_open


def test_a_form_that_nothing_could_keep_stays_open_and_repeats_none_of_it() -> None:
    view = view_of(form_of(checkin, Call("checkin"), Opening()), checkin, ROUTE)
    call, busy = Call("checkin", {"minutes": "45", "note": "read"}), refused(TryLater("Busy."))
    again = replace(busy, buttons=(Button("Try again", replace(call, ask=True)),))
    for reply in (show_typed(checkin, call, busy), again):
        assert field_errors(view, reply, call) == {"minutes": "Busy."}
    assert field_errors(view, again, Call("checkin", {"minutes": "45"})) == {}


def test_a_field_is_found_by_what_stands_before_the_bracket_in_its_label() -> None:
    label = {"type": "plain_text", "text": "Channel (leave empty for this one)"}
    view = {
        "blocks": [
            {"type": "input", "block_id": "name", "label": {"type": "plain_text", "text": "Name"}},
            {"type": "input", "block_id": "channel", "label": label},
        ]
    }
    wrong = say("**Channel**: Night owls lives there.", "**Name**: taken.", tone="error")
    assert field_errors(view, wrong) == {"channel": "Night owls lives there.", "name": "taken."}


def test_a_closed_list_is_a_static_select_and_folded_fields_travel_in_the_metadata() -> None:
    lengths = (SuggestedValue("30 min", "30"), SuggestedValue("Other", "other"))
    fields = (
        replace(_field(Kind.MINUTES, value="30", options=lengths, is_closed=True), key="minutes"),
        replace(_field(Kind.MINUTES, required=False, extends="minutes"), key="other"),
        replace(_field(Kind.UNIT, required=False, value="py-numpy", is_folded=True), key="unit"),
    )
    view = view_of(Form("Check in", Call("checkin"), fields), checkin, ROUTE)
    View(**view).validate_json()
    assert [block["element"]["type"] for block in view["blocks"]] == ["static_select", "plain_text_input"]
    select = view["blocks"][0]["element"]
    assert [option["text"]["text"] for option in select["options"]] == ["30 min", "Other"]
    assert select["initial_option"] == select["options"][0]
    assert read_metadata(view["private_metadata"])[0].args == {"unit": "py-numpy"}
