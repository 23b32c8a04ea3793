"""PostgreSQL ended, hung, exchanged, slow, full of others."""

from __future__ import annotations

import asyncio
import time

from tests.drills.frame import Scene, drill, expect

CHECKIN = "checkin 30 read a chapter"


@drill(
    does="PostgreSQL is ended at once, is away for five seconds, and begins again",
    sees="Meanwhile: the database cannot be reached, nothing was kept; afterwards all goes on by itself",
    holds="What was acknowledged before, what is said afterwards, nothing of what was refused",
    on=("postgresql",),
)
async def database_restarts(s: Scene) -> None:
    server = await s.own_server()
    bot, page = await s.begun()
    expect(await page.say("ada", CHECKIN), "30")
    server.stop()
    told = await page.say("ada", CHECKIN)
    expect(told, "cannot be reached", "changed nothing")
    assert (await bot.health())["database"] == "unreachable"
    await asyncio.sleep(5)
    server.start()
    await s.until(lambda: _is_well(s), 30, "health says that all is well")
    expect(await page.say("ada", CHECKIN), "30")
    assert s.count("checkin") == 2


@drill(
    does="PostgreSQL and all its processes stand still (SIGSTOP) for a minute",
    sees="Each line is answered within six seconds: busy, or it cannot be told whether it was kept",
    holds="Nothing of what was said to have changed nothing; afterwards each line once",
    on=("postgresql",),
)
async def database_hangs(s: Scene) -> None:
    server = await s.own_server()
    bot, page = await s.begun()
    unsure = 0
    with server.hanging():
        until = time.monotonic() + 60
        while time.monotonic() < until:
            began = time.monotonic()
            told = await page.say("ada", CHECKIN)
            assert time.monotonic() - began < 6.5, told
            unsure += "cannot tell" in told
            expect(told, "changed nothing", "cannot tell", "cannot be reached")
            assert (await bot.health())["database"] == "unreachable"
    await s.until(lambda: _is_well(s), 40, "health says that all is well")
    assert s.count("checkin") <= unsure, "what was said not to count does not"
    before = s.count("checkin")
    expect(await page.say("ada", CHECKIN), "30")
    assert s.count("checkin") == before + 1


async def _is_well(s: Scene) -> bool:
    return bool((await s.bots[-1].health())["ok"])
