"""The local page as a chat platform, for this machine alone."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterable, Sequence

from aiohttp import web

from bot.base.clock import Clock
from bot.chat.feed import Feed
from bot.chat.platform import CommandService, Finding, Findings, Post, ReportState, Sent
from bot.commands.context import AccessReport, Account, Place
from bot.commands.registry import Registry
from bot.messages.reply import Reply
from bot.platforms.web import guard, limits
from bot.platforms.web.answer import WebCallRunner
from bot.platforms.web.decode import Submission
from bot.platforms.web.deliver import deliver
from bot.platforms.web.demo import DemoTime
from bot.platforms.web.listen import PageRoutes
from bot.platforms.web.people import GENERAL, NAME, DemoControls, PagePerson, account_of, find_person
from bot.platforms.web.render import PageViews
from bot.platforms.web.stream import Streams
from bot.server.mount import Mount


class LocalPage:
    """Shows the rooms of the Feed.

    Args:
        greeting: what #general says while it is empty.
        people: whom the page can speak as, in order.
        demo: moves time, if this is the demo.
    """

    name = NAME
    prefix = ""
    limits = limits.LIMITS

    def __init__(
        self,
        feed: Feed,
        *,
        clock: Clock,
        greeting: Callable[[], Awaitable[Reply | None]],
        people: Sequence[PagePerson],
        demo: DemoControls | None = None,
        title: str = "Trailmate",
    ) -> None:
        if not people:
            raise ValueError("the page needs somebody to speak as")
        self._feed, self._clock = feed, clock
        self._greeting, self._people, self._demo = greeting, tuple(people), demo
        self._views = PageViews(feed, clock, self._people, title)
        self._streams = Streams()

    async def run(self, registry: Registry, dispatcher: CommandService, report: ReportState) -> None:
        """Be there until cancelled: what is delivered stands in the Feed, and the server shows it."""
        report("ready")
        await asyncio.Event().wait()

    async def reach(self, registry: Registry, dispatcher: CommandService, report: ReportState) -> None:
        """Be there until cancelled; whoever runs the page shows what is delivered here."""
        report("ready")
        await asyncio.Event().wait()

    def mount(self, registry: Registry, dispatcher: CommandService) -> Mount:
        """Return the page, for the server."""
        token = secrets.token_urlsafe(24)
        answering = WebCallRunner(registry, dispatcher, self._feed, self._clock, wake=self._wake, whisper=self._whisper)
        time = DemoTime(self._demo, self._streams)
        routes = PageRoutes(answering, self._views, self._streams, time, self._people, self._greeting, token)

        def begin() -> Iterable[web.RouteDef]:
            self._streams.open()
            return routes.defined()

        return Mount("page", begin, admit=guard.own_pages(token), end=self._streams.close)

    async def deliver(self, post: Post, again: bool) -> Sent:
        """Write the post into the Feed, which keeps each key once, and tell the open pages."""
        sent = await deliver(self._feed, post)
        self._wake(post.place)
        return sent

    def fits(self, reply: Reply) -> bool:
        """Whether one message shows the whole of a reply: the page shows a message of any length."""
        return True

    def is_room(self, text: str) -> bool:
        """Whether a text can be the id of a room here."""
        return text == GENERAL

    def room_name(self, room: str) -> str:
        """Return what the page shows: a room's id is its name."""
        return f"#{room}"

    async def inspect(self, place: Place) -> Findings:
        """Say that all is well: the page asks nobody for permission."""
        return (Finding(True, "The local page needs no permissions."),)

    async def inspect_role(self, place: Place, role_id: str) -> Findings:
        """Say nothing: the page has no roles."""
        return ()

    async def prepare(self, place: Place) -> None:
        """Do nothing: every room of the page takes posts."""

    async def sees(self, account: Account, rooms: frozenset[Place]) -> AccessReport:
        """Say that everybody sees everything: whoever reaches the page runs the bot."""
        return AccessReport(seen=rooms)

    async def present(self, account: Account) -> Account | None:
        """Return somebody as the page has them, None if nobody of that id is on it."""
        person = find_person(self._people, account.id)
        return account_of(person, None) if person is not None else None

    def _wake(self, place: Place) -> None:
        self._streams.publish("room", {"room": place.room, "thread": place.thread})

    def look_again(self) -> None:
        """Have open pages look at their room: another process has changed one."""
        self._streams.publish("room", {})

    def _whisper(self, said: Submission, reply: Reply) -> None:
        html = self._views.private(reply, said.zone, "", said.key)
        self._streams.publish("whisper", {"as": said.person.id, "key": said.key, "html": html})
