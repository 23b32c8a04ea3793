"""What the page's script asks the server for."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NoReturn

from aiohttp import web

from bot.core.call import Call
from bot.core.command import Choice, Command, ParamSpec
from bot.core.context import Invocation
from bot.core.encoding import valid_data
from bot.core.reply import Reply
from bot.platforms.web import render
from bot.platforms.web.answer import LINE_MAX, Answering, Outcome, Said
from bot.platforms.web.complete import complete
from bot.platforms.web.demo import DemoTime
from bot.platforms.web.people import GENERAL, Person, account_of, find_person, known_zone, place_of
from bot.platforms.web.stream import Streams
from bot.platforms.web.suggest import suggestions
from bot.platforms.web.view import HERE, Views

_KEY = re.compile(r"[A-Za-z0-9-]{4,64}")
BODY_S = 10.0
"""How long a body may take to arrive."""
_NUMBER = re.compile(r"[0-9]{1,18}")


class Routes:
    """The page, its fragments, and what one does on it.

    Args:
        token: given to each page, and asked back with every POST.
    """

    def __init__(
        self,
        answering: Answering,
        views: Views,
        streams: Streams,
        time: DemoTime,
        people: tuple[Person, ...],
        greeting: Callable[[], Awaitable[Reply | None]],
        token: str,
    ) -> None:
        self._answering, self._views, self._streams, self._time = answering, views, streams, time
        self._people, self._greeting, self._token = people, greeting, token
        self._files = {path.name: path for path in (HERE / "static").iterdir()}
        self._registry, self._dispatcher = answering.registry, answering.dispatcher

    def add_to(self, app: web.Application) -> None:
        """Put every route into the app."""
        for path, answer in {
            "/": self.page,
            "/rooms": self.rooms,
            "/room/{room}": self.room,
            "/room/{room}/{thread}": self.room,
            "/form": self.form,
            "/suggest": self.suggest,
            "/complete": self.complete,
            "/events": self.events,
        }.items():
            app.router.add_get(path, answer)
        app.router.add_post("/say", self.say)
        app.router.add_post("/call", self.call)
        app.router.add_post("/demo", self.move)
        app.router.add_get("/static/{name}", self.file)

    async def page(self, request: web.Request) -> web.StreamResponse:
        """Return the page; its script fills in the rooms."""
        return _html(self._views.page(self._registry, self._token, self._time.controls))

    async def file(self, request: web.Request) -> web.StreamResponse:
        """Return one of the files that the page is made of."""
        path = self._files.get(request.match_info["name"])
        if path is None:
            raise web.HTTPNotFound(text="The page has no such file.")
        return web.FileResponse(path)

    async def rooms(self, request: web.Request) -> web.StreamResponse:
        """Return the list of rooms as a fragment."""
        return _html(await self._views.rooms(self._person(request.query)))

    async def room(self, request: web.Request) -> web.StreamResponse:
        """Return a room's messages as a fragment."""
        said = self._said({**request.query, **request.match_info, "key": "room"})
        is_start = said.place.room == GENERAL and said.place.thread is None
        greeting = await self._greeting() if is_start else None
        return _html(await self._views.room(said.place, said.zone, greeting))

    async def form(self, request: web.Request) -> web.StreamResponse:
        """Return a form."""
        said = self._said({**request.query, "key": "form"})
        return self._told(said, await self._answering.form(said, _unpacked(request.query.get("packed", ""))))

    async def say(self, request: web.Request) -> web.StreamResponse:
        """Answer a typed line."""
        data = await _body(request)
        text = data.get("text")
        if not isinstance(text, str) or not text.strip() or len(text) > LINE_MAX:
            _bad(f"A line has 1 to {LINE_MAX} characters.")
        said = self._said(data)
        return self._told(said, await self._answering.line(said, text))

    async def call(self, request: web.Request) -> web.StreamResponse:
        """Answer a click, or a form if values come with it."""
        data = await _body(request)
        packed, values = data.get("packed"), data.get("values")
        if not isinstance(packed, str) or not isinstance(values, dict | None):
            _bad("A click names its call.")
        said = self._said(data)
        if values is None:
            return self._told(said, await self._answering.click(said, packed))
        typed = {str(k): str(v)[:LINE_MAX] for k, v in values.items()}
        return self._told(said, await self._answering.submit(said, packed, typed))

    async def complete(self, request: web.Request) -> web.StreamResponse:
        """Return what a half-typed line may become."""
        said = self._said({**request.query, "key": "complete"})

        async def suggest(command: Command, param: ParamSpec, typed: str) -> list[Choice]:
            return await self._choices(said, Call(command.name), param, typed)

        found = await complete(self._registry, request.query.get("text", "")[:LINE_MAX], suggest)
        options = [{"line": o.line, "label": o.label, "note": o.note} for o in found.options]
        return web.json_response({"options": options, "usage": found.usage, "summary": found.summary})

    async def suggest(self, request: web.Request) -> web.StreamResponse:
        """Return suggestions for a form's field."""
        said = self._said({**request.query, "key": "suggest"})
        call = _unpacked(request.query.get("packed", ""))
        command = self._registry.find(call.name)
        param = command.param(request.query.get("param", "")) if command else None
        found = await self._choices(said, call, param, request.query.get("typed", "")[:200]) if param else []
        return web.json_response([{"label": c.label, "value": c.value} for c in found])

    async def _choices(self, said: Said, call: Call, param: ParamSpec, typed: str) -> list[Choice]:
        if param.says.suggest is None:
            return suggestions(param, typed, self._people, said.zone)
        invocation = Invocation(call, account_of(said.person, said.zone), said.place, "")
        return (await self._dispatcher.suggest(invocation, param, typed))[: render.LIMITS.choices]

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Tell an open page what changes, until it leaves."""
        return await self._streams.serve(request, {"token": self._token, **self._time.state()})

    async def move(self, request: web.Request) -> web.StreamResponse:
        """Move the demo's time."""
        to, controls = (await _body(request)).get("to"), self._time.controls
        if controls is None or to not in ("hour", "day", "post"):
            _bad("Only the demo moves time.")
        if self._time.is_moving:
            raise web.HTTPConflict(text="Time is already moving.")
        await self._time.move(controls, to)
        return web.json_response(self._time.state())

    def _told(self, said: Said, outcome: Outcome) -> web.Response:
        told: dict[str, object] = {"do": outcome.do}
        if outcome.form is not None:
            told |= {"html": self._views.form(outcome.form), "packed": outcome.form.call.pack()}
        if outcome.reply is not None and outcome.do == "refused":
            told |= {"html": str(render.card(outcome.reply, said.zone))}
        elif outcome.reply is not None:
            html = self._views.private(outcome.reply, said.zone, outcome.line, said.key)
            told |= {"html": html, "replaces": outcome.reply.replaces}
        if outcome.errors:
            told["errors"] = {key: str(render.line(text, said.zone)) for key, text in outcome.errors.items()}
        return web.json_response(told)

    def _said(self, data: Mapping[str, Any]) -> Said:
        person, key, zone, ref = self._person(data), data.get("key"), data.get("zone"), data.get("ref")
        thread = str(data.get("thread") or "")
        place = place_of(person, str(data.get("room", GENERAL)), thread or None)
        if place is None or (thread and not _NUMBER.fullmatch(thread)):
            raise web.HTTPNotFound(text="There is no such room for this person.")
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            _bad("A submission carries its own key.")
        if ref and not _NUMBER.fullmatch(str(ref)):
            _bad("A message is named by its number.")
        return Said(person, place, known_zone(zone if isinstance(zone, str) else None), key, str(ref) if ref else None)

    def _person(self, data: Mapping[str, Any]) -> Person:
        person = find_person(self._people, str(data.get("as")))
        if person is None:
            raise web.HTTPNotFound(text="Nobody of that name is on this page.")
        return person


def _html(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/html", headers={"Cache-Control": "no-store"})


def _unpacked(packed: str) -> Call:
    try:
        return Call.unpack(packed)
    except ValueError:
        _bad("That is no call.")


async def _body(request: web.Request) -> dict[str, Any]:
    try:
        async with asyncio.timeout(BODY_S):
            data = valid_data(await request.json())
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="The body took too long to come.") from None
    except (ValueError, LookupError):  # no JSON, or in a charset that there is not
        _bad("The body is not JSON.")
    except RecursionError:
        _bad("The body is nested too deep.")
    if not isinstance(data, dict):
        _bad("The body is not a JSON object.")
    return data


def _bad(sentence: str) -> NoReturn:
    raise web.HTTPBadRequest(text=sentence)
