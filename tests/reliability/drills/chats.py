"""Slack and the model gone wrong: refusing, cutting, speaking nonsense, silent; rooms and tokens taken away."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from tests.platforms.slack.stub import BOT_TOKEN, TEAM
from tests.reliability.drills.frame import Scene, drill, expect
from tests.reliability.drills.slack import TROUBLES, Slack, Trouble


async def _on_slack(s: Scene) -> Slack:
    slack = await s.slack()
    await s.bot().begin(said="slack is ready")
    return slack


@drill(
    does="Slack answers a post with 429, 500, half a JSON, a cut before or after it arrived, or silence",
    sees="Each of six posts is in its channel once, within a minute",
    holds="Each row `sent`, with the message's id",
)
async def slack_answers_badly(s: Scene) -> None:
    slack = await _on_slack(s)
    slack.upset("chat.postMessage", *TROUBLES)
    rooms = [f"C{n}" for n in range(1, len(TROUBLES) + 1)]
    for room in rooms:
        slack.messages.setdefault(room, [])
        slack.channels.setdefault(room, {"id": room, "name": room.lower(), "is_member": True})
        s.announce(f"post in {room}", room, "slack", TEAM)
    await s.until(lambda: s.count("outbox", "state = 'sent'") == len(rooms), 120, "all are sent")
    assert not slack.troubles, "each trouble was met"
    assert [len(slack.posts(room)) for room in rooms] == [1] * len(rooms)


@drill(
    does="Slack's socket is cut, replaced and cut again. Events come twice, three times and out of order",
    sees="Each command is answered once",
    holds="Each event once in the inbox",
)
async def slack_repeats_itself(s: Scene) -> None:
    slack = await _on_slack(s)
    for n in range(3):
        await asyncio.gather(*(slack.command(f"again{n}") for _ in range(1 + n)))
        if n == 1:
            await slack.sockets[-1].send_json({"type": "disconnect", "reason": "refresh_requested"})
        for socket in list(slack.sockets):
            if socket._req is not None and socket._req.transport is not None:
                socket._req.transport.abort()
        assert await slack.command(f"late{n}", tries=60)
        assert await slack.command(f"again{n}", tries=60), "an event that comes once more is acknowledged"
    await slack.until(lambda: len(slack.answered) == 6, 20)
    await asyncio.sleep(2)
    assert set(slack.answered.values()) == {1}, slack.answered


@drill(
    does="A channel is archived, the bot is removed from another, a third is deleted. Two are restored",
    sees="Other channels get their posts at once. A restored channel gets the posts that waited",
    holds="Rows `parked` with the reason, then `sent`. Rows for the deleted channel stay `parked`",
)
async def slack_takes_rooms_away(s: Scene) -> None:
    slack = await _on_slack(s)
    lost = {"C1": "is_archived", "C2": "not_in_channel", "C3": "channel_not_found"}
    slack.closed = dict(lost)
    for room in (*lost, "C4"):
        slack.messages.setdefault(room, [])
        s.announce(f"post in {room}", room, "slack", TEAM)
    await s.until(lambda: s.count("outbox", "state = 'parked'") == 3, 40, "three are parked")
    assert slack.posts("C4") == ["This is post in C4."]
    del slack.closed["C1"], slack.closed["C2"]
    await slack.event("channel_unarchive", channel="C1", user="UMO")
    await slack.event("member_joined_channel", channel="C2", user="U0BOT", channel_type="C", team=TEAM)
    await s.until(lambda: len(slack.posts("C1")) == len(slack.posts("C2")) == 1, 40, "both have their post")
    assert s.count("outbox", "state = 'parked'") == 1


@drill(
    does="Slack revokes the bot's token and later accepts it again",
    sees="The page works. The post that was due on Slack comes after a restart with a valid token",
    holds="The row waits, then is `sent`; /healthz and the log name the token to check",
)
async def slack_revokes_the_token(s: Scene) -> None:
    slack = await _on_slack(s)
    bot = s.bots[-1]
    kept = slack.tokens.pop(BOT_TOKEN)
    s.announce("post", "C1", "slack", TEAM)
    await s.until(lambda: _is_refused(s), 150, "Slack is refused")
    page = await s.page(bot)
    expect(await page.say("mo", "help"), "What you can do")
    assert not s.count("outbox", "state = 'sent'")
    slack.tokens[BOT_TOKEN] = kept
    await bot.end()
    await bot.begin(said="slack is ready")
    await s.until(lambda: len(slack.posts("C1")) == 1, 30, "the post is there")


async def _is_refused(s: Scene) -> bool:
    said = await s.bots[-1].health()
    return said["platforms"]["slack"] == "refused" and "SLACK_BOT_TOKEN" in " ".join(said["fixes"])


class Model:
    """A chat model that goes wrong in one way after the other."""

    def __init__(self, *troubles: Trouble) -> None:
        self.troubles, self.asked = list(troubles), 0

    async def start(self, s: Scene) -> str:
        """Stand until the drill is over, and return the address."""
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self.answer)
        runner = web.AppRunner(app, shutdown_timeout=0.2)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        s.stack.push_async_callback(runner.cleanup)
        return f"http://127.0.0.1:{runner.addresses[0][1]}/v1"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer as the first of the troubles has it; each is met twice, since the bot asks twice."""
        self.asked += 1
        trouble = self.troubles[0]
        if trouble == "slow":
            await asyncio.sleep(60)
        if trouble in ("cut", "cut after"):
            assert request.transport is not None
            request.transport.abort()
        given: dict[str, Any] = {"429": {"status": 429}, "500": {"status": 500}}.get(trouble, {})
        return web.Response(text='{"choices": [{"mess', content_type="application/json", **given)


@drill(
    does="The model answers 429, 500, half a JSON, cuts the connection, or doesn't answer",
    sees="Within 20 seconds people get an answer in the notes' own sentences, with its passages",
    holds="Each question with its answer, as usual",
)
async def model_goes_wrong(s: Scene) -> None:
    model = Model()
    address = await model.start(s)
    await s.live()
    bot = s.bot(OPENAI_API_KEY="sk-drill", OPENAI_BASE_URL=address)
    for pair in (("500", "malformed"), ("cut", "slow"), ("429",)):  # three in a row would have it rest for a minute
        await bot.begin()
        page = await s.page(bot)
        for trouble in pair:
            model.troubles, before = [trouble], model.asked
            async with asyncio.timeout(40):
                expect(await page.say("ada", "ask what is a tuple?"), "tuple")
            assert model.asked > before, f"the model was asked before {trouble}"
        await bot.end()
    assert s.count("question") >= 1
