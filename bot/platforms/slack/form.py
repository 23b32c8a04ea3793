"""Draw forms and replies as Slack modals, open them while a trigger is valid, and answer submissions."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, time
from functools import partial
from itertools import takewhile
from typing import Any

from bot.commands import parameter_types
from bot.commands.command import Command, SuggestedValue
from bot.commands.form import Form, FormField, split_label
from bot.commands.parameter_types import BINARY, FILES, Kind
from bot.commands.refusals import COPY, fault
from bot.messages.call import Call
from bot.messages.errors import UserError
from bot.messages.reply import Reply, plain_block, say
from bot.platforms.reply_channel import retry
from bot.platforms.slack import decode, limits
from bot.platforms.slack.client import ApiError, SlackResponse, find_pause, receive
from bot.platforms.slack.decode import Ack, Payload, Route, StateSigner, pack_metadata
from bot.platforms.slack.markdown import PREFIX, is_account, is_channel, paragraphs
from bot.platforms.slack.render import render, section, words
from bot.platforms.slack.request_handler import FIRST_S, Service


def _draw_option(label: str, value: str) -> dict[str, Any]:
    return {"text": words(label, limits.OPTION), "value": value[: limits.VALUE]}


def draw_suggestions(choices: Sequence[SuggestedValue]) -> list[dict[str, Any]]:
    """Return suggestions as options, without values that are too long."""
    fit = [c for c in choices if 0 < len(c.value) <= limits.VALUE]
    return [_draw_option(c.label, c.value) for c in fit[: limits.LIMITS.choices]]


def suggest_time_zones(typed: str) -> list[SuggestedValue]:
    """Return suggestions for a time zone."""
    return [SuggestedValue(zone, zone) for zone in parameter_types.suggest_zones(typed)]


CALLBACK = "form"
_VALUES = ("value", "selected_date", "selected_time", "selected_user", "selected_conversation")
"""Keys of an element's state that can hold its value."""
_FILE_TYPES = {Kind.PICTURE: ("png", "jpg", "jpeg", "webp", "gif"), Kind.DOCUMENT: ("pdf", "txt", "text", "markdown")}
"""What a file of a kind may be; see the file types of Slack's documentation."""
_PICKED = {Kind.ZONE, Kind.UNIT, Kind.GROUP}
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
    form = form.without_folded().without_long_texts(limits.TYPED)
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
    if field.choices or field.is_closed:
        return _draw_static_select(field)
    if field.kind is Kind.TICKS and field.options:
        return _draw_ticks(field)
    param = command.param(field.key) if command else None
    says = param.says if param is not None and param.says.suggest is not None else None
    if field.kind is Kind.ZONE or (
        says is not None and (field.kind in _PICKED or (says.listed and says.field != "with other"))
    ):
        return _draw_external_select(field)
    if field.kind in FILES:
        types = {"filetypes": [*_FILE_TYPES[field.kind]]} if field.kind in BINARY else {}
        return {"type": "file_input", "action_id": field.key, "max_files": 1, **types}
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
    options = [_draw_choice(choice) for choice in field.choices] or draw_suggestions(field.options)
    element["options"] = options[: limits.LIMITS.choices]
    if initial := next((option for option in element["options"] if option["value"] == field.value), None):
        element["initial_option"] = initial
    return element


def _draw_ticks(field: FormField) -> dict[str, Any]:
    """Return a list of boxes; a text that is too long for its label goes on below it."""
    ticked = set(field.value.split(","))
    options: list[dict[str, Any]] = []
    for option in field.options:
        label, rest = split_label(option.label, limits.OPTION)
        more = {"description": words(rest, limits.OPTION)} if rest else {}
        options.append({**_draw_option(label, option.value), **more})
    initial = [option for option in options if option["value"] in ticked]
    return {
        "type": "checkboxes",
        "action_id": field.key,
        "options": options,
        **({"initial_options": initial} if initial else {}),
    }


def _draw_external_select(field: FormField) -> dict[str, Any]:
    fewest = 1 if field.kind is Kind.ZONE else 0
    element: dict[str, Any] = {"type": "external_select", "action_id": field.key, "min_query_length": fewest}
    if field.value and len(field.value) <= limits.VALUE:
        label = next((o.label for o in field.options if o.value == field.value), field.value)
        element["initial_option"] = _draw_option(label, field.value)
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
    return _draw_option(value[:1].upper() + value[1:], value)


def submitted(view: Payload, call: Call) -> Call:
    """Return the Call of a submitted form; an empty field is an empty text."""
    args = dict(call.args)
    for key, elements in ((view.get("state") or {}).get("values") or {}).items():
        for state in elements.values():
            args[str(key)] = _read_value(state)
    return Call(call.name, args, call.group)


def _read_value(state: Payload) -> str:
    if isinstance(ticked := state.get("selected_options"), list):
        return ",".join(str(option["value"]) for option in ticked)
    picked = state.get("selected_option")
    if isinstance(picked, dict):
        picked = picked.get("value")
    return str(picked or next((state[key] for key in _VALUES if state.get(key)), ""))


def field_errors(view: Payload, reply: Reply, call: Call | None = None) -> dict[str, str]:
    """Return a refusal as errors by field; a text that names no field goes to the first. Empty for any other reply.

    A refusal with other buttons than one that corrects or repeats the form stays a message, so that people see its
    buttons.

    Args:
        call: what the form submitted.
    """
    again = replace(call, ask=True) if call is not None else None
    labels = {b["block_id"]: b["label"]["text"] for b in view.get("blocks") or () if b.get("type") == "input"}
    if (
        reply.tone != "error"
        or not labels
        or not all(b.target == again or _corrects(b.target, labels) for b in reply.all_buttons)
    ):
        return {}
    first = next(iter(labels))
    errors: dict[str, str] = {}
    for block in takewhile(lambda block: block != COPY, reply.blocks):  # the form still shows what was typed
        message = plain_block(block, prefix=PREFIX)
        named = [(k, head) for k, label in labels.items() for head in _list_heads(label) if message.startswith(head)]
        key, head = max(named, key=lambda match: len(match[1]), default=(first, ""))
        message = message.removeprefix(f"{head}:").strip() or message
        errors[key] = f"{errors[key]} {message}" if key in errors else message
    return {key: error[: limits.ERROR] for key, error in errors.items()}


def _list_heads(label: str) -> tuple[str, str]:
    """Return the names that a refusal uses for a field: its label, and its label up to the bracket or question mark."""
    return label, label.split(" (")[0].rstrip("?")


def _corrects(target: Call | str, fields: Collection[str]) -> bool:
    return isinstance(target, Call) and target.ask and "draft" in target.args and set(target.wrong) <= set(fields)


SUBMIT_S = 1.5
"""How long a submission waits for errors to show on its fields; Slack allows 3 s."""
TRIGGER_S = 1.2
"""How long to wait for a name and zone within a trigger's 3 s."""
OPEN_S = 1.2
"""Time-out for opening a modal; two tries fit into a trigger's 3 s."""

CHOICE = "choice"
"""Marks a modal that asks for a choice, such as one of several groups, before a form opens."""
UNREADABLE = say("This form has expired. Close it and open it again.", tone="error").settled("private")

log = logging.getLogger(__name__)


class Modals:
    """The modals of one connection.

    Args:
        seal: signs the metadata of views.
    """

    def __init__(self, service: Service, seal: StateSigner) -> None:
        self._service, self._seal = service, seal

    async def interact(self, body: Payload, call: Call, route: Route) -> None:
        """Open the form that a Call needs while its trigger is valid, or run the Call."""
        key, plan = decode.key_of(body), self._service.desk.plan(call)
        if not plan.opens_form:
            if "view" in body and not plan.is_slow:
                return await self._show(call, route, key, body)
            return await self._service.run(call, route, key, body)
        invocation = await self._service.invocation(call, route, key, body, TRIGGER_S)
        try:
            is_open = await self._open(await self._service.desk.form(invocation), route, body)
        except UserError as refusal:
            refused = await self._service.desk.refused(invocation, refusal)
            if decode.is_nowhere(body) and await self._put(read_view(refused, CHOICE), body):
                return None
            return await self._service.answer(call, route).finish(refused)
        except Exception:  # noqa: BLE001  (whoever clicked is told, with a reference)
            return await self._service.answer(call, route).finish(fault(f"opening the form of {call.name}"))
        return None if is_open else await self._service.run(call, route, key, body)

    async def on_suggest(self, ack: Ack, body: Payload) -> None:
        """Suggest values for a form's field."""
        choices: list[SuggestedValue] = []
        try:
            choices = await self._suggest(body)
        except ValueError:
            log.info("a form that is not ours, or of a version no longer known, asked for suggestions")
        except Exception:
            log.exception("suggestions failed")
        await ack(options=draw_suggestions(choices))

    async def on_submit(self, ack: Ack, body: Payload) -> None:
        """Answer a submitted form: a quick refusal shows on its fields, anything else is a message."""
        view = body["view"]
        try:
            call, route = self._read_opened(body)
        except ValueError:
            errors = field_errors(view, UNREADABLE)
            await (ack(response_action="errors", errors=errors) if errors else ack())
            if not errors:
                directly = decode.direct_route(str(body["user"]["id"]))
                await self._service.answer(decode.UNREADABLE, directly).finish(UNREADABLE)
            return
        call = submitted(view, call)
        answer = self._service.answer(call, route)
        working = self._service.start(self._service.work(call, route, decode.key_of(body), body, answer, SUBMIT_S / 2))
        is_slow = self._service.desk.plan(call).is_slow
        await asyncio.wait({working}, timeout=FIRST_S if is_slow else SUBMIT_S)
        reply = working.result() if working.done() and not working.cancelled() else None
        if reply is not None and (errors := field_errors(view, reply, call)):
            await ack(response_action="errors", errors=errors)
            return
        await ack()
        self._service.start(self._service.finish(answer, working, is_slow=is_slow))

    def _read_opened(self, body: Payload) -> tuple[Call, Route]:
        """Return the Call and route of a view; raise ValueError if it is not ours.

        The event names the actor. A view that was opened for another person is answered to its sender directly.
        """
        user = str(body["user"]["id"])
        carried = self._seal.open(str((body.get("view") or {}).get("private_metadata") or ""))
        call, route = decode.read_metadata(carried)
        return call, route if route.user == user else decode.direct_route(user)

    async def _show(self, call: Call, route: Route, key: str, body: Payload) -> None:
        """Answer a click on a view in a modal; a late answer is a direct message."""
        answer = self._service.answer(call, route)
        reply = await self._service.work(call, route, key, body, answer, TRIGGER_S)
        if reply is None or not await self._put(read_view(reply), body):
            await answer.finish(reply)

    async def _put(self, view: dict[str, Any], body: Payload) -> bool:
        """Show a modal: replace the clicked one, or open it; return False if Slack refuses it."""
        clicked = body.get("view") or {}
        posts, trigger = self._service.api.posts, str(body["trigger_id"])

        async def once() -> SlackResponse:
            if clicked.get("type") != "modal":
                return await receive(posts.views_open(trigger_id=trigger, view=view), OPEN_S)
            if "submit" in view and clicked.get("callback_id") != CHOICE:
                return await receive(posts.views_push(trigger_id=trigger, view=view), OPEN_S)
            return await receive(posts.views_update(view_id=str(clicked.get("id")), view=view), OPEN_S)

        async def again() -> SlackResponse | None:
            try:
                return await once()
            except ApiError as error:
                if error.code != "exchanged_trigger_id":
                    raise
                return None  # the first try has opened it

        try:
            await retry(once, partial(find_pause, fault_s=0.0), OPEN_S, after_fault=again)
        except ApiError as error:
            log.warning("a modal did not open: %s", error.code)
            return False
        return True

    async def _open(self, form: Form, route: Route, body: Payload) -> bool:
        """Open the form; return False if the trigger has expired, so that a button has to offer the form again."""
        view = view_of(form, self._service.registry.find(form.call.name), route)
        view["private_metadata"] = self._seal.close(view["private_metadata"])
        return await self._put(view, body)

    async def _suggest(self, body: Payload) -> list[SuggestedValue]:
        call, route = self._read_opened(body)
        command = self._service.registry.find(call.name)
        param = command.param(str(body.get("action_id"))) if command else None
        typed = str(body.get("value") or "")
        if param is None:
            return []
        if param.kind is Kind.ZONE and param.says.suggest is None:
            return suggest_time_zones(typed)
        invocation = await self._service.invocation(call, route, "", body, 0)
        return await self._service.desk.suggest(invocation, param, typed)
