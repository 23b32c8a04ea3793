"""Acknowledge Slack's events, decode them and pass them on; follow-ups in a thread need no mention."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import re
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.commands.registry import Registry
from bot.commands.request import silent
from bot.messages.call import Call
from bot.messages.reply import Reply
from bot.platforms.reply_channel import ThreadParticipants
from bot.platforms.slack import decode
from bot.platforms.slack.client import ApiError, receive
from bot.platforms.slack.decode import Ack, Payload, Route, StateSigner
from bot.platforms.slack.form import Modals
from bot.platforms.slack.manifest import COMMAND
from bot.platforms.slack.render import render
from bot.platforms.slack.request_handler import PROFILE_S, Service
from bot.understanding import intents
from bot.understanding.intents import Way

HOME = Call("home")
TAB_KEPT_S, MOST_TABS = 86_400.0, 2000
"""How long after its opening a tab is kept up to date, and how many tabs are."""
SETTLE_S = 1.0
"""Changes within this time are drawn once."""

_DRAWN = count()
log = logging.getLogger(__name__)


@dataclass
class Tab:
    """A person's tab: `until` when it is kept up to date, the digest of what is `shown`, and if a redraw `is_due`."""

    until: float
    shown: str = ""
    is_due: bool = False


class HomeTabs:
    """The Home tabs of one connection; a tab that cannot be drawn stays unchanged."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._tabs: OrderedDict[str, Tab] = OrderedDict()

    async def on_opened(self, body: Payload) -> None:
        """Draw a tab when its person opens it."""
        event = body["event"]
        if event.get("tab", "home") != "home":
            return
        user = str(event["user"])
        tab = self._tabs[user] = Tab(asyncio.get_running_loop().time() + TAB_KEPT_S)
        self._tabs.move_to_end(user)
        while len(self._tabs) > MOST_TABS:
            self._tabs.popitem(last=False)
        self._service.start(self._draw(user, tab))

    def changed(self, user: str) -> None:
        """Redraw a person's tab in a moment, if they opened it within the last day."""
        tab = self._tabs.get(user)
        if tab is not None and not tab.is_due and asyncio.get_running_loop().time() < tab.until:
            tab.is_due = True
            self._service.start(self._redraw(user, tab))

    async def _redraw(self, user: str, tab: Tab) -> None:
        await asyncio.sleep(SETTLE_S)
        tab.is_due = False
        await self._draw(user, tab)

    async def _draw(self, user: str, tab: Tab) -> None:
        key, route = f"slack:home:{user}:{next(_DRAWN)}", decode.direct_route(user)
        invocation = await self._service.invocation(HOME, route, key, {}, PROFILE_S)
        reply = await self._service.desk.answer(invocation, silent)
        if reply is None or (tab.shown and reply.tone == "error"):
            return
        view = view_of(reply)
        digest = hashlib.sha256(json.dumps(view).encode()).hexdigest()
        if digest == tab.shown:
            return
        try:
            await receive(self._service.api.posts.views_publish(user_id=user, view=view))
        except ApiError as error:
            log.info("a Home tab was not drawn: %s", error.code)
            return
        tab.shown = digest


def view_of(reply: Reply) -> dict[str, Any]:
    """Return a reply as a Home tab, where Slack accepts no tables."""
    return {"type": "home", "blocks": render(reply, has_tables=False).blocks}


class SlackListener:
    """Handles the events of one connection.

    Args:
        seal: signs the metadata of views.
        bot_user: the bot's own id, as mentions spell it.
        directs: Slack's ids of direct conversations by person, filled as people write.
    """

    def __init__(self, service: Service, *, seal: StateSigner, bot_user: str, directs: dict[str, str]) -> None:
        self._service, self._modals, self._homes = service, Modals(service, seal), HomeTabs(service)
        service.changed = self._homes.changed
        self._registry, self._team, self._bot_user = service.registry, service.team, bot_user
        self._directs = directs
        self._overhearing = Overhearing(service.registry, service.team, bot_user)

    def listen(self, app: AsyncApp) -> None:
        """Register the handlers with the app."""
        anything = re.compile(r".*", re.DOTALL)
        app.command(COMMAND)(self.on_slash)
        app.event("app_home_opened")(self._homes.on_opened)
        app.event("app_mention")(self.on_mention)
        app.event("message")(self.on_message)
        app.shortcut(anything)(self.on_menu)
        app.action(anything)(self.on_click)
        app.options(anything)(self._modals.on_suggest)
        app.view(anything)(self._modals.on_submit)

    async def on_slash(self, ack: Ack, body: Payload) -> None:
        """Answer `/study TEXT`."""
        await ack()
        route = decode.slash_route(body)
        way: Way = "direct" if route.is_direct else "slash"
        text = str(body.get("text") or "")
        self._service.start(
            self._modals.interact(body, decode.read_text(self._registry, text, self._bot_user, way), route)
        )

    async def on_click(self, ack: Ack, body: Payload) -> None:
        """Answer a button; one that opens a web page needs no answer."""
        await ack()
        if call := decode.clicked_call(body):
            self._service.start(self._modals.interact(body, call, decode.click_route(body)))

    async def on_menu(self, ack: Ack, body: Payload) -> None:
        """Answer a click in a message's menu or among the shortcuts."""
        await ack()
        if call := decode.upon(self._registry, body):
            self._service.start(self._modals.interact(body, call, decode.menu_route(body)))

    async def on_mention(self, body: Payload) -> None:
        """Answer a mention in a channel or a direct message."""
        event = body["event"]
        if not decode.is_said(event):
            return
        route = decode.message_route(event)
        way: Way = "direct" if route.is_direct else "mention"
        text = str(event.get("text") or "")
        call = decode.read_text(self._registry, text, self._bot_user, way)
        further = decode.read_text(self._registry, text, self._bot_user, way, follows=True)
        if route.thread is not None and further != call:
            self._service.start(self._carry_on(further, body, otherwise=call))
            return
        call = intents.with_file(self._registry, call, *decode.file_of(event))
        self._service.start(self._run(call, route, decode.message_key(self._team, event), body))

    async def on_message(self, body: Payload) -> None:
        """Answer direct messages, follow-ups in an answer's thread, and edits that add a mention; ignore all else."""
        event = body["event"]
        if event.get("channel_type") != "im":
            if (edited := decode.find_added_mention(event, self._bot_user)) is not None:
                await self.on_mention({**body, "event": edited})
            elif (call := self._overhearing.follow_up(event)) is not None:
                self._service.start(self._carry_on(call, body))
            return
        if event.get("user"):
            self._directs[str(event["user"])] = str(event["channel"])
        await self.on_mention(body)

    async def _carry_on(self, call: Call, body: Payload, otherwise: Call | None = None) -> None:
        """Run a Call if its line follows up an answer; else run `otherwise`, if given."""
        route, key = decode.message_route(body["event"]), decode.message_key(self._team, body["event"])
        await self._overhearing.settled(route)
        goes_on = await self._service.desk.carries_on(await self._service.invocation(call, route, key, body, 0))
        if (heard := call if goes_on else otherwise) is not None:
            await self._run(heard, route, key, body)

    async def _run(self, call: Call, route: Route, key: str, body: Payload) -> None:
        with self._overhearing.answering(route):
            await self._service.run(call, route, key, body)


class Overhearing:
    """Distinguishes messages to the bot from messages between people.

    Args:
        team: the workspace.
        bot_user: the bot's own id, as mentions spell it.
    """

    def __init__(self, registry: Registry, team: str, bot_user: str) -> None:
        self._registry, self._team, self._bot_user = registry, team, bot_user
        self._participants = ThreadParticipants()
        self._underway: dict[tuple[str, str], list[asyncio.Event]] = {}

    def follow_up(self, event: Payload) -> Call | None:
        """Return the Call of a line that may follow up an answer in its thread; None for any other line."""
        text = str(event.get("text") or "")
        # a line that names the bot comes as a mention too
        is_mention = f"<@{self._bot_user}" in text
        if not event.get("thread_ts") or is_mention or event.get("edited") or not decode.is_said(event):
            return None
        route = decode.message_route(event)
        thread = route.place(self._team)
        call = intents.carry_on(self._registry, decode.spelled(text))
        if call is None or self._participants.are_talking(thread, route.user):
            self._participants.note(thread, route.user)
            return None
        return call

    @contextmanager
    def answering(self, route: Route) -> Iterator[None]:
        """Note that the bot is answering here; the next message may be for it and waits until it has answered."""
        self._participants.clear(route.place(self._team))
        thread = route.channel, route.reply_in or route.thread or ""
        done = asyncio.Event()
        self._underway.setdefault(thread, []).append(done)
        try:
            yield
        finally:
            done.set()
            self._underway[thread].remove(done)
            if not self._underway[thread]:
                del self._underway[thread]

    async def settled(self, route: Route) -> None:
        """Wait for answers under way in a thread, because a follow-up needs the finished answer."""
        for done in list(self._underway.get((route.channel, route.thread or ""), ())):
            await done.wait()
