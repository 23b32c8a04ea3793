"""A server that fails in any way, spoken to by the real client over a real socket: the notes answer, in time."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web

from bot.answers.compose.answers import Answerer
from bot.answers.compose.values import Answer
from bot.llm.openai import FAILURES_TO_OPEN, OpenAIChat
from tests.examples import sample
from tests.features.ask.small_notes import HERE, ready

QUESTION = "when should I use a set instead of a list"
WAIT_S = 0.5
TRUE = "A list of 10,000 items needs up to 10,000 comparisons for one lookup."
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def completion(content: str | None, **more: object) -> dict[str, object]:
    message = {"role": "assistant", "content": content, **more}
    return {
        "id": "1",
        "object": "chat.completion",
        "created": 0,
        "model": "m",
        "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
        "usage": {"prompt_tokens": 900, "completion_tokens": 30, "total_tokens": 930},
    }


def says(content: str | None, **more: object) -> Handler:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.json_response(completion(content, **more))

    return answer


def status(code: int) -> Handler:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.json_response({"error": {"message": "no"}}, status=code, headers={"retry-after-ms": "1"})

    return answer


async def cut(request: web.Request) -> web.StreamResponse:
    reply = web.StreamResponse(headers={"content-type": "application/json", "content-length": "5000"})
    await reply.prepare(request)
    await reply.write(b'{"id": "1", "choices": [{"mess')
    assert request.transport is not None
    request.transport.close()
    return reply


async def slow(request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(30)
    return web.json_response(completion("too late"))


async def drip(request: web.Request) -> web.StreamResponse:
    reply = web.StreamResponse(headers={"content-type": "application/json"})
    await reply.prepare(request)
    for _ in range(300):
        await reply.write(b" ")
        await asyncio.sleep(0.1)
    return reply


async def malformed(request: web.Request) -> web.StreamResponse:
    return web.Response(text='{"choices": [{"message": ', content_type="application/json")


async def no_http(request: web.Request) -> web.StreamResponse:
    return web.Response(text="<h1>Sign in to the hotel network</h1>", content_type="text/html")


async def streamed(request: web.Request) -> web.StreamResponse:
    return web.Response(text='data: {"choices": []}\n\ndata: [DONE]\n\n', content_type="text/event-stream")


WRONG = json.dumps({"answer": TRUE, "confidence": 0.99})
FAULTS: dict[str, Handler] = {
    "429": status(429),
    "500": status(500),
    "401": status(401),
    "400 whatever the form": status(400),
    "cut": cut,
    "slow": slow,
    "drip": drip,
    "malformed": malformed,
    "html": no_http,
    "a stream": streamed,
    "no content": says(None),
    "empty": says("  "),
    "refusal": says(None, refusal="I cannot help with that."),
    "refusal in words": says("I'm sorry, but I can't help with that request."),
    "wrong schema": says(WRONG),
    "wrong types": says(json.dumps({"coverage": 1, "sentences": {"text": []}, "missing": None})),
    "json cut off": says('{"coverage": "full", "sentences": [{"text": "A list of 10,0'),
    "nested without end": says("[" * 50_000),
    "5 MB": says("A set is a set. " * 330_000),
    "5 MB of sentences": says(json.dumps({"coverage": "full", "sentences": [{"text": TRUE}] * 60_000, "missing": ""})),
}


@pytest.fixture
async def serve() -> AsyncIterator[Callable[[Handler], Awaitable[tuple[OpenAIChat, list[str]]]]]:
    runners: list[web.AppRunner] = []
    chats: list[OpenAIChat] = []

    async def serving(handler: Handler) -> tuple[OpenAIChat, list[str]]:
        asked: list[str] = []

        async def counted(request: web.Request) -> web.StreamResponse:
            asked.append(request.path)
            return await handler(request)

        app = web.Application()
        app.router.add_post("/v1/chat/completions", counted)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        runners.append(runner)
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        chats.append(OpenAIChat("sk-test", "m", f"http://127.0.0.1:{port}/v1", total_s=WAIT_S))
        await chats[-1]._open()  # the import of the SDK takes longer than these tests wait
        return chats[-1], asked

    yield serving
    for chat in chats:
        await chat.close()
    for runner in runners:
        await runner.cleanup()


Serve = Callable[[Handler], Awaitable[tuple[OpenAIChat, list[str]]]]


def bare(answer: Answer) -> tuple[str, object]:
    return answer.text, answer.citations


@pytest.mark.parametrize("fault", sample(FAULTS, 3))
async def test_every_fault_ends_in_the_answer_of_the_notes_in_time(serve: Serve, fault: str) -> None:
    chat, asked = await serve(FAULTS[fault])
    began = time.monotonic()
    answer = await Answerer(ready(), chat).answer([QUESTION], HERE)
    assert time.monotonic() - began < WAIT_S + 5, "time to compute included, on a busy machine"
    assert answer.origin == "notes" and answer.stands_in and asked
    assert bare(answer) == bare(await Answerer(ready()).answer([QUESTION], HERE))


async def test_a_server_that_goes_on_failing_is_left_alone(serve: Serve) -> None:
    chat, asked = await serve(status(401))
    answerer = Answerer(ready(), chat)
    for _ in range(FAILURES_TO_OPEN + 3):
        assert (await answerer.answer([QUESTION], HERE)).origin == "notes"
    assert len(asked) == FAILURES_TO_OPEN
