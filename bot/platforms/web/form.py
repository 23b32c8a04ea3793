"""A form of the page that was sent: what is wrong with it, and which button opens it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from bot.commands import parsing
from bot.commands.command import Command
from bot.messages.call import DRAFT, WRONG, Call
from bot.messages.reply import Button, Reply


def errors(command: Command, call: Call, today: date) -> Mapping[str, str]:
    """Return what is wrong with the values, by the key of each field."""
    match parsing.plan(command, call, today):
        case parsing.Wrong(errors):
            labels = {p.key: f"**{p.head}**: " for p in command.params}
            return {key: _upper(text.removeprefix(labels.get(key, ""))) for key, text in errors.items()}
        case parsing.NeedsForm(missing) if missing:
            wanted = (p for p in command.params if p.key in missing)
            return {p.key: f"This is missing. Example: `{p.example}`" for p in wanted}
        case parsing.NeedsForm():
            return {"": "Nothing is filled in."}
        case _:
            return {}


def is_opened_by(target: Call, command: Command, form: Call) -> bool:
    """Whether a button that asks for a form opens this one; what it carries beside fields and draft stays as it was."""
    if (target.name, target.cohort) != (form.name, form.cohort):
        return False
    shown = {DRAFT, WRONG, *(p.key for p in command.form_params)}
    return all(form.args.get(key) == text for key, text in target.args.items() if key not in shown)


def _reopens(target: Call | str, shown: Collection[str]) -> bool:
    return isinstance(target, Call) and target.ask and DRAFT in target.args and set(target.wrong) <= set(shown)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def without_way_back(reply: Reply, shown: Collection[str]) -> Reply:
    """Return a form's refusal without the button that opens the form again: it is still open.

    Args:
        shown: the fields of the form; a button to another field stays.
    """

    def is_way_back(button: Button) -> bool:
        return _reopens(button.target, shown)

    return reply.filter_buttons(lambda button: not is_way_back(button))
