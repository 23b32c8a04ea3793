"""PostgreSQL ended, hung, exchanged, slow, full of others."""

from __future__ import annotations

import asyncio
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from tests.platforms.slack.stub import TEAM
from tests.reliability.drills.bot import Bot
from tests.reliability.drills.commits import Commits
from tests.reliability.drills.frame import Scene, drill, expect
from tests.reliability.drills.page import Page
from tests.reliability.drills.proxy import Proxy
from tests.reliability.drills.server import Server

CHECKIN = "checkin 30 read a chapter"


@drill(
    does="PostgreSQL is stopped at once, is away for five seconds, and starts again",
    sees="Meanwhile people read that the database is unreachable and nothing was saved. Then all works again",
    holds="Acknowledged and later lines, no change from refused ones",
    on=("postgresql",),
)
async def database_restarts(s: Scene) -> None:
    server = await s.own_server()
    bot, page = await s.begun()
    expect(await page.say("ada", CHECKIN), "30")
    server.stop()
    told = await page.say("ada", CHECKIN)
    expect(told, "can't reach my database", "haven't changed anything")
    assert (await bot.health())["database"] == "unreachable"
    await asyncio.sleep(5)
    server.start()
    await s.until(lambda: _is_well(s), 30, "health says that all is well")
    expect(await page.say("ada", CHECKIN), "30")
    assert s.count("checkin") == 2


@drill(
    does="All processes of PostgreSQL are frozen (SIGSTOP) for a minute",
    sees="Each line is answered within six seconds: busy, or the bot can't tell whether it saved the line",
    holds='No change from lines that were answered with "nothing changed". Afterwards each line once',
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
            unsure += "tell whether I saved that" in told
            expect(told, "haven't changed anything", "tell whether I saved that", "can't reach my database")
            assert (await bot.health())["database"] == "unreachable"
    await s.until(lambda: _is_well(s), 40, "health says that all is well")
    assert s.count("checkin") <= unsure, "what was said not to count does not"
    before = s.count("checkin")
    expect(await page.say("ada", CHECKIN), "30")
    assert s.count("checkin") == before + 1


async def _is_well(s: Scene) -> bool:
    return await _is_ok(s.bots[-1])


async def between(s: Scene) -> Proxy:
    """Have the bots reach the database through a proxy."""
    proxy = Proxy(_socket(s))
    await _go_through(s, proxy)
    return proxy


def _socket(s: Scene) -> Path:
    return (s.server or s.servers.shared).socket


async def _go_through(s: Scene, proxy: Proxy) -> None:
    await proxy.start()
    s.stack.push_async_callback(proxy.stop)
    s.given["TRAILMATE_DATABASE_URL"] = f"postgresql://postgres@127.0.0.1:{proxy.port}/{make_url(s.url).database}"


@drill(
    does="PostgreSQL dies. A second server with its data answers at the same address",
    sees="Meanwhile people read that nothing was saved. Then all works again, with the earlier lines",
    holds="The second server has each acknowledged line of the first, and continues from there",
    on=("postgresql",),
)
async def database_fails_over(s: Scene) -> None:
    first = await s.own_server()
    await s.live()
    proxy = await between(s)
    bot = s.bot()
    await bot.begin()
    page = await s.page(bot)
    expect(await page.say("ada", CHECKIN), "30")
    await asyncio.to_thread(first.stop)
    expect(await page.say("ada", CHECKIN), "can't reach my database", "haven't changed anything")
    second = await asyncio.to_thread(Server, first)
    s.stack.callback(second.remove)
    proxy.to = second.socket
    s.url = second.url(str(make_url(s.url).database))
    await s.until(lambda: _is_well(s), 40, "health says that all is well")
    expect(await page.say("ada", CHECKIN), "30")
    assert s.count("checkin") == 2


@drill(
    does="Each packet to and from PostgreSQL takes 50 ms longer, then 500 ms, then 50 ms again",
    sees="Answers are slow. If one would take over five seconds, people read that the database is busy",
    holds="One check-in for each line with a receipt, at most one for each line without",
    on=("postgresql",),
)
async def database_is_slow(s: Scene) -> None:
    await s.live()
    proxy = await between(s)
    bot = s.bot()
    await bot.begin()
    page = await s.page(bot)
    kept = unsure = 0
    for delay_s in (0.05, 0.5, 0.05):
        proxy.delay_s = delay_s
        began = time.monotonic()
        told = await page.say("ada", CHECKIN)
        expect(told, "30 min", "haven't changed anything", "tell whether I saved that", "can't reach my database")
        assert time.monotonic() - began < 15, "they are told in time"
        kept += "30 min" in told
        unsure += "tell whether I saved that" in told
    await asyncio.sleep(2)
    assert kept <= s.count("checkin") <= kept + unsure
    expect(told, "30 min")


@drill(
    does="Other programs take all connections of PostgreSQL for ten seconds, just after the bot lost its own",
    sees="People read that the database is busy or unreachable and nothing was saved. Later the same line works",
    holds="No change from refused lines",
    on=("postgresql",),
)
async def database_is_full_of_others(s: Scene) -> None:
    server = await s.own_server()
    server.run("ALTER SYSTEM SET max_connections = 25", "ALTER SYSTEM SET superuser_reserved_connections = 0")
    server.stop("fast")
    server.start()
    _, page = await s.begun()
    with ExitStack() as others:
        asked = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'trailmate%'"
        others.enter_context(psycopg.connect(s.url, autocommit=True)).execute(asked)
        with suppress(psycopg.OperationalError):
            while True:
                others.enter_context(psycopg.connect(s.url))
        began = time.monotonic()
        told = await page.say("ada", CHECKIN)
        if "30 min" not in told:  # it had got one back before they were all taken
            expect(told, "can't reach my database", "haven't changed anything")
        assert time.monotonic() - began < 6
        await asyncio.sleep(10)
    await s.until(lambda: _is_well(s), 40, "health says that all is well")
    expect(await page.say("ada", CHECKIN), "30 min")
    assert s.count("checkin") == 1 + ("30 min" in told)


@drill(
    does="One of two processes is cut off from PostgreSQL for 40 seconds, then the other. A post is due each time",
    sees="The process that is cut off says that nothing was saved. The other works. Each post comes once",
    holds="Each post `sent` once; /healthz of the process that is cut off says `unreachable`",
    on=("postgresql",),
    processes=2,
)
async def split_in_turn(s: Scene) -> None:
    await s.live()
    proxies, bots = [], []
    for _ in range(2):
        proxies.append(await between(s))
        bots.append(s.bot())
    await asyncio.gather(*(bot.begin() for bot in bots))
    pages = [await s.page(bot) for bot in bots]
    for n, (proxy, cut) in enumerate(zip(proxies, bots, strict=True)):
        proxy.passes.clear()
        s.announce(f"post {n}")
        expect(await pages[n].say("ada", CHECKIN), "haven't changed anything", "can't reach my database")
        expect(await pages[1 - n].say("ada", CHECKIN), "30 min")
        assert (await cut.health())["database"] == "unreachable"
        await s.until(lambda n=n: s.count("outbox", f"key = 'post {n}' AND state = 'sent'"), 90)  # type: ignore[misc]
        proxy.cut()
        proxy.passes.set()
        await s.until(lambda cut=cut: _is_ok(cut), 60)  # type: ignore[misc]
    room = await pages[0].room()
    assert [room.count(f"This is post {n}.") for n in range(2)] == [1, 1]
    assert s.count("checkin") == 2


async def _is_ok(bot: Bot) -> bool:
    return bool((await bot.health())["ok"])


LOOK = ("INSERT INTO opened_unit", "INSERT INTO outbox")
DELIVERY = ("UPDATE outbox SET ", "sent_ref=")
UNSURE = "tell whether I saved that"


@drill(
    does="PostgreSQL commits, but its answer is lost: for a due unit, a check-in, a join and a sent post",
    sees="The bot says that it can't tell whether it saved the line. Each post is in its channel once",
    holds="Each of these once, even if the line is sent again; each row `sent`",
    on=("postgresql",),
)
async def commit_answer_is_lost(s: Scene) -> None:
    slack = await s.slack()
    await s.live(is_due=True)
    proxy = Commits(_socket(s))
    await _go_through(s, proxy)
    proxy.wanted += LOOK
    bot = s.bot()
    await bot.begin(said="slack is ready")
    page = await s.page(bot)
    await s.until(lambda: not proxy.wanted, 90, "both commits of the look were cut")
    await _unsure(s, proxy, page, "ada", "checkin 30 read a chapter", "checkin")
    await _unsure(s, proxy, page, "ben", "join", "membership")
    for n, words in enumerate(DELIVERY, 1):
        proxy.wanted.append(words)
        s.announce(f"post {n}", f"C{n}", "slack", TEAM)
        await s.until(lambda: not proxy.wanted, 30, f"the commit of {words} was cut")
    await s.until(lambda: not s.count("outbox", "state <> 'sent'"), 150, "all are sent")
    assert [slack.posts(f"C{n}") for n in (1, 2)] == [[f"This is post {n}."] for n in (1, 2)]
    assert s.count("opened_unit") == 1
    posted, stood = s.count("outbox", "action = 'post'"), s.count("feed_message", "key IN (SELECT key FROM outbox)")
    assert posted == stood + len(DELIVERY), f"{posted} posts, {stood} messages on the page"


async def _unsure(s: Scene, proxy: Commits, page: Page, who: str, line: str, table: str) -> None:
    """Have the answer to the commit of somebody's line be lost, and the same line be sent again."""
    before = s.count(table)
    proxy.wanted.append(f"INSERT INTO {table} ")
    expect(await page.say(who, line, f"line-{table}"), UNSURE)
    assert not proxy.wanted
    assert s.count(table) == before + 1, "it was kept"
    await page.say(who, line, f"line-{table}")
    assert s.count(table) == before + 1, "the line counts once"
