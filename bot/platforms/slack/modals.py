"""Open and answer modals: forms of commands, and replies to clicks on a view while its trigger is valid."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from bot.commands.command import SuggestedValue
from bot.commands.form import Form
from bot.commands.parameter_types import Kind
from bot.commands.refusals import fault
from bot.messages.call import Call
from bot.messages.errors import UserError
from bot.messages.reply import say
from bot.platforms.slack import autocomplete, decode
from bot.platforms.slack.client import ApiError, SlackResponse, settle
from bot.platforms.slack.decode import Ack, Payload, Route
from bot.platforms.slack.form import field_errors, read_view, submitted, view_of
from bot.platforms.slack.request_handler import FIRST_S, Service
from bot.platforms.slack.retry import patiently
from bot.platforms.slack.signed_state import StateSigner

SUBMIT_S = 1.5
"""How long a submission waits for errors to show on its fields; Slack allows 3 s."""
TRIGGER_S = 1.2
"""How long to wait for a name and zone within a trigger's 3 s."""
OPEN_S = 1.2
"""Time-out for opening a modal; two tries fit into a trigger's 3 s."""

CHOICE = "choice"
"""Marks a modal that asks for a choice, such as one of several groups, before a form opens."""
UNREADABLE = say("I can't read this form any more. Close it, and open it again.", tone="error").settled("private")

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
        key = decode.key_of(body)
        if not self._service.desk.wants_form(call):
            if "view" in body and not self._service.desk.is_slow(call):
                return await self._show(call, route, key, body)
            return await self._service.run(call, route, key, body)
        invocation = await self._service.invocation(call, route, key, body, TRIGGER_S)
        try:
            is_open = await self._open(await self._service.desk.form(invocation), route, body)
        except UserError as refusal:
            refused = await self._service.desk.refused(invocation, refusal)
            if decode.is_nowhere(body) and await self._put(read_view(refused, CHOICE), body):
                return None
            return await self._service.answer(call, route, body).finish(refused)
        except Exception:  # noqa: BLE001  (whoever clicked is told, with a reference)
            return await self._service.answer(call, route, body).finish(fault(f"opening the form of {call.name}"))
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
        await ack(options=autocomplete.options(choices))

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
                await self._service.answer(decode.UNREADABLE, directly, body).finish(UNREADABLE)
            return
        call = submitted(view, call)
        answer = self._service.answer(call, route, body)
        working = self._service.start(self._service.work(call, route, decode.key_of(body), body, answer, SUBMIT_S / 2))
        is_slow = self._service.desk.is_slow(call)
        await asyncio.wait({working}, timeout=FIRST_S if is_slow else SUBMIT_S)
        reply = working.result() if working.done() and not working.cancelled() else None
        if reply is not None and (errors := field_errors(view, reply)):
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
        answer = self._service.answer(call, route, body)
        reply = await self._service.work(call, route, key, body, answer, TRIGGER_S)
        if reply is None or not await self._put(read_view(reply), body):
            await answer.finish(reply)

    async def _put(self, view: dict[str, Any], body: Payload) -> bool:
        """Show a modal: replace the clicked one, or open it; return False if Slack refuses it."""
        clicked = body.get("view") or {}
        posts, trigger = self._service.api.posts, str(body["trigger_id"])

        async def once() -> SlackResponse:
            if clicked.get("type") != "modal":
                return await settle(posts.views_open(trigger_id=trigger, view=view), OPEN_S)
            if "submit" in view and clicked.get("callback_id") != CHOICE:
                return await settle(posts.views_push(trigger_id=trigger, view=view), OPEN_S)
            return await settle(posts.views_update(view_id=str(clicked.get("id")), view=view), OPEN_S)

        async def again() -> SlackResponse | None:
            try:
                return await once()
            except ApiError as error:
                if error.code != "exchanged_trigger_id":
                    raise
                return None  # the first try has opened it

        try:
            await patiently(once, again, OPEN_S, 0.0)
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
            return autocomplete.zones(typed)
        invocation = await self._service.invocation(call, route, "", body, 0)
        return await self._service.desk.suggest(invocation, param, typed)
