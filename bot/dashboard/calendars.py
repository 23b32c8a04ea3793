"""Serve the dates of a person's groups to calendar apps, at a secret address."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from aiohttp import web

from bot.commands.request import silent
from bot.dashboard.auth import Door
from bot.dashboard.page_services import PageServices
from bot.features.calendar_feed.commands import PATH
from bot.features.calendar_feed.service import Agenda, Subscriber, document
from bot.server.mount import Mount
from bot.storage.unit_of_work import Work

_KEY = re.compile(r"[\w-]{20,64}")
_HEADERS = {"Cache-Control": "private, max-age=300", "Content-Disposition": 'inline; filename="trailmate.ics"'}
_NOT_PRIVATE = "This connection isn't encrypted. Ask the bot's operator to serve the calendar by https."
_NONE = "This calendar address no longer works. For a new one, type `calendar` in your group's channel."


@dataclass(frozen=True)
class Calendars:
    """Answers calendar apps."""

    desk: PageServices
    door: Door

    @property
    def mount(self) -> Mount:
        """The calendars, for the server."""
        return Mount("calendar", lambda: [web.get(PATH + "/{key}.ics", self.answer)], self.door.admit, is_public=True)

    async def answer(self, request: web.Request) -> web.Response:
        """Return a person's calendar, or status 304 if it has not changed."""
        if not self.door.is_private(request):
            raise web.HTTPForbidden(text=_NOT_PRIVATE)
        key = request.match_info["key"]
        whose = await self._find(key) if _KEY.fullmatch(key) else None
        if whose is None:
            raise web.HTTPNotFound(text=_NONE)
        body = await self._draw_document(whose)
        tag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        headers = {**_HEADERS, "ETag": tag}
        if tag in (part.strip().removeprefix("W/") for part in request.headers.get("If-None-Match", "").split(",")):
            return web.Response(status=304, headers=headers)
        return web.Response(body=body, content_type="text/calendar", charset="utf-8", headers=headers)

    async def _find(self, key: str) -> Subscriber | None:
        now = self.desk.clock.now()
        return await self.desk.database.run(lambda work: self._get_agenda(work).subscriber(key, now), writes=False)

    async def _draw_document(self, whose: Subscriber) -> bytes:
        """Return the calendar file; changed events get new sequence numbers, and without changes nothing is written."""
        now, run = self.desk.clock.now(), self.desk.database.run
        # people who left a server no longer see its groups
        there = {
            tenant for tenant, account in whose.accounts.items() if await self.desk.lookout.present(account) is not None
        }

        def read(work: Work) -> tuple[bytes, bool]:
            agenda = self._get_agenda(work)
            events, zone = agenda.events(whose.account_id, there, now)
            return document(events, whose.zone or zone), agenda.is_told(events)

        body, is_told = await run(read, writes=False)
        return body if is_told else (await run(read))[0]

    def _get_agenda(self, work: Work) -> Agenda:
        made = self.desk.supply({"agenda": Agenda}, work, silent)["agenda"]
        assert isinstance(made, Agenda)
        return made
