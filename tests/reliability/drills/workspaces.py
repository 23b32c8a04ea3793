"""Slack over HTTP with two workspaces, of which one takes the app out and lets it in again."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

import aiohttp

from bot.platforms.slack.oauth import COOKIE
from tests.platforms.slack.web import HOST, PUBLIC, SECRET, signed
from tests.reliability.drills.bot import Bot
from tests.reliability.drills.frame import Scene, drill
from tests.reliability.drills.slack import Slack

HERE, THERE = "xoxb-here", "xoxb-there"
KEY = "ZHJpbGxzIG5lZWQgYSBrZXkgb2YgMzIgYnl0ZXMuLi4="
KEEPS = {
    "SLACK_SIGNING_SECRET": SECRET,
    "SLACK_CLIENT_ID": "11.22",
    "SLACK_CLIENT_SECRET": "client-secret",
    "TRAILMATE_SLACK_TOKEN_KEYS": KEY,
    "TRAILMATE_PUBLIC_URL": PUBLIC,
}


class Addressed(Protocol):
    """A bot, or what stands before some."""

    @property
    def address(self) -> str:
        """Where it is asked."""
        ...


class Workspaces(Slack):
    """Two of them, T1 and T2, that ask a process over HTTP."""

    def __init__(self) -> None:
        super().__init__()
        self.tokens = {HERE: ("T1", "Here", "U0BOT", "B1"), THERE: ("T2", "There", "U0BOT", "B2")}

    @property
    def settings(self) -> dict[str, str]:
        """What a bot is told to be asked by them."""
        return {"SLACK_API_URL": self.api_url, **KEEPS}

    async def install(self, bot: Addressed, token: str) -> None:
        """Have somebody install the app in the workspace of a token, as a browser does."""
        team, name, user, _ = self.tokens[token]
        self.codes[token] = {
            "access_token": token,
            "bot_user_id": user,
            "team": {"id": team, "name": name},
            "scope": "chat:write",
            "authed_user": {"id": "UMO"},
            "token_type": "bot",
        }
        async with aiohttp.ClientSession(headers={"Host": HOST}) as browser:
            async with browser.get(f"{bot.address}/slack/install", allow_redirects=False) as asked:
                state = parse_qs(urlsplit(asked.headers["Location"]).query)["state"][0]
            back = f"{bot.address}/slack/oauth_redirect?code={token}&state={state}"
            async with browser.get(back, headers={"Cookie": f"{COOKIE}={state}"}) as done:
                assert done.status == 200, await done.text()

    async def uninstalled(self, bot: Bot, team: str) -> int:
        """Say that a workspace has taken the app out; return what is answered."""
        said = {"type": "event_callback", "team_id": team, "event": {"type": "app_uninstalled"}, "event_time": 1}
        body = json.dumps(said)
        headers = {"Host": HOST, "Content-Type": "application/json", **signed(body)}
        async with (
            aiohttp.ClientSession() as slack,
            slack.post(f"{bot.address}/slack/events", data=body, headers=headers) as answer,
        ):
            return answer.status


@drill(
    does="One of two workspaces (over HTTP) removes the app and installs it again later. Posts are due in both",
    sees="The other workspace gets its posts at once. Waiting posts come after the new install, each once",
    holds="Rows `parked` with the reason, the channel on hold, no token. Then `sent`, and no hold",
)
async def slack_removes_the_app(s: Scene) -> None:
    slack = Workspaces()
    await slack.start()
    s.stack.push_async_callback(slack.stop)
    s.given |= slack.settings
    split = ("gateway", "worker") if s.engine == "postgresql" else ("all",)
    bots = [s.bot(TRAILMATE_ROLES=roles) for roles in split]
    for bot in bots:
        await bot.begin(said="slack is ready")
        await bot.says("Trailmate is at ")
    for token in (HERE, THERE):
        await slack.install(bots[0], token)
    await _due(s, slack, 1, ("C1", "C2"))
    del slack.tokens[HERE]
    assert await slack.uninstalled(bots[0], "T1") == 200
    assert s.rows("SELECT tenant FROM install") == [("T2",)]
    await asyncio.sleep(11)  # a worker believes for ten seconds what it knew
    await _due(s, slack, 2, ("C2",))
    await s.until(lambda: s.count("suspended_channel") == 1, 30, "the room is held back")
    [(state, reason, parked)] = s.rows(
        "SELECT state, outbox.error, held.reason FROM outbox JOIN suspended_channel AS held ON held.room = outbox.room "
        "WHERE outbox.tenant = 'T1' AND state <> 'sent'"
    )
    assert state == "parked" and "not installed" in reason and reason == parked, (state, reason, parked)
    await _due(s, slack, 3, ("C2",))
    assert s.count("outbox", "tenant = 'T1' AND state <> 'sent'") == 2
    slack.tokens["xoxb-again"] = ("T1", "Here", "U0BOT", "B1")
    await slack.install(bots[0], "xoxb-again")
    began = time.monotonic()
    await s.until(lambda: len(slack.posts("C1")) == 3, 40, "what waited is there")
    assert time.monotonic() - began < 30, "at once, not when it is tried by itself"
    assert slack.posts("C1") == [f"This is T1 {n}." for n in (1, 2, 3)]
    assert slack.posts("C2") == [f"This is T2 {n}." for n in (1, 2, 3)]
    await s.until(lambda: not s.count("suspended_channel"), 10, "nothing is held back")
    used = {token for method, token in slack.used if method == "chat.postMessage"}
    assert used == {HERE, THERE, "xoxb-again"}


async def _due(s: Scene, slack: Slack, n: int, rooms: tuple[str, ...]) -> None:
    """Have a post be due in each workspace, and wait for those in the rooms that are open."""
    for room, team in (("C1", "T1"), ("C2", "T2")):
        s.announce(f"{team} {n}", room, "slack", team)
    await s.until(lambda: all(len(slack.posts(room)) == n for room in rooms), 30, f"post {n} stands in {rooms}")
