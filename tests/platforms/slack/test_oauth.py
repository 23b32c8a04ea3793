"""Many workspaces: each installs the app by itself, is answered with its own token, and may go."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from aiohttp import web

from bot.chat.installs import Install
from bot.chat.platform import Gone, Post
from bot.commands.context import Account, Place
from bot.messages.reply import say
from bot.platforms.slack import oauth
from bot.platforms.slack.decode import StateSigner
from bot.platforms.slack.oauth import COOKIE, Distribution
from tests.platforms.slack.people import Person
from tests.platforms.slack.web import HOST, PUBLIC, MemoryInstalls, Site, SlackOverHttp, signed, spelled

CLIENT, CLIENT_SECRET = "11.22", "client-very-secret"
ACME, ZOO = "xoxb-acme-secret", "xoxb-zoo-secret"
Answer = tuple[int, Mapping[str, str], str]


@pytest.fixture
async def site(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    slack = SlackOverHttp()
    await slack.start()
    slack.tokens = {ACME: ("T1", "Acme", "U0BOT", "B1"), ZOO: ("T2", "<b>Zoo", "U0ZOO", "B2")}
    installs = MemoryInstalls()
    async with Site(slack, Distribution(installs, CLIENT, CLIENT_SECRET, PUBLIC)) as site:
        site.installs = installs
        yield site
    await slack.stop()


async def get(site: Site, path: str, cookie: str = "") -> Answer:
    """Ask for a page as a browser does that follows nothing."""
    headers = {"Host": HOST, **({"Cookie": f"{COOKIE}={cookie}"} if cookie else {})}
    async with (
        aiohttp.ClientSession() as browser,
        browser.get(site.slack.at + path, headers=headers, allow_redirects=False) as answer,
    ):
        return answer.status, answer.headers, await answer.text()


async def begin(site: Site) -> str:
    """Open the link, and return the state with which Slack is asked."""
    _, headers, _ = await get(site, "/slack/install")
    return parse_qs(urlsplit(headers["Location"]).query)["state"][0]


async def install(site: Site, token: str, code: str = "c1", **more: Any) -> Answer:
    """Install the app in the workspace of a token."""
    team, name, bot, _ = site.slack.tokens[token]
    site.slack.codes[code] = {
        "access_token": token,
        "bot_user_id": bot,
        "team": {"id": team, "name": name},
        "scope": "chat:write",
        "authed_user": {"id": "U5"},
        "token_type": "bot",
        **more,
    }
    state = await begin(site)
    return await get(site, f"/slack/oauth_redirect?code={code}&state={state}", state)


async def send(site: Site, kind: str, payload: dict[str, Any], **headers: str) -> tuple[int, str]:
    """Send what Slack signs."""
    body, form = spelled(kind, payload)
    return await site.slack.post(body, {"Content-Type": form, **signed(body), **headers})


def event(at: str, **event: Any) -> dict[str, Any]:
    """Return an event as the app of a workspace receives it."""
    return {"type": "event_callback", "team_id": at, "event": event, "event_time": int(time.time())}


def slash(team: str, text: str = "help") -> dict[str, Any]:
    """Return a command that somebody types in a workspace."""
    return {
        "command": "/study",
        "text": text,
        "team_id": team,
        "channel_id": "C1",
        "user_id": "U1ADA",
        "user_name": "ada",
        "trigger_id": f"{time.time()}",
    }


async def test_the_link_leads_to_slack_and_nowhere_else(site: Site) -> None:
    status, headers, _ = await get(
        site, "/slack/install?team=T1%26redirect_uri=https://evil.example&next=//evil.example"
    )
    at = urlsplit(headers["Location"])
    asked = parse_qs(at.query)
    assert (status, at.scheme, at.netloc, at.path) == (302, "https", "slack.com", "/oauth/v2/authorize")
    assert asked["redirect_uri"] == [f"{PUBLIC}/slack/oauth_redirect"] and asked["client_id"] == [CLIENT]
    assert "chat:write" in asked["scope"][0] and "team" not in asked
    cookie = headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}={asked['state'][0]};")
    assert (
        all(word in cookie for word in ("Secure", "HttpOnly", "Path=/", "Max-Age=600", "SameSite=Lax"))
        and "Domain" not in cookie
    )


async def test_two_workspaces_install_and_each_is_answered_with_its_own_token(site: Site) -> None:
    status, headers, said = await install(site, ACME)
    assert status == 200 and "installed in Acme" in said and "Max-Age" not in headers["Set-Cookie"]
    assert "installed in &lt;b&gt;Zoo" in (await install(site, ZOO, "c2"))[2]
    assert Place("slack", "T2", "") in site.usable
    for team, token in (("T1", ACME), ("T2", ZOO)):
        site.slack.used.clear()
        said_at = {"type": "app_mention", "user": "U1", "text": "shout hi", "channel": "C1", "ts": f"{time.time():.6f}"}
        assert (await send(site, "events_api", event(team, **said_at)))[0] == 200
        await site.slack.until(lambda: "chat.postMessage" in dict(site.slack.used))
        post = Post("k", "t" * 20, "post", Place("slack", team, "C2"), say("hello"))
        assert (await site.platform.deliver(post, False)).ref
        assert [used for method, used in site.slack.used if method == "chat.postMessage"] == [token] * 2
    assert {invocation.place.tenant for invocation in site.world.invocations} == {"T1", "T2"}


async def test_a_workspace_that_never_installed_it_reads_how(site: Site) -> None:
    status, said = await send(site, "slash_commands", slash("T7"))
    assert status == 200 and f"{PUBLIC}/slack/install" in json.loads(said)["text"]
    assert json.loads(said)["response_type"] == "ephemeral"
    assert (await send(site, "events_api", event("T7", type="app_mention", channel="C1", ts="1.5")))[0] == 200
    with pytest.raises(Gone, match="not installed"):
        await site.platform.deliver(Post("k", "t" * 20, "post", Place("slack", "T7", "C1"), say("x")), False)
    (finding,) = await site.platform.inspect(Place("slack", "T7", "C1"))
    assert not finding.ok and "/slack/install" in finding.what


async def test_who_uninstalls_is_forgotten_and_comes_back_by_installing(site: Site) -> None:
    await install(site, ACME)
    await install(site, ZOO, "c2")
    post = Post("k", "t" * 20, "post", Place("slack", "T1", "C1"), say("hello"))
    gone = event("T1", type="app_uninstalled")
    assert (await send(site, "events_api", gone))[0] == 503, "the token still works: this is old, or too early"
    assert (await site.platform.deliver(post, False)).ref
    del site.slack.tokens[ACME]
    assert (await send(site, "events_api", gone, **{"X-Slack-Retry-Num": "1"}))[0] == 200
    assert "T1" not in site.installs.kept
    with pytest.raises(Gone, match="not installed"):
        await site.platform.deliver(post, False)
    assert (await send(site, "events_api", gone))[0] == 200, "said again, it says nothing new"
    assert (await site.platform.deliver(Post("k", "t" * 20, "post", Place("slack", "T2", "C1"), say("x")), False)).ref
    site.slack.tokens["xoxb-acme-2"] = ("T1", "Acme", "U0BOT", "B1")
    await install(site, "xoxb-acme-2", "c3")
    assert site.usable[-1] == Place("slack", "T1", "")
    site.slack.used.clear()
    assert (await site.platform.deliver(post, False)).ref
    assert {token for _, token in site.slack.used} == {"xoxb-acme-2"}


async def test_a_token_that_came_by_another_process_is_used_at_once_where_the_old_one_is_refused(site: Site) -> None:
    def post(room: str) -> Post:
        return Post("k", "t" * 20, "post", Place("slack", "T1", room), say("hello"))

    with pytest.raises(Gone, match="not installed"):
        await site.platform.deliver(post("C1"), False)
    for room, token in (("C1", ACME), ("C2", "xoxb-acme-2")):
        site.slack.tokens = {token: ("T1", "Acme", "U0BOT", "B1")}
        await site.installs.keep(Install("T1", "Acme", token, "U0BOT", "B1"))
        assert (await site.platform.deliver(post(room), False)).ref
    site.slack.tokens = {}
    with pytest.raises(Gone, match="Slack rejects my token"):
        await site.platform.deliver(post("C3"), False)
    assert [token for method, token in site.slack.used if method == "chat.postMessage"] == [ACME, "xoxb-acme-2"]


async def test_tokens_that_are_revoked_count_if_the_bots_is_among_them(site: Site) -> None:
    await install(site, ACME)
    revoked = {"type": "tokens_revoked", "tokens": {"oauth": ["U5"], "bot": []}}
    del site.slack.tokens[ACME]
    await send(site, "events_api", event("T1", **revoked))
    assert "T1" in site.installs.kept
    revoked["tokens"] = {"oauth": [], "bot": ["U0BOT"]}
    await send(site, "events_api", event("T1", **revoked))
    assert "T1" not in site.installs.kept


async def test_a_state_is_good_once_for_ten_minutes_in_its_own_browser(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.slack.codes["c1"] = {"access_token": ACME, "team": {"id": "T1"}, "bot_user_id": "U0BOT"}
    state, other = await begin(site), await begin(site)
    back = f"/slack/oauth_redirect?code=c1&state={state}"
    forged = StateSigner("state:guessed").close(f"{int(time.time()) + 600}-x")
    for path, cookie, status in (
        (back, "", 400),
        (back, other, 400),
        (back + "x", state + "x", 401),
        (f"/slack/oauth_redirect?code=c1&state={forged}", forged, 401),
        ("/slack/oauth_redirect?code=c1", state, 400),
        ("/slack/oauth_redirect", "", 400),
    ):
        answered, _, said = await get(site, path, cookie)
        assert (answered, site.slack.sent("oauth.v2.access")) == (status, []), path
        assert 'href="/slack/install"' in said
    monkeypatch.setattr(oauth, "STATE_S", -1)
    late = await begin(site)
    assert (await get(site, f"/slack/oauth_redirect?code=c1&state={late}", late))[0] == 401
    assert (await get(site, back, state))[0] == 200
    status, _, said = await get(site, back, state)
    assert status == 401 and "already used" in said and len(site.slack.sent("oauth.v2.access")) == 1


async def test_a_code_that_slack_does_not_know_installs_nothing_and_stands_in_no_log(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    state = await begin(site)
    status, _, said = await get(site, f"/slack/oauth_redirect?code=stolen-code&state={state}", state)
    assert status == 401 and "did not confirm" in said
    status, _, said = await get(site, "/slack/oauth_redirect?error=access_denied%3Cscript%3E")
    assert status == 200 and "<script>" not in said
    await install(site, ACME)
    await send(site, "slash_commands", slash("T1"))
    assert not [word for word in ("stolen-code", "secret", state) if word in caplog.text]


@pytest.mark.parametrize(("method", "then"), [("oauth.v2.access", 200), ("auth.test", 401)])
@pytest.mark.parametrize(
    "answer",
    [
        "internal_error",
        "ratelimited",
        lambda: web.Response(status=503, text="<html>away</html>", content_type="text/html"),
        lambda: web.Response(text="no JSON"),
    ],
)
async def test_while_slack_is_away_the_state_stays_good(
    site: Site, method: str, then: int, answer: str | Callable[[], web.Response]
) -> None:
    site.slack.codes["c1"] = {"access_token": ACME, "team": {"id": "T1", "name": "Acme"}, "bot_user_id": "U0BOT"}
    state = await begin(site)
    back = f"/slack/oauth_redirect?code=c1&state={state}"
    site.slack.fail(method, answer)
    status, headers, said = await get(site, back, state)
    assert status == 503 and "Reload this page in a minute" in said and "Set-Cookie" not in headers
    assert not site.installs.kept
    again, _, said = await get(site, back, state)
    assert again == then, said
    if then == 401:  # Slack knows a code once; its page leads to a new one
        assert "Slack did not confirm it" in said and 'href="/slack/install"' in said
    else:
        assert site.installs.kept["T1"].bot_id == "B1"
        assert (await get(site, back, state))[0] == 401, "it is used once"


async def test_a_whole_organization_is_asked_to_choose_a_workspace(site: Site) -> None:
    status, _, said = await install(site, ACME, team=None, enterprise={"id": "E1"}, is_enterprise_install=True)
    assert status == 500 and "single workspace" in said
    assert not site.installs.kept


async def test_a_token_that_cannot_be_read_is_told_and_goes_with_its_install(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    site.installs.unread.add("T1")
    assert "Add that key" in json.loads((await send(site, "slash_commands", slash("T1")))[1])["text"]
    with pytest.raises(Gone, match="Add that key"):
        await site.platform.deliver(Post("k", "t" * 20, "post", Place("slack", "T1", "C1"), say("x")), False)
    assert (await send(site, "events_api", event("T1", type="app_uninstalled")))[0] == 200
    assert not site.installs.unread


async def test_a_view_of_one_workspace_is_believed_in_no_other(site: Site) -> None:
    await install(site, ACME)
    await install(site, ZOO, "c2")
    ada = Person(site.slack, "U1ADA", "ada")
    await ada.slash("checkin")
    view = (await site.slack.until(lambda: site.slack.sent("views.open")))[0]["view"]
    state = {"minutes": {"minutes": {"value": "45"}}, "note": {"note": {"value": "x"}}}
    sent = {
        "type": "view_submission",
        "team": {"id": "T2"},
        "user": {"id": "U1ADA", "team_id": "T2"},
        "trigger_id": "t9",
        "view": {**view, "state": {"values": state}},
    }
    status, said = await send(site, "interactive", sent)
    assert status == 200 and "errors" in said
    assert site.world.logged == []
    sent["team"], sent["trigger_id"] = {"id": "T1"}, "t10"
    assert await send(site, "interactive", sent) == (200, "")
    assert site.world.logged == [45]


async def test_a_stranger_in_a_shared_channel_takes_part_and_never_moderates(site: Site) -> None:
    await install(site, ACME)
    site.slack.users["U9"] = {
        "id": "U9",
        "team_id": "T9",
        "name": "eve",
        "is_admin": True,
        "is_owner": True,
        "is_stranger": True,
    }
    said: dict[str, Any] = {
        "type": "app_mention",
        "user": "U9",
        "user_team": "T9",
        "team": "T9",
        "channel": "C1",
    }
    shared = {"authorizations": [{"team_id": "T1"}], "is_ext_shared_channel": True, "context_team_id": "T1"}
    for ts, text in (("1.1", "<@U0BOT> checkin 45 x"), ("1.2", "<@U0BOT> rule")):
        await send(site, "events_api", {**event("T9", **said, ts=ts, text=text), **shared})
    await site.slack.until(lambda: len(site.world.invocations) == 2)
    assert site.world.logged == [45]
    for invocation in site.world.invocations:
        assert (invocation.place.tenant, invocation.account.tenant, invocation.account.scope) == ("T1", "T1", "T9")
        assert not invocation.account.grants
    eve = Account("slack", "T1", "U9", "eve", realm="T9")
    view = await site.platform.sees(eve, frozenset({Place("slack", "T1", "C1"), Place("slack", "T3", "C3")}))
    assert not view.seen, "a public channel is for full members, and another workspace's for none of them"
