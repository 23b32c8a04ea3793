"""The chat client against a transport that plays the server."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import replace

import httpx2
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.llm.base import ChatMessage, ChatResting, ChatUnavailable, Prompt, ReplyFormat, Usage
from bot.llm.openai import (
    EXCUSED,
    FAILURES_TO_OPEN,
    LONGEST_BODY,
    LONGEST_EXCUSE,
    LONGEST_REST_S,
    REST_S,
    TOTAL_S,
    OpenAIChat,
)

PROMPT = Prompt(
    "Be brief.",
    (ChatMessage("user", "secret question"), ChatMessage("assistant", "yes?"), ChatMessage("user", "well?")),
    50,
)
SHAPE = ReplyFormat("answer", {"type": "object"}, "Reply in JSON.", "Reply in text.")
SHAPED = replace(PROMPT, shape=SHAPE)
Server = Callable[[httpx2.Request], Coroutine[None, None, httpx2.Response]]


def said(text: str | None) -> httpx2.Response:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    body = {"id": "1", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}
    return httpx2.Response(200, json=body)


class Played:
    """A server that gives its answers in turn, the last one for ever, and notes what it was asked."""

    def __init__(self, *answers: httpx2.Response | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[httpx2.Request] = []

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx2.Response(answer.status_code, headers=answer.headers, content=answer.content)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def chat_with() -> AsyncIterator[Callable[..., OpenAIChat]]:
    made: list[OpenAIChat] = []

    def make(
        server: Server, clock: Clock | None = None, total_s: float = TOTAL_S, base_url: str | None = None
    ) -> OpenAIChat:
        client = httpx2.AsyncClient(transport=httpx2.MockTransport(server))
        chat = OpenAIChat("sk-secret", "m", base_url, http_client=client, clock=clock or Clock(), total_s=total_s)
        made.append(chat)
        return chat

    yield make
    for chat in made:
        await chat.close()


Make = Callable[..., OpenAIChat]


async def test_a_good_answer_comes_back_as_text(chat_with: Make) -> None:
    server = Played(said("Sets hash [1]."))
    completion = await chat_with(server).complete(PROMPT)
    assert completion.text == "Sets hash [1]."
    body = json.loads(server.asked[0].content)
    assert [message["role"] for message in body["messages"]] == ["system", "user", "assistant", "user"]
    assert "max_completion_tokens" in body and "temperature" not in body


async def test_the_tokens_that_the_server_counted_come_with_it(chat_with: Make) -> None:
    counted = said("yes").json() | {"usage": {"prompt_tokens": 812, "completion_tokens": 61, "total_tokens": 873}}
    assert (await chat_with(Played(httpx2.Response(200, json=counted))).complete(PROMPT)).usage == Usage(812, 61)
    assert (await chat_with(Played(said("yes"))).complete(PROMPT)).usage is None


async def test_a_redirect_is_not_followed(caplog: pytest.LogCaptureFixture) -> None:
    reached = []

    async def redirect(request: web.Request) -> web.Response:
        reached.append(request.path)
        return web.Response(status=307, headers={"Location": f"http://localhost:{request.url.port}/taken"})

    app = web.Application()
    app.router.add_post("/{path:.*}", redirect)
    async with TestServer(app) as server:
        chat = OpenAIChat("sk-secret", "m", str(server.make_url("/v1")))
        with pytest.raises(ChatUnavailable):
            await chat.complete(PROMPT)
        await chat.close()
        assert reached == ["/v1/chat/completions"]
        assert f"status 307 to http://localhost:{server.port}" in caplog.text


class Picky(Played):
    """A server that takes some forms of a reply alone."""

    def __init__(self, *forms: str) -> None:
        super().__init__(said("yes"))
        self.forms = forms

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        answer = await super().__call__(request)
        return answer if form(request) in self.forms else httpx2.Response(400, json={"error": {"message": "no"}})


def form(request: httpx2.Request) -> str:
    """Return the form that a request asks for."""
    return str(json.loads(request.content).get("response_format", {"type": "text"})["type"])


async def test_a_form_is_asked_for_by_schema(chat_with: Make) -> None:
    server = Picky("json_schema")
    await chat_with(server).complete(SHAPED)
    body = json.loads(server.asked[0].content)
    assert body["response_format"]["json_schema"] == {"name": "answer", "schema": {"type": "object"}, "strict": True}
    assert body["messages"][0]["content"] == "Be brief.\n\nReply in JSON."


@pytest.mark.parametrize("taken", ["json_object", "text"])
async def test_a_form_that_the_server_refuses_is_not_asked_for_again(chat_with: Make, taken: str) -> None:
    server = Picky(taken)
    chat = chat_with(server)
    assert (await chat.complete(SHAPED)).text == "yes"
    tried = [form(request) for request in server.asked]
    assert tried == ["json_schema", "json_object", "text"][: len(tried)] and tried[-1] == taken
    server.asked.clear()
    assert (await chat.complete(SHAPED)).text == "yes"
    assert [form(request) for request in server.asked] == [taken]
    told = json.loads(server.asked[0].content)["messages"][0]["content"]
    assert told.endswith("Reply in text." if taken == "text" else "Reply in JSON.")


async def test_a_server_that_refuses_everything_has_refused_no_form(chat_with: Make) -> None:
    server = Picky()
    chat = chat_with(server)
    with pytest.raises(ChatUnavailable):
        await chat.complete(SHAPED)
    server.forms = ("json_schema",)
    server.asked.clear()
    await chat.complete(SHAPED)
    assert [form(request) for request in server.asked] == ["json_schema"]


async def test_other_servers_are_asked_with_the_old_name_of_the_limit(chat_with: Make) -> None:
    server = Played(said("yes"))
    await chat_with(server, base_url="http://127.0.0.1:9/v1").complete(PROMPT)
    assert server.asked[0].url.host == "127.0.0.1"
    assert json.loads(server.asked[0].content)["max_tokens"] == 50


def test_nobody_waits_longer_than_fifteen_seconds_for_a_model() -> None:
    assert TOTAL_S <= 15


async def test_one_failure_is_tried_again(chat_with: Make) -> None:
    server = Played(httpx2.Response(429, headers={"retry-after-ms": "1"}), said("second time"))
    assert (await chat_with(server).complete(PROMPT)).text == "second time"
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"retry-after": "20"},
        {"retry-after-ms": "20000", "retry-after": "1"},
        {"date": "Mon, 02 Mar 2026 08:00:00 GMT", "retry-after": "Mon, 02 Mar 2026 08:00:20 GMT"},
    ],
)
async def test_a_server_that_asks_for_time_is_given_it_and_nobody_waits(
    chat_with: Make, headers: dict[str, str]
) -> None:
    clock = Clock()
    server = Played(httpx2.Response(429, headers=headers), said("awake"))
    chat = chat_with(server, clock)
    async with asyncio.timeout(2):
        for _ in range(2):
            with pytest.raises(ChatResting):
                await chat.complete(PROMPT)
    assert len(server.asked) == 1
    clock.now = 20
    assert (await chat.complete(PROMPT)).text == "awake"


@pytest.mark.parametrize("asked", ["1e9", "inf", "nan", "soon", "-5"])
async def test_no_wait_that_a_server_asks_for_is_without_end(chat_with: Make, asked: str) -> None:
    clock = Clock()
    server = Played(httpx2.Response(429, headers={"retry-after": asked, "x-should-retry": "false"}), said("awake"))
    chat = chat_with(server, clock)
    with pytest.raises(ChatUnavailable):
        await chat.complete(PROMPT)
    clock.now = LONGEST_REST_S
    assert (await chat.complete(PROMPT)).text == "awake"


@pytest.mark.parametrize(
    "answer",
    [
        httpx2.Response(429, headers={"retry-after-ms": "1"}, text="secret question"),
        httpx2.Response(500, headers={"retry-after-ms": "1"}),
        httpx2.Response(401, json={"error": {"message": "wrong key sk-secret"}}),
        httpx2.ReadTimeout("slow"),
        httpx2.ConnectError("nobody there"),
        httpx2.Response(200, headers={"content-type": "application/json"}, content=b'{"choices": [{"mess'),
        httpx2.Response(200, json={"choices": []}),
        httpx2.Response(200, html="<h1>Sign in to the hotel network</h1>"),
        said(None),
        said("  "),
        said("x" * 5_000_000),
    ],
    ids=[
        "429",
        "500",
        "401",
        "timeout",
        "refused",
        "broken json",
        "no choices",
        "html",
        "no text",
        "blank text",
        "5 MB",
    ],
)
async def test_every_failure_is_one_error_that_quotes_nothing(
    chat_with: Make, answer: httpx2.Response | Exception, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING), pytest.raises(ChatUnavailable) as caught:
        await chat_with(Played(answer)).complete(PROMPT)
    assert "secret" not in str(caught.value) + caplog.text


@pytest.mark.parametrize("kind", ["application/json", "text/html"])
async def test_a_reply_without_end_is_let_go_before_it_is_read(chat_with: Make, kind: str) -> None:
    sent, piece = 0, b"x" * 100_000

    async def flood() -> AsyncIterator[bytes]:
        nonlocal sent
        yield b'{"choices": [{"message": {"content": "'
        for _ in range(200):
            sent += len(piece)
            yield piece

    async def drown(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, headers={"content-type": kind}, content=flood())

    with pytest.raises(ChatUnavailable, match="Nonsense" if kind == "text/html" else "ValueError"):
        await chat_with(drown).complete(PROMPT)
    assert (sent > 0) is (kind != "text/html") and sent <= LONGEST_BODY + len(piece)


@pytest.mark.parametrize("status", [302, 400, 401, 500, 503])
async def test_nobody_waits_for_what_a_server_says_beside_a_failure(
    chat_with: Make, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = 0
    monkeypatch.setattr("bot.llm.openai.EXCUSE_S", 0.02)

    async def drip() -> AsyncIterator[bytes]:
        nonlocal begun
        begun += 1
        yield b'{"error": {"message": "'
        await asyncio.sleep(30)

    async def fail(request: httpx2.Request) -> httpx2.Response:
        headers = {"content-encoding": "gzip", "retry-after-ms": "1", "location": "http://127.0.0.1:9/"}
        headers["content-type"] = "application/json"
        return httpx2.Response(status, headers=headers, content=drip())

    async with asyncio.timeout(5):
        with pytest.raises(ChatUnavailable) as caught:
            await chat_with(fail).complete(PROMPT)
    assert f"status {status}" in str(caught.value) or status == 302
    assert begun == (status in EXCUSED)


async def test_no_more_of_an_excuse_is_read_than_names_a_reason(chat_with: Make) -> None:
    sent = 0

    async def flood() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(100):
            sent += 1000
            yield b"x" * 1000

    async def fail(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(401, headers={"content-type": "application/json"}, content=flood())

    with pytest.raises(ChatUnavailable, match="status 401"):
        await chat_with(fail).complete(PROMPT)
    assert sent == LONGEST_EXCUSE // 1000 * 1000 + 1000


async def test_a_server_that_never_ends_is_given_up(chat_with: Make) -> None:
    async def hang(request: httpx2.Request) -> httpx2.Response:
        await asyncio.sleep(30)
        return said("too late")

    with pytest.raises(ChatUnavailable, match="TimeoutError"):
        await chat_with(hang, total_s=0.05).complete(PROMPT)


async def test_after_three_failures_the_server_is_left_alone_for_a_minute(chat_with: Make) -> None:
    clock = Clock()
    server = Played(httpx2.Response(400))
    chat = chat_with(server, clock)
    for _ in range(FAILURES_TO_OPEN + 2):
        with pytest.raises(ChatUnavailable):
            await chat.complete(PROMPT)
    assert len(server.asked) == FAILURES_TO_OPEN
    clock.now = REST_S + 1
    server.answers = [said("awake")]
    assert (await chat.complete(PROMPT)).text == "awake"


async def test_after_the_rest_one_more_failure_is_enough_and_a_success_forgives(chat_with: Make) -> None:
    clock = Clock()
    server = Played(httpx2.Response(400))
    chat = chat_with(server, clock)
    for _ in range(FAILURES_TO_OPEN):
        with pytest.raises(ChatUnavailable):
            await chat.complete(PROMPT)
    clock.now = REST_S + 1
    for _ in range(2):
        with pytest.raises(ChatUnavailable):
            await chat.complete(PROMPT)
    assert len(server.asked) == FAILURES_TO_OPEN + 1
    clock.now = 3 * REST_S
    server.answers = [said("awake"), httpx2.Response(400)]
    await chat.complete(PROMPT)
    for _ in range(2):
        with pytest.raises(ChatUnavailable):
            await chat.complete(PROMPT)
    assert len(server.asked) == FAILURES_TO_OPEN + 4
