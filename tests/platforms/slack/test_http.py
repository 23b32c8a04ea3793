"""One workspace over HTTP: what people do arrives as it does by Socket Mode, and nobody but Slack is let in."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable

import pytest

from bot.chat.platform import Gone, Later, Post, Refused
from bot.commands.context import Place
from bot.messages.call import Call
from bot.messages.reply import say
from bot.platforms.slack import http, token
from bot.platforms.slack.http import HttpSlack
from bot.platforms.slack.token import OneToken
from tests.platforms.slack.people import Person
from tests.platforms.slack.stub import BOT_TOKEN
from tests.platforms.slack.web import SECRET, Site, SlackOverHttp, signed, spelled
from tests.platforms.slack.world import World

POST = Post("k", "t" * 20, "post", Place("slack", "T1", "C1"), say("hello"))
HELP = spelled(
    "slash_commands",
    {"command": "/study", "text": "help", "team_id": "T1", "channel_id": "C1", "user_id": "U1ADA", "trigger_id": "t1"},
)[0]


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    slack = SlackOverHttp()
    await slack.start()
    async with Site(slack, OneToken(BOT_TOKEN)) as site:
        yield site
    await slack.stop()


@pytest.fixture
def ada(site: Site) -> Person:
    return Person(site.slack, "U1ADA", "ada")


async def test_a_command_a_form_a_button_a_file_and_a_line_are_answered(site: Site, ada: Person) -> None:
    slack = site.slack
    assert await ada.slash("help") is None
    assert "ada in Asia/Tokyo" in (await slack.until(lambda: slack.responses))[0]["text"]
    await ada.slash("checkin")
    view = (await slack.until(lambda: slack.sent("views.open")))[0]["view"]
    wrong = await ada.submit(view, minutes="800", note="x")
    assert wrong["response_action"] == "errors"
    await ada.submit(view, minutes="45", note="two papers")
    await slack.until(lambda: site.world.logged == [45])
    await ada.click(Call("undo").pack())
    await slack.until(lambda: any(said.get("text") == "Taken back." for said in slack.responses))
    await ada.say("<@U0BOT> shout hello")
    await slack.until(lambda: any("shouts hello" in m["text"] for m in slack.sent("chat.postMessage")))
    file = {"name": "p.png", "permalink": "https://acme.slack.com/files/U1ADA/F1/p.png"}
    await ada.say("present 25 mine", channel="DU1ADA", kind="message", files=[file], subtype="file_share")
    await slack.until(lambda: any("files/U1ADA/F1" in m["text"] for m in slack.sent("chat.postMessage")))


async def test_suggestions_and_the_home_tab_come_over_http_too(site: Site, ada: Person) -> None:
    await ada.slash("settings")
    view = (await site.slack.until(lambda: site.slack.sent("views.open")))[0]["view"]
    offered = await ada.suggest(view, "zone", "berlin")
    assert [one["value"] for one in offered["options"]] == ["Europe/Berlin"]
    await ada.opens_home()
    await site.slack.until(lambda: site.slack.sent("views.publish"))


async def test_posts_go_out_and_the_room_can_be_looked_at(site: Site) -> None:
    assert (await site.platform.deliver(POST, False)).ref
    assert await site.platform.inspect(POST.place)
    assert site.usable == [Place("slack", None, "")]
    with pytest.raises(Gone):
        await site.platform.deliver(Post("k", "t" * 20, "post", Place("slack", "T9", "C1"), say("hello")), False)


async def test_the_address_is_confirmed_by_its_challenge(site: Site) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc"})
    assert await site.slack.post(body, signed(body)) == (200, '{"challenge": "abc"}')


async def test_what_is_sent_again_is_answered_once(site: Site, ada: Person) -> None:
    event = {"type": "app_mention", "user": "U1ADA", "text": "<@U0BOT> shout hello", "channel": "C1", "ts": "1.5"}
    body = json.dumps({"type": "event_callback", "team_id": "T1", "event": event, "event_id": "Ev1"})
    for attempt in range(3):
        again = {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": "http_timeout"} if attempt else {}
        assert (await site.slack.post(body, {**signed(body), **again, "Content-Type": "application/json"}))[0] == 200
    body = HELP.replace("help", "checkin+45+x")
    for _ in range(2):
        assert (await site.slack.post(body, signed(body)))[0] == 200
    await site.slack.until(lambda: site.world.logged)
    await asyncio.sleep(0.05)
    assert site.world.logged == [45]
    assert len(site.slack.sent("chat.postMessage")) == 1


@pytest.mark.parametrize(
    "forge",
    [
        lambda: signed(HELP, secret="another"),
        lambda: signed(HELP, age_s=310),
        lambda: signed(HELP, age_s=-310),
        lambda: signed(HELP + "x"),
        dict,
        lambda: {"X-Slack-Request-Timestamp": "soon", "X-Slack-Signature": "v0=1"},
        lambda: {**signed(HELP), "X-Slack-Request-Timestamp": "9" * 400},
        lambda: {**signed(HELP), "X-Slack-Signature": "v0="},
        lambda: {"X-Slack-Signature": signed(HELP)["X-Slack-Signature"]},
    ],
    ids=["secret", "old", "from tomorrow", "changed", "none", "no time", "endless time", "no mark", "mark alone"],
)
async def test_nobody_but_slack_is_heard(site: Site, forge: Callable[[], dict[str, str]]) -> None:
    status, said = await site.slack.post(HELP, {"Content-Type": "application/x-www-form-urlencoded", **forge()})
    assert status == 401
    assert SECRET not in said
    assert not site.slack.calls[1:]


async def test_what_is_no_request_of_slacks_is_refused_though_it_is_signed(site: Site) -> None:
    for body in ("", "{", '{"a":' * 5000, "payload=[]", "payload=nothing"):
        assert (await site.slack.post(body, signed(body)))[0] == 400, body[:20]


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("events_api", {"type": "event_callback", "event": []}),
        ("events_api", {"type": "event_callback", "event": "x"}),
        ("events_api", {"type": "event_callback", "event": {"type": "message", "user": "U1", "text": "hello"}}),
        ("events_api", {"type": "event_callback", "event": {"type": "app_home_opened"}, "authorizations": ["x"]}),
        ("interactive", {"type": "block_actions", "user": {"id": "U1"}, "actions": []}),
        ("interactive", {"type": "block_actions", "user": {"id": "U1"}, "actions": ["x"]}),
        ("interactive", {"type": "block_actions", "user": "U1", "actions": [{"action_id": "a"}]}),
        ("interactive", {"type": "view_submission", "user": {"id": "U1"}}),
        ("slash_commands", {"command": "/study", "text": "help", "user_id": "U1"}),
    ],
)
async def test_what_lacks_a_part_is_refused_without_a_trace(
    site: Site, caplog: pytest.LogCaptureFixture, kind: str, payload: dict[str, object]
) -> None:
    body, form = spelled(kind, {"team_id": "T1", **payload})
    status, _ = await site.slack.post(body, {"Content-Type": form, **signed(body)})
    assert status == 400
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_a_huge_body_and_one_that_does_not_come_are_not_waited_for(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "READ_S", 0.05)
    huge = "x" * (http.BODY + 1)
    assert (await site.slack.post(huge, signed(huge)))[0] == 413
    host, port = site.slack.at.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = "".join(f"{name}: {value}\r\n" for name, value in signed("x").items())
    writer.write(f"POST /slack/events HTTP/1.1\r\nHost: study.example\r\n{head}Content-Length: 9\r\n\r\nx".encode())
    assert b" 408 " in await asyncio.wait_for(reader.readline(), 2)
    writer.close()


async def test_only_its_own_address_and_name_are_there(site: Site) -> None:
    headers = {**signed(HELP), "Content-Type": "application/x-www-form-urlencoded"}
    assert (await site.slack.post(HELP, headers, "/slack/install"))[0] == 404
    assert (await site.slack.post(HELP, {**headers, "Host": "evil.example"}))[0] == 403


async def test_before_it_is_ready_slack_is_asked_to_come_again() -> None:
    slack = SlackOverHttp()
    platform = HttpSlack(SECRET, OneToken(BOT_TOKEN))
    site = Site(slack, OneToken(BOT_TOKEN))
    serving = asyncio.create_task(site.server.run(lambda _: None))
    slack.at = await slack.until(lambda: site.server.url)
    assert (await slack.post(HELP, signed(HELP)))[0] == 503
    serving.cancel()
    with pytest.raises(Later):
        await platform.deliver(POST, False)
    (finding,) = await platform.inspect(POST.place)
    assert not finding.ok


async def test_a_token_that_is_refused_or_revoked_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    slack, world = SlackOverHttp(), World()
    await slack.start()

    async def run(bot_token: str) -> None:
        platform = HttpSlack(SECRET, OneToken(bot_token), api_url=slack.api_url)
        await asyncio.wait_for(platform.run(world.registry, world.dispatcher, lambda _: None), 3)

    with pytest.raises(Refused, match="Bot User OAuth Token"):
        await run("xoxb-bad")
    monkeypatch.setattr(token, "TOKEN_S", 0.01)
    running = asyncio.create_task(run(BOT_TOKEN))
    await slack.until(lambda: len(slack.sent("auth.test")) > 2)
    slack.fail("auth.test", "token_revoked")
    with pytest.raises(Refused, match="token_revoked"):
        await running
    await slack.stop()
