"""Two gateways: one that is cut off or killed beside the other, and both behind one balancer."""

from __future__ import annotations

import asyncio
import json
import os
import re
import time
from collections.abc import Sequence
from contextlib import suppress
from itertools import count, cycle, pairwise
from statistics import median

import aiohttp
from aiohttp import web
from multidict import CIMultiDict

from tests.platforms.discord.shardworld import make_snowflake
from tests.platforms.slack.web import HOST, PUBLIC, signed, spelled
from tests.reliability.drills.bot import Bot
from tests.reliability.drills.discord import GUILD, OPEN, Discord
from tests.reliability.drills.frame import Scene, drill
from tests.reliability.drills.processes import ON_ITS_WAY_S
from tests.reliability.drills.servers_fall import between
from tests.reliability.drills.workspaces import HERE, Workspaces

EVERY_S, CUT_S, AFTER_S = 0.5, 25.0, 12.0
DONE = "Done."
DENIED = ("Only you can see why", "haven't changed anything", "can't reach my database", "busy at the moment. Please")
UNSURE = ("tell whether I saved that", "Only you can see the answer.")


class Talk:
    """People who join by a message, and others who type a command, one after the other, until it is over."""

    def __init__(self, discord: Discord) -> None:
        self.discord, self.is_over = discord, False
        self.written: list[str] = []
        self.typed: list[str] = []

    async def go_on(self) -> None:
        """Write and type."""
        for n in count():
            if self.is_over:
                return
            self.written.append(str(make_snowflake()))
            self.typed.append(f"8{n:05}")
            await self.discord.written(self.written[-1], "join")
            await self.discord.typed(self.typed[-1])
            await asyncio.sleep(EVERY_S)


async def _states(*bots: Bot) -> list[str]:
    return [(await bot.health())["platforms"]["discord"] for bot in bots]


@drill(
    does="The active one of two Discord gateways loses PostgreSQL for 25 seconds. Later one is killed",
    sees="Each message has one reply: a receipt or an error. Within 15 seconds the other gateway answers",
    holds="People whose receipt says that they joined are in the group once. People who got an error aren't",
    on=("postgresql",),
    processes=2,
)
async def gateway_is_cut_off(s: Scene) -> None:
    discord = Discord()
    await discord.start(s)
    await s.live()
    discord.host(s)
    proxy = await between(s)
    cut = s.bot(TRAILMATE_ROLES="gateway")
    await cut.begin(said="discord is ready")
    del s.given["TRAILMATE_DATABASE_URL"]
    other = s.bot(TRAILMATE_ROLES="gateway")
    await other.begin(said="discord is standby")
    talk = Talk(discord)
    talking = asyncio.create_task(talk.go_on())
    await asyncio.sleep(3)
    proxy.passes.clear()
    at = len(talk.typed)
    await asyncio.sleep(CUT_S)
    later = talk.typed[at + int(15 / EVERY_S) :]
    assert set(later[:-4]) <= set(discord.answered), "the other answers within 15 seconds"
    assert (await cut.health())["database"] == "unreachable"
    assert len(discord.living) == 1, "who is cut off is connected no more"
    proxy.cut()
    proxy.passes.set()
    await s.until(lambda: _stand(cut, other), 90, "one is connected and one waits")
    await asyncio.sleep(AFTER_S)
    (killed,) = [bot for bot, state in zip((cut, other), await _states(cut, other), strict=True) if state == "ready"]
    ended = len(talk.written)
    await killed.remove()
    await asyncio.sleep(CUT_S)
    talk.is_over = True
    await talking
    on_its_way = set(talk.written[ended - int(ON_ITS_WAY_S / EVERY_S) : ended])
    sure = set(talk.written) - on_its_way
    await s.until(lambda: all(map(discord.replies, sure)), 60, "each message has a reply")
    await asyncio.sleep(AFTER_S)  # for a second one, which must not come
    _told_once(s, discord, talk, on_its_way)


async def _stand(*bots: Bot) -> bool:
    return sorted(await _states(*bots)) == ["ready", "standby"]


def _told_once(s: Scene, discord: Discord, talk: Talk, on_its_way: set[str]) -> None:
    """See that each message has one reply, and that who is in the group is who was told so.

    Args:
        on_its_way: what a process may have taken a moment before it was killed.
    """
    assert len(discord.late) <= 2, f"answered once more, and refused by Discord: {discord.late}"
    replies = {key: discord.replies(key) for key in talk.written}
    lost = {key for key, found in replies.items() if not found and key in on_its_way}
    odd = {key: len(found) for key, found in replies.items() if len(found) != 1 and key not in lost}
    assert not odd, f"not one reply: {odd}"
    told = {key: found[0] for key, found in replies.items() if found}
    done = {key for key in told if DONE in told[key]}
    unsure, denied = (
        {key for key in told.keys() - done if any(text in told[key] for text in texts)} for texts in (UNSURE, DENIED)
    )
    strange = {told[key] for key in told.keys() - done - unsure - denied}
    assert not strange, f"told: {strange}"
    joined = "SELECT external_id FROM account JOIN membership ON account_id = account.id WHERE platform = 'discord'"
    members = [str(external).removeprefix("9") for (external,) in s.rows(joined)]
    assert len(members) == len(set(members))
    assert not denied & set(members), f"in the group, and told that they are not: {denied & set(members)}"
    assert done <= set(members), f"told that they are in the group, and are not: {done - set(members)}"
    said = f"{len(done)} joined, {len(denied)} did not, {len(unsure)} do not know, {len(lost)} lost of {len(replies)}"
    print(f"{said}; {len(discord.answered)} of {len(talk.typed)} commands answered")


@drill(
    does="The active one of two Discord processes is killed and restarts, then it ends by SIGTERM; three times each",
    sees="Each post is there once. The other answers after 15 seconds (median); after SIGTERM within 5 seconds",
    holds="Each post is `sent`, and no event is answered twice",
    on=("postgresql",),
    processes=2,
)
async def gateways_take_turns(s: Scene) -> None:
    discord = Discord()
    await discord.start(s)
    await s.live()
    discord.host(s)
    bots = [s.bot(), s.bot()]
    await bots[0].begin(said="discord is ready")
    await bots[1].begin(said="discord is standby")
    talk = Talk(discord)
    talking = asyncio.create_task(talk.go_on())
    killed, ended, posts = list[float](), list[float](), 0
    for n in range(2 * int(os.environ.get("TRAILMATE_DRILL_KILLS", "3"))):
        for _ in range(3):
            posts += 1
            s.announce(f"post {posts}", OPEN, "discord", GUILD)
        await asyncio.sleep(2)
        await s.until(lambda: _stand(*bots), 90, "one is connected and one waits")
        active = bots[(await _states(*bots)).index("ready")]
        if n % 2:
            before = len(talk.typed)
            ending = asyncio.create_task(active.end())
            ended.append(await _silence(discord, talk, before))
            await ending
        else:
            before = len(talk.typed)
            await active.remove()
            killed.append(await _silence(discord, talk, before))
        await active.begin(said="discord is standby")
    talk.is_over = True
    await talking
    await s.until(lambda: not s.count("outbox", "state <> 'sent'"), 60, "all posts are sent")
    assert [discord.has(OPEN, f"post {n}") for n in range(1, posts + 1)] == [1] * posts
    twice = {key for key in talk.written if len(discord.replies(key)) > 1}
    assert not twice and not discord.late, (twice, discord.late)
    unanswered = [key for key in talk.written if not discord.replies(key)]
    print(f"answered again after {_list(killed)} s when killed, {_list(ended)} s when ended")
    print(f"{len(unanswered)} of {len(talk.written)} messages and ", end="")
    print(f"{len(set(talk.typed) - set(discord.answered))} of {len(talk.typed)} commands stayed unanswered")
    assert median(killed) <= 15 and max(ended) <= 5, (killed, ended)


async def _silence(discord: Discord, talk: Talk, before: int) -> float:
    """Return the longest time from now on in which no command that is typed is answered, once two in a row are."""
    began = time.monotonic()
    while True:
        await asyncio.sleep(0.1)
        later = talk.typed[before:]
        for at, (first, second) in enumerate(pairwise(later)):
            if {first, second} <= set(discord.answered):
                return at * EVERY_S
        assert time.monotonic() - began < 60, "nothing is answered any more"


def _list(seconds: Sequence[float]) -> str:
    return ", ".join(f"{value:.1f}" for value in seconds)


class Balancer:
    """Sends each request to the next of some bots that is there, and says with `X-Bot` which it was."""

    def __init__(self, *bots: Bot) -> None:
        self.bots, self.turns, self.address = bots, cycle(bots), ""

    async def start(self, s: Scene) -> None:
        """Stand until the drill is over."""
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._pass)
        runner = web.AppRunner(app, shutdown_timeout=0.2)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        s.stack.push_async_callback(runner.cleanup)
        self.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        self._http = await s.stack.enter_async_context(aiohttp.ClientSession(auto_decompress=False))

    async def _pass(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        headers = {name: value for name, value in request.headers.items() if name not in _HOPS}
        turn = next(self.turns)
        for bot in sorted(self.bots, key=lambda bot: bot is not turn):
            try:
                asked = await self._http.request(
                    request.method,
                    bot.address + str(request.rel_url),
                    data=body,
                    headers=headers,
                    allow_redirects=False,
                )
            except (IndexError, aiohttp.ClientConnectionError):  # it begins, or is not there
                continue
            async with asked as answer:
                kept = [(name, value) for name, value in answer.headers.items() if name not in _HOPS]
                found = web.StreamResponse(status=answer.status, headers=CIMultiDict(kept))
                found.headers["X-Bot"] = str(bot.number)
                await found.prepare(request)
                with suppress(aiohttp.ClientPayloadError):  # it died in the middle: so does what is passed on
                    async for part in answer.content.iter_any():
                        await found.write(part)
                    await found.write_eof()
                    return found
                request.protocol.force_close()
                return found
        return web.Response(status=502, text="Nobody is there.")


_HOPS = {"Content-Length", "Transfer-Encoding", "Connection"}


@drill(
    does="A load balancer alternates between two processes: repeated Slack requests, an install, a page visit",
    sees="Each command is answered once, though both get it. The other process continues the install and visit",
    holds="Each event once in the inbox; one install; one visit",
    on=("postgresql",),
    processes=2,
)
async def two_behind_a_balancer(s: Scene) -> None:
    slack = Workspaces()
    await slack.start()
    s.stack.push_async_callback(slack.stop)
    s.given |= slack.settings | {"TRAILMATE_TRUST_PROXY": "yes"}
    bots = [s.bot(TRAILMATE_ROLES=roles) for roles in ("gateway,web,worker", "gateway,web")]
    for bot in bots:
        await bot.begin(said="slack is ready")
        await bot.says("Trailmate is at ")
    balancer = Balancer(*bots)
    await balancer.start(s)
    await slack.install(balancer, HERE)  # begun at the one, ended at the other
    assert s.rows("SELECT tenant FROM install") == [("T1",)]
    async with aiohttp.ClientSession(headers={"Host": HOST, "X-Forwarded-Proto": "https"}) as people:
        for n in range(4):
            took = [await _typed(people, balancer, slack, f"help{n}", "help", again) for again in range(3)]
            assert len(set(took[:2])) == 2, "the repetition reached the other"
        await slack.until(lambda: len(slack.answered) == 4, 20)
        await _typed(people, balancer, slack, "link", "dashboard", 0)
        await slack.until(lambda: slack.answered["link"], 20)
        await asyncio.sleep(2)
        assert set(slack.answered.values()) == {1}, slack.answered
        link = re.search(r"/dashboard/enter/([\w.-]+)", json.dumps(slack.responses[-1]))
        assert link, slack.responses[-1]
        shown = [await _shown(people, balancer, f"/dashboard/enter/{link[1]}") for _ in range(2)]
        assert {status for _, status in shown} == {200} and len({bot for bot, _ in shown}) == 2
        entering = people.post(
            balancer.address + "/dashboard/enter",
            data={"token": link[1]},
            allow_redirects=False,
            headers={"Origin": PUBLIC},
        )
        async with entering as entered:
            assert entered.status in (302, 303), await entered.text()
            visit = entered.headers["Set-Cookie"].split(";")[0]
        pages = [await _shown(people, balancer, "/dashboard", visit) for _ in range(4)]
        assert {status for _, status in pages} == {200} and len({bot for bot, _ in pages}) == 2, pages


async def _typed(
    people: aiohttp.ClientSession, balancer: Balancer, slack: Workspaces, name: str, text: str, again: int
) -> str:
    """Have somebody type `/study`, as Slack tells of it the first time or once more; return who took it."""
    payload = {
        "command": "/study",
        "text": text,
        "team_id": "T1",
        "channel_id": "C1",
        "user_id": "UMO",
        "user_name": "mo",
        "trigger_id": f"{name}.1.x",
        "response_url": slack.url(name),
    }
    body, kind = spelled("slash_commands", payload)
    retry = {"X-Slack-Retry-Num": str(again), "X-Slack-Retry-Reason": "http_timeout"} if again else {}
    headers = {"Content-Type": kind, **signed(body), **retry}
    async with people.post(f"{balancer.address}/slack/events", data=body, headers=headers) as answer:
        assert answer.status == 200, await answer.text()
        return answer.headers["X-Bot"]


async def _shown(people: aiohttp.ClientSession, balancer: Balancer, path: str, cookie: str = "") -> tuple[str, int]:
    """Return who shows a page, and with which status."""
    headers = {"Cookie": cookie} if cookie else {}
    async with people.get(balancer.address + path, headers=headers, allow_redirects=False) as answer:
        return answer.headers["X-Bot"], answer.status
