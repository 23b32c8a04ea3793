"""One process of the bot at work in simulated time: a whole `App` whose clock is moved and whose platforms are told."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.base.clock import MovableClock
from bot.chat.platform import DeliveryUnknown, Gone, Inspector, Later, Platform, Post, Sent, ThreadFailed, ThreadGone
from bot.commands.context import MODERATES, Account, Invocation, Place
from bot.commands.room_access import AccessChecker
from bot.curriculum.track import Track
from bot.features.schedule.outage_detection import Heard
from bot.features.schedule.service import GROUPS_A_TICK
from bot.maintenance import migrate
from bot.messages.errors import TryLater
from bot.messages.reply import Reply, Text
from bot.runtime import settings as settings_of
from bot.runtime.answer_engine import AnswerEngine
from bot.runtime.app import App
from bot.runtime.composition import build
from bot.understanding import intents
from tests.harness import TENANCIES, Eyes
from tests.kit import Partner
from tests.reliability.soak.inputs import PLATFORMS, Units

Deliver = Callable[[dict[str, Any], bool], Awaitable[dict[str, Any]]]
log = logging.getLogger(__name__)


def units(shelf: Mapping[str, Track]) -> dict[str, Units]:
    """Return the units of each roadmap, with the numbers of their legs."""
    return {
        track.id: tuple((unit.id, leg.number) for leg in track.roadmap.parts for unit in leg.units)
        for track in shelf.values()
    }


class WrongClock:
    """A clock that is ahead of the true one, or behind it."""

    def __init__(self, true: MovableClock) -> None:
        self.true, self.ahead_s = true, 0

    def now(self) -> datetime:
        """Return what it says."""
        return self.true.now() + timedelta(seconds=self.ahead_s)


class Told(Partner):
    """A platform whose messages are handed to somebody who remembers them."""

    def __init__(self, name: str, hand_over: Deliver) -> None:
        super().__init__(name)
        self._hand_over = hand_over

    async def deliver(self, post: Post, again: bool) -> Sent:
        """Hand a message over, and fail as is answered."""
        first = next(iter(post.reply.blocks), None)
        given = {
            "key": post.key,
            "tag": post.tag,
            "action": post.action,
            "room": post.place.room,
            "ref": post.ref,
            "thread": post.place.thread,
            "title": post.thread_title,
            "sent_ref": post.sent_ref,
            "says_late": isinstance(first, Text) and first.markdown.startswith("_Late: "),
        }
        found = await self._hand_over(given, again)
        match found["verdict"]:
            case "sent":
                return Sent(found["ref"], found["thread"])
            case "later":
                raise Later(found["after_s"])
            case "unsure":
                raise DeliveryUnknown
            case "hung":
                raise TimeoutError
            case "gone":
                raise Gone("The room is not there.")
            case "thread gone":
                raise ThreadGone("The thread takes nothing.")
            case "thread failed":
                raise ThreadFailed(Sent(found["ref"]), "The thread could not be opened.")
        raise RuntimeError("500")


class Living:
    """A process, from its start until it ends or is killed."""

    def __init__(self, app: App, clock: WrongClock) -> None:
        self.app, self.clock = app, clock

    @classmethod
    def begin(cls, url: str, folder: Path, at: datetime, notebook: AnswerEngine, deliver: Deliver) -> Living:
        """Start on a database that is migrated; roadmaps and notes are read already."""
        clock = WrongClock(MovableClock(at))
        given = settings_of.load(_env_file=None, TRAILMATE_DATA_DIR=folder, TRAILMATE_DATABASE_URL=url)
        chats: dict[str, Platform] = {name: Told(name, deliver) for name in PLATFORMS}
        eyes = dict.fromkeys((*PLATFORMS, "local"), Eyes())
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(migrate, "upgrade", lambda url: None)
            app = build(
                given,
                clock=clock,
                notebook=notebook,
                chats=chats,
                senses=lambda there: (Inspector({**there, **eyes}), AccessChecker({**there, **eyes})),
            )
        # no net is under what posts say of their next instant: what it would catch is to be seen
        app.tick = replace(app.tick, longest_sleep=timedelta(days=3650))
        # the database's clock, by which leases go, is the true one
        app.database.machine_now = clock.true.now
        return cls(app, clock)

    async def step(self, at: float, since_s: float | None, ahead_s: int) -> None:
        """Look at what is due and send what can be, as the process does every few seconds; a fault waits for the next.

        Args:
            since_s: seconds since this process looked last; None for its first time.
            ahead_s: by how much its clock is wrong.
        """
        self._move(at, ahead_s)
        app = self.app
        try:
            while await app.tick.step(app.database, app.clock.now(), Heard(since_s)) >= GROUPS_A_TICK:
                since_s = 5.0
        except TryLater:
            pass
        except Exception:
            log.exception("the tick failed; the next one tries again")
        await asyncio.gather(*(self._relay(name) for name in PLATFORMS))

    def _move(self, at: float, ahead_s: int) -> None:
        self.clock.true.move_to(datetime.fromtimestamp(at, UTC))
        self.clock.ahead_s = ahead_s

    async def _relay(self, name: str) -> None:
        with contextlib.suppress(TryLater):
            try:
                await self.app.relays[name].empty()
            except TryLater:
                raise
            except Exception:
                log.exception("the relay to %s failed; the next run tries again", name)

    async def say(self, at: float, who: str, where: Mapping[str, str], line: str, key: str) -> str | None:
        """Have a person say a line; return the tone of the answer and its text, None for a repeat."""
        self._move(at, 0)
        platform, tenant = where["platform"], where["tenant"]
        account = Account(
            platform,
            tenant,
            who,
            who.capitalize(),
            where["zone"],
            frozenset({MODERATES} if who == "mo" else ()),
            "Test place",
            tenancy=TENANCIES[platform],
        )
        call = intents.hear(self.app.registry, line, "mention")
        event = Invocation(call, account, Place(platform, tenant, where["room"]), key)

        async def show(_: Reply) -> None:
            return None

        reply = await self.app.dispatcher.answer(event, show)
        return None if reply is None else f"{reply.tone} {reply.plain()}"

    async def report_usable(self, at: float, where: Mapping[str, str]) -> None:
        """Hear that a room takes messages again."""
        self._move(at, 0)
        await self.app.report_usable(Place(where["platform"], where["tenant"], where["room"]))
