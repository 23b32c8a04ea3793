"""The dashboard's routes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from aiohttp import web

from bot.commands.command import Command
from bot.commands.context import Actor
from bot.commands.parameter_types import FILES
from bot.commands.refusals import refused
from bot.dashboard.actions import Acting, ActionSigner, Expired, Purpose, SignedAction, Unsealed, said_in
from bot.dashboard.auth import Door
from bot.dashboard.page import DashboardPage, Drawn
from bot.dashboard.page_services import PageReader, PageServices
from bot.dashboard.pages.ask import PALETTE, list_people
from bot.dashboard.pages.course_editor import EDITOR, preview
from bot.dashboard.pages.leaderboard import LEADERBOARD
from bot.dashboard.pages.members import MEMBERS_PAGE
from bot.dashboard.render import DO, FORM, HERE, LEAVE, MOVABLE_PATH, Acts, DashboardViews
from bot.features.dashboard_access.service import DASHBOARD_PATH, ENTER_PATH, Visit, Visits
from bot.html.render import files
from bot.messages import attachment
from bot.messages.call import Call
from bot.messages.characters import make_valid
from bot.messages.errors import BadInput, NotFound, TryLater, UserError
from bot.messages.picture import PATH as PICTURE
from bot.messages.picture import Gallery
from bot.messages.reply import Block, Listing, Reply, Text
from bot.server.guard import WITH_FORMS
from bot.server.mount import Mount, serve_picture
from bot.storage.unit_of_work import Work

BODY_S, UPLOAD_S = 10.0, 60.0
"""Time-outs of a form's body, and of one with a picture."""
UPLOAD = 10_000_000 + 256 * 1024
"""Bytes of a form with a file, which only signed-in people can send."""
_BINARY = ("image/", "application/pdf")
_SAID = re.compile(r"[\w-]{8}")
_ANEW = "Type `dashboard` in your group's channel or in a direct message to get a new link."
_READABLE = (
    "This connection isn't encrypted, so you can't sign in. Ask the bot's operator to serve the dashboard by https, "
    "and to set `TRAILMATE_TRUST_PROXY=yes` if the proxy is on another machine."
)
_OLD = "This page was open for too long. Go back and press the button again."
_FOREIGN = "This button belongs to another visit. Open its page again and press it there."
MOVABLE_HEADERS = {
    # the page runs its own script, so it gets no cookie, no form and no other address
    "Content-Security-Policy": "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox allow-scripts",
    "Cross-Origin-Resource-Policy": "cross-origin",  # in a sandbox, its own script comes from another origin
    "Cache-Control": "private, max-age=300",
}
Shown = Callable[[Visit, web.Request], Awaitable[web.StreamResponse]]


class DashboardRoutes:
    """Handles pages, buttons, sign-in and sign-out."""

    def __init__(
        self,
        desk: PageServices,
        door: Door,
        pages: Iterable[DashboardPage],
        gallery: Gallery,
        find_movable: Callable[[str, str], Path | None],
    ) -> None:
        self._desk, self._door, self._find_movable = desk, door, find_movable
        self._reading = PageReader(desk, tuple(pages))
        self._acting = Acting(desk, self._reading)
        self._draws = serve_picture(gallery)
        self._views, self._files = DashboardViews(), files(HERE / "static")

    @property
    def mount(self) -> Mount:
        """The dashboard, for the server."""
        return Mount("dashboard", self._list_routes, admit=self._door.admit, is_public=True)

    def _list_routes(self) -> Iterable[web.RouteDef]:
        pages = (
            web.get(page.address(), self._require_visit(self._make_page_handler(page))) for page in self._reading.pages
        )
        sheets = (
            web.get(f"{page.address()}.csv", self._require_visit(self._make_sheet_handler(page)))
            for page in self._reading.pages
            if page.sheet
        )
        return (
            *pages,
            *sheets,
            web.get(ENTER_PATH + "/{token}", self.invite),
            web.post(ENTER_PATH, self.enter),
            web.get(FORM, self._require_visit(self.form)),
            web.post(DO, self._require_visit(self.do)),
            web.post(LEAVE, self._require_visit(self.leave)),
            web.get(EDITOR.address() + "/state", self._require_visit(self.editor_state)),
            web.post(EDITOR.address() + "/save", self._require_visit(self.save)),
            web.post(EDITOR.address() + "/preview", self._require_visit(self.preview)),
            web.get(PALETTE.address(), self._require_visit(self.find)),
            web.get(DASHBOARD_PATH + PICTURE + "/{drawing}", self._require_visit(self.picture)),
            web.get(DASHBOARD_PATH + "/static/{name}", self.file),
            web.get(MOVABLE_PATH + r"/{course}/{name:[\w-]+\.html}", self._require_visit(self.movable_page)),
            web.get(MOVABLE_PATH + "/{course}/{name}", self.movable_file),
        )

    async def file(self, request: web.Request) -> web.StreamResponse:
        """Return one of the pages' static files."""
        path = self._files.get(request.match_info["name"])
        if path is None:
            raise web.HTTPNotFound(text="The dashboard has no such file.")
        return web.FileResponse(path)

    async def movable_page(self, _visit: Visit, request: web.Request) -> web.StreamResponse:
        """Return the page of a figure that people can move, in a sandbox."""
        return await self.movable_file(request)

    async def movable_file(self, request: web.Request) -> web.StreamResponse:
        """Return what such pages share; a browser sends no cookie for it from a sandbox."""
        path = self._find_movable(request.match_info["course"], request.match_info["name"])
        if path is None:
            raise web.HTTPNotFound(text="There is no such figure.")
        return web.FileResponse(path, headers=MOVABLE_HEADERS)

    async def find(self, visit: Visit, request: web.Request) -> web.Response:
        """Return what the palette of a group finds: pages, commands, units, notes and people, each with its way."""
        query = {key: text for key, text in _read_query(request).items() if key == "cohort"}
        drawn = await self._reading.draw(visit, PALETTE, query)
        if drawn.data is None:
            return web.json_response([], headers=WITH_FORMS)
        actor = drawn.viewer.ctx.actor
        acts = self._make_acts(visit, self._reading.pages[0].address(actor.group_id), actor.zone, actor.group_id)
        entries = [{"kind": "Page", "label": page.title, "href": page.address(actor.group_id)} for page in drawn.nav]
        commands = [(command.title, call) for command, call in self._list_commands(actor)]
        called = {"Command": commands, "Unit": drawn.data["units"], "Note": drawn.data["notes"]}
        for kind, found in called.items():
            entries += [{"kind": kind, "label": label, **acts.way(call)} for label, call in found]
        people = next((page for page in (MEMBERS_PAGE, LEADERBOARD) if page in drawn.nav), None)
        if people is not None:
            shown = list_people(await self._reading.draw(visit, people, query))
            entries += [{"kind": "Person", "label": name, "href": href} for name, href in shown]
        return web.json_response(entries, headers=WITH_FORMS)

    def _list_commands(self, actor: Actor) -> Iterator[tuple[Command, Call]]:
        """Yield the commands that this person may run, each with the Call that opens its form or runs it."""
        for command in self._desk.dispatcher.registry.shown:
            if command.allows(actor.roles) and not command.secret:
                if command.form:
                    yield command, command.ask(actor.group_id)
                elif not any(param.required for param in command.params):
                    yield command, command.call(actor.group_id)

    async def editor_state(self, visit: Visit, request: web.Request) -> web.Response:
        """Return what the course is now, for the script of its page."""
        return web.json_response(await self._read_editor(visit, request), headers=WITH_FORMS)

    async def save(self, visit: Visit, request: web.Request) -> web.Response:
        """Run what the script of the course's page sends, and return the reply and what the course is now."""
        typed = await _read_form(request)
        deed = self._open_action(visit, "do", typed.get("do", ""))
        reply = await self._acting.run(visit, deed, typed)
        state = {
            "tone": "busy" if reply.is_busy else reply.tone,
            "message": str(self._make_acts(visit, EDITOR.address()).body(reply.without_buttons())),
            "stored": next((block.code for block in reply.blocks if isinstance(block, Listing)), None),
        }
        return web.json_response(state | await self._read_editor(visit, request), headers=WITH_FORMS)

    async def preview(self, visit: Visit, request: web.Request) -> web.Response:
        """Return a note's text as it is drawn, or what is wrong with it."""
        text = (await _read_form(request)).get("text", "")
        acts = self._make_acts(visit, EDITOR.address())
        try:
            blocks: Iterable[Block] = await asyncio.to_thread(preview, text)  # some seconds for a long one
        except BadInput as refusal:
            blocks = (Text(refusal.sentence),)
        return web.json_response({"html": "".join(map(str, map(acts.block, blocks)))}, headers=WITH_FORMS)

    async def _read_editor(self, visit: Visit, request: web.Request) -> dict[str, object]:
        drawn = await self._reading.draw(visit, EDITOR, _read_query(request))
        if drawn.data is None or "values" not in drawn.data:
            raise NotFound(drawn.trouble or "I can't find this course.")
        actor = drawn.viewer.ctx.actor
        return self._views.editor_state(drawn, self._make_acts(visit, _find_back(drawn), actor.zone, actor.group_id))

    async def picture(self, _visit: Visit, request: web.Request) -> web.Response:
        """Return a picture that a page names."""
        return await self._draws(request)

    async def invite(self, request: web.Request) -> web.Response:
        """Show the sign-in button of a link; the button uses it up, because chats fetch links for previews."""
        if not self._door.is_private(request):
            return self._show_notice("Not here", _READABLE, 403)
        return _respond_html(self._views.invitation(request.match_info["token"]))

    async def enter(self, request: web.Request) -> web.Response:
        """Sign in with a link's token."""
        if not self._door.is_private(request):
            return self._show_notice("Not here", _READABLE, 403)
        sent = (await _read_form(request)).get("token", "")
        token, _, group = sent.partition(".")
        before = self._door.key(request)

        def begin(work: Work) -> str | None:
            visits = Visits(work)
            if (key := visits.begin(token)) and before and (old := visits.find(before)):
                visits.end(old.id)
            return key

        try:
            key = await self._desk.database.run(begin)
        except TryLater as busy:
            return self._show_busy(busy, f"{ENTER_PATH}/{quote(sent, safe='')}")
        if key is None:
            return self._show_notice("That link has expired", f"A link works once, within ten minutes. {_ANEW}", 403)
        response = _redirect(
            f"{DASHBOARD_PATH}?cohort={group}" if group.isdecimal() and group.isascii() else DASHBOARD_PATH
        )
        self._door.keep(request, response, key)
        return response

    async def leave(self, visit: Visit, request: web.Request) -> web.Response:
        """Sign out."""
        self._open_action(visit, "leave", (await _read_form(request)).get("do", ""))
        await self._desk.database.run(lambda work: Visits(work).end(visit.id))
        response = self._show_notice("You're signed out", _ANEW, 200)
        self._door.drop(request, response)
        return response

    def _make_page_handler(self, page: DashboardPage) -> Shown:
        async def shown(visit: Visit, request: web.Request) -> web.Response:
            query = _read_query(request)
            drawn = await self._reading.draw(visit, page, query)
            reply = await self._find_reply(visit, query.get("said", ""))
            actor = drawn.viewer.ctx.actor
            acts = self._make_acts(visit, _find_back(drawn), actor.zone, actor.group_id)
            return _respond_html(self._views.page(drawn, acts, reply), 403 if drawn.trouble else 200)

        return shown

    def _make_sheet_handler(self, page: DashboardPage) -> Shown:
        async def shown(visit: Visit, request: web.Request) -> web.Response:
            drawn = await self._reading.draw(visit, page, _read_query(request), as_sheet=True)
            if drawn.sheet is None:
                raise NotFound(drawn.trouble or "I can't find that table, or you can't see it.")
            headers = {**WITH_FORMS, "Content-Disposition": f'attachment; filename="{page.path}.csv"'}
            return web.Response(text=drawn.sheet.csv(), content_type="text/csv", headers=headers)

        return shown

    async def form(self, visit: Visit, request: web.Request) -> web.Response:
        """Show the form of a button."""
        deed = self._open_action(visit, "form", request.query.get("do", ""))
        form, reply = await self._acting.form(visit, deed), await self._find_reply(visit, request.query.get("said", ""))
        filled = SignedAction(form.call, deed.back, tuple(field.key for field in form.fields))
        stands = {field.key: field.value for field in form.fields if field.kind not in FILES}
        over = said_in(filled.fields, stands)  # no browser fills in a file by itself
        acts = replace(self._make_acts(visit, deed.back, form.zone), over=over)
        return _respond_html(self._views.form(form, acts.seal.close("do", filled), acts, visit.account.name, reply))

    async def do(self, visit: Visit, request: web.Request) -> web.Response:
        """Run a button's action, and show its page again with the reply."""
        typed = await _read_form(request.clone(client_max_size=UPLOAD), UPLOAD_S)
        deed = self._open_action(visit, "do", typed.get("do", ""))
        confirmed = self._open_confirmed(visit, deed, typed)
        is_anew = confirmed is None and "sure" in typed
        deed = confirmed or deed
        again = await self._acting.do(visit, deed, typed, is_anew=is_anew)
        if isinstance(again, Reply):
            return _respond_html(self._views.told(again, self._make_acts(visit, deed.back), visit.account.name))
        if again is not None:
            closed = self._make_signer(visit).close("form", SignedAction(again, deed.back, deed.fields))
            return _redirect(f"{FORM}?do={closed}&said={deed.once}")
        return _redirect(f"{deed.back}{'&' if '?' in deed.back else '?'}said={deed.once}")

    def _require_visit(self, handler: Shown) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """Return a handler that requires a visit; refusals are shown on a page."""

        async def answer(request: web.Request) -> web.StreamResponse:
            if not self._door.is_private(request):
                return self._show_notice("Not here", _READABLE, 403)
            try:
                visit = await self._reading.visit(self._door.key(request))
            except TryLater as busy:
                return self._show_busy(busy, _retry_address(request))
            if visit is None:
                return self._show_notice("You're not signed in", _ANEW, 401)
            try:
                return await handler(visit, request)
            except Expired:
                return self._show_reply(visit, refused(TryLater(_OLD)), 403)
            except Unsealed:
                return self._show_reply(visit, refused(TryLater(_FOREIGN)), 403)
            except TryLater as busy:
                return self._show_reply(visit, refused(busy), 503, _retry_address(request))
            except UserError as refusal:
                return self._show_reply(visit, refused(refusal), 404)

        return answer

    async def _find_reply(self, visit: Visit, draft: str) -> Reply | None:
        return await self._reading.said(visit, draft) if _SAID.fullmatch(draft) else None

    def _show_reply(self, visit: Visit, reply: Reply, status: int, back: str = DASHBOARD_PATH) -> web.Response:
        label = "Back" if back == DASHBOARD_PATH else "Try again"
        return _respond_html(self._views.told(reply, self._make_acts(visit, back), visit.account.name, label), status)

    def _show_busy(self, busy: TryLater, again: str) -> web.Response:
        return self._show_notice("Busy right now", busy.sentence, 503, again)

    def _show_notice(self, title: str, sentence: str, status: int, again: str = "") -> web.Response:
        return _respond_html(self._views.notice(title, sentence, again), status)

    def _make_acts(self, visit: Visit, back: str, zone: str = "", group_id: int | None = None) -> Acts:
        reads = self._reading
        return Acts(
            self._make_signer(visit),
            self._acting.wants_form,
            back,
            zone or visit.zone,
            reads.place,
            lambda call: reads.home(call, group_id) if group_id is not None else None,
        )

    def _make_signer(self, visit: Visit) -> ActionSigner:
        return ActionSigner(visit.seal_key, self._desk.clock.now())

    def _open_confirmed(self, visit: Visit, form: SignedAction, typed: Mapping[str, str]) -> SignedAction | None:
        """Return the action of a confirming button if the form's values have not changed since; else None."""
        try:
            return self._make_signer(visit).open("do", typed.get("sure", ""), said_in(form.fields, typed))
        except Expired:
            raise
        except Unsealed:
            return None

    def _open_action(self, visit: Visit, purpose: Purpose, closed: str) -> SignedAction:
        return self._make_signer(visit).open(purpose, closed)


def _find_back(drawn: Drawn) -> str:
    return drawn.page.again(drawn.viewer)


def _retry_address(request: web.Request) -> str:
    """Return the requested address for a GET, else the first page's."""
    return str(request.rel_url) if request.method == "GET" else DASHBOARD_PATH


def _read_query(request: web.Request) -> dict[str, str]:
    return {key: make_valid(text)[:200] for key, text in request.query.items()}


async def _read_form(request: web.BaseRequest, within_s: float = BODY_S) -> dict[str, str]:
    """Return a form's fields, with files as field values.

    Of a field that is given twice the last value counts; of ticked numbers all do.
    """
    try:
        async with asyncio.timeout(within_s):
            sent = await request.post()
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="The form took too long to arrive. Send it again.") from None
    except web.HTTPException:
        raise
    except Exception:  # noqa: BLE001  (whatever cannot be read of it, it is no form)
        raise web.HTTPBadRequest(text="I can't read this form.") from None
    fields = {key: make_valid(text) for key, value in sent.items() if (text := _read_field(value))}
    ticked = {key: [str(value) for value in sent.getall(key)] for key in fields if len(sent.getall(key)) > 1}
    return fields | {key: ",".join(values) for key, values in ticked.items() if all(map(str.isdecimal, values))}


def _read_field(value: object) -> str:
    """Return a field's text; "" if no file was chosen. Raise BadInput if a file is neither text nor a picture."""
    if isinstance(value, web.FileField):
        as_text = attachment.raw_binary if value.content_type.startswith(_BINARY) else attachment.raw
        with value.file as file:
            return as_text(value.filename, file.read()) if value.filename else ""
    return value if isinstance(value, str) else ""


def _respond_html(text: str, status: int = 200) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/html", headers=WITH_FORMS)


def _redirect(path: str) -> web.Response:
    return web.Response(status=303, headers={"Location": path, **WITH_FORMS})
