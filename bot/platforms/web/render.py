"""Draw the page's HTML: the whole page, a room, the list of rooms, a form, a private answer."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.base.clock import Clock
from bot.base.safe_traceback import trace
from bot.chat.feed import Feed, FeedCount, RoomMessage, Spot
from bot.commands.context import Place
from bot.commands.form import Form
from bot.commands.registry import Registry
from bot.html import render
from bot.messages import markup
from bot.messages.reply import UNREADABLE, Reply
from bot.platforms.web.people import GENERAL, DemoControls, PagePerson

log = logging.getLogger(__name__)
HERE = Path(__file__).parent
_JOINED = timedelta(minutes=5)
_THREADS = 10
_TINTS = 6
_NONE = FeedCount(0, "")


@dataclass(frozen=True)
class RoomItem:
    """A message for the room's template."""

    ref: str
    author: str
    at: datetime
    body: Markup
    day: date | None = None
    is_joined: bool = False
    thread_title: str = ""
    replies: int = 0
    is_answer: bool = False


@dataclass(frozen=True)
class ThreadLink:
    """A thread for the list of rooms."""

    ref: str
    title: str
    replies: int
    newest: str


class PageViews:
    """Draws the page."""

    def __init__(self, feed: Feed, clock: Clock, people: Sequence[PagePerson], title: str) -> None:
        self._feed, self._clock, self._people, self._title = feed, clock, people, title
        self._jinja = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._jinja.globals.update(
            moment=render.moment,
            markdown=render.markdown,
            line=render.line,
            card=render.card,
            tint=self._choose_tint,
            bot=title,
        )

    def _draw(self, template: str, **values: object) -> str:
        return self._jinja.get_template(template).render(values)

    def _choose_tint(self, name: str) -> int:
        names = [p.name for p in self._people]
        return (names.index(name) if name in names else sum(map(ord, name))) % _TINTS

    def page(self, registry: Registry, token: str, demo: DemoControls | None) -> str:
        """Return the whole page; its script fills in the rooms."""
        now = demo.now if demo is not None else None
        return self._draw(
            "page.html", title=self._title, people=self._people, commands=registry.shown, token=token, demo_now=now
        )

    async def rooms(self, person: PagePerson) -> str:
        """Return the list of rooms that a person can read, and of people with their newest direct messages."""
        main = await self._feed.list_messages(GENERAL)
        opened = [m for m in reversed(main) if m.thread_title][:_THREADS]
        own: dict[str, Spot] = {p.id: (f"@{p.id}", None) for p in self._people}
        tallies = await self._feed.tally([*own.values(), *((GENERAL, m.ref) for m in opened)])
        return self._draw(
            "rooms.html",
            person=person,
            people=self._people,
            threads=[_make_link(m, tallies.get((GENERAL, m.ref), _NONE)) for m in opened],
            newest={who: tallies.get(spot, _NONE).newest for who, spot in own.items()},
            main=main[-1].ref if main else "",
        )

    async def room(self, place: Place, zone: str | None, greeting: Reply | None) -> str:
        """Return a room's messages, oldest first; `greeting` is shown if there are none."""
        messages, root = await self._feed.list_messages(place.room, place.thread), None
        threads = [m.ref for m in messages if (m.thread_title or m.reply.turn) and not place.thread]
        if place.thread is not None:
            root, threads = await self._find_root(place), [place.thread]
        tallies = await self._feed.tally([(place.room, ref) for ref in threads])
        counts = {thread: tally.count for (_, thread), tally in tallies.items()}
        return self._draw(
            "room.html",
            items=list(_make_items(messages, zone, counts, _find_day(root, zone) if root else None)),
            root=_make_item(root, zone) if root else None,
            place=place,
            title=root.thread_title if root else "",
            replies=counts.get(place.thread, 0),
            today=self._clock.now().astimezone(_parse_zone(zone)).date(),
            greeting=greeting if not messages and not place.thread else None,
            now=self._clock.now(),
            zone=zone,
        )

    async def _find_root(self, place: Place) -> RoomMessage | None:
        """Return a thread's root message, if it still exists."""
        message = await self._feed.find(place.thread or "")
        return message if message is not None and (message.room, message.thread) == (place.room, None) else None

    def form(self, form: Form) -> str:
        """Return the inside of a form."""
        return self._draw("form.html", form=form)

    def private(self, reply: Reply, zone: str | None, line: str, key: str) -> str:
        """Return an answer for one browser only."""
        return self._draw("private.html", reply=reply, zone=zone, line=markup.clip(line, 200), key=key)


def _parse_zone(zone: str | None) -> ZoneInfo:
    return ZoneInfo(zone or "UTC")


def _make_link(message: RoomMessage, replies: FeedCount) -> ThreadLink:
    return ThreadLink(message.ref, markup.clip(message.thread_title, 80), replies.count, replies.newest)


def _make_item(message: RoomMessage, zone: str | None) -> RoomItem:
    return RoomItem(message.ref, message.author, message.at, _draw_body(message, zone))


def _draw_body(message: RoomMessage, zone: str | None) -> Markup:
    """Draw a message; if that fails, draw a notice in its place, so that the other messages are shown."""
    try:
        return render.card(message.reply, zone)
    except Exception as fault:  # noqa: BLE001  (the other messages are drawn all the same)
        log.error("message %s cannot be drawn\n%s", message.ref, trace(fault))
        return render.card(UNREADABLE, zone)


def _find_day(message: RoomMessage, zone: str | None) -> date:
    return message.at.astimezone(_parse_zone(zone)).date()


def _make_items(
    messages: Sequence[RoomMessage], zone: str | None, counts: Mapping[str | None, int], opened_on: date | None
) -> Iterator[RoomItem]:
    """Yield a room's items; `opened_on` is the day that a thread's root message already shows."""
    before, day_before = None, opened_on
    for message in messages:
        day = _find_day(message, zone)
        follows = before is not None and message.at - before.at < _JOINED and before.author == message.author
        yield RoomItem(
            message.ref,
            message.author,
            message.at,
            _draw_body(message, zone),
            day if day != day_before else None,
            follows and bool(message.author) and day == day_before,
            message.thread_title,
            counts.get(message.ref, 0),
            bool(message.reply.turn),
        )
        before, day_before = message, day
