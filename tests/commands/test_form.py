"""A form: a command asked without its arguments."""

from __future__ import annotations

from typing import Annotated

from bot.commands.command import Param, command
from bot.commands.context import Context
from bot.commands.form import Opening, form_of
from bot.commands.parameter_types import Kind
from bot.messages.call import Call
from bot.messages.reply import Reply, say
from tests.commands.sample_commands import checkin


@command("choose", form=True, title="Choose", form_note="Only you see this.")
def choose(
    ctx: Context,
    id: Annotated[int, Param("Number", in_form=False)],
    shown: Annotated[bool, Param("Shown", note="On the board.")] = True,
) -> Reply:
    """Choose."""
    return say("chosen")


def test_a_form_has_the_commands_fields_in_order() -> None:
    form = form_of(checkin, Call("checkin"), Opening())
    assert [(f.key, f.required, f.long, f.max) for f in form.fields] == [
        ("minutes", True, False, 200),
        ("note", True, True, 500),
        ("link", False, False, 500),
        ("unit", False, False, 200),
    ]
    assert form.title == "Check in"
    assert form.fields[0].example == "45m"


def test_a_form_opens_filled_with_what_is_known() -> None:
    form = form_of(checkin, Call("checkin"), Opening({"minutes": "45", "other": "x"}))
    assert [f.value for f in form.fields] == ["45", "", "", ""]


def test_what_no_field_shows_travels_with_the_call() -> None:
    form = form_of(choose, Call("choose", {"id": "7", "shown": "no"}, 3, ask=True), Opening({"shown": "no"}))
    assert form.call == Call("choose", {"id": "7"}, 3)
    assert [f.key for f in form.fields] == ["shown"]
    assert form.note == "Only you see this."


def test_a_yes_or_no_is_a_choice_of_two() -> None:
    (field,) = form_of(choose, Call("choose"), Opening()).fields
    assert (field.kind, field.choices, field.note) == (Kind.BOOL, ("yes", "no"), "On the board.")
