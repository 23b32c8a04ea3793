"""Draw a Form as a Discord modal, and read a submitted modal as a Call.

The modal's id is the packed Call, so it can be submitted after a restart. The rest of a long Call goes into the ids of
the fields, after a tilde, which no packed Call contains.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.commands.command import SuggestedValue
from bot.commands.form import Form, FormField, split_label
from bot.commands.parameter_types import BINARY, Kind
from bot.messages import markup
from bot.messages.call import Call
from bot.messages.errors import BadInput
from bot.platforms.discord import limits, markdown
from bot.platforms.discord.client import FORUM
from bot.platforms.discord.render import Payload

_TEXT_DISPLAY, _LABEL, _INPUT, _CHOICE, _PERSON, _ROOM, _UPLOAD, _TICKS = 10, 18, 4, 3, 5, 8, 19, 22
_SHORT, _PARAGRAPH = 1, 2
ROOMS = [0, 5, FORUM]
"""Kinds of channel that a group can use: text, announcement and forum."""
VOICES = [2, 13]
"""Kinds of channel that people talk in: voice and stage."""


def modal(form: Form) -> Payload:
    """Return the body of a modal; raise BadInput if the Call is too long for its ids."""
    form = form.without_folded().without_long_texts(limits.FIELD_VALUE)
    form = replace(
        form, fields=tuple(field for field in form.fields if field.kind is not Kind.FILE)
    )  # an option takes it
    custom_id, spill = _split_ids(form)
    fields = [_draw_field(field, rest) for field, rest in zip(form.fields, spill, strict=True)]
    note = markup.clean(form.note)
    if note and len(fields) < limits.MODAL_COMPONENTS:
        fields = [{"type": _TEXT_DISPLAY, "content": markdown.escape(note)}, *fields]
    elif note and fields and "description" not in fields[0]:
        fields[0]["description"] = markup.clip(note, limits.LABEL_NOTE)
    return {
        "custom_id": custom_id,
        "title": markup.clip(markup.clean(form.title), limits.LIMITS.form_title),
        "components": fields,
    }


def _split_ids(form: Form) -> tuple[str, list[str]]:
    packed = form.call.pack()
    rest, spill = packed[limits.CUSTOM_ID :], []
    for field in form.fields:
        room = limits.CUSTOM_ID - len(field.key) - 1
        spill.append(rest[:room])
        rest = rest[room:]
    if rest:
        longest = max(form.call.args, key=lambda key: len(form.call.args[key]))
        raise BadInput(f"**{markup.escape(longest)}** is too long for the form. Please shorten it.")
    return packed[: limits.CUSTOM_ID], spill


def _draw_field(field: FormField, rest: str) -> Payload:
    custom_id = f"{field.key}~{rest}" if rest else field.key
    label: Payload = {
        "type": _LABEL,
        "label": markup.clip(field.label, limits.LIMITS.field_label),
        "component": {"custom_id": custom_id, "required": field.required, **_draw_control(field)},
    }
    if field.note:
        label["description"] = markup.clip(field.note, limits.LABEL_NOTE)
    return label


def _draw_control(field: FormField) -> Payload:
    value = markup.clean(field.value)
    if field.kind in BINARY:
        return {"type": _UPLOAD, **_limit_to_one(field)}
    if field.kind is Kind.TICKS and field.options:
        return _draw_ticks(field)
    if field.kind is Kind.MEMBER:
        return {"type": _PERSON, **_limit_to_one(field), **_preselect(value, "user")}
    if offered := _list_choices(field):
        options = [
            {"label": markup.clip(markup.clean(c.label), limits.CHOICE), "value": c.value, "default": c.value == value}
            for c in offered
        ]
        return {"type": _CHOICE, "options": options, **_limit_to_one(field)}
    if field.kind is Kind.ROOM:
        return {"type": _ROOM, "channel_types": ROOMS, **_limit_to_one(field), **_preselect(value, "channel")}
    longest = field.max if field.kind is Kind.TEXT else max(field.max, 500 if field.kind is Kind.URL else 100)
    value = value[: limits.FIELD_VALUE]
    control: Payload = {
        "type": _INPUT,
        "style": _PARAGRAPH if field.long else _SHORT,
        # what was typed before may be too long, and is to be shortened here
        "max_length": min(max(longest, len(value)), limits.FIELD_VALUE),
        "placeholder": markup.clip(f"For example: {field.example}", limits.PLACEHOLDER),
    }
    return {**control, "value": value} if value else control


def _draw_ticks(field: FormField) -> Payload:
    """Return a list of boxes; a text that is too long for its label goes on below it."""
    ticked = set(field.value.split(","))
    options: list[Payload] = []
    for option in field.options:
        label, rest = split_label(option.label, limits.CHOICE)
        more = {"description": markup.clip(rest, limits.DESCRIPTION)} if rest else {}
        options.append({"label": label, "value": option.value, "default": option.value in ticked, **more})
    return {"type": _TICKS, "options": options, "min_values": 0, "max_values": len(options)}


def _list_choices(field: FormField) -> Sequence[SuggestedValue]:
    """Return the choices of a select; empty if it cannot hold all of them or the field's current value."""
    if field.choices:
        return (
            [SuggestedValue(c.capitalize(), c) for c in field.choices]
            if len(field.choices) <= limits.LIMITS.choices
            else ()
        )
    fitting = [c for c in field.options if 0 < len(c.value) <= limits.CHOICE]
    if len(fitting) > limits.LIMITS.choices:
        return ()
    return fitting if not field.value or any(c.value == field.value for c in fitting) else ()


def _limit_to_one(field: FormField) -> Payload:
    return {"min_values": 1 if field.required else 0, "max_values": 1}


def _preselect(value: str, kind: str) -> Payload:
    ref = value.strip("<@#!>")
    return {"default_values": [{"id": ref, "type": kind}]} if markdown.is_id(ref) else {}


def read(custom_id: str, components: Iterable[Mapping[str, Any]]) -> Call:
    """Return the Call of a submitted modal; raise ValueError if its id cannot be read."""
    packed, typed = custom_id, {}
    for control in _walk_controls(components):
        is_upload = control.get("type") == _UPLOAD  # the event holds the file itself
        key, _, rest = str(control["custom_id"]).partition("~")
        packed += rest
        values = control.get("values")
        value = ",".join(map(str, values)) if values else str(control.get("value") or "")
        if value.strip() and not is_upload:
            typed[key] = value
    call = Call.unpack(packed)
    return replace(call, args={**call.args, **typed}, ask=False)


def _walk_controls(components: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    for component in components:
        inner = component.get("components") or ([component["component"]] if "component" in component else [])
        if inner:
            yield from _walk_controls(inner)
        elif "custom_id" in component:
            yield component
