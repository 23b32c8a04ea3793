"""Pictures of messages: uploaded once, shown in posts and answers; and no fault of one loses a message."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.chat.platform import Post
from bot.commands.context import Place
from bot.drawing.board_card import BoardCard, LeaderboardRow
from bot.drawing.drawings import drawings, png
from bot.messages import picture
from bot.messages.picture import Gallery, Picture, Unknown
from bot.messages.reply import File, Image, Reply, Table, Text
from bot.platforms.slack import deliver, pictures
from bot.platforms.slack.answer import ResponseUrls, SlackAnswer
from bot.platforms.slack.client import Pacer, SlackApi
from bot.platforms.slack.decode import Route
from bot.platforms.slack.deliver import Delivery
from bot.platforms.slack.pictures import Album
from tests.platforms.slack.conftest import Desk
from tests.platforms.slack.stub import BOT_TOKEN, StubSlack

ROW = Image("figure", {"figure": "row"}, "Five <boxes>", "_Figure:_ five boxes")
LOST = replace(ROW, data={"figure": "lost"})
REPLY = Reply((Text("Why it matters"), ROW), title="Unit 7")
POST = Post("k1", "abcdefghijklmnopqrst", "post", Place("slack", "T1", "C1"), REPLY)


def draw(data: Mapping[str, str]) -> Picture:
    if data["figure"] != "row":
        raise Unknown
    return Picture(b"png")


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "LOOK_S", 0.01)
    monkeypatch.setattr(pictures, "UNTOLD_S", 0.0)


@pytest.fixture
async def api(slack: StubSlack) -> AsyncIterator[SlackApi]:
    async with aiohttp.ClientSession() as session:
        yield SlackApi(BOT_TOKEN, slack.api_url, session)


@pytest.fixture
def album() -> Album:
    return Album(Gallery({"figure": draw}))


def delivery(api: SlackApi, album: Album) -> Delivery:
    return Delivery(api, Pacer(every_s=0.01), {}, OrderedDict(), album)


def answer(slack: StubSlack, api: SlackApi, album: Album, room: str = "C1") -> SlackAnswer:
    route = Route("slash", "D1" if room == "@U1" else room, "U1", room, url=slack.url())
    return SlackAnswer(api, ResponseUrls(api), Pacer(every_s=0.01), route, is_private=True, album=album)


async def test_a_post_shows_its_picture_which_is_uploaded_once(slack: StubSlack, api: SlackApi, album: Album) -> None:
    sent = await delivery(api, album).deliver(POST, again=False)
    await delivery(api, album).deliver(replace(POST, action="edit", ref=sent.ref), again=False)
    for message in (slack.sent("chat.postMessage")[0], slack.sent("chat.update")[0]):
        assert '"slack_file": {"id": "F0"}' in str(message["blocks"]).replace("'", '"')
        assert "Five <boxes>" in str(message["blocks"]) and "five boxes" not in str(message["blocks"])
    assert slack.files == [b"png"]


BOARD = BoardCard(
    "Leaderboard", "Phase 1", (LeaderboardRow(1, "Night <b>owl</b>", 30), LeaderboardRow(2, "Ada", 8, True, "you"))
)
RANKS = Image("board", BOARD.data(), "Ranks", "", Table(("#", "Name"), (("1", "Night <b>owl</b>"), ("2", "Ada"))))


async def test_a_board_is_a_picture_and_a_table_where_slack_takes_none(
    slack: StubSlack, api: SlackApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture, "DRAW_S", 30.0)
    album = Album(Gallery(drawings(), png))
    await answer(slack, api, album).finish(Reply((RANKS,)).settled("private"))
    await answer(slack, api, album, "@U1").finish(Reply((RANKS,)).settled("private"))
    (told,) = slack.sent("chat.postMessage")
    assert slack.files[0].startswith(b"\x89PNG") and "slack_file" in str(told["blocks"])
    slack.fail("files.getUploadURLExternal", "missing_scope")
    other = replace(RANKS, data={**RANKS.data, "span": "Phase 2"})
    await answer(slack, api, album).finish(Reply((other,)).settled("private"))
    assert "'type': 'table'" in str(slack.responses[0]["blocks"])


async def test_an_answer_shows_its_picture(slack: StubSlack, api: SlackApi, album: Album) -> None:
    await answer(slack, api, album, "@U1").finish(REPLY.settled("private"))
    assert "'slack_file': {'id': 'F0'}" in str(slack.sent("chat.postMessage")[0]["blocks"]).replace('"', "'")


async def test_a_picture_of_a_private_answer_is_sent_when_it_is_asked_for(desk: Desk) -> None:
    slack = desk.slack
    await desk.ada.slash("figure")
    (told,) = await slack.until(lambda: slack.responses)
    (offer,) = told["blocks"][-1]["elements"]
    assert "five boxes" in str(told) and offer["text"]["text"] == "Show picture"
    assert not slack.files and not slack.sent("chat.postMessage")
    await desk.ada.click(offer["value"], is_ephemeral=True)
    await slack.until(lambda: len(slack.responses) > 1)
    assert "I've sent the picture to our direct messages." in str(slack.responses[1])
    (sent,) = slack.sent("chat.postMessage")
    title, picture = sent["blocks"]
    assert sent["channel"] == "DU1ADA" and title["text"]["text"] == "Unit 7"
    assert picture["slack_file"] == {"id": "F0"} and picture["alt_text"] == "Five <boxes>"
    (upload,) = slack.sent("files.getUploadURLExternal")
    assert upload["alt_txt"] == "Five <boxes>" and "Five <boxes>" in str(slack.sent("files.completeUploadExternal"))


async def test_a_picture_that_slack_has_not_processed_is_not_called_sent(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "READY_S", 0.1)
    slack = desk.slack
    slack.processing = 1000
    await desk.ada.slash("figure")
    (reply,) = await slack.until(lambda: slack.responses)
    await desk.ada.click(reply["blocks"][-1]["elements"][0]["value"], is_ephemeral=True)
    await slack.until(lambda: len(slack.responses) > 1)
    assert "Slack hasn't accepted the picture yet." in str(slack.responses[1]) and not slack.sent("chat.postMessage")
    slack.processing = 0
    await desk.ada.click(slack.responses[1]["blocks"][-1]["elements"][0]["value"], is_ephemeral=True)
    await slack.until(lambda: len(slack.responses) > 2)
    assert "I've sent the picture to our direct messages." in str(slack.responses[2])
    (sent,) = slack.sent("chat.postMessage")
    assert "slack_file" in str(sent["blocks"])


async def test_a_picture_is_shown_once_slack_has_processed_it(slack: StubSlack, api: SlackApi, album: Album) -> None:
    slack.processing = 3
    await delivery(api, album).deliver(POST, again=False)
    assert slack.looks == {"F0": 4} and "slack_file" in str(slack.sent("chat.postMessage")[0]["blocks"])


async def test_a_picture_that_slack_processes_for_long_is_shown_in_the_next_message(
    slack: StubSlack, api: SlackApi, album: Album, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "POST_READY_S", 0.1)
    slack.processing = 1000
    sent = await delivery(api, album).deliver(POST, again=False)
    edit = replace(POST, action="edit", ref=sent.ref)
    assert sent.is_incomplete and (await delivery(api, album).deliver(edit, again=False)).is_incomplete
    slack.processing = 0
    assert not (await delivery(api, album).deliver(edit, again=False)).is_incomplete
    assert "slack_file" in str(slack.sent("chat.update")[-1]["blocks"])
    await delivery(api, album).deliver(replace(POST, key="k2"), again=False)
    shown = ["slack_file" in str(message["blocks"]) for message in slack.sent("chat.postMessage")]
    assert shown == [False, True] and slack.files == [b"png"]


async def test_several_pictures_of_a_post_are_waited_for_at_the_same_time(
    slack: StubSlack, api: SlackApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "POST_READY_S", 0.5)
    slack.processing = 1000
    album = Album(Gallery({"figure": lambda data: Picture(data["figure"].encode())}))
    figures = tuple(replace(ROW, data={"figure": name}) for name in ("one", "two", "three"))
    async with asyncio.timeout(1.2):
        sent = await delivery(api, album).deliver(replace(POST, reply=Reply(figures)), again=False)
    assert sent.is_incomplete and len(slack.files) == 3


async def test_without_files_read_a_picture_is_shown_all_the_same(
    slack: StubSlack, api: SlackApi, album: Album
) -> None:
    slack.fail("files.info", "missing_scope")
    await delivery(api, album).deliver(POST, again=False)
    assert "slack_file" in str(slack.sent("chat.postMessage")[0]["blocks"])


@pytest.mark.parametrize("refused", ["scope", "status", "complete"])
async def test_a_failed_upload_is_told_in_words_and_logged_once(
    slack: StubSlack, api: SlackApi, album: Album, refused: str, caplog: pytest.LogCaptureFixture
) -> None:
    if refused == "status":
        slack.upload_status = 413
    else:
        method = "files.getUploadURLExternal" if refused == "scope" else "files.completeUploadExternal"
        slack.fail(method, "missing_scope", times=5)
    with caplog.at_level(logging.WARNING):
        for n in range(2):
            await delivery(api, album).deliver(replace(POST, key=f"k{n}"), again=False)
    for message in slack.sent("chat.postMessage"):
        assert "five boxes" in str(message["blocks"]) and "slack_file" not in str(message["blocks"])
    assert caplog.text.count("takes no pictures") == 1
    assert len(slack.sent("files.getUploadURLExternal")) == 1


def limited(seconds: str) -> Callable[[], web.Response]:
    body = {"ok": False, "error": "ratelimited"}
    return lambda: web.json_response(body, status=429, headers={"Retry-After": seconds})


async def test_slack_is_asked_about_a_picture_again_after_a_rate_limit(
    slack: StubSlack, api: SlackApi, album: Album, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "POST_READY_S", 2.0)
    slack.fail("files.info", limited("0"), times=2)
    slack.processing = 1000
    sent = await delivery(api, album).deliver(POST, again=False)
    assert sent.is_incomplete and "slack_file" not in str(slack.sent("chat.postMessage")[0]["blocks"])


async def test_an_upload_waits_as_long_as_slack_asks(slack: StubSlack, api: SlackApi, album: Album) -> None:
    slack.fail("files.getUploadURLExternal", limited("0"))
    await delivery(api, album).deliver(POST, again=False)
    assert "slack_file" in str(slack.sent("chat.postMessage")[0]["blocks"])


async def test_a_long_wait_costs_one_picture_and_none_after_it(
    slack: StubSlack, api: SlackApi, album: Album, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "WAIT_S", 0.5)
    slack.fail("files.getUploadURLExternal", limited("1"))
    for n in range(2):
        await delivery(api, album).deliver(replace(POST, key=f"k{n}"), again=False)
    await asyncio.sleep(1.0)
    await delivery(api, album).deliver(replace(POST, key="k2"), again=False)
    shown = ["slack_file" in str(message["blocks"]) for message in slack.sent("chat.postMessage")]
    assert shown == [False, False, True]
    assert len(slack.sent("files.getUploadURLExternal")) == 2


async def test_blocks_that_slack_refuses_go_out_without_the_picture(
    slack: StubSlack, api: SlackApi, album: Album
) -> None:
    slack.fail("chat.postMessage", "invalid_blocks")
    await delivery(api, album).deliver(POST, again=False)
    assert "five boxes" in str(slack.sent("chat.postMessage")[-1]["blocks"])


async def test_an_answer_that_its_url_refuses_is_tried_without_the_picture(
    slack: StubSlack, api: SlackApi, album: Album
) -> None:
    slack.url_status = 400
    slack.fail("chat.postMessage", "invalid_blocks")
    await answer(slack, api, album).finish(REPLY.settled("public"))
    told: list[Any] = [response["blocks"] for response in slack.responses]
    assert ["slack_file" in str(blocks) for blocks in told] == [True, False]
    assert "five boxes" in str(slack.sent("chat.postMessage")[-1]["blocks"])


async def test_what_cannot_be_drawn_is_told_in_words(slack: StubSlack, api: SlackApi, album: Album) -> None:
    await delivery(api, album).deliver(replace(POST, reply=Reply((LOST,))), again=False)
    assert "five boxes" in str(slack.sent("chat.postMessage")[0]["blocks"]) and slack.files == []


CARDS = Reply((Text("One question."), File("missed.csv", "text/csv", '"Which?","This."'))).settled("private")


async def test_a_file_goes_to_the_person_directly_and_its_text_where_slack_takes_none(
    slack: StubSlack, api: SlackApi, album: Album, caplog: pytest.LogCaptureFixture
) -> None:
    await answer(slack, api, album).finish(CARDS)
    assert slack.files == [b'"Which?","This."']
    (done,) = slack.sent("files.completeUploadExternal")
    assert done["channel_id"].startswith("D") and "missed.csv" in str(done["files"])
    told = str(slack.responses[0]["blocks"])
    assert "is in our direct messages" in told and "Which?" not in told
    slack.fail("files.getUploadURLExternal", "missing_scope")
    await answer(slack, api, album).finish(CARDS)
    assert "Which?" in str(slack.responses[1]["blocks"]) and "missing_scope" in caplog.text
