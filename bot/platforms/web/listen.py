"""The routes that the page's script requests; other web pages may not use them."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace

from aiohttp import web

from bot.commands.command import Command, ParamSpec, SuggestedValue
from bot.html import render
from bot.html.render import files
from bot.messages.call import Call
from bot.messages.reply import Reply, Text
from bot.platforms.web import limits
from bot.platforms.web.answer import BrowserAction, WebCallRunner
from bot.platforms.web.autocomplete import complete, suggestions
from bot.platforms.web.decode import Submission, bad, body_of, person_in, said_in, unpacked
from bot.platforms.web.people import GENERAL, DemoControls, PagePerson, Step
from bot.platforms.web.render import HERE, PageViews

_ALIVE_S = 15.0
_MOST_WAITING = 200
_STREAM_HEADERS = {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # a buffering proxy would hold the events back
}


class Streams:
    """The open event streams of all browsers."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[str | None]] = set()
        self._closed = False

    def open(self) -> None:
        """Accept streams, also after `close`."""
        self._closed = False

    def publish(self, event: str, data: Mapping[str, object]) -> None:
        """Send an event to every open page; close a stream that nobody reads; its page reconnects."""
        text = f"event: {event}\ndata: {json.dumps(data)}\n\n"
        for queue in list(self._queues):
            if queue.qsize() >= _MOST_WAITING:
                self._queues.discard(queue)
                queue.put_nowait(None)
            else:
                queue.put_nowait(text)

    def close(self) -> None:
        """End every stream, and accept no more."""
        self._closed = True
        for queue in self._queues:
            queue.put_nowait(None)

    async def serve(self, request: web.Request, hello: Mapping[str, object]) -> web.StreamResponse:
        """Send events to one browser until it leaves; `hello` is the first event."""
        response = web.StreamResponse(headers=_STREAM_HEADERS)
        try:
            await response.prepare(request)
        except ConnectionResetError:  # the browser has closed the page already
            return response
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        if self._closed:
            return response
        self._queues.add(queue)
        try:
            await response.write(f"retry: 1500\nevent: hello\ndata: {json.dumps(hello)}\n\n".encode())
            while True:
                try:
                    text = await asyncio.wait_for(queue.get(), _ALIVE_S)
                except TimeoutError:
                    text = ": still here\n\n"
                if text is None:
                    break
                await response.write(text.encode())
        except ConnectionResetError:
            pass
        finally:
            self._queues.discard(queue)
        return response


TOKEN_HEADER = "X-Trailmate-Token"  # noqa: S105  the header's name
KNOWN = 8
"""Number of tokens that a page may send, as in `page.js`."""
_ELSEWHERE = "Other sites can't use this page."


def admit_own_pages(token: str) -> Callable[[web.Request], None]:
    """Return a check that admits only our own pages.

    Args:
        token: the token in each page of this process. A POST without it is refused with the token in a header, which
            another site cannot read. A page that talks to several processes sends all tokens that it knows.
    """

    def admit(request: web.Request) -> None:
        is_visit = request.path == "/"
        if not is_visit and request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
            raise web.HTTPForbidden(text=_ELSEWHERE)
        if request.method not in {"GET", "HEAD"}:
            _check_sender(request, token)

    return admit


def _check_sender(request: web.Request, token: str) -> None:
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{request.headers.get('Host', '')}":
        raise web.HTTPForbidden(text=_ELSEWHERE)
    given = request.headers.get(TOKEN_HEADER, "").encode(errors="surrogateescape")  # a header may hold any byte
    if not any(hmac.compare_digest(part, token.encode()) for part in given.split()[:KNOWN]):
        raise web.HTTPForbidden(text="I have restarted. Reload this page.", headers={TOKEN_HEADER: token})


_TICK_S = 0.25


class DemoTime:
    """Moves the demo's time, one move at a time, and updates the open pages meanwhile."""

    def __init__(self, controls: DemoControls | None, streams: Streams) -> None:
        self._controls, self._streams = controls, streams
        self.is_moving = False

    @property
    def controls(self) -> DemoControls | None:
        """The demo's controls, if this is the demo."""
        return self._controls

    def state(self) -> dict[str, object]:
        """Return the demo's time and whether it is moving, for the page's script."""
        now = self._controls.now.isoformat() if self._controls is not None else None
        return {"demo": now, "moving": self.is_moving}

    async def move(self, controls: DemoControls, to: Step) -> None:
        """Move the time; the caller must check `is_moving` first."""
        self.is_moving = True
        ticking = asyncio.create_task(self._tick())
        try:
            await controls.move(to)
        finally:
            self.is_moving = False
            ticking.cancel()
            self._streams.publish("time", self.state())
            self._streams.publish("room", {"room": "", "thread": None})

    async def _tick(self) -> None:
        while True:
            self._streams.publish("time", self.state())
            await asyncio.sleep(_TICK_S)


_ABOUT = (
    Text("You can live the week as any of the people listed here."),
    Text("To see six weeks of a group at once, with a clock you can move, run `trailmate demo` in a terminal."),
)
"""The text of an empty page, below how to start."""


class PageRoutes:
    """The page, its fragments and its actions.

    Args:
        token: sent with each page, and required in every POST.
    """

    def __init__(
        self,
        answering: WebCallRunner,
        views: PageViews,
        streams: Streams,
        time: DemoTime,
        people: tuple[PagePerson, ...],
        greeting: Callable[[], Awaitable[Reply | None]],
        token: str,
    ) -> None:
        self._answering, self._views, self._streams, self._time = answering, views, streams, time
        self._people, self._greeting, self._token = people, greeting, token
        self._files = files(HERE / "static")
        self._registry, self._dispatcher = answering.registry, answering.dispatcher

    def defined(self) -> Iterable[web.RouteDef]:
        """Return every route."""
        return (
            web.get("/", self.page),
            web.get("/rooms", self.rooms),
            web.get("/room/{room}", self.room),
            web.get("/room/{room}/{thread}", self.room),
            web.get("/form", self.form),
            web.get("/suggest", self.suggest),
            web.get("/complete", self.complete),
            web.get("/events", self.events),
            web.post("/say", self.say),
            web.post("/call", self.call),
            web.post("/demo", self.move),
            web.get("/static/{name}", self.file),
        )

    async def page(self, _request: web.Request) -> web.StreamResponse:
        """Return the page; its script fills in the rooms."""
        return _respond_html(self._views.page(self._registry, self._token, self._time.controls))

    async def file(self, request: web.Request) -> web.StreamResponse:
        """Return one of the page's static files."""
        path = self._files.get(request.match_info["name"])
        if path is None:
            raise web.HTTPNotFound(text="The page has no such file.")
        return web.FileResponse(path)

    async def rooms(self, request: web.Request) -> web.StreamResponse:
        """Return the list of rooms as a fragment."""
        return _respond_html(await self._views.rooms(person_in(self._people, request.query)))

    async def room(self, request: web.Request) -> web.StreamResponse:
        """Return a room's messages as a fragment."""
        submission = said_in(self._people, {**request.query, **request.match_info, "key": "room"})
        is_start = submission.place.room == GENERAL and submission.place.thread is None
        greeting = await self._greeting() if is_start else None
        return _respond_html(
            await self._views.room(submission.place, submission.zone, greeting and greeting.followed_by(*_ABOUT))
        )

    async def form(self, request: web.Request) -> web.StreamResponse:
        """Return a form."""
        submission = said_in(self._people, {**request.query, "key": "form"})
        return self._respond(
            submission, await self._answering.form(submission, unpacked(request.query.get("packed", "")))
        )

    async def say(self, request: web.Request) -> web.StreamResponse:
        """Answer a typed line."""
        data = await body_of(request)
        text = data.get("text")
        if not isinstance(text, str) or not text.strip() or len(text) > limits.LINE:
            bad(f"A line has 1 to {limits.LINE} characters.")
        submission = said_in(self._people, data)
        return self._respond(submission, await self._answering.line(submission, text))

    async def call(self, request: web.Request) -> web.StreamResponse:
        """Answer a click, or a form if values come with it."""
        data = await body_of(request)
        packed, values = data.get("packed"), data.get("values")
        if not isinstance(packed, str) or not isinstance(values, dict | None):
            bad("A click names its call.")
        submission = said_in(self._people, data)
        if values is None:
            return self._respond(submission, await self._answering.click(submission, packed))
        typed = {
            str(k): str(v)[: limits.FILE if str(v).startswith("file:") else limits.LINE] for k, v in values.items()
        }
        return self._respond(submission, await self._answering.submit(submission, packed, typed))

    async def complete(self, request: web.Request) -> web.StreamResponse:
        """Return completions of a half-typed line."""
        submission = said_in(self._people, {**request.query, "key": "complete"})

        async def suggest(command: Command, param: ParamSpec, typed: str) -> list[SuggestedValue]:
            return await self._suggest(submission, Call(command.name), param, typed)

        completions = await complete(self._registry, request.query.get("text", "")[: limits.LINE], suggest)
        options = [{"line": o.line, "label": o.label, "note": o.note} for o in completions.options]
        return web.json_response({"options": options, "usage": completions.usage, "summary": completions.summary})

    async def suggest(self, request: web.Request) -> web.StreamResponse:
        """Return suggestions for a form's field."""
        submission = said_in(self._people, {**request.query, "key": "suggest"})
        call = unpacked(request.query.get("packed", ""))
        command = self._registry.find(call.name)
        param = command.param(request.query.get("param", "")) if command else None
        choices = await self._suggest(submission, call, param, request.query.get("typed", "")[:200]) if param else []
        return web.json_response([{"label": c.label, "value": c.value} for c in choices])

    async def _suggest(self, submission: Submission, call: Call, param: ParamSpec, typed: str) -> list[SuggestedValue]:
        if param.says.suggest is None:
            return suggestions(param, typed, self._people, submission.zone)
        invocation = replace(submission.invocation(call), key="")
        return (await self._dispatcher.suggest(invocation, param, typed))[: limits.LIMITS.choices]

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Send changes to an open page until it closes."""
        return await self._streams.serve(request, {"token": self._token, **self._time.state()})

    async def move(self, request: web.Request) -> web.StreamResponse:
        """Move the demo's time."""
        to, controls = (await body_of(request)).get("to"), self._time.controls
        if controls is None or to not in ("hour", "day", "post"):
            bad("Only the demo moves time.")
        if self._time.is_moving:
            raise web.HTTPConflict(text="Time is already moving.")
        await self._time.move(controls, to)
        return web.json_response(self._time.state())

    def _respond(self, submission: Submission, outcome: BrowserAction) -> web.Response:
        data: dict[str, object] = {"do": outcome.do}
        if outcome.form is not None:
            data |= {"html": self._views.form(outcome.form), "packed": outcome.form.call.pack()}
        if outcome.reply is not None and outcome.do == "refused":
            data |= {"html": str(render.card(outcome.reply, submission.zone))}
        elif outcome.reply is not None:
            html = self._views.private(outcome.reply, submission.zone, outcome.line, submission.key)
            data |= {"html": html, "replaces": outcome.reply.replaces}
        if outcome.errors:
            data["errors"] = {key: str(render.line(text, submission.zone)) for key, text in outcome.errors.items()}
        return web.json_response(data)


def _respond_html(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/html", headers={"Cache-Control": "no-store"})
