"""Two gateways behind one balancer."""

from __future__ import annotations

import asyncio
import json
import re
from itertools import cycle

import aiohttp
from aiohttp import web
from multidict import CIMultiDict

from tests.drills.bot import Bot
from tests.drills.frame import Scene, drill
from tests.drills.workspaces import HERE, Workspaces
from tests.platforms.slack.web import HOST, PUBLIC, signed, spelled


class Balancer:
    """Sends each request to the next of some bots, and says with `X-Bot` which it was."""

    def __init__(self, *bots: Bot) -> None:
        self.turns, self.address = cycle(bots), ""

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

    async def _pass(self, request: web.Request) -> web.Response:
        bot, body = next(self.turns), await request.read()
        headers = {name: value for name, value in request.headers.items() if name not in _HOPS}
        address = bot.address + str(request.rel_url)
        async with self._http.request(
            request.method, address, data=body, headers=headers, allow_redirects=False
        ) as answer:
            kept = [(name, value) for name, value in answer.headers.items() if name not in _HOPS]
            found = web.Response(body=await answer.read(), status=answer.status, headers=CIMultiDict(kept))
        found.headers["X-Bot"] = str(bot.number)
        return found


_HOPS = {"Content-Length", "Transfer-Encoding", "Connection"}


@drill(
    does="Two processes get by turns what comes to one address: Slack's repetitions, an install, a visit to the pages",
    sees="Each command is answered once, though it reaches both; the install and the visit go on in the other",
    holds="Each event once in the inbox; one install; one visit",
    on=("postgresql",),
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
            balancer.address + "/dashboard/enter", data={"token": link[1]}, allow_redirects=False,
            headers={"Origin": PUBLIC},
        )  # fmt: skip
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
        "command": "/study", "text": text, "team_id": "T1", "channel_id": "C1", "user_id": "UMO", "user_name": "mo",
        "trigger_id": f"{name}.1.x", "response_url": slack.url(name),
    }  # fmt: skip
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
