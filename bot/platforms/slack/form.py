"""Draw forms and replies as Slack modals, and read submitted modals. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import date, time
from typing import Any

from bot.commands.command import Command
from bot.commands.form import Form, FormField
from bot.commands.parameter_types import Kind
from bot.messages.call import Call
from bot.messages.reply import Reply, plain_block
from bot.platforms.slack import limits
from bot.platforms.slack.autocomplete import option
from bot.platforms.slack.decode import Payload, Route, pack_metadata
from bot.platforms.slack.markdown import PREFIX, is_account, is_channel, paragraphs
from bot.platforms.slack.render import render, section, words

CALLBACK = "form"
_VALUES = ("value", "selected_date", "selected_time", "selected_user", "selected_conversation")
"""Keys of an element's state that can hold its value."""
_PICKED = {Kind.ZONE, Kind.UNIT, Kind.COHORT}
"""Kinds that are picked from suggestions; for other kinds people type free text."""
_PICKERS: Mapping[Kind, tuple[str, str, Mapping[str, Any]]] = {
    Kind.DATE: ("datepicker", "initial_date", {}),
    Kind.TIME: ("timepicker", "initial_time", {}),
    Kind.MEMBER: ("users_select", "initial_user", {}),
    Kind.ROOM: (
        "conversations_select",
        "initial_conversation",
        {"filter": {"include": ["public", "private"], "exclude_bot_users": True}},
    ),
}
"""Kinds with a picker of Slack's: the element, the key of its first value, and its other settings."""


def view_of(form: Form, command: Command | None, route: Route) -> dict[str, Any]:
    """Return the modal of a form, which carries its Call and route."""
    blocks: list[dict[str, Any]] = []
    if form.note:
        note = {"type": "mrkdwn", "text": "\n".join(paragraphs(form.note))[: limits.LIMITS.text], "verbatim": True}
        blocks.append({"type": "context", "elements": [note]})
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": words(form.title, limits.LIMITS.form_title),
        "submit": words(form.submit, limits.LIMITS.form_title),
        "close": words("Cancel", limits.LIMITS.form_title),
        "private_metadata": pack_metadata(form.call, route),
        "blocks": [*blocks, *(_draw_input(field, command) for field in form.fields)],
    }


def read_view(reply: Reply, callback: str = "reply") -> dict[str, Any]:
    """Return the modal that shows a reply."""
    return {
        "type": "modal",
        "callback_id": callback,
        "title": words("Trailmate", limits.LIMITS.form_title),
        "close": words("Close", limits.LIMITS.form_title),
        "blocks": render(reply, has_tables=False).blocks or [section("Done.")],
    }


def _draw_input(field: FormField, command: Command | None) -> dict[str, Any]:
    drawn: dict[str, Any] = {
        "type": "input",
        "block_id": field.key,
        "label": words(field.label, limits.LIMITS.field_label),
        "element": _draw_element(field, command),
        "optional": not field.required,
    }
    if field.note:
        drawn["hint"] = words(field.note, limits.LIMITS.field_label)
    return drawn


def _draw_element(field: FormField, command: Command | None) -> dict[str, Any]:
    if field.choices:
        return _draw_static_select(field)
    param = command.param(field.key) if command else None
    says = param.says if param is not None and param.says.suggest is not None else None
    if field.kind is Kind.ZONE or (says is not None and (field.kind in _PICKED or says.listed)):
        return _draw_external_select(field)
    if field.kind is Kind.FILE:
        return {"type": "file_input", "action_id": field.key, "max_files": 1}
    # a typed value that cannot be picked stays visible, to be corrected
    if field.kind in _PICKERS and (not field.value or _can_pick(field)):
        return _draw_picker(field)
    return _draw_text_input(field)


def _draw_text_input(field: FormField) -> dict[str, Any]:
    element: dict[str, Any] = {"type": "plain_text_input", "action_id": field.key, "multiline": field.long}
    most = min(field.max, limits.TYPED) if field.kind is Kind.TEXT and field.max > 0 else limits.TYPED
    element["max_length"] = most
    if field.value:
        element["initial_value"] = field.value[:most]
    if field.example:
        element["placeholder"] = words(field.example, limits.PLACEHOLDER)
    return element


def _draw_static_select(field: FormField) -> dict[str, Any]:
    element: dict[str, Any] = {"type": "static_select", "action_id": field.key}
    element["options"] = [_draw_choice(c) for c in field.choices[: limits.LIMITS.choices]]
    if field.value in field.choices[: limits.LIMITS.choices]:
        element["initial_option"] = _draw_choice(field.value)
    return element


def _draw_external_select(field: FormField) -> dict[str, Any]:
    fewest = 1 if field.kind is Kind.ZONE else 0
    element: dict[str, Any] = {"type": "external_select", "action_id": field.key, "min_query_length": fewest}
    if field.value and len(field.value) <= limits.VALUE:
        label = next((o.label for o in field.options if o.value == field.value), field.value)
        element["initial_option"] = option(label, field.value)
    if field.example:
        element["placeholder"] = words(field.example, limits.PLACEHOLDER)
    return element


def _draw_picker(field: FormField) -> dict[str, Any]:
    kind, initial, more = _PICKERS[field.kind]
    return {"type": kind, "action_id": field.key, **more} | ({initial: field.value} if field.value else {})


def _can_pick(field: FormField) -> bool:
    with suppress(ValueError):
        if field.kind is Kind.DATE:
            return date.fromisoformat(field.value).isoformat() == field.value
        if field.kind is Kind.TIME:
            return f"{time.fromisoformat(field.value):%H:%M}" == field.value
        return is_account(field.value) or is_channel(field.value)
    return False


def _draw_choice(value: str) -> dict[str, Any]:
    return option(value[:1].upper() + value[1:], value)


def submitted(view: Payload, call: Call) -> Call:
    """Return the Call of a submitted form; an empty field is an empty text."""
    args = dict(call.args)
    for key, elements in ((view.get("state") or {}).get("values") or {}).items():
        for state in elements.values():
            args[str(key)] = _read_value(state)
    return Call(call.name, args, call.cohort)


def _read_value(state: Payload) -> str:
    picked = state.get("selected_option")
    if isinstance(picked, dict):
        picked = picked.get("value")
    return str(picked or next((state[key] for key in _VALUES if state.get(key)), ""))


def field_errors(view: Payload, reply: Reply) -> dict[str, str]:
    """Return a refusal as errors by field; a text that names no field goes to the first. Empty for any other reply.

    A refusal with other buttons than one that corrects the form stays a message, so that people see its buttons.
    """
    labels = {b["block_id"]: b["label"]["text"] for b in view.get("blocks") or () if b.get("type") == "input"}
    if reply.tone != "error" or not labels or not all(_corrects(b.target, labels) for b in reply.all_buttons):
        return {}
    first = next(iter(labels))
    errors: dict[str, str] = {}
    for block in reply.blocks:
        message = plain_block(block, prefix=PREFIX)
        named = [(k, head) for k, label in labels.items() for head in _list_heads(label) if message.startswith(head)]
        key, head = max(named, key=lambda match: len(match[1]), default=(first, ""))
        message = message.removeprefix(f"{head}:").strip() or message
        errors[key] = f"{errors[key]} {message}" if key in errors else message
    return {key: error[: limits.ERROR] for key, error in errors.items()}


def _list_heads(label: str) -> tuple[str, str]:
    """Return the names that a refusal uses for a field: its label, and its label up to the bracket."""
    return label, label.split(" (")[0]


def _corrects(target: Call | str, fields: Collection[str]) -> bool:
    return isinstance(target, Call) and target.ask and "draft" in target.args and set(target.wrong) <= set(fields)
