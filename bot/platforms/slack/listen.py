"""What Slack sends, from acknowledgement to answer."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.core import binding
from bot.core.call import Call
from bot.core.command import Choice
from bot.core.context import ALONE, Invocation, Place
from bot.core.errors import UserError
from bot.core.form import Form
from bot.core.hearing import Way
from bot.core.platform import Desk, Mended, unheard
from bot.core.refusal import fault
from bot.core.registry import Registry
from bot.core.reply import Reply
from bot.core.traces import logged
from bot.core.values import Kind
from bot.platforms.slack import decode, files, suggest
from bot.platforms.slack.answer import Answer, ResponseUrls
from bot.platforms.slack.client import Api, ApiError, Pacer, settle
from bot.platforms.slack.decode import Payload, Route
from bot.platforms.slack.form import field_errors, submitted, view_of
from bot.platforms.slack.manifest import COMMAND, UNARCHIVED
from bot.platforms.slack.overhear import Overhearing
from bot.platforms.slack.people import People
from bot.platforms.slack.pictures import NO_PICTURES, Album
from bot.platforms.slack.seal import Seal
from bot.platforms.slack.strand import Heads

Ack = Callable[..., Awaitable[Any]]

FIRST_S = 0.7
"""How long a slow command may take before something is said meanwhile."""
SUBMIT_S = 1.5
"""How long a submission stays open for an error on its field; Slack gives 3 s."""
PROFILE_S, TRIGGER_S, GRANTS_S = 2.0, 1.2, 6.0
"""How long to wait for a name and zone, how long while a trigger's 3 s run, and to see who may do it."""

log = logging.getLogger(__name__)


class Listener:
    """Answers the events of one connection.

    Args:
        seal: marks what a view carries.
        bot_user: the bot's own id, as mentions spell it.
        directs: Slack's ids of direct conversations by person, filled as people write.
        mended: told when a room may take messages again.
        album: the pictures of messages.
    """

    def __init__(
        self,
        registry: Registry,
        dispatcher: Desk,
        api: Api,
        people: People,
        pacer: Pacer,
        *,
        seal: Seal,
        team: str,
        bot_user: str,
        directs: dict[str, str],
        mended: Mended = unheard,
        album: Album = NO_PICTURES,
    ) -> None:
        self._album = album
        self._registry, self._dispatcher = registry, dispatcher
        self._api, self._people, self._pacer = api, people, pacer
        self._team, self._bot_user, self._directs, self._mended = team, bot_user, directs, mended
        self._urls, self._seal = ResponseUrls(api), seal
        self._heads, self._overhearing = Heads(api, bot_user), Overhearing(registry, team, bot_user)
        self._tasks: set[asyncio.Task[Any]] = set()

    def listen(self, app: AsyncApp) -> None:
        """Register with the app: everything that it is sent is answered here."""
        anything = re.compile(r".*", re.DOTALL)
        app.command(COMMAND)(self.on_slash)
        app.event("app_mention")(self.on_mention)
        app.event("message")(self.on_message)
        for name in ("member_joined_channel", *UNARCHIVED):
            app.event(name)(self.on_room)
        app.shortcut(anything)(self.on_menu)
        app.action(anything)(self.on_click)
        app.options(anything)(self.on_suggest)
        app.view(anything)(self.on_submit)

    async def drain(self, seconds: float) -> None:
        """Let what is under way end, then end it."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in set(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def on_slash(self, ack: Ack, body: Payload) -> None:
        """Answer `/study TEXT`."""
        await ack()
        route = decode.slash_route(body)
        way: Way = "direct" if route.is_direct else "slash"
        text = str(body.get("text") or "")
        self._start(self._interact(body, decode.read_text(self._registry, text, self._bot_user, way), route))

    async def on_click(self, ack: Ack, body: Payload) -> None:
        """Answer a button; one that opens a page needs no answer."""
        await ack()
        if call := decode.clicked_call(body):
            self._start(self._interact(body, call, decode.click_route(body)))

    async def on_menu(self, ack: Ack, body: Payload) -> None:
        """Answer a click in the menu of a message."""
        await ack()
        if call := decode.upon(self._registry, body):
            self._start(self._interact(body, call, decode.menu_route(body)))

    async def on_mention(self, body: Payload) -> None:
        """Answer a mention in a channel, or a line that was said to the bot alone."""
        event = body["event"]
        if not decode.is_said(event):
            return
        route = decode.message_route(event)
        way: Way = "direct" if route.is_direct else "mention"
        text = str(event.get("text") or "")
        call = decode.read_text(self._registry, text, self._bot_user, way)
        further = decode.read_text(self._registry, text, self._bot_user, way, follows=True)
        if route.thread is not None and further != call:
            self._start(self._carry_on(further, body, otherwise=call))
            return
        call = binding.with_file(self._registry.find(call.name), call, decode.file_link(event))
        self._overhearing.answers(route)
        self._start(self._run(call, route, decode.message_key(self._team, event), body))

    async def on_message(self, body: Payload) -> None:
        """Answer a direct message, and what goes on with an answer in its thread; what else is said is not for us."""
        event = body["event"]
        if event.get("channel_type") != "im":
            if (call := self._overhearing.follow_up(event)) is not None:
                self._start(self._carry_on(call, body))
            return
        if event.get("user"):
            self._directs[str(event["user"])] = str(event["channel"])
        await self.on_mention(body)

    async def on_room(self, body: Payload) -> None:
        """Say that a channel is in use again, or has the bot in it, perhaps again."""
        event = body["event"]
        if event.get("type") in UNARCHIVED or event.get("user") == self._bot_user:
            await self._mended(Place("slack", self._team, str(event["channel"])))

    async def on_suggest(self, ack: Ack, body: Payload) -> None:
        """Answer a half-typed value of a form's field."""
        choices: list[Choice] = []
        try:
            choices = await self._suggest(body)
        except ValueError:
            log.info("a form that is not ours, or of a version no longer known, asked for suggestions")
        except Exception:
            log.exception("suggestions failed")
        await ack(options=suggest.options(choices))

    async def on_submit(self, ack: Ack, body: Payload) -> None:
        """Answer a form: a refusal within a moment comes back on its fields, all else as a message."""
        view = body["view"]
        try:
            call, route = self._began(body)
        except ValueError:
            call, route = decode.UNREADABLE, decode.direct_route(str(body["user"]["id"]))
        call = submitted(view, call)
        answer = self._answer(call, route, body)
        working = self._start(self._work(call, route, decode.key_of(body), body, answer, SUBMIT_S / 2))
        is_slow = self._dispatcher.is_slow(call)
        await asyncio.wait({working}, timeout=FIRST_S if is_slow else SUBMIT_S)
        reply = working.result() if working.done() and not working.cancelled() else None
        if reply is not None and (errors := field_errors(view, reply)):
            await ack(response_action="errors", errors=errors)
            return
        await ack()
        self._start(self._finish(answer, working, is_slow=is_slow))

    def _start(self, doing: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.create_task(logged(doing, log))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _began(self, body: Payload) -> tuple[Call, Route]:
        """Return what a view was opened for, and the ways back for whoever sends it; ValueError if it is not ours.

        Who acts is whom the event names: somebody else's view is answered to its sender, who may not see that room.
        """
        user = str(body["user"]["id"])
        carried = self._seal.open(str((body.get("view") or {}).get("private_metadata") or ""))
        call, route = decode.read_metadata(carried)
        return call, route if route.user == user else decode.direct_route(user)

    def _answer(self, call: Call, route: Route, body: Payload) -> Answer:
        is_private, team = self._dispatcher.is_private(call), decode.home_of(body) or self._team
        return Answer(self._api, self._urls, self._pacer, route, is_private=is_private, team=team, album=self._album)

    async def _carry_on(self, call: Call, body: Payload, otherwise: Call | None = None) -> None:
        """Run a Call if its line goes on with an answer; else what the line is without one."""
        route, key = decode.message_route(body["event"]), decode.message_key(self._team, body["event"])
        goes_on = await self._dispatcher.carries_on(await self._invocation(call, route, key, body, 0))
        if (heard := call if goes_on else otherwise) is not None:
            self._overhearing.answers(route)
            await self._run(heard, route, key, body)

    async def _interact(self, body: Payload, call: Call, route: Route) -> None:
        """Open the form that a Call wants while its trigger lives, or run it."""
        key = decode.key_of(body)
        if not self._dispatcher.wants_form(call):
            return await self._run(call, route, key, body)
        invocation = await self._invocation(call, route, key, body, TRIGGER_S)
        try:
            is_open = await self._open(await self._dispatcher.form(invocation), route, str(body["trigger_id"]))
        except UserError as refusal:
            return await self._answer(call, route, body).finish(await self._dispatcher.refused(invocation, refusal))
        except Exception:  # noqa: BLE001  (whoever clicked is told, with a reference)
            return await self._answer(call, route, body).finish(fault(f"opening the form of {call.name}"))
        return None if is_open else await self._run(call, route, key, body)

    async def _open(self, form: Form, route: Route, trigger: str) -> bool:
        """Open the form; False if Slack no longer takes the trigger, so that a button has to offer it again."""
        view = view_of(form, self._registry.find(form.call.name), route)
        view["private_metadata"] = self._seal.close(view["private_metadata"])
        try:
            await settle(self._api.posts.views_open(trigger_id=trigger, view=view))
        except ApiError as error:
            log.warning("the form of %s did not open: %s", form.call.name, error.code)
            return False
        return True

    async def _run(self, call: Call, route: Route, key: str, body: Payload) -> None:
        answer = self._answer(call, route, body)
        working = self._start(self._work(call, route, key, body, answer, PROFILE_S))
        if is_slow := self._dispatcher.is_slow(call):
            await asyncio.wait({working}, timeout=FIRST_S)
        await self._finish(answer, working, is_slow=is_slow)

    async def _finish(self, answer: Answer, working: asyncio.Task[Reply | None], *, is_slow: bool) -> None:
        try:
            if is_slow and not working.done():
                await answer.hold()
            reply = await working
        except asyncio.CancelledError:
            if is_slow:
                await answer.break_off()
            raise
        await answer.finish(reply)

    async def _work(
        self, call: Call, route: Route, key: str, body: Payload, answer: Answer, within_s: float
    ) -> Reply | None:
        async def show(reply: Reply) -> None:
            try:
                await answer.show(reply)
            except Exception:
                log.exception("a state of an answer was not shown")

        command = self._registry.find(call.name)
        if command is not None and command.role == "moderator":
            within_s = GRANTS_S
        try:
            invocation = await self._invocation(call, route, key, body, within_s)
            invocation = await files.attached(self._api, self._registry, invocation, body)
            return await self._dispatcher.answer(invocation, show)
        except UserError as refusal:
            return await self._dispatcher.refused(invocation, refusal)
        except Exception:  # noqa: BLE001  (whoever asked is told, with a reference)
            return fault(f"answering {call.name}")

    async def _invocation(self, call: Call, route: Route, key: str, body: Payload, within_s: float) -> Invocation:
        account = await self._people.account(route.user, decode.name_of(body), decode.home_of(body), within_s=within_s)
        at = decode.instant(str(body["event"]["ts"])) if "event" in body else None
        is_asked = bool(key) and self._dispatcher.is_slow(call) and not self._dispatcher.wants_form(call)
        strand = await self._heads.of(body, route) if is_asked else ALONE
        # what a form remembers of its place proves nothing: it may be old
        place, is_there = route.place(self._team), "view" not in body
        return Invocation(call, account, place, key, at, is_there=is_there, strand=strand)

    async def _suggest(self, body: Payload) -> list[Choice]:
        call, route = self._began(body)
        command = self._registry.find(call.name)
        param = command.param(str(body.get("action_id"))) if command else None
        typed = str(body.get("value") or "")
        if param is None:
            return []
        if param.kind is Kind.ZONE and param.says.suggest is None:
            return suggest.zones(typed)
        invocation = await self._invocation(call, route, "", body, 0)
        return await self._dispatcher.suggest(invocation, param, typed)
