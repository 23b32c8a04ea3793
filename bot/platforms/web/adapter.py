"""The local page as a chat platform, for this machine only."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterable, Sequence

from aiohttp import web

from bot.base.clock import Clock
from bot.chat.feed import Feed
from bot.chat.platform import CommandService, Finding, Findings, Gone, Post, ReportState, Sent
from bot.commands.context import AccessReport, Account, Place
from bot.commands.registry import Registry
from bot.messages.reply import Reply
from bot.platforms.web import limits
from bot.platforms.web.answer import WebCallRunner
from bot.platforms.web.decode import Submission
from bot.platforms.web.listen import DemoTime, PageRoutes, Streams, admit_own_pages
from bot.platforms.web.people import GENERAL, NAME, DemoControls, PagePerson, account_of, find_person
from bot.platforms.web.render import PageViews
from bot.server.mount import Mount


async def deliver(feed: Feed, post: Post) -> Sent:
    """Carry out one post; the Feed stores each key once, so that a repetition changes nothing."""
    room, thread = post.place.room, post.place.thread
    if room != GENERAL and not post.place.is_direct:
        raise Gone(f"The page has no channel {room}. Its only channel is #{GENERAL}.")
    if post.action != "post":
        assert post.ref is not None, "an edit or a removal names its message"
        await (feed.edit(post.ref, post.reply) if post.action == "edit" else feed.remove(post.ref))
        return Sent(post.ref)
    ref = post.sent_ref or await feed.add(post.key, room, thread, post.reply)
    opened = await feed.open_thread(ref, post.thread_title) if post.thread_title is not None else None
    return Sent(ref, opened)


class LocalPage:
    """Shows the rooms of the Feed.

    Args:
        greeting: returns the text of an empty #general.
        people: the people whom the page can speak as, in order.
        demo: moves the time, if this is the demo.
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
        """Wait until cancelled: posts go into the Feed, and the server shows it."""
        report("ready")
        await asyncio.Event().wait()

    async def reach(self, registry: Registry, dispatcher: CommandService, report: ReportState) -> None:
        """Wait until cancelled; the process that serves the page shows the posts."""
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

        return Mount("page", begin, admit=admit_own_pages(token), end=self._streams.close)

    async def deliver(self, post: Post, again: bool) -> Sent:
        """Write the post into the Feed, which stores each key once, and tell the open pages."""
        sent = await deliver(self._feed, post)
        self._wake(post.place)
        return sent

    def fits(self, reply: Reply) -> bool:
        """Return True: the page shows a message of any length."""
        return True

    def is_room(self, text: str) -> bool:
        """Whether a text can be the id of a room here."""
        return text == GENERAL

    def room_name(self, room: str) -> str:
        """Return a room's name, which is its id with a hash."""
        return f"#{room}"

    async def inspect(self, place: Place) -> Findings:
        """Return that all is well: the page needs no permissions."""
        return (Finding(True, "I have all the permissions I need here."),)

    async def inspect_role(self, place: Place, role_id: str) -> Findings:
        """Return nothing: the page has no roles."""
        return ()

    async def prepare(self, place: Place) -> None:
        """Do nothing: every room of the page takes posts."""

    async def sees(self, account: Account, rooms: frozenset[Place]) -> AccessReport:
        """Return that everybody sees everything: only the bot's operator can reach the page."""
        return AccessReport(seen=rooms)

    async def present(self, account: Account) -> Account | None:
        """Return a person's account; None if the page has nobody of that id."""
        person = find_person(self._people, account.id)
        return account_of(person, None) if person is not None else None

    def _wake(self, place: Place) -> None:
        self._streams.publish("room", {"room": place.room, "thread": place.thread})

    def look_again(self) -> None:
        """Make open pages reload their room, because another process has changed one."""
        self._streams.publish("room", {})

    def _whisper(self, submission: Submission, reply: Reply) -> None:
        html = self._views.private(reply, submission.zone, "", submission.key)
        self._streams.publish("whisper", {"as": submission.person.id, "key": submission.key, "html": html})
