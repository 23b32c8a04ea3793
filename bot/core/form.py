"""A form: a command asked without its arguments, as a value that every platform can open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.call import Call
from bot.core.command import Command
from bot.core.values import Kind


@dataclass(frozen=True)
class FormField:
    """One field; `value` is what it opens filled with."""

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


@dataclass(frozen=True)
class Form:
    """Fields in order, five at most; submitting runs `call` with the fields' values added."""

    title: str
    call: Call
    fields: tuple[FormField, ...]
    note: str = ""
    submit: str = "Send"


def form_of(command: Command, call: Call, initial: Mapping[str, str]) -> Form:
    """Return the command's form; values that no field shows travel with the Call."""
    fields = tuple(
        FormField(
            p.key, p.says.label, p.kind, p.required, p.says.long, p.says.max, p.example,
            initial.get(p.key, ""), ("yes", "no") if p.kind is Kind.BOOL else p.choices, p.says.note,
        )
        for p in command.form_params
    )  # fmt: skip
    shown = {f.key for f in fields}
    carried = {k: v for k, v in call.args.items() if k not in shown}
    return Form(command.title, Call(command.name, carried, call.cohort), fields, command.form_note)
