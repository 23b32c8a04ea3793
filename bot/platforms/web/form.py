"""Check submitted forms of the page. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from bot.commands import parsing
from bot.commands.command import Command
from bot.messages.call import DRAFT, WRONG, Call
from bot.messages.reply import Button, Reply


def errors(command: Command, call: Call, today: date) -> Mapping[str, str]:
    """Return the errors of the values by field key."""
    match parsing.plan(command, call, today):
        case parsing.Wrong(errors):
            labels = {p.key: f"**{p.head}**: " for p in command.params}
            return {key: _capitalise(text.removeprefix(labels.get(key, ""))) for key, text in errors.items()}
        case parsing.NeedsForm(missing) if missing:
            wanted = (p for p in command.params if p.key in missing)
            return {p.key: f"This is missing. Example: `{p.example}`" for p in wanted}
        case parsing.NeedsForm():
            return {"": "Nothing is filled in."}
        case _:
            return {}


def is_opened_by(target: Call, command: Command, form: Call) -> bool:
    """Whether a button opens this form; arguments other than fields and draft must be equal."""
    if (target.name, target.cohort) != (form.name, form.cohort):
        return False
    fields = {DRAFT, WRONG, *(p.key for p in command.form_params)}
    return all(form.args.get(key) == text for key, text in target.args.items() if key not in fields)


def _reopens(target: Call | str, fields: Collection[str]) -> bool:
    return isinstance(target, Call) and target.ask and DRAFT in target.args and set(target.wrong) <= set(fields)


def _capitalise(text: str) -> str:
    return text[:1].upper() + text[1:]


def without_way_back(reply: Reply, fields: Collection[str]) -> Reply:
    """Return a form's refusal without the button that reopens the form, which is still open.

    Args:
        fields: the fields of the form; a button to another field stays.
    """

    def is_way_back(button: Button) -> bool:
        return _reopens(button.target, fields)

    return reply.filter_buttons(lambda button: not is_way_back(button))
