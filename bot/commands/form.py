"""Forms as values that every platform can open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from bot.commands.command import FIELDS, OTHER, Command, ParamSpec, SuggestedValue
from bot.commands.context import Context
from bot.commands.parameter_types import FILES, Kind, parse_clock, parse_date, parse_zone
from bot.messages.call import INSTEAD, SEEN, Call
from bot.messages.errors import BadInput

TITLE = ":title"
"""What `initial` returns the title of a form under, if the command's own doesn't say enough."""
LISTED = frozenset({Kind.UNIT})
"""Kinds whose possible values a form lists as options."""
CARRIED = 100
"""Most characters of a value that a Call carries for a field left out; on some platforms ids hold the whole Call."""


@dataclass(frozen=True)
class FormField:
    """One field; `value` is its first value.

    Args:
        choices: its only valid values.
        options: labelled suggestions, best first, including one for `value`.
        is_closed: whether the options are its only valid values.
        extends: the key of the field before it, whose option "Other" it is for.
        is_folded: whether a page folds it away.
    """

    key: str
    label: str
    kind: Kind
    required: bool
    long: bool
    max: int
    example: str
    value: str = ""
    choices: tuple[str, ...] = ()
    note: str = ""
    options: tuple[SuggestedValue, ...] = ()
    is_closed: bool = False
    extends: str = ""
    is_folded: bool = False


@dataclass(frozen=True)
class Opening:
    """The first state of one person's form: values and options by field, and the fields that they must fill.

    `zone` is the zone of the hours that they type; `title` is the form's, "" for the command's.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, tuple[SuggestedValue, ...]] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    zone: str = "UTC"
    title: str = ""


@dataclass(frozen=True)
class Form:
    """Fields in order, five at most; submitting runs `call` with the fields' values added."""

    title: str
    call: Call
    fields: tuple[FormField, ...]
    note: str = ""
    submit: str = "Send"
    zone: str = "UTC"

    def without_folded(self) -> Form:
        """Return the form for a platform that can't fold fields: its Call carries the values of those left out.

        A value that is too long to be carried keeps its field.
        """
        folded = {f.key: f.value for f in self.fields if f.is_folded and len(f.value) <= CARRIED}
        args = {**self.call.args, **{key: value for key, value in folded.items() if value}}
        shown = tuple(f for f in self.fields if f.key not in folded)
        return replace(self, call=replace(self.call, args=args), fields=shown)

    def without_long_texts(self, most: int) -> Form:
        """Return the form for a platform whose fields take `most` characters.

        A longer text that can also come as a file is left out, because the platform would cut it.
        """
        if not any(f.kind is Kind.FILE for f in self.fields):
            return self
        note = f"The text is too long for this form ({most} characters). Send a file instead."
        fields = (replace(f, value="", note=note) if f.long and len(f.value) > most else f for f in self.fields)
        return replace(self, fields=tuple(fields))


def split_label(label: str, most: int) -> tuple[str, str]:
    """Return a label cut at a word, and its rest, which a platform shows below it."""
    if len(label) <= most:
        return label, ""
    end = label.rfind(" ", 0, most + 1)
    return (label[:end], label[end + 1 :]) if end > 0 else (label[:most], label[most:])


def choose_params(command: Command, call: Call) -> tuple[ParamSpec, ...]:
    """Return the fields of a Call's form: the usual ones, with those to correct in the place of optional ones."""
    usual = command.form_params
    params = (command.param(key) for key in call.wrong)
    wrong = [param for param in params if param is not None and param.kind not in FILES]
    if all(param in usual for param in wrong):
        return usual
    needed = [param for param in usual if param.required and param not in wrong]
    return tuple(dict.fromkeys([*needed, *wrong, *usual]))[:FIELDS]


def opening(
    command: Command, ctx: Context, values: Mapping[str, str], suggest: Callable[[ParamSpec, str], list[SuggestedValue]]
) -> Opening:
    """Return the first state of the form; a listed value becomes its matching suggestion, which has a label."""
    fields = choose_params(command, ctx.call)
    filled, options = _resolve_days(command, ctx, values), {}
    title = filled.pop(TITLE, "")
    for param in fields:
        if param.kind is Kind.MEMBER and (value := filled.get(param.key, "")) and param.says.suggest is not None:
            options[param.key] = tuple(_find_person(value, suggest(param, value)))
            continue
        if not (param.kind in LISTED or param.says.listed) or param.says.suggest is None:
            continue
        listed = suggest(param, "")
        if param.kind is Kind.TICKS:
            options[param.key] = tuple(listed)
            continue
        if value := filled.get(param.key, ""):
            near = suggest(param, value)
            meant = [c for c in (*listed, *near) if c.value == value][:1] or near[:1]
            filled[param.key] = meant[0].value if meant else value
            listed = [*(c for c in meant if c not in listed), *listed]
        options[param.key] = tuple(listed)
    needed = (p.key for p in fields if p.says.needed is not None and p.says.needed(ctx))
    return Opening(filled, options, frozenset(needed), ctx.actor.zone, title)


def _find_person(person_id: str, suggested: Iterable[SuggestedValue]) -> Iterable[SuggestedValue]:
    """Return the suggested person with this platform id, by name."""
    return [
        SuggestedValue(person.label, person_id)
        for person in suggested
        if person.value.lstrip("@") == person_id.lstrip("@")
    ][:1]


def _resolve_days(command: Command, ctx: Context, values: Mapping[str, str]) -> dict[str, str]:
    """Replace words such as "tomorrow" by the day or hour that they mean, so that people see what they send.

    Days are in the zone that the same form names, if any.
    """
    filled, today = dict(values), ctx.today
    for param in command.params:
        with suppress(BadInput):
            if param.kind is Kind.ZONE and (text := filled.get(param.key)):
                today = ctx.now.astimezone(ZoneInfo(parse_zone(text))).date()
    for param in choose_params(command, ctx.call):
        if not (text := filled.get(param.key)):
            continue
        with suppress(BadInput):
            if param.kind is Kind.DATE:
                filled[param.key] = str(parse_date(text, today))
            elif param.kind is Kind.TIME:
                filled[param.key] = f"{parse_clock(text):%H:%M}"
    return filled


def form_of(command: Command, call: Call, opened: Opening) -> Form:
    """Return the command's form; its Call carries arguments that have no field."""
    params = choose_params(command, call)
    listed = {p.extension: p for p in params if p.extension and _is_listed(p, opened)}
    extending = {p.extension for p in command.params if p.extension}
    fields = tuple(
        FormField(
            p.key,
            p.says.label,
            p.kind,
            p.required or p.key in opened.required,
            p.says.long and p.says.field != "one line",
            p.characters,
            p.example,
            opened.values.get(p.key, ""),
            ("yes", "no") if p.kind is Kind.BOOL else p.choices,
            p.says.note,
            _list_options(p, opened),
            p.extension in listed,
            listed[p.key].key if p.key in listed else "",
            p.says.field == "folded" and p.key not in call.wrong,
        )
        for p in _order_params(params, listed)
        if p.key in listed or p.key not in extending
    )
    keys = {f.key for f in fields}
    carried = {k: v for k, v in call.args.items() if k not in keys and (command.param(k) or k in (INSTEAD, SEEN))}
    title = opened.title or command.title
    return Form(title, Call(command.name, carried, call.group), fields, command.form_note, zone=opened.zone)


def _is_listed(param: ParamSpec, opened: Opening) -> bool:
    """Whether the first value of a field with "Other" is empty or in its list; any other one has to be typed."""
    options = opened.options.get(param.key, ())
    value = opened.values.get(param.key, "")
    return bool(options) and (value in ("", OTHER) or any(option.value == value for option in options))


def _list_options(param: ParamSpec, opened: Opening) -> tuple[SuggestedValue, ...]:
    if not param.extension:
        return opened.options.get(param.key, ())
    if not _is_listed(param, opened):
        return ()
    return (*opened.options[param.key], SuggestedValue(OTHER.capitalize(), OTHER))


def _order_params(params: Iterable[ParamSpec], listed: Mapping[str, ParamSpec]) -> Iterable[ParamSpec]:
    """Yield the parameters in order, each that extends a list directly after the list."""
    others = {p.key: p for p in params if p.key in listed}
    for param in params:
        if param.key not in others:
            yield param
            if param.extension in others:
                yield others[param.extension]
