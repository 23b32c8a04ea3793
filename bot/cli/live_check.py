"""`trailmate doctor --live LINK`: try a real channel, and list what only a person can see."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from bot.base.clock import SystemClock
from bot.base.rate_limiter import LocalLimiterStore
from bot.chat.platform import (
    Declined,
    DeliveryUnknown,
    Gone,
    Later,
    LiveCheck,
    Platform,
    PlatformServices,
    Post,
    Refused,
    Sent,
    ThreadFailed,
    ThreadGone,
    alone,
    unheard,
    unsaid,
)
from bot.commands.context import Place
from bot.delivery.outbox import tag_of
from bot.drawing.drawings import drawings, png
from bot.drawing.header_card import HEADER, HeaderCard
from bot.messages.call import Call
from bot.messages.picture import Gallery
from bot.messages.reply import Button, EventBlock, Image, Reply, Table, Text, say
from bot.platforms import REMOTE, PlatformEntry

if TYPE_CHECKING:
    from bot.runtime.settings import Settings

START_S = 60.0
NO_LINK = "{} isn't the link of a channel. In Discord or Slack, open the channel's menu and choose “Copy link”."
NO_TOKENS = "The tokens for {} aren't set. See .env.example."
CARRIED = (Gone, ThreadGone, Declined, Later, DeliveryUnknown, ThreadFailed, Refused)
"""Errors of a platform whose text is for people."""


@dataclass
class LiveReport:
    """Prints findings as they come, and counts those to fix."""

    is_asking: bool
    faults: int = 0
    open: list[str] = field(default_factory=list)

    def add(self, is_ok: bool, line: str) -> None:
        """Print a finding."""
        print(f"{'ok  ' if is_ok else 'FIX '} {line}", flush=True)
        self.faults += not is_ok

    def ask(self, line: str) -> None:
        """Ask whether the operator sees something; without a terminal, print that they have to look."""
        if not self.is_asking:
            print(f"LOOK {line}", flush=True)
            self.open.append(line)
            return
        self.add(not input(f"LOOK {line} [Y/n] ").strip().lower().startswith("n"), line)


async def check(settings: Settings, link: str, *, is_asking: bool) -> int:
    """Post in a channel, read back, and print findings; return the exit code."""
    entry, place = parse_link(link)
    report = LiveReport(is_asking)
    live: LiveCheck = entry.load_factory().LIVE_CHECK
    async with _reached(settings, entry) as platform:
        for finding in await platform.inspect(place):
            report.add(finding.ok, finding.what if finding.ok else finding.sentences)
        await platform.prepare(place)
        await _Round(platform, place, live, report).run()
    print("\nBy hand, while the bot runs in that channel:")
    for line in live.by_hand:
        print(f"  [ ] {line}")
    print(f"\n{report.faults} to fix, {len(report.open)} to look at, {len(live.by_hand)} by hand.")
    return 1 if report.faults else 0


def parse_link(link: str) -> tuple[PlatformEntry, Place]:
    """Return the platform and the channel of a link; SystemExit says how to get one."""
    for entry in REMOTE:
        if match := entry.load_factory().LIVE_CHECK.link.match(link):
            named = match.groupdict()
            return entry, Place(entry.name, named.get("tenant"), named["room"])
    raise SystemExit(NO_LINK.format(link))


@asynccontextmanager
async def _reached(settings: Settings, entry: PlatformEntry) -> AsyncIterator[Platform]:
    """Open a platform that takes no events, so that a running bot goes on."""
    from bot.runtime.catalogue import registry

    def refuse_installs(_name: str) -> Any:
        raise SystemExit("Set SLACK_BOT_TOKEN of one workspace for this check.")

    services = PlatformServices(
        report_usable=unheard,
        arrived=unsaid,
        gallery=Gallery(drawings(), png),
        limiter_store=LocalLimiterStore(),
        first=alone,
        open_leases=lambda _name, _wanted: None,
        open_installs=refuse_installs,
        styles=(),
    )
    platform: Platform | None = entry.load_factory().open_platform(settings, services)
    if platform is None:
        raise SystemExit(NO_TOKENS.format(entry.title))
    ready = asyncio.Event()

    def hear(state: str) -> None:
        if state == "ready":
            ready.set()

    serving = asyncio.create_task(platform.reach(registry(), cast(Any, None), hear))  # nothing is dispatched
    waiting = asyncio.create_task(ready.wait())
    try:
        await asyncio.wait({serving, waiting}, timeout=START_S, return_when=asyncio.FIRST_COMPLETED)
        if serving.done():
            await serving
        if not ready.is_set():
            raise SystemExit(f"{entry.title} did not answer within {START_S:.0f} seconds.")
        yield platform
    finally:
        waiting.cancel()
        serving.cancel()
        await asyncio.gather(serving, waiting, return_exceptions=True)


class _Round:
    """One round of messages in a channel; they are deleted at its end."""

    def __init__(self, platform: Platform, place: Place, live: LiveCheck, report: LiveReport) -> None:
        self._platform, self._place, self._live, self._report = platform, place, live, report
        self._began = SystemClock().now()
        starts = self._began + timedelta(days=1)
        self._event = EventBlock("Live check", starts, starts + timedelta(hours=1), "UTC")

    async def run(self) -> None:
        """Post, read back, write into the thread, edit, reply, announce an event, and clean up."""
        first = self._post("first", _draw_message(1), thread_title="Live check")
        sent = await self._try("A message with picture, table, button and thread was posted", first)
        if sent is None:
            return
        sought = await self._deliver(first, again=True)
        self._report.add(
            sought is not None and sought.was_there,
            "The message was found again by its tag (after a fault, nothing is posted twice)",
        )
        written, event = [(self._place, sent.ref)], ""
        inside = Place(self._place.platform, self._place.tenant, self._place.room, sent.thread or sent.ref)
        if answer := await self._try("A message in the thread was posted", self._post("inside", say("1"), inside)):
            written.append((inside, answer.ref))
        edited = self._post("first", _draw_message(2), action="edit", ref=sent.ref)
        await self._try("The message was edited, with another picture", edited)
        if self._live.has_events:
            reply = self._post("reply", say("This reply pings nobody."), reply_to=sent.ref)
            if answer := await self._try("A reply was posted", reply):
                written.append((self._place, answer.ref))
            event = await self._announce_event()
        for line in self._live.looks:
            self._report.ask(line)
        if not self._report.is_asking:
            print("The messages and the event stay for you to look at. Delete them when you are done.")
            return
        for place, ref in reversed(written):
            await self._deliver(self._post("gone", Reply(), place, action="delete", ref=ref))
        if event:
            off = replace(self._event, is_off=True)
            await self._deliver(self._post("event", Reply((off,)), action="edit", ref=event))

    def _post(self, name: str, reply: Reply, place: Place | None = None, **more: Any) -> Post:
        key = f"live-check:{self._began:%Y%m%d%H%M%S}:{name}"
        return Post(key, tag_of(key), more.pop("action", "post"), place or self._place, reply, **more)

    async def _try(self, what: str, post: Post) -> Sent | None:
        try:
            sent = await self._platform.deliver(post, False)
        except CARRIED as refusal:
            self._report.add(False, f"Not done: {what[:1].lower()}{what[1:]}. {_describe(refusal)}")
            return refusal.sent if isinstance(refusal, ThreadFailed) else None
        self._report.add(True, what)
        return sent

    async def _deliver(self, post: Post, *, again: bool = False) -> Sent | None:
        try:
            return await self._platform.deliver(post, again)
        except CARRIED as refusal:
            self._report.add(False, _describe(refusal))
            return None

    async def _announce_event(self) -> str:
        """Return the id of an event in the server's list; "" if the bot may not create any."""
        sent = await self._deliver(self._post("event", Reply((self._event,))))
        event = sent.ref if sent else ""
        what = "An event was created in the server's list"
        self._report.add(bool(event), what if event else f"{what.replace('was', 'was not')}. Give me Create Events.")
        return event


def _draw_message(number: int) -> Reply:
    card = HeaderCard("check", "Live check", "Live check", f"{number} of 2", number, 2)
    picture = Image(HEADER, card.data(), f"A header that says {number} of 2", f"_Picture {number} of 2._")
    table = Table(("Member", "Points"), (("Ada", "120"), ("Ben", "95")), right=(1,))
    button = Button("Open help", Call("help"))
    return Reply((picture, Text("Trailmate checks this channel."), table), (button,), title="Live check")


def _describe(refusal: Exception) -> str:
    return getattr(refusal, "reason", "") or str(refusal) or type(refusal).__name__
