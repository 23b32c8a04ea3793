"""Pass a Call to the dispatcher, with the text of its file, and pass the reply back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.base.event import event
from bot.base.safe_traceback import logged
from bot.chat.platform import CommandService
from bot.commands import parsing
from bot.commands.answer_location import AnswerLocation
from bot.commands.context import ALONE, Invocation
from bot.commands.refusals import fault
from bot.commands.registry import Registry
from bot.messages import attachment
from bot.messages.call import Call
from bot.messages.errors import UserError
from bot.messages.reply import Button, Image, Reply, say
from bot.platforms.slack import decode
from bot.platforms.slack.answer import ResponseUrls, SlackAnswer
from bot.platforms.slack.client import REQUEST_S, Pacer, SlackApi
from bot.platforms.slack.decode import Payload, Route, home_of, strand_of
from bot.platforms.slack.people import SlackPeople
from bot.platforms.slack.pictures import NO_PICTURES, Album, direct

FIRST_S = 0.7
"""How long a slow command may take before an intermediate message is shown."""
PROFILE_S, GRANTS_S = 2.0, 6.0
"""How long to wait for a profile: for its name and zone, and for its permissions."""

Changed = Callable[[str], None]
"""Called with a person after a Call has changed something for them."""

PICTURE = "picture"
"""The argument of a Call that asks for an answer's pictures."""

log = logging.getLogger(__name__)


def ignore_change(user: str) -> None:
    """Take no notice of what changed for a person."""


class Service:
    """Answers the Calls of one connection.

    Args:
        album: the pictures of messages.
    """

    def __init__(
        self,
        registry: Registry,
        desk: CommandService,
        api: SlackApi,
        people: SlackPeople,
        pacer: Pacer,
        *,
        team: str,
        album: Album = NO_PICTURES,
    ) -> None:
        self.registry, self.desk, self.api, self.team = registry, desk, api, team
        self._people, self._pacer, self._album = people, pacer, album
        self._urls = ResponseUrls(api)
        self._tasks: set[asyncio.Task[Any]] = set()
        self.changed: Changed = ignore_change

    async def drain(self, seconds: float) -> None:
        """Wait for running tasks, then cancel the rest."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in set(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def start(self, doing: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run a coroutine as a task until the connection ends."""
        with event():
            task = asyncio.create_task(logged(doing, log))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def answer(self, call: Call, route: Route) -> SlackAnswer:
        """Return a new answer to an event."""
        is_private = self.desk.plan(call).is_private
        return SlackAnswer(self.api, self._urls, self._pacer, route, is_private=is_private, album=self._album)

    async def run(self, call: Call, route: Route, key: str, body: Payload) -> None:
        """Run a Call and give its answer."""
        answer = self.answer(call, route)
        working = self.start(self.work(call, route, key, body, answer, PROFILE_S))
        if is_slow := self.desk.plan(call).is_slow:
            await asyncio.wait({working}, timeout=FIRST_S)
        await self.finish(answer, working, is_slow=is_slow)

    async def finish(self, answer: SlackAnswer, working: asyncio.Task[Reply | None], *, is_slow: bool) -> None:
        """Give an answer when it is ready; a slow one shows its states meanwhile."""
        try:
            if is_slow and not working.done():
                await answer.hold()
            reply = await working
        except asyncio.CancelledError:
            if is_slow:
                await answer.break_off()
            raise
        await answer.finish(reply)

    async def work(
        self, call: Call, route: Route, key: str, body: Payload, answer: SlackAnswer, within_s: float
    ) -> Reply | None:
        """Return the reply to a Call; a UserError or a fault becomes a reply too."""

        async def show(reply: Reply) -> None:
            try:
                await answer.show(reply)
            except Exception:
                log.exception("a state of an answer was not shown")

        command = self.registry.find(call.name)
        if command is not None and command.role == "moderator":
            within_s = GRANTS_S
        try:
            invocation = await self.invocation(call, route, key, body, within_s)
            answer.location = AnswerLocation(self.desk.stands, invocation)
            invocation = await attach_file(self.api, self.registry, invocation, body)
            reply = await self.desk.answer(invocation, show)
            if reply is not None and not route.is_direct and reply.audience != "public":
                reply = await self._with_pictures(invocation, route, reply)
            if command is not None and command.writes and reply is not None and reply.tone != "error":
                self.changed(route.user)
            return reply
        except UserError as refusal:
            return await self.desk.refused(invocation, refusal)
        except Exception:  # noqa: BLE001  (whoever asked is told, with a reference)
            return fault(f"answering {call.name}")

    async def _with_pictures(self, invocation: Invocation, route: Route, reply: Reply) -> Reply:
        """Return a private answer with a button for its pictures, or send the requested pictures by direct message."""
        if not self._album.draws(reply):
            return reply
        if PICTURE not in invocation.call.args:
            (button,) = (await self.desk.set_aside(invocation, reply)).buttons
            assert isinstance(button.target, Call)
            wanted = replace(button.target, args={**button.target.args, PICTURE: "yes"})
            return replace(reply, buttons=(*reply.buttons, Button("Show picture", wanted)))
        pictures = tuple(block for block in reply.blocks if isinstance(block, Image))
        if not await self._album.files(self.api, Reply(pictures)):
            again = Button("Show picture", invocation.call)
            return say("Slack hasn't accepted the picture yet. Try again in a minute.", buttons=(again,)).settled(
                "private"
            )
        to = replace(decode.direct_route(route.user), channel=await direct(self.api, route.user))
        await self.answer(invocation.call, to).finish(Reply(pictures, title=reply.title).settled("private"))
        return say("I've sent the picture to our direct messages.", tone="good").settled("private")

    async def invocation(self, call: Call, route: Route, key: str, body: Payload, within_s: float) -> Invocation:
        """Return the invocation of a Call, with the person's profile after at most `within_s` seconds."""
        account = await self._people.account(route.user, decode.name_of(body), home_of(body), within_s=within_s)
        at = decode.instant(str(body["event"]["ts"])) if "event" in body else None
        plan = self.desk.plan(call)
        is_asked = bool(key) and plan.is_slow and not plan.opens_form
        strand = strand_of(body, route) if is_asked else ALONE
        # a form's remembered place proves no access now: the form may be old
        place, is_there = route.place(self.team), "view" not in body
        return Invocation(call, account, place, key, at, is_there=is_there, strand=strand)


HOST = "slack.com"
"""The domain that gets the token, besides the configured API address."""


def _list_files(body: Payload) -> Iterator[Payload]:
    yield from (body.get("event") or {}).get("files") or ()
    values = ((body.get("view") or {}).get("state") or {}).get("values") or {}
    for elements in values.values():
        for state in elements.values():
            yield from state.get("files") or ()


async def attach_file(api: SlackApi, registry: Registry, invocation: Invocation, body: Payload) -> Invocation:
    """Return an event with the text of its file if its command takes one; raise UserError if the file is refused."""
    call, file = invocation.call, next(_list_files(body), None)
    if file is None:
        return invocation
    name = str(file.get("name") or "file")
    url = str(file.get("url_private_download") or file.get("url_private") or "")
    command = registry.find(call.name)
    takes = command.file_param() if command is not None else None

    async def read() -> bytes:
        assert takes is not None
        if not _is_slack(url, api.posts.base_url):
            raise attachment.unfetched(name)
        try:
            headers = {"Authorization": f"Bearer {api.posts.token}"}
            async with (
                asyncio.timeout(REQUEST_S),
                api.session.get(url, headers=headers, allow_redirects=False) as response,
            ):
                if response.status != 200:
                    raise attachment.unfetched(name)
                return await _read_at_most(response, takes.characters + 1)
        except (aiohttp.ClientError, OSError, TimeoutError):
            raise attachment.unfetched(name) from None

    call = await parsing.attached(command, call, name, int(file.get("size") or 0), read)
    return replace(invocation, call=call)


async def _read_at_most(response: aiohttp.ClientResponse, most: int) -> bytes:
    data = b""
    async for part in response.content.iter_chunked(65_536):
        data += part
        if len(data) >= most:
            break
    return data[:most]


def _is_slack(url: str, api_url: str) -> bool:
    try:
        at, known = urlsplit(url), urlsplit(api_url)
        host = at.hostname or ""
    except ValueError:
        return False
    return (at.scheme == "https" and (host == HOST or host.endswith(f".{HOST}"))) or (
        (at.scheme, at.netloc) == (known.scheme, known.netloc)
    )
