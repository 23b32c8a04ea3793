"""A SlackPlatform connected to the stub, and two members."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass

import pytest

from bot.chat.platform import Tell
from bot.commands.context import Place
from bot.messages.picture import Gallery, Picture
from bot.messages.reply import say
from bot.platforms.slack.adapter import SlackPlatform
from tests.platforms.slack.people import Person
from tests.platforms.slack.stub import APP_TOKEN, BOT_TOKEN, StubSlack
from tests.platforms.slack.world import World


@pytest.fixture
async def slack() -> AsyncIterator[StubSlack]:
    stub = StubSlack()
    await stub.start()
    yield stub
    await stub.stop()


@dataclass(frozen=True)
class Desk:
    """The platform while it runs, and all that stands around it."""

    platform: SlackPlatform
    slack: StubSlack
    world: World
    states: list[str]
    running: asyncio.Task[None]
    usable: list[Place]
    let_in: list[tuple[Place, Place]]
    told: list[tuple[Place, bool]]
    ada: Person
    bob: Person


@pytest.fixture
async def desk(slack: StubSlack) -> AsyncIterator[Desk]:
    """The platform while it runs, the world behind it, and ada and bob (an administrator)."""
    world = World()
    usable: list[Place] = []

    async def note(place: Place) -> None:
        usable.append(place)

    let_in: list[tuple[Place, Place]] = []
    told: list[tuple[Place, bool]] = []

    async def arrived(into: Place, read_in: Place, tell: Tell) -> None:
        let_in.append((into, read_in))
        if (into, True) not in told:
            told.append((into, await tell(say("Hello"))))

    gallery = Gallery({"figure": lambda _data: Picture(b"png")})
    platform = SlackPlatform(
        BOT_TOKEN, APP_TOKEN, api_url=slack.api_url, report_usable=note, arrived=arrived, gallery=gallery
    )
    states: list[str] = []
    running = asyncio.create_task(platform.run(world.registry, world.dispatcher, states.append))
    await asyncio.wait_for(slack.connected.wait(), 5)
    await slack.until(lambda: "ready" in states)
    yield Desk(
        platform=platform,
        slack=slack,
        world=world,
        states=states,
        running=running,
        usable=usable,
        let_in=let_in,
        told=told,
        ada=Person(slack, "U1ADA", "ada"),
        bob=Person(slack, "U2BOB", "bob", is_admin=True),
    )
    world.gate.open.set()
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
