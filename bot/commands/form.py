"""A form: a command asked without its arguments, as a value that every platform can open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from bot.commands.command import FIELDS, Command, ParamSpec, SuggestedValue
from bot.commands.context import Context
from bot.commands.parameter_types import Kind, parse_clock, parse_date, parse_zone
from bot.messages.call import INSTEAD, SEEN, Call
from bot.messages.errors import BadInput

LISTED = frozenset({Kind.UNIT})
"""Kinds whose few possible values a form lists, so that nobody has to know how one is written."""


@dataclass(frozen=True)
class FormField:
    """One field; `value` is what it opens filled with.

    Args:
        choices: the only words that it takes.
        options: what it may be chosen from, labelled, best first; of a `value` that is listed, the label stands here.
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


@dataclass(frozen=True)
class Opening:
    """What one person's form opens with: values and options by field, and what it needs of them beside the usual.

    `zone` is the one in which the hours that they type are read.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, tuple[SuggestedValue, ...]] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    zone: str = "UTC"


@dataclass(frozen=True)
class Form:
    """Fields in order, five at most; submitting runs `call` with the fields' values added."""

    title: str
    call: Call
    fields: tuple[FormField, ...]
    note: str = ""
    submit: str = "Send"
    zone: str = "UTC"


def asked(command: Command, call: Call) -> tuple[ParamSpec, ...]:
    """Return what the form of a Call asks for: the usual, and what is to be corrected in the place of what is left."""
    usual = command.form_params
    found = (command.param(key) for key in call.wrong)
    wrong = [param for param in found if param is not None and param.kind is not Kind.FILE]
    if all(param in usual for param in wrong):
        return usual
    needed = [param for param in usual if param.required and param not in wrong]
    return tuple(dict.fromkeys([*needed, *wrong, *usual]))[:FIELDS]


def opening(
    command: Command, ctx: Context, values: Mapping[str, str], suggest: Callable[[ParamSpec, str], list[SuggestedValue]]
) -> Opening:
    """Return what the form opens with; a listed value is the one that is suggested for it, so that it has its label."""
    fields = asked(command, ctx.call)
    filled, options = _as_meant(command, ctx, values), {}
    for param in fields:
        if param.kind is Kind.MEMBER and (value := filled.get(param.key, "")) and param.says.suggest is not None:
            options[param.key] = tuple(_who(value, suggest(param, value)))
            continue
        if not (param.kind in LISTED or param.says.listed) or param.says.suggest is None:
            continue
        listed = suggest(param, "")
        if value := filled.get(param.key, ""):
            near = suggest(param, value)
            meant = [c for c in (*listed, *near) if c.value == value][:1] or near[:1]
            filled[param.key] = meant[0].value if meant else value
            listed = [*(c for c in meant if c not in listed), *listed]
        options[param.key] = tuple(listed)
    needed = (p.key for p in fields if p.says.needed is not None and p.says.needed(ctx))
    return Opening(filled, options, frozenset(needed), ctx.actor.zone)


def _who(said: str, suggested: Iterable[SuggestedValue]) -> Iterable[SuggestedValue]:
    """Return the one person whom a platform's id means, under their name."""
    return [SuggestedValue(one.label, said) for one in suggested if one.value.lstrip("@") == said.lstrip("@")][:1]


def _as_meant(command: Command, ctx: Context, values: Mapping[str, str]) -> dict[str, str]:
    """Return the values with the day or hour that each word for one means: what will be sent is seen.

    A day is one of the zone that is typed beside it.
    """
    filled, today = dict(values), ctx.today
    for param in command.params:
        with suppress(BadInput):
            if param.kind is Kind.ZONE and (said := filled.get(param.key)):
                today = ctx.now.astimezone(ZoneInfo(parse_zone(said))).date()
    for param in asked(command, ctx.call):
        if not (said := filled.get(param.key)):
            continue
        with suppress(BadInput):
            if param.kind is Kind.DATE:
                filled[param.key] = str(parse_date(said, today))
            elif param.kind is Kind.TIME:
                filled[param.key] = f"{parse_clock(said):%H:%M}"
    return filled


def form_of(command: Command, call: Call, opened: Opening) -> Form:
    """Return the command's form; values that no field shows and a parameter takes travel with the Call."""
    fields = tuple(
        FormField(
            p.key,
            p.says.label,
            p.kind,
            p.required or p.key in opened.required,
            p.says.long,
            p.characters,
            p.example,
            opened.values.get(p.key, ""),
            ("yes", "no") if p.kind is Kind.BOOL else p.choices,
            p.says.note,
            opened.options.get(p.key, ()),
        )
        for p in asked(command, call)
    )
    shown = {f.key for f in fields}
    carried = {k: v for k, v in call.args.items() if k not in shown and (command.param(k) or k in (INSTEAD, SEEN))}
    return Form(command.title, Call(command.name, carried, call.cohort), fields, command.form_note, zone=opened.zone)
